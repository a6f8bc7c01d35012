#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

/// Whether the answer says where an upload goes on.
bool has_session(const call& at, const response& to) {
  return (at.where.kind == endpoint::upload || at.where.kind == endpoint::uploads) &&
         (to.status == 202 || to.status == 204 || to.status == 416) && to.find_header("Location");
}

std::string location(const response& to) {
  return std::string(to.find_header("Location").value_or(""));
}

/// The same registry under its other name, where it was asked at 127.0.0.1.
std::string other_host(const call& at) {
  const std::string host(at.asked.header("Host").value_or(""));
  return "http://localhost" + host.substr(std::min(host.find(':'), host.size()));
}

/// Where a session is that does not lie below /v2/.
constexpr std::string_view elsewhere = "/uploads-of/";

/// Where a storage is that lets in nobody without a login of its own.
constexpr std::string_view refusing = "/for-members";

/// Where the storage has what was asked for.
std::string in_storage(const call& at) {
  const bool has_query = at.asked.target.find('?') != std::string::npos;
  return other_host(at) + at.asked.target + (has_query ? "&" : "?") + "signed=yes";
}

/// A storage knows nothing of digests and media types, and has a validator of its own.
void answer_as_storage(response& to) {
  to.remove_header("Docker-Content-Digest");
  to.set_header("Content-Type", "binary/octet-stream");
  to.set_header("ETag", "\"of-the-storage\"");
}

/// Redirects to the storage, with the digest of what is there.
void lead_to_storage(const call& at, response& to) {
  response made;
  made.status = 307;
  made.header("Location", in_storage(at));
  const auto digest = to.find_header("Docker-Content-Digest");
  if (digest) made.header("Docker-Content-Digest", std::string(*digest));
  to = std::move(made);
}

std::string escaped_hyphens(std::string text) {
  for (auto at = text.find('-'); at != std::string::npos; at = text.find('-', at)) {
    text.replace(at, 1, "%2D");
  }
  return text;
}

/// Whether a blob was made, and the answer says where it is.
bool has_blob_location(const call& at, const response& to) {
  const bool is_push = at.where.kind == endpoint::upload || at.where.kind == endpoint::uploads;
  return is_push && to.status == 201 && to.find_header("Location");
}

