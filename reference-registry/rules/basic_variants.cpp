#include <array>
#include <chrono>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::array table{
    rule{.name = "no-delete",
         .summary = "Deletes are switched off",
         .configure = [](options& how) { how.deletes = false; }},
    rule{.name = "no-referrers",
         .summary = "There is no referrers API",
         .configure = [](options& how) { how.referrers = false; }},
    rule{.name = "lower-case-headers",
         .summary = "Header names are in lower case",
         .after = [](call&, response& to) { to.wire.lower_case_names = true; }},
    rule{.name = "chunked-answers",
         .summary = "Bodies go out in chunks, without Content-Length",
         .after = [](call& at, response& to) { to.wire.chunked = at.asked.method != "HEAD"; }},
    rule{.name = "closes-connections",
         .summary = "The connection is closed behind each answer",
         .after = [](call&, response& to) { to.wire.close = true; }},
    rule{.name = "slow-first-byte",
         .summary = "Each answer comes 5 ms late",
         .configure = [](options& how) { how.delay = std::chrono::milliseconds(5); }},
    rule{.name = "html-errors",
         .summary = "A 4XX has a page in HTML, which the spec allows",
         .after =
             [](call&, response& to) {
               if (to.status / 100 != 4) return;
               to.replace_body("<html><body>no</body></html>");
               to.set_header("Content-Type", "text/html");
             }},
};

}  // namespace

std::span<const rule> basic_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
