#include "plimsoll/scenario/requests.hpp"

#include <utility>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/link.hpp"
#include "plimsoll/oci/media_type.hpp"

namespace plimsoll::api {
namespace {

std::string path(std::string_view repository, std::string_view rest) {
  std::string out = "/v2/";
  return out.append(repository).append(rest);
}

http::request manifest_request(const char* method, std::string_view repository,
                               std::string_view reference) {
  http::request made(method, manifest_path(repository, reference));
  made.header("Accept", std::string(oci::media_type::image_index));
  made.header("Accept", std::string(oci::media_type::image_manifest));
  return made;
}

/// What a Location or Link of the answer means.
link_target resolved_against(const http::exchange& answer, std::string_view target) {
  link_target out;
  const auto base = http::parse_url(answer.url);
  if (trim(target).empty()) {
    out.problem = "it is empty";
  } else if (!base) {
    out.problem = base.error().what();
  } else if (const auto resolved = http::resolve(*base, target); !resolved) {
    out.problem = resolved.error().what();
  } else if (!resolved->userinfo.empty()) {
    // RFC 9110, 4.2.4: no sender may make such a URL, and who gets one should not use it.
    out.problem = "URL " + resolved->origin() + ": a login stands in it";
  } else {
    out.url = resolved->str();
  }
  return out;
}

http::request with_bytes(http::request made, std::string_view type, std::string bytes) {
  made.header("Content-Type", std::string(type)).body(std::move(bytes));
  return made;
}

}  // namespace

std::string manifest_path(std::string_view repository, std::string_view reference) {
  return path(repository, "/manifests/").append(reference);
}

std::string blob_path(std::string_view repository, std::string_view digest) {
  return path(repository, "/blobs/").append(digest);
}

http::request ping() {
  return {"GET", "/v2/"};
}

http::request get_blob(std::string_view repository, const oci::digest& digest) {
  return {"GET", blob_path(repository, digest.str())};
}

http::request head_blob(std::string_view repository, const oci::digest& digest) {
  return {"HEAD", blob_path(repository, digest.str())};
}

http::request get_manifest(std::string_view repository, std::string_view reference) {
  return manifest_request("GET", repository, reference);
}

http::request head_manifest(std::string_view repository, std::string_view reference) {
  return manifest_request("HEAD", repository, reference);
}

http::request start_upload(std::string_view repository) {
  return {"POST", path(repository, "/blobs/uploads/")};
}

http::request post_blob(std::string_view repository, const oci::digest& digest,
                        std::string content) {
  http::request made("POST",
                     http::with_query(path(repository, "/blobs/uploads/"), "digest", digest.str()));
  return with_bytes(std::move(made), oci::media_type::octet_stream, std::move(content));
}

http::request start_upload(std::string_view repository, std::string_view algorithm) {
  return {"POST",
          http::with_query(path(repository, "/blobs/uploads/"), "digest-algorithm", algorithm)};
}

http::request upload_chunk(std::string_view session, oci::chunk_range range, std::string chunk) {
  http::request made("PATCH", std::string(session));
  made.header("Content-Range", to_string(range));
  return with_bytes(std::move(made), oci::media_type::octet_stream, std::move(chunk));
}

http::request close_upload(std::string_view session, const oci::digest& digest, std::string rest) {
  http::request made("PUT", http::with_query(session, "digest", digest.str()));
  return with_bytes(std::move(made), oci::media_type::octet_stream, std::move(rest));
}

http::request close_upload(std::string_view session, const oci::digest& digest,
                           oci::chunk_range range, std::string chunk) {
  return close_upload(session, digest, std::move(chunk)).header("Content-Range", to_string(range));
}

http::request put_manifest(std::string_view repository, std::string_view reference,
                           std::string_view media_type, std::string manifest) {
  http::request made("PUT", manifest_path(repository, reference));
  return with_bytes(std::move(made), media_type, std::move(manifest));
}

http::request list_tags(std::string_view repository, std::string_view query) {
  std::string target = path(repository, "/tags/list");
  if (!query.empty()) target.append("?").append(query);
  return {"GET", std::move(target)};
}

http::request delete_manifest(std::string_view repository, std::string_view reference) {
  return {"DELETE", manifest_path(repository, reference)};
}

http::request delete_blob(std::string_view repository, const oci::digest& digest) {
  return {"DELETE", blob_path(repository, digest.str())};
}

http::request mount_blob(std::string_view repository, const oci::digest& digest,
                         std::string_view from) {
  std::string target = http::with_query(path(repository, "/blobs/uploads/"), "mount", digest.str());
  if (!from.empty()) target = http::with_query(target, "from", from);
  return {"POST", std::move(target)};
}

http::request list_referrers(std::string_view repository, std::string_view subject) {
  return list_referrers(repository, subject, "");
}

http::request list_referrers(std::string_view repository, std::string_view subject,
                             std::string_view query) {
  std::string target = path(repository, "/referrers/").append(subject);
  if (!query.empty()) target.append("?").append(query);
  return {"GET", std::move(target)};
}

http::request discover_extensions() {
  return {"GET", "/v2/_oci/ext/discover"};
}

http::request discover_extensions(std::string_view repository) {
  return {"GET", path(repository, "/_oci/ext/discover")};
}

http::request list_repositories(std::string_view query) {
  std::string target = "/v2/_catalog";
  if (!query.empty()) target.append("?").append(query);
  return {"GET", std::move(target)};
}

http::request upload_status(std::string_view session) {
  return {"GET", std::string(session)};
}

http::request cancel_upload(std::string_view session) {
  return {"DELETE", std::string(session)};
}

link_target next_page_of(const http::exchange& answer) {
  link_target out;
  for (const std::string_view value : answer.response.headers.all("Link")) {
    if (const auto target = oci::next_link(value)) return resolved_against(answer, *target);
    if (!oci::parse_links(value))
      out.problem = "Link " + printable(value) + ": not <URL>; rel=next";
  }
  return out;
}

link_target location_of(const http::exchange& answer) {
  const auto location = answer.response.header("Location");
  return location ? resolved_against(answer, *location) : link_target();
}

}  // namespace plimsoll::api