constexpr std::array table{
    rule{.name = "location-absolute",
         .summary = "The Location of a session is a whole URL",
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               const auto host = at.asked.header("Host").value_or("");
               to.set_header("Location", fmt::format("http://{}{}", host, location(to)));
             }},
    rule{.name = "location-on-another-host",
         .summary = "Uploads go to another host",
         .after =
             [](call& at, response& to) {
               if (has_session(at, to)) to.set_header("Location", other_host(at) + location(to));
             }},
    rule{.name = "location-relative-to-the-path",
         .summary = "The Location of a session is its id, to be read against the request's URL",
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               const auto path = location(to);
               to.set_header("Location", path.substr(path.rfind('/') + 1));
             }},
    rule{.name = "location-with-query",
         .summary = "A session is found by a parameter of its Location, too",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::upload) return std::nullopt;
           if (at.where.parameter("_state") == "a/b=" && at.where.parameter("x") == "1") {
             return std::nullopt;
           }
           return unknown_session();
         },
         .after =
             [](call& at, response& to) {
               if (has_session(at, to)) {
                 to.set_header("Location", location(to) + "?_state=a%2Fb%3D&x=1");
               }
             }},
    rule{.name = "location-without-scheme",
         .summary = "The Location of a session begins with // and the host",
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               const auto host = at.asked.header("Host").value_or("");
               to.set_header("Location", fmt::format("//{}{}", host, location(to)));
             }},
    rule{.name = "location-with-dot-segments",
         .summary = "The Location of a session has steps up in its path",
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               to.set_header("Location", "/v2/./none/.." + location(to).substr(3));
             }},
    rule{.name = "location-with-an-odd-query",
         .summary = "The Location of a session has a query with all that may stand in one",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::upload) return std::nullopt;
           if (at.where.parameter("s") == "~!$'()*,:@/?|% x") return std::nullopt;
           return unknown_session();
         },
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               to.set_header("Location", location(to) + "?s=~!$'()*,:@/?%7C%25%20x");
             }},
    rule{.name = "location-percent-encoded",
         .summary = "The hyphens in the Location of a session are escaped",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::upload) return std::nullopt;
           const std::string path = at.asked.target.substr(0, at.asked.target.find('?'));
           const std::string id = path.substr(path.rfind('/') + 1);
           if (id.find('-') != std::string::npos) return unknown_session();
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               const auto path = location(to);
               const auto end = path.rfind('/') + 1;
               to.set_header("Location", path.substr(0, end) + escaped_hyphens(path.substr(end)));
             }},
    rule{.name = "location-elsewhere",
         .summary = "Sessions do not lie below /v2/",
         .before = [](call& at) -> std::optional<response> {
           const std::string_view path(at.asked.target.data(),
                                       std::min(at.asked.target.find('?'), at.asked.target.size()));
           if (!path.starts_with(elsewhere)) return std::nullopt;
           const auto slash = path.rfind('/');
           at.where.kind = endpoint::upload;
           at.where.repository = path.substr(elsewhere.size(), slash - elsewhere.size());
           at.where.last = path.substr(slash + 1);
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               const auto path = location(to);
               to.set_header("Location", fmt::format("{}{}/{}", elsewhere, at.where.repository,
                                                     path.substr(path.rfind('/') + 1)));
             }},
    rule{.name = "location-changes-with-each-step",
         .summary = "Each answer has a new Location, and chunks are taken there alone",
         .before = [](call& at) -> std::optional<response> {
           const bool writes = is_chunk(at) || is_close(at);
           const auto& now = at.remembered.notes[at.where.last];
           if (!writes || now.empty() || at.where.parameter("step") == now) return std::nullopt;
           return unknown_session();
         },
         .after =
             [](call& at, response& to) {
               if (!has_session(at, to)) return;
               const auto path = location(to);
               const auto step = std::to_string(++at.remembered.count);
               at.remembered.notes[path.substr(path.rfind('/') + 1)] = step;
               to.set_header("Location", path + "?step=" + step);
             }},
    rule{.name = "blob-location-on-another-host",
         .summary = "The Location of a pushed blob is on another host",
         .after =
             [](call& at, response& to) {
               const bool made =
                   at.where.kind == endpoint::upload || at.where.kind == endpoint::uploads;
               if (made && to.status == 201)
                 to.set_header("Location", other_host(at) + location(to));
             }},
    rule{.name = "blob-location-relative",
         .summary = "The Location of a pushed blob is relative to the request's URL",
         .after =
             [](call& at, response& to) {
               if (!has_blob_location(at, to)) return;
               const auto path = location(to);
               to.set_header("Location", ".." + path.substr(path.rfind('/')));
             }},
    rule{.name = "manifest-location-relative",
         .summary = "The Location of a pushed manifest is relative to the request's URL",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::manifest || to.status != 201) return;
               const auto path = location(to);
               to.set_header("Location", "." + path.substr(path.rfind('/')));
             }},
    rule{.name = "blob-location-on-a-host-that-refuses",
         .summary = "The Location of a pushed blob is on another host, which wants a login",
         .before = [](call& at) -> std::optional<response> {
           if (!at.asked.target.starts_with(refusing)) return std::nullopt;
           return failure(403, "DENIED", "no login came");
         },
         .after =
             [](call& at, response& to) {
               const bool is_upload =
                   at.where.kind == endpoint::upload || at.where.kind == endpoint::uploads;
               if (!is_upload || to.status != 201) return;
               to.set_header("Location", other_host(at) + std::string(refusing) + location(to));
             }},
    rule{.name = "blob-pull-redirected",
         .summary = "A blob is pulled from another host",
         .before = [](call& at) -> std::optional<response> {
           if (at.where.kind != endpoint::blob || !at.is_read() || at.where.parameter("signed")) {
             return std::nullopt;
           }
           const auto digest = oci::digest::parse(at.where.last);
           if (!digest || !at.kept.blob(at.where.repository, *digest)) return std::nullopt;
           response made;
           made.status = 307;
           made.header("Location", in_storage(at));
           return made;
         }},
    rule{.name = "blob-get-from-storage",
         .summary = "GET of a blob leads to a storage with fields of its own, HEAD does not",
         .after =
             [](call& at, response& to) {
               const bool has_blob = to.status == 200 || to.status == 206;
               if (at.where.kind != endpoint::blob || !at.is_read() || !has_blob) return;
               if (at.where.parameter("signed")) return answer_as_storage(to);
               to.set_header("ETag", "\"of-the-registry\"");
               if (at.asked.method == "HEAD") return;
               lead_to_storage(at, to);
             }},
    rule{.name = "manifest-pull-from-storage",
         .summary = "Manifests are pulled from a storage; the redirect has their digest",
         .after =
             [](call& at, response& to) {
               const bool is_pull = at.where.kind == endpoint::manifest && at.is_read();
               if (!is_pull || to.status != 200) return;
               if (at.where.parameter("signed")) {
                 to.remove_header("Docker-Content-Digest");
               } else {
                 lead_to_storage(at, to);
               }
             }},
};

}  // namespace

std::span<const rule> location_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
