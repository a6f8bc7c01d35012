#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/scenario/context.hpp"

/// What scenarios stand on. Each of these blocks the scenario where the registry does not
/// do it; the scenario whose subject it is reports the failure itself.
namespace plimsoll::suite {

/// A blob with these bytes is in the scenario's repository.
[[nodiscard]] boost::asio::awaitable<oci::digest> given_blob(context& ctx, std::string content);

/// Blobs with these bytes are in the repository; their digests in the same order.
[[nodiscard]] boost::asio::awaitable<std::vector<oci::digest>> given_blobs(
    context& ctx, std::vector<std::string> contents);

/// The same in another repository.
[[nodiscard]] boost::asio::awaitable<std::vector<oci::digest>> given_blobs_in(
    context& ctx, std::string repository, std::vector<std::string> contents);

struct pushed_manifest {
  std::string json;
  oci::descriptor descriptor;
};

/// The manifest is in the repository, under its digest or a tag.
[[nodiscard]] boost::asio::awaitable<pushed_manifest> given_manifest(context& ctx, std::string json,
                                                                     std::string reference);

/// The same of a manifest of any type.
[[nodiscard]] boost::asio::awaitable<pushed_manifest> given_manifest(context& ctx, std::string json,
                                                                     std::string reference,
                                                                     std::string media_type);

/// All of these pushes of manifests are taken, some at a time.
[[nodiscard]] boost::asio::awaitable<std::vector<http::exchange>> given_pushed(
    context& ctx, std::vector<http::request> pushes);

/// An image manifest and its blobs are in the scenario's other repository.
/// @param reference the tag; empty: the digest alone
[[nodiscard]] boost::asio::awaitable<void> given_elsewhere(context& ctx,
                                                           std::vector<std::string> blobs,
                                                           std::string manifest,
                                                           std::string reference);

/// One manifest is in the repository under each of these tags.
[[nodiscard]] boost::asio::awaitable<pushed_manifest> given_tags(context& ctx,
                                                                 std::vector<std::string> tags);

/// An artifact manifest with an empty config and one empty layer, told apart by `mark` from the
/// scenario's others, and from those of other scenarios, which may be in the same repository. Its
/// blob is pushed, the manifest is not.
[[nodiscard]] boost::asio::awaitable<oci::image_manifest> given_artifact(context& ctx,
                                                                         std::string mark);

}  // namespace plimsoll::suite
