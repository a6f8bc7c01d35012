#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/load_values/workload.hpp"
#include "prepared_content.hpp"
#include "session.hpp"

/// The steps of the distribution-spec, as operations put them together. All texts live until
/// the step is done.
namespace plimsoll::load {

inline constexpr std::string_view index_type = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view manifest_type = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view docker_list_type =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view docker_manifest_type =
    "application/vnd.docker.distribution.manifest.v2+json";
inline constexpr std::string_view config_type = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view layer_type = "application/vnd.oci.image.layer.v1.tar+gzip";

[[nodiscard]] std::string blob_target(std::string_view repository, std::string_view digest);
[[nodiscard]] std::string manifest_target(std::string_view repository, std::string_view reference);

/// end-2: GET of the whole blob, with what the run verifies.
[[nodiscard]] task<failure> get_blob(session& client, const std::string& repository,
                                     const stored_blob& stored, step kind);
/// end-2 with a range of `length` bytes from `first`; a 200 is no answer to it.
[[nodiscard]] task<failure> get_range(session& client, const std::string& repository,
                                      const stored_blob& stored, std::uint64_t first,
                                      std::uint64_t length);
/// end-2: HEAD. A registry that does not have it answers 404, which is `failure::status`.
[[nodiscard]] task<step_answer> head_blob(session& client, const std::string& repository,
                                          const std::string& target, const std::string& digest,
                                          std::optional<std::uint64_t> size, bool may_be_absent);

/// end-4a alone: an upload that nobody goes on with.
[[nodiscard]] task<failure> open_upload(session& client, const std::string& repository);
/// A new blob of the run, pushed: end-4a and end-6, end-4b, or end-4a, end-5 and end-6.
[[nodiscard]] task<failure> push_blob(session& client, const std::string& repository, blob content,
                                      const std::string& digest, upload_method method,
                                      std::uint64_t chunk_bytes);
/// A text as a blob, by POST and PUT.
[[nodiscard]] task<failure> push_text(session& client, const std::string& repository,
                                      const std::string& text, const std::string& digest);
/// end-11. A 202, where the registry wants an upload after all, is no mount.
[[nodiscard]] task<failure> mount_blob(session& client, const std::string& repository,
                                       const std::string& source, const std::string& digest);

/// end-3. `reference` is a tag or a digest; `known` what it has to be, or null.
[[nodiscard]] task<failure> get_manifest(session& client, const std::string& repository,
                                         const std::string& reference, step kind,
                                         const stored_manifest* known);
/// HEAD. 404 is no failure where `may_be_absent`.
[[nodiscard]] task<failure> head_manifest(session& client, const std::string& repository,
                                          const std::string& reference,
                                          const stored_manifest* known, bool may_be_absent);
/// end-7.
[[nodiscard]] task<failure> put_manifest(session& client, const std::string& repository,
                                         const std::string& reference,
                                         const stored_manifest& manifest);
/// end-9: DELETE of a manifest or tag; end-10 of a blob. 404 is no failure where
/// `may_be_absent`.
[[nodiscard]] task<failure> remove(session& client, const std::string& repository,
                                   const std::string& target, step kind, bool may_be_absent);

/// end-8: all pages, of `page_size` entries each where that is not 0.
[[nodiscard]] task<failure> list_tags(session& client, const std::string& repository,
                                      unsigned page_size);
/// One page of `_catalog`, which is the registries' common extension.
[[nodiscard]] task<failure> list_repositories(session& client, unsigned page_size);
/// end-12a.
[[nodiscard]] task<failure> list_referrers(session& client, const std::string& repository,
                                           const std::string& digest);

}  // namespace plimsoll::load
