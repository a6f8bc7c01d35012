#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "catalog.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/warning.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll::suite {
namespace {

/// "Warnings": "A registry MUST NOT send more than 4096 bytes of warning data from all headers".
constexpr std::size_t largest_warning_bytes = 4096;

constexpr auto warning_judges =
    requirement_ids("warnings.code-299", "warnings.agent-hyphen", "warnings.no-date",
                    "warnings.quoted-text", "warnings.4096");

void header(witness& answer, std::string_view value) {
  const auto warnings = oci::parse_warnings(value);
  answer.expect("warnings.quoted-text")
      .holds(warnings.has_value(), "Warning: 299 - \"text\"", printable(value));
  if (!warnings) return;
  for (const oci::warning& one : *warnings) {
    answer.expect("warnings.code-299")
        .holds(one.code == 299, "code 299", "code " + std::to_string(one.code));
    answer.expect("warnings.agent-hyphen")
        .holds(one.agent == "-", "agent -", "agent " + printable(one.agent));
    answer.expect("warnings.no-date")
        .holds(!one.date, "no date", one.date ? "date " + printable(*one.date) : "no date");
  }
}

void warning_headers(witness& answer) {
  std::size_t total = 0;
  for (const std::string_view value : answer.seen().response.headers.all("Warning")) {
    total += value.size();
    header(answer, value);
  }
  if (total == 0) return;
  answer.expect("warnings.4096")
      .holds(total <= largest_warning_bytes, "at most 4096 bytes of warnings",
             std::to_string(total) + " bytes");
}

constexpr std::array observers{
    observer{.id = "warnings/header",
             .title = "A Warning header has code 299, agent -, a quoted text and no date",
             .category = "pull",
             .judges = warning_judges,
             .look = warning_headers},
};

}  // namespace

std::span<const observer> warnings() noexcept {
  return observers;
}

}  // namespace plimsoll::suite
