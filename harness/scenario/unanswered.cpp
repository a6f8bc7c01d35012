#include "plimsoll/scenario/unanswered.hpp"

#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/http/url.hpp"

namespace plimsoll {
namespace {

struct endpoint_name {
  std::string_view part;  ///< Of the path.
  std::string_view name;
};

/// What stands last in a path counts; of two at the same place, the first here.
constexpr std::array endpoints{
    endpoint_name{"/manifests/", "a manifest"}, endpoint_name{"/blobs/uploads/", "an upload"},
    endpoint_name{"/blobs/", "a blob"},         endpoint_name{"/tags/list", "a tag list"},
    endpoint_name{"/referrers/", "referrers"},  endpoint_name{"/_catalog", "the catalogue"},
    endpoint_name{"/_oci/ext/", "extensions"}};

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string kind_of(const http::request& message) {
  const std::string_view target = message.target();
  std::string host;
  if (!target.starts_with('/')) {
    if (const auto url = http::parse_url(target)) host = " at " + url->origin();
  }
  const std::string_view path = target.substr(0, target.find('?'));
  std::string_view name = "another URL";
  std::size_t last = 0;
  for (const endpoint_name& known : endpoints) {
    const std::size_t at = path.rfind(known.part);
    if (at == std::string_view::npos || (last != 0 && at <= last)) continue;
    last = at;
    name = known.name;
  }
  return fmt::format("{} of {}{}", message.method(), name, host);
}

bool is_time_out(const std::string& error) noexcept {
  return contains(error, "timed out after") || contains(error, "not over after");
}

bool is_no_connection(const std::string& error) noexcept {
  if (error.starts_with("connect proxy ") || contains(error, "interrupted")) return false;
  return error.starts_with("connect ") || error.starts_with("tls ");
}

std::string unanswered_requests::reason_against(const http::request& message) const {
  const std::string kind = kind_of(message);
  const auto found = kinds_.find(kind);
  if (found == kinds_.end() || found->second.count < limit) return {};
  return fmt::format("not sent: {} got no answer {} times in a row ({})", kind, found->second.count,
                     found->second.error);
}

void unanswered_requests::record(const http::request& message, const http::exchange& seen) {
  if (!seen.answered() && !is_time_out(seen.error)) return;
  // Where another host is not reached, the registry itself has answered.
  const bool names_host = !message.target().starts_with('/') || seen.last.purpose == "redirect";
  if (names_host && is_no_connection(seen.error)) return;
  if (seen.answered()) {
    kinds_.erase(kind_of(message));
    return;
  }
  silence& known = kinds_[kind_of(message)];
  ++known.count;
  known.error = seen.error;
}

void unanswered_requests::mark_unreachable(const std::string& origin, const std::string& error) {
  unreachable_.emplace(origin, error);
}

std::optional<std::string> unanswered_requests::unreachable(const std::string& origin) const {
  const auto found = unreachable_.find(origin);
  if (found == unreachable_.end()) return std::nullopt;
  return found->second;
}

}  // namespace plimsoll
