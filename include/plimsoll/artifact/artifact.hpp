#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"

/// What a client does with artifacts that refer to another manifest: distribution-spec 1.1.1,
/// "Pushing Manifests with Subject", "Listing Referrers" and "Unavailable Referrers API".
namespace plimsoll::artifacts {

/// One file as an artifact: image-spec 1.1.1, "Guidelines for Artifact Usage".
struct artifact {
  std::string type;          ///< artifactType
  std::string content_type;  ///< Media type of the one layer.
  std::string content;
  oci::annotations annotations;
};

struct attached {
  oci::digest manifest;
  bool listed_by_tag = false;  ///< The registry has no referrers API: the fallback tag lists it.
};

/// Nothing larger is pulled as the content of an artifact.
inline constexpr std::uint64_t largest_content_bytes = 4UL * 1024 * 1024;

/// The descriptor of a manifest that is there.
/// @param reference a tag or a digest
[[nodiscard]] boost::asio::awaitable<result<oci::descriptor>> resolve(http::client& registry,
                                                                      std::string repository,
                                                                      std::string reference);

/// Pushes the artifact with that subject. Where the answer has no OCI-Subject the artifact is put
/// into the list at the fallback tag, beside what is there, and on the condition that nobody else
/// changes it meanwhile where the registry has ETags.
[[nodiscard]] boost::asio::awaitable<result<attached>> attach(http::client& registry,
                                                              std::string repository,
                                                              oci::descriptor subject,
                                                              artifact what);

/// The referrers of that type, from the referrers API with all its pages, or from the fallback tag
/// where the API is answered with 404.
[[nodiscard]] boost::asio::awaitable<result<std::vector<oci::descriptor>>> referrers_of(
    http::client& registry, std::string repository, oci::digest subject, std::string type);

/// The one layer of an artifact, compared with its digests.
[[nodiscard]] boost::asio::awaitable<result<std::string>> content_of(http::client& registry,
                                                                     std::string repository,
                                                                     oci::descriptor manifest);

}  // namespace plimsoll::artifacts
