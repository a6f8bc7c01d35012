#include "confinement.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/scenario/policy.hpp"

namespace plimsoll {
namespace {

/// Whether the target is that of an upload under way, which a Location named.
bool is_session(const http::request& message) {
  constexpr std::string_view part = "/blobs/uploads/";
  if (message.method() == "POST") return false;
  const std::string_view target = message.target();
  const std::size_t at = target.rfind(part);
  return at != std::string_view::npos && at + part.size() < target.find('?');
}

std::string why_outside(const confinement& within, const http::request& message) {
  if (kind_of(message.method(), message.target()) == request_kind::read) return "";
  if (within.is_read_only) return "pushes or deletes, and this run only reads";
  if (within.repositories.empty() || is_session(message)) return "";
  const std::string repository = repository_in(message.target());
  const auto& all = within.repositories;
  if (repository.empty() || std::find(all.begin(), all.end(), repository) != all.end()) return "";
  return fmt::format("writes to {}, and only {} may be written to", printable(repository),
                     fmt::join(all, " and "));
}

}  // namespace

request_filter confined_to(confinement within, request_filter further) {
  return [within = std::move(within), further = std::move(further)](const http::request& message) {
    std::string why = why_outside(within, message);
    return why.empty() && further ? further(message) : why;
  };
}

}  // namespace plimsoll
