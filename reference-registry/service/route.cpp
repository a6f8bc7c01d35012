#include "service/route.hpp"

#include <algorithm>

#include "plimsoll/base/text.hpp"

namespace plimsoll::reference {
namespace {

std::string_view without_origin(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.substr(0, scheme.size()) != scheme) continue;
    const auto path = target.find('/', scheme.size());
    return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  return target;
}

void read_query(std::string_view text, route& into) {
  for (const auto part : split(text, '&')) {
    if (part.empty()) continue;
    const auto equals = part.find('=');
    const bool has_value = equals != std::string_view::npos;
    auto name = percent_decode(part.substr(0, equals));
    auto value = percent_decode(has_value ? part.substr(equals + 1) : std::string_view());
    if (name && value) into.query.emplace_back(std::move(*name), std::move(*value));
  }
}

/// Whether `path` ends in `marker` and one component behind it, which is read then.
bool read_last(std::string_view path, std::string_view marker, endpoint kind, route& into) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  const auto before = path.substr(0, slash + 1);
  if (before.size() <= marker.size()) return false;
  if (before.substr(before.size() - marker.size()) != marker) return false;
  into.kind = kind;
  into.repository = before.substr(0, before.size() - marker.size());
  into.last = path.substr(slash + 1);
  return true;
}

void read_path(std::string_view path, route& into) {
  constexpr std::string_view root = "/v2/";
  if (path.substr(0, root.size()) != root) return;
  path.remove_prefix(root.size());
  if (path.empty()) {
    into.kind = endpoint::base;
  } else if (path == "_oci/ext/discover") {
    into.kind = endpoint::discover;
  } else if (path == "_catalog") {
    into.kind = endpoint::catalog;
  } else if (read_last(path, "/_oci/ext/", endpoint::repository_discover, into)) {
    if (into.last != "discover") into.kind = endpoint::unknown;
  } else if (read_last(path, "/blobs/uploads/", endpoint::upload, into)) {
    if (into.last.empty()) into.kind = endpoint::uploads;
  } else if (read_last(path, "/manifests/", endpoint::manifest, into) ||
             read_last(path, "/referrers/", endpoint::referrers, into)) {
    return;
  } else if (read_last(path, "/blobs/", endpoint::blob, into)) {
    if (into.last == "uploads") into.kind = endpoint::uploads;
  } else if (read_last(path, "/tags/", endpoint::tags, into)) {
    if (into.last != "list") into.kind = endpoint::unknown;
  }
}

}  // namespace

std::optional<std::string_view> route::parameter(std::string_view name) const {
  for (const auto& one : query) {
    if (one.first == name) return one.second;
  }
  return std::nullopt;
}

void route::remove_parameter(std::string_view name) {
  const auto gone = [&](const auto& one) { return one.first == name; };
  query.erase(std::remove_if(query.begin(), query.end(), gone), query.end());
}

route route_of(std::string_view target) {
  target = without_origin(target);
  const auto mark = target.find('?');
  route made;
  if (mark != std::string_view::npos) read_query(target.substr(mark + 1), made);
  if (const auto path = percent_decode(target.substr(0, mark))) read_path(*path, made);
  return made;
}

}  // namespace plimsoll::reference
