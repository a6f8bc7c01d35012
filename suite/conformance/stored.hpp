#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

/// What an answer with 201 claims: the content can be pulled, and is what was pushed.
/// Such a claim is judged by reading the content back (context::send waits for it, and judges hosts
/// at which nothing answers). Not judged is a read that is refused for a reason that says nothing
/// of the content: 401, 403, 409, 412, 423, 429.
namespace plimsoll::suite {

/// A refusal that needs no reason: who asks may not do that, or not now. It says nothing of the
/// content.
[[nodiscard]] bool is_policy_refusal(const http::exchange& answer) noexcept;

/// Whether the answer takes what was sent: a 2XX that does not only open a session (202).
[[nodiscard]] bool is_acceptance(const http::exchange& answer) noexcept;

/// The answer has a Location, which `rule` demands.
/// @return its absolute URL; empty where there is none to ask
[[nodiscard]] std::string expect_location(context& ctx, const http::exchange& answer,
                                          requirement_id rule);

/// The absolute URL of the answer's Location; empty where there is none to ask.
[[nodiscard]] std::string location_url(const http::exchange& answer);

/// A read of content that has to be there, and the rules for its status and for its bytes.
/// HEAD has no bytes to compare.
struct expected_read {
  http::request request;
  std::string content;
  requirement_id status_rule;
  requirement_id body_rule;
};

/// Sends the reads at once; the context asks again for what is not there yet.
/// @return the last answers, in the order of the reads
[[nodiscard]] boost::asio::awaitable<std::vector<http::exchange>> read_back(
    context& ctx, std::vector<expected_read> reads);

/// Judges one answer of `read_back`.
/// @return whether the content was there; also where that cannot be judged
bool expect_content(context& ctx, const http::exchange& seen, const expected_read& read);

/// `read_back` and `expect_content` of each.
boost::asio::awaitable<void> expect_reads(context& ctx, std::vector<expected_read> reads);

/// GET of the Location of `created`, a 201, gives the content, by `rule`; on another host, too.
/// @param media_type to accept; empty: any
boost::asio::awaitable<void> expect_location_read(context& ctx, http::exchange created,
                                                  std::string media_type, std::string content,
                                                  requirement_id rule);

/// The blob that `created`, a 201, is about: GET and HEAD find it by its digest, and GET by the
/// answer's Location. Where GET by digest does not, the rest follows from that and is not judged.
/// The scenario judges `location_rule`, push.blob.dcd-value, pull.blob.get-200, pull.blob.get-body,
/// pull.head.blob-200 and pull.blob.dcd-matches-body.
boost::asio::awaitable<void> expect_blob(context& ctx, http::exchange created, oci::digest digest,
                                         std::string content, requirement_id location_rule);

/// The manifest that `created`, a 201, is about, by its reference, by its digest and by the
/// answer's Location. The scenario judges push.manifest.location-pullable,
/// push.manifest.by-tag-and-digest, pull.manifest.get-200, pull.manifest.get-body,
/// pull.manifest.dcd-value, pull.manifest.content-type-present and pull.head.manifest-200.
/// @param reference under which it was pushed, a tag or a digest of any algorithm
boost::asio::awaitable<void> expect_manifest(context& ctx, http::exchange created,
                                             std::string reference, std::string media_type,
                                             std::string json);

}  // namespace plimsoll::suite
