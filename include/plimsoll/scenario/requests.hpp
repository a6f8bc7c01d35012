#pragma once

#include <string>
#include <string_view>

#include "plimsoll/http/message.hpp"
#include "plimsoll/oci/chunk_range.hpp"
#include "plimsoll/oci/digest.hpp"

/// The spec's verbs as requests; the endpoint's number stands behind each.
namespace plimsoll::api {

/// The paths of a manifest and of a blob, for requests of a scenario's own.
/// @param reference as it shall stand in the path, also one that is none
[[nodiscard]] std::string manifest_path(std::string_view repository, std::string_view reference);
[[nodiscard]] std::string blob_path(std::string_view repository, std::string_view digest);

[[nodiscard]] http::request ping();                                                      // end-1
[[nodiscard]] http::request get_blob(std::string_view repository, const oci::digest&);   // end-2
[[nodiscard]] http::request head_blob(std::string_view repository, const oci::digest&);  // end-2
/// @param reference a tag or a digest
[[nodiscard]] http::request get_manifest(std::string_view repository,
                                         std::string_view reference);  // end-3
[[nodiscard]] http::request head_manifest(std::string_view repository,
                                          std::string_view reference);  // end-3
[[nodiscard]] http::request start_upload(std::string_view repository);  // end-4a
[[nodiscard]] http::request post_blob(std::string_view repository, const oci::digest&,
                                      std::string content);  // end-4b
/// @param algorithm of the digest that the blob will have, for example "sha512"
[[nodiscard]] http::request start_upload(std::string_view repository,
                                         std::string_view algorithm);  // end-4c
/// @param session the last Location, as `location_of` gives it
[[nodiscard]] http::request upload_chunk(std::string_view session, oci::chunk_range range,
                                         std::string chunk);  // end-5
[[nodiscard]] http::request close_upload(std::string_view session, const oci::digest&,
                                         std::string rest);  // end-6
/// The close that carries the last chunk.
[[nodiscard]] http::request close_upload(std::string_view session, const oci::digest&,
                                         oci::chunk_range range, std::string chunk);  // end-6
[[nodiscard]] http::request put_manifest(std::string_view repository, std::string_view reference,
                                         std::string_view media_type,
                                         std::string manifest);  // end-7
/// @param query "" or for example "n=2&last=a"
[[nodiscard]] http::request list_tags(std::string_view repository,
                                      std::string_view query);  // end-8a, end-8b
[[nodiscard]] http::request delete_manifest(std::string_view repository,
                                            std::string_view reference);                   // end-9
[[nodiscard]] http::request delete_blob(std::string_view repository, const oci::digest&);  // end-10
/// @param from the repository that has the blob; empty: whichever does
[[nodiscard]] http::request mount_blob(std::string_view repository, const oci::digest&,
                                       std::string_view from);  // end-11
[[nodiscard]] http::request list_referrers(std::string_view repository,
                                           std::string_view subject);  // end-12a
/// @param query for example "artifactType=application%2Fx"
[[nodiscard]] http::request list_referrers(std::string_view repository, std::string_view subject,
                                           std::string_view query);   // end-12a, end-12b
[[nodiscard]] http::request upload_status(std::string_view session);  // end-13
[[nodiscard]] http::request cancel_upload(std::string_view session);  // end-14

/// The registry's extensions; extensions/_oci.md, "Module: discover".
[[nodiscard]] http::request discover_extensions();
/// Those of one repository.
[[nodiscard]] http::request discover_extensions(std::string_view repository);
/// The registry's repositories, by the reserved extension `_catalog`.
/// @param query "" or for example "n=2"
[[nodiscard]] http::request list_repositories(std::string_view query);

/// Where a Location or a Link of an answer leads.
struct link_target {
  std::string url;  ///< Absolute, http or https; empty where there is none that can be asked.
  std::string
      problem;  ///< Why it cannot be asked, with the URL (RFC 3986; RFC 9110, 4.2); else "".

  [[nodiscard]] bool is_usable() const noexcept { return !url.empty(); }
  /// The field is there, and leads nowhere: another scheme, no host, a space inside, a login.
  [[nodiscard]] bool is_unusable() const noexcept { return !problem.empty(); }
  [[nodiscard]] bool is_absent() const noexcept { return url.empty() && problem.empty(); }
};

/// The target of an answer's Link with rel=next (RFC 8288), resolved against the answer's URL.
[[nodiscard]] link_target next_page_of(const http::exchange& answer);
/// The Location of an answer, resolved against the answer's URL (RFC 9110, 10.2.2).
[[nodiscard]] link_target location_of(const http::exchange& answer);

}  // namespace plimsoll::api
