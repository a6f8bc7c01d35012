#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::int64_t milliseconds_now() {
  return std::chrono::duration_cast<milliseconds>(clock::now().time_since_epoch()).count();
}

std::int64_t remembered_number(call& at, const char* name) {
  const auto known = at.remembered.notes.find(name);
  return known == at.remembered.notes.end() ? 0 : std::stoll(known->second);
}

/// Whether the request is more than `most` in this second.
bool is_over_limit(call& at, std::uint64_t most) {
  const std::int64_t second = milliseconds_now() / 1000;
  if (remembered_number(at, "second") != second) {
    at.remembered.notes["second"] = std::to_string(second);
    at.remembered.count = 0;
  }
  return ++at.remembered.count > most;
}

/// Whether the request comes before its turn: one each `interval`, and a few beforehand, as a leaky
/// bucket has it.
bool is_before_its_turn(call& at, milliseconds interval, int burst) {
  const std::int64_t now = milliseconds_now();
  const std::int64_t turn = std::max(remembered_number(at, "turn"), now);
  if (turn - now > interval.count() * burst) return true;
  at.remembered.notes["turn"] = std::to_string(turn + interval.count());
  return false;
}

response unavailable(int status) {
  auto made = failure(status, "UNSUPPORTED", "not available");
  made.replace_body("<html>not available</html>");
  made.set_header("Content-Type", "text/html");
  return made;
}

/// What may be sent once more though nobody knows whether it was done.
bool is_harmless(const call& at) {
  return at.is_read() || at.asked.method == "POST";
}

constexpr std::array fault_table{
    rule{.name = "head-of-blob-503",
         .requirement = "pull.head.blob-200",
         .summary = "HEAD of a blob is always answered with 503, and nothing else is",
         .before = [](call& at) -> std::optional<response> {
           const bool is_head = at.asked.method == "HEAD" && at.where.kind == endpoint::blob;
           return is_head ? std::optional(unavailable(503)) : std::nullopt;
         }},
};

constexpr std::array variant_table{
    rule{
        .name = "limits-rate",
        .summary = "Of a second's requests those beyond 1500 are answered with 429 and Retry-After",
        .before = [](call& at) -> std::optional<response> {
          if (!is_over_limit(at, 1500)) return std::nullopt;
          auto made = failure(429, "TOOMANYREQUESTS", "slow down");
          made.header("Retry-After", "1");
          return made;
        }},
    rule{.name = "limits-rate-without-retry-after",
         .summary = "A request each 2 ms is served, the others are answered with 429",
         .before = [](call& at) -> std::optional<response> {
           if (!is_before_its_turn(at, milliseconds(2), 5)) return std::nullopt;
           return failure(429, "TOOMANYREQUESTS", "slow down");
         }},
    rule{.name = "limits-rate-with-503",
         .summary = "A request each 2 ms is served, the others are answered with 503, as by nginx",
         .before = [](call& at) -> std::optional<response> {
           if (!is_before_its_turn(at, milliseconds(2), 5)) return std::nullopt;
           return unavailable(503);
         }},
    rule{.name = "unavailable-now-and-then",
         .summary = "Each tenth request is answered with 503, and served when it comes again",
         .before = [](call& at) -> std::optional<response> {
           if (!is_refused_once(at, 10)) return std::nullopt;
           return unavailable(503);
         }},
    rule{.name = "gateway-fails-now-and-then",
         .summary = "Each tenth read or POST is answered with 502 by a gateway",
         .before = [](call& at) -> std::optional<response> {
           if (!is_harmless(at) || !is_refused_once(at, 10)) return std::nullopt;
           return unavailable(502);
         }},
    rule{.name = "loses-connections-now-and-then",
         .summary = "Each tenth read or POST ends the connection without an answer",
         .before = [](call& at) -> std::optional<response> {
           if (!is_harmless(at) || !is_refused_once(at, 10)) return std::nullopt;
           response made = unavailable(503);
           made.wire.no_answer = true;
           return made;
         }},
};

}  // namespace

std::span<const rule> availability_faults() noexcept {
  return fault_table;
}

std::span<const rule> availability_variants() noexcept {
  return variant_table;
}

}  // namespace plimsoll::reference
