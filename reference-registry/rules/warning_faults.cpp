#include <array>
#include <string>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::array table{
    rule{.name = "warning-code-199",
         .requirement = "warnings.code-299",
         .summary = "A Warning header has the code 199",
         .after = [](call&,
                     response& to) { to.header("Warning", "199 - \"the tag is deprecated\""); }},
    rule{.name = "warning-names-agent",
         .requirement = "warnings.agent-hyphen",
         .summary = "A Warning header names the host as its agent",
         .after =
             [](call&, response& to) {
               to.header("Warning", "299 registry.example \"the tag is deprecated\"");
             }},
    rule{.name = "warning-dated",
         .requirement = "warnings.no-date",
         .summary = "A Warning header has a date",
         .after =
             [](call&, response& to) {
               to.header("Warning",
                         "299 - \"the tag is deprecated\" \"Sun, 06 Nov 1994 08:49:37 GMT\"");
             }},
    rule{.name = "warning-unquoted",
         .requirement = "warnings.quoted-text",
         .summary = "The text of a Warning header has no quotes",
         .after = [](call&, response& to) { to.header("Warning", "299 - the tag is deprecated"); }},
    rule{.name = "warning-of-4097-bytes",
         .requirement = "warnings.4096",
         .summary = "Two Warning headers have 4097 bytes together",
         .after =
             [](call&, response& to) {
               constexpr std::size_t frame = std::string_view("299 - \"\"").size();
               to.header("Warning", "299 - \"" + std::string(2048 - frame, 'a') + '"');
               to.header("Warning", "299 - \"" + std::string(2049 - frame, 'b') + '"');
             }},
};

}  // namespace

std::span<const rule> warning_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
