#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"

namespace plimsoll::reference {
namespace {

/// Where nothing listens: the first port of this machine, which no service has.
constexpr std::string_view dead_host = "http://127.0.0.1:1";

std::string field(const response& from, std::string_view name) {
  return std::string(from.find_header(name).value_or(""));
}

std::string host_of(const call& at) {
  return std::string(at.asked.header("Host").value_or(""));
}

bool is_manifest_push(const call& at, const response& to) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT" && to.status == 201;
}

void set_location(response& to, const std::string& value) {
  if (to.find_header("Location")) to.set_header("Location", value);
}

/// Puts the target of the answer's Link behind `origin`.
void move_link(response& to, std::string_view origin) {
  const std::string link = field(to, "Link");
  if (link.starts_with("</")) to.set_header("Link", fmt::format("<{}{}", origin, link.substr(1)));
}

constexpr std::array table{
    rule{.name = "post-location-of-another-scheme",
         .requirement = "push.post.location",
         .summary = "The Location of a session is a URL of FTP",
         .after =
             [](call& at, response& to) {
               if (is_open(at)) set_location(to, "ftp://" + host_of(at) + field(to, "Location"));
             }},
    rule{.name = "post-location-with-a-space",
         .requirement = "push.post.location",
         .summary = "The Location of a session has a space inside",
         .after =
             [](call& at, response& to) {
               if (is_open(at)) set_location(to, field(to, "Location") + "?state=a b");
             }},
    rule{.name = "post-location-without-scheme",
         .requirement = "push.post.location",
         .summary = "The Location of a session begins with the host's name",
         .after =
             [](call& at, response& to) {
               if (is_open(at)) set_location(to, "localhost:5000" + field(to, "Location"));
             }},
    rule{.name = "post-location-where-nothing-answers",
         .requirement = "push.post.location",
         .summary = "The Location of a session names a port on which nothing listens",
         .after =
             [](call& at, response& to) {
               if (is_open(at)) set_location(to, std::string(dead_host) + field(to, "Location"));
             }},
    rule{.name = "put-location-is-a-digest",
         .requirement = "push.put.location",
         .summary = "The Location of a pushed blob is its digest",
         .after =
             [](call& at, response& to) {
               const auto digest = is_whole_put(at) ? asked_digest(at) : std::nullopt;
               if (digest) set_location(to, digest->str());
             }},
    rule{.name = "put-location-where-nothing-answers",
         .requirement = "push.put.location",
         .summary = "The Location of a pushed blob names a port on which nothing listens",
         .after =
             [](call& at, response& to) {
               if (is_whole_put(at)) {
                 set_location(to, std::string(dead_host) + field(to, "Location"));
               }
             }},
    rule{.name = "single-post-location-without-host",
         .requirement = "push.single-post.location",
         .summary = "The Location of a single POST is a URL without a host",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at)) set_location(to, "http://" + field(to, "Location"));
             }},
    rule{.name = "chunk-location-with-a-bad-port",
         .requirement = "push.chunk.location",
         .summary = "The Location behind a chunk has a port that is no number",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at)) set_location(to, "http://localhost:port" + field(to, "Location"));
             }},
    rule{.name = "close-location-is-a-digest",
         .requirement = "push.chunk.close-location",
         .summary = "The Location of a closed upload is the blob's digest",
         .after =
             [](call& at, response& to) {
               const auto digest = is_close_of_chunks(at) ? asked_digest(at) : std::nullopt;
               if (digest) set_location(to, digest->str());
             }},
    rule{.name = "status-location-with-a-login",
         .requirement = "push.status.location",
         .summary = "The Location of a session's status has a user's name and password in it",
         .after =
             [](call& at, response& to) {
               if (!is_status(at)) return;
               set_location(to, "http://me:secret@" + host_of(at) + field(to, "Location"));
             }},
    rule{.name = "mount-location-of-tls",
         .requirement = "push.mount.location",
         .summary = "The Location of a mount begins with https, where no TLS is spoken",
         .after =
             [](call& at, response& to) {
               if (is_mount(at) && to.status == 201) {
                 set_location(to, "https://" + host_of(at) + field(to, "Location"));
               }
             }},
    rule{.name = "mount-202-location-is-empty",
         .requirement = "push.mount.fallback-location",
         .summary = "A mount that opens a session has an empty Location",
         .after =
             [](call& at, response& to) {
               if (is_mount(at) && to.status == 202) set_location(to, "");
             }},
    rule{.name = "manifest-location-is-a-digest",
         .requirement = "push.manifest.location",
         .summary = "The Location of a pushed manifest is its digest",
         .after =
             [](call& at, response& to) {
               if (is_manifest_push(at, to)) {
                 set_location(to, field(to, "Docker-Content-Digest"));
               }
             }},
    rule{.name = "manifest-location-where-nothing-answers",
         .requirement = "push.manifest.location",
         .summary = "The Location of a pushed manifest names a port on which nothing listens",
         .after =
             [](call& at, response& to) {
               if (!is_manifest_push(at, to)) return;
               set_location(to, std::string(dead_host) + field(to, "Location"));
             }},
    rule{.name = "tags-link-of-another-scheme",
         .requirement = "tags.link-format",
         .summary = "The Link of a tag list is a URL of FTP",
         .after =
             [](call& at, response& to) {
               if (at.where.kind == endpoint::tags) move_link(to, "ftp://" + host_of(at));
             }},
    rule{.name = "tags-link-where-nothing-answers",
         .requirement = "tags.link-format",
         .summary = "The Link of a tag list names a port on which nothing listens",
         .after =
             [](call& at, response& to) {
               if (at.where.kind == endpoint::tags) move_link(to, dead_host);
             }},
    rule{.name = "referrers-link-of-another-scheme",
         .requirement = "referrers.link-format",
         .summary = "The Link of a list of referrers is a URL of FTP",
         .after =
             [](call& at, response& to) {
               if (at.where.kind == endpoint::referrers) move_link(to, "ftp://" + host_of(at));
             }},
};

}  // namespace

std::span<const rule> location_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
