#include "policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <iomanip>
#include <locale>
#include <sstream>
#include <string>
#include <system_error>

namespace plimsoll::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

constexpr milliseconds first_pause{200};
constexpr unsigned most_doublings = 6;

/// The form of a date that servers have to send (RFC 9110, 5.6.7).
std::optional<std::chrono::sys_seconds> read_date(std::string_view text) {
  std::tm parts{};
  std::istringstream in{std::string(text)};
  in.imbue(std::locale::classic());
  in >> std::get_time(&parts, "%a, %d %b %Y %H:%M:%S GMT");
  if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(timegm(&parts)));
}

/// A number of seconds or a date (RFC 9110, 10.2.3); nothing where it is neither.
std::optional<milliseconds> retry_after(const response& answer, system_clock::time_point now) {
  const auto value = answer.header("Retry-After");
  if (!value) return std::nullopt;
  std::uint32_t seconds = 0;
  const auto* const end = value->data() + value->size();
  const auto [stop, failed] = std::from_chars(value->data(), end, seconds);
  if (failed == std::errc::result_out_of_range) return milliseconds::max();
  if (failed == std::errc{} && stop == end) return std::chrono::seconds(seconds);
  const auto date = read_date(*value);
  if (!date) return std::nullopt;
  // In milliseconds: the clock's nanoseconds reach no further than the year 2262.
  return std::max(milliseconds(0), *date - std::chrono::floor<milliseconds>(now));
}

}  // namespace

bool is_idempotent(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 6> all{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::find(all.begin(), all.end(), method) != all.end();
}

bool may_be_of_the_first(std::string_view method, int status) noexcept {
  return status == 404 && (method == "DELETE" || method == "PUT");
}

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string method_after(int status, const std::string& method) {
  if (status == 303 && method != "HEAD") return "GET";
  if ((status == 301 || status == 302) && method == "POST") return "GET";
  return method;
}

std::optional<milliseconds> retry_delay(const response& answer, std::string_view method,
                                        unsigned made, const client_options& options,
                                        std::chrono::system_clock::time_point now) {
  if (answer.status != 429 && answer.status != 503) return std::nullopt;
  // A 429 says that nothing was done: any method may be repeated.
  const bool repeatable = answer.status == 429 || is_idempotent(method);
  if (!repeatable || made >= options.retries) return std::nullopt;
  const auto asked = retry_after(answer, now);
  if (asked && *asked > options.longest_retry_after) return std::nullopt;
  return asked.value_or(first_pause * (1u << std::min(made, most_doublings)));
}

}  // namespace plimsoll::http
