#include "target_rules.hpp"

#include <string_view>

#include "plimsoll/http/url.hpp"

namespace plimsoll {
namespace {

bool contains(std::string_view text, std::string_view part) noexcept {
  return text.find(part) != std::string_view::npos;
}

std::optional<requirement_id> rule_of_post(std::string_view target, int status) {
  const bool created = status == 201;
  if (!created && status != 202) return std::nullopt;
  if (contains(target, "mount=")) {
    return created ? requirement_id("push.mount.location")
                   : requirement_id("push.mount.fallback-location");
  }
  if (contains(target, "digest=")) {
    return created ? requirement_id("push.single-post.location")
                   : requirement_id("push.single-post.fallback-location");
  }
  if (created) return std::nullopt;
  return requirement_id("push.post.location");
}

std::optional<requirement_id> rule_of_put(const http::request& asked) {
  const std::string_view target = asked.target();
  const std::string_view path = target.substr(0, target.find('?'));
  if (contains(path, "/manifests/")) return requirement_id("push.manifest.location");
  const bool ends_chunks = !asked.has_body() || asked.body_size() == 0 ||
                           asked.headers().get("Content-Range").has_value();
  return ends_chunks ? requirement_id("push.chunk.close-location")
                     : requirement_id("push.put.location");
}

}  // namespace

std::string origin_of(std::string_view target) {
  const auto url = http::parse_url(target);
  return url ? url->origin() : std::string();
}

std::optional<requirement_id> location_rule(const http::request& asked,
                                            const http::exchange& answer) {
  const int status = answer.response.status;
  const std::string_view method = asked.method();
  if (method == "POST") return rule_of_post(asked.target(), status);
  if (method == "PUT" && status == 201) return rule_of_put(asked);
  if (method == "PATCH" && status == 202) return requirement_id("push.chunk.location");
  if (method == "GET" && status == 204) return requirement_id("push.status.location");
  return std::nullopt;
}

std::optional<requirement_id> link_rule(const http::request& asked) {
  if (asked.method() != "GET") return std::nullopt;
  const std::string_view target = asked.target();
  if (contains(target, "/tags/list")) return requirement_id("tags.link-format");
  if (contains(target, "/referrers/")) return requirement_id("referrers.link-format");
  if (contains(target, "/_catalog")) return requirement_id("ext.pagination-align");
  return std::nullopt;
}

std::optional<requirement_id> redirect_rule(std::string_view method, std::string_view url) {
  const std::string_view path = url.substr(0, url.find('?'));
  const bool is_read = method == "GET" || method == "HEAD";
  const bool is_head = method == "HEAD";
  if (contains(path, "/manifests/") && is_read) {
    return is_head ? requirement_id("pull.head.manifest-200")
                   : requirement_id("pull.manifest.get-200");
  }
  if (contains(path, "/manifests/") && method == "PUT") return requirement_id("push.manifest.201");
  if (contains(path, "/blobs/uploads/") && method == "POST") return requirement_id("push.post.202");
  if (contains(path, "/blobs/uploads/") && method == "PATCH") {
    return requirement_id("push.chunk.202");
  }
  if (contains(path, "/blobs/uploads/") && method == "PUT") return requirement_id("push.put.201");
  if (contains(path, "/blobs/") && is_read) {
    return is_head ? requirement_id("pull.head.blob-200") : requirement_id("pull.blob.get-200");
  }
  if (contains(path, "/tags/list") && is_read) return requirement_id("tags.200");
  if (contains(path, "/referrers/") && is_read) return requirement_id("referrers.200");
  return std::nullopt;
}

}  // namespace plimsoll
