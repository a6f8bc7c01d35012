#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "plimsoll/http/message.hpp"
#include "switches.hpp"

namespace plimsoll {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string_view path_of(const http::request& message) {
  const std::string_view target = message.target();
  return target.substr(0, target.find('?'));
}

std::string_view query_of(const http::request& message) {
  const std::string_view target = message.target();
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

/// What stands behind `part` in the path; empty where `part` is not in it.
std::string_view behind(const http::request& message, std::string_view part) {
  const std::string_view path = path_of(message);
  const std::size_t at = path.rfind(part);
  return at == std::string_view::npos ? std::string_view() : path.substr(at + part.size());
}

bool is_digest_reference(std::string_view reference) {
  return contains(reference, ":") || contains(reference, "%3A") || contains(reference, "%3a");
}

bool deletes(const http::request& message) {
  return message.method() == "DELETE";
}

bool deletes_tag(const http::request& message) {
  const std::string_view reference = behind(message, "/manifests/");
  return deletes(message) && !reference.empty() && !is_digest_reference(reference);
}

bool deletes_manifest(const http::request& message) {
  return deletes(message) && is_digest_reference(behind(message, "/manifests/"));
}

bool deletes_blob(const http::request& message) {
  return deletes(message) && is_digest_reference(behind(message, "/blobs/"));
}

/// An upload session's URL is the registry's to choose: it is what no other DELETE is.
bool cancels_upload(const http::request& message) {
  return deletes(message) && !deletes_blob(message) && behind(message, "/manifests/").empty();
}

bool lists_tags(const http::request& message) {
  return path_of(message).ends_with("/tags/list");
}

bool lists_referrers(const http::request& message) {
  return contains(path_of(message), "/referrers/");
}

bool mounts_from_anywhere(const http::request& message) {
  const std::string_view query = query_of(message);
  return message.method() == "POST" && contains(query, "mount=") && !contains(query, "from=");
}

bool pushes_manifest(const http::request& message) {
  return message.method() == "PUT" && !behind(message, "/manifests/").empty();
}

bool tags_by_parameter(const http::request& message) {
  return pushes_manifest(message) && contains(query_of(message), "tag=");
}

/// Of a manifest: blobs are any bytes, and are not searched.
bool manifest_contains(const http::request& message, std::string_view text) {
  return pushes_manifest(message) && message.body() && contains(*message.body(), text);
}

bool names_sha512(const http::request& message) {
  return contains(message.target(), "sha512") || manifest_contains(message, "sha512:");
}

bool pushes_index(const http::request& message) {
  const std::string_view type = message.headers().get("Content-Type").value_or("");
  return pushes_manifest(message) && contains(type, "image.index");
}

bool pushes_nondistributable(const http::request& message) {
  return manifest_contains(message, "nondistributable");
}

/// The requests that are for one switch alone.
struct request_switch {
  std::string_view setting;
  bool (*covers)(const http::request&);
};

constexpr std::array request_switches{
    request_switch{"apis.tags.delete", deletes_tag},
    request_switch{"apis.manifests.delete", deletes_manifest},
    request_switch{"apis.blobs.delete", deletes_blob},
    request_switch{"apis.blobs.upload-cancel", cancels_upload},
    request_switch{"apis.tags.list", lists_tags},
    request_switch{"apis.referrer", lists_referrers},
    request_switch{"apis.blobs.mount-anonymous", mounts_from_anywhere},
    request_switch{"apis.manifests.tag-param", tags_by_parameter},
    request_switch{"data.sha512", names_sha512},
    request_switch{"data.index", pushes_index},
    request_switch{"data.nondistributable", pushes_nondistributable},
};

/// A switch that is off, and why it is.
struct forbidding_switch {
  bool (*covers)(const http::request&);
  std::string reason;
};

/// Where somebody set the switch to off; nothing where it is on, or nobody set it.
std::optional<std::string> off_by_choice(const configuration& chosen, std::string_view setting) {
  const auto origin = chosen.origins.find(setting);
  if (origin == chosen.origins.end()) return std::nullopt;
  for (const feature_switch& each : feature_switches()) {
    if (each.setting != setting || each.on(chosen)) continue;
    return fmt::format("{} is off ({})", setting, origin->second.where);
  }
  return std::nullopt;
}

/// Who switches all deletions off wants no DELETE, not of an upload either, unless that is asked
/// for.
std::optional<std::string> all_deletions_off(const configuration& chosen) {
  if (chosen.origins.contains("apis.blobs.upload-cancel")) return std::nullopt;
  std::optional<std::string> reason;
  for (const std::string_view setting :
       {"apis.tags.delete", "apis.manifests.delete", "apis.blobs.delete"}) {
    reason = off_by_choice(chosen, setting);
    if (!reason) return std::nullopt;
  }
  return reason;
}

}  // namespace

request_filter forbidden_requests(const configuration& chosen) {
  std::vector<forbidding_switch> off;
  for (const request_switch& each : request_switches) {
    if (auto reason = off_by_choice(chosen, each.setting)) {
      off.push_back({each.covers, std::move(*reason)});
    }
  }
  if (auto reason = all_deletions_off(chosen)) off.push_back({cancels_upload, std::move(*reason)});
  if (off.empty()) return {};
  return [off = std::move(off)](const http::request& message) -> std::string {
    const auto forbidding =
        std::find_if(off.begin(), off.end(),
                     [&](const forbidding_switch& each) { return each.covers(message); });
    return forbidding == off.end() ? std::string() : forbidding->reason;
  };
}

}  // namespace plimsoll
