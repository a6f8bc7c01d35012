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

#include "plimsoll/base/text.hpp"

namespace plimsoll::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::system_clock;

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
  if (status == 404) return method == "DELETE" || method == "PUT" || method == "PATCH";
  if (status == 416) return method == "PUT" || method == "PATCH";
  return method == "PUT" && (status == 409 || status == 412);
}

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string method_after(int status, const std::string& method) {
  if (status == 303 && method != "HEAD") return "GET";
  return method;
}

bool loses_the_method(int status, std::string_view method) noexcept {
  return (status == 301 || status == 302) && method != "GET" && method != "HEAD";
}

bool is_repeatable(std::string_view method, std::string_view target) noexcept {
  if (is_idempotent(method)) return true;
  target = target.substr(0, target.find('?'));
  return method == "POST" &&
         (target.ends_with("/blobs/uploads/") || target.ends_with("/blobs/uploads"));
}

std::optional<setback> setback_of(const response& answer, system_clock::time_point now) {
  constexpr std::array statuses{429, 502, 503, 504};
  const int status = answer.status;
  if (std::find(statuses.begin(), statuses.end(), status) == statuses.end()) return std::nullopt;
  setback out;
  out.status = status;
  out.retry_after = retry_after(answer, now);
  out.text = std::to_string(status);
  if (out.retry_after) out.text += ", Retry-After: " + printable(*answer.header("Retry-After"));
  return out;
}

std::string kind_of_request(std::string_view method, std::string_view target) {
  constexpr std::array<std::string_view, 5> endpoints{"/blobs/uploads", "/blobs/", "/manifests/",
                                                      "/tags/", "/referrers/"};
  target = target.substr(0, target.find('?'));
  const auto* const known = std::find_if(
      endpoints.begin(), endpoints.end(),
      [&](std::string_view endpoint) { return target.find(endpoint) != std::string_view::npos; });
  std::string kind(method);
  return kind.append(" ").append(known == endpoints.end() ? target : *known);
}

}  // namespace plimsoll::http
