#include "service/incoming_blob.hpp"

#include <exception>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/name.hpp"

namespace plimsoll::reference {
namespace {

bool is_single_post(const request& head) {
  return head.method == "POST";
}

/// The digest that the body's end has to prove, for a single POST or a PUT.
result<oci::digest> digest_wanted(const call& at) {
  const auto text = at.where.parameter("digest");
  if (!text) return error::of("the parameter digest is missing");
  auto digest = oci::digest::parse(*text);
  if (!digest) return digest;
  const auto algorithm = oci::hash_algorithm_of(digest->algorithm());
  if (!algorithm) return algorithm.error();
  return digest;
}

oci::hash_algorithm algorithm_of(const oci::digest& digest) {
  return oci::hash_algorithm_of(digest.algorithm()).value();
}

response not_in_order(const call& at, std::uint64_t have, std::string_view why) {
  auto made = failure(416, "BLOB_UPLOAD_INVALID", why);
  describe_session(at, at.where.last, have, made);
  return made;
}

response too_long(const call& at) {
  const auto limit = human_bytes(at.kept.largest_blob_bytes());
  return failure(413, "SIZE_INVALID", "the blob is larger than " + limit);
}

response behind_short_chunk(const call& at) {
  return failure(400, "SIZE_INVALID",
                 fmt::format("the chunk before is shorter than {} bytes, as only the last may be",
                             at.how.chunk_min_length));
}

}  // namespace

bool has_blob_body(const request& head, const route& where) {
  if (where.kind == endpoint::upload) return head.method == "PATCH" || head.method == "PUT";
  return where.kind == endpoint::uploads && head.method == "POST" && where.parameter("digest") &&
         !where.parameter("mount");
}

void describe_session(const call& at, std::string_view id, std::uint64_t size, response& to) {
  to.header("Location", fmt::format("/v2/{}/blobs/uploads/{}", at.where.repository, id));
  if (size != 0) to.header("Range", oci::to_string(oci::chunk_range{0, size - 1}));
}

response blob_created(const call& at, const oci::digest& digest) {
  response made;
  made.status = 201;
  made.header("Location", fmt::format("/v2/{}/blobs/{}", at.where.repository, digest.str()));
  made.header("Docker-Content-Digest", digest.str());
  return made;
}

response unknown_session() {
  return failure(404, "BLOB_UPLOAD_UNKNOWN", "no such upload session");
}

incoming_blob::~incoming_blob() {
  // Nobody else knows the session of a single POST: it ends here, whatever came.
  if (!hold_ || !is_single_post(at_.asked)) return;
  try {
    at_.kept.close_upload(at_.where.repository, id_);
  } catch (const std::exception&) {
    // The disk fails: the session's file stays, and nobody has its id.
  }
}

std::variant<incoming_blob, response> incoming_blob::begin(const call& at,
                                                           std::optional<std::uint64_t> length) {
  if (!oci::is_repository_name(at.where.repository)) return bad_name(at);
  auto begun = is_single_post(at.asked) ? begin_post(at) : begin_in_session(at);
  auto* const made = std::get_if<incoming_blob>(&begun);
  if (made == nullptr) return begun;
  if (auto bad = made->bad_start()) return std::move(*bad);
  if (!length) return begun;
  if (auto bad = made->bad_length(*length)) return std::move(*bad);
  return begun;
}

std::variant<incoming_blob, response> incoming_blob::begin_post(const call& at) {
  const auto digest = digest_wanted(at);
  if (!digest) return failure(400, "DIGEST_INVALID", digest.error().what());
  auto id = at.kept.open_upload(at.where.repository, algorithm_of(*digest));
  auto hold = upload_hold::take(at.kept.upload(at.where.repository, id));
  if (!hold) return unknown_session();
  incoming_blob made(at, std::move(*hold), std::move(id));
  made.digest_ = *digest;
  return made;
}

std::variant<incoming_blob, response> incoming_blob::begin_in_session(const call& at) {
  auto session = at.kept.upload(at.where.repository, at.where.last);
  if (!session) return unknown_session();
  const auto have = session->size();
  auto hold = upload_hold::take(std::move(session));
  if (!hold) return not_in_order(at, have, "another request is writing to the session");
  incoming_blob made(at, std::move(*hold), at.where.last);
  if (at.asked.method == "PATCH") return made;
  const auto digest = digest_wanted(at);
  if (!digest) return failure(400, "DIGEST_INVALID", digest.error().what());
  made.hold_->name_by(algorithm_of(*digest));
  made.digest_ = *digest;
  return made;
}

/// Why the body cannot be the session's next chunk, by Content-Range.
std::optional<response> incoming_blob::bad_start() {
  const auto value = at_.asked.header("Content-Range");
  if (!value) return std::nullopt;
  range_ = oci::parse_chunk_range(*value);
  if (!range_) return failure(400, "BLOB_UPLOAD_INVALID", "Content-Range is not <start>-<end>");
  if (range_->first == hold_->size()) return std::nullopt;
  return not_in_order(at_, hold_->size(), "the chunk does not start where the last one ends");
}

std::optional<response> incoming_blob::bad_length(std::uint64_t length) const {
  const auto limit = at_.kept.largest_blob_bytes();
  if (length > limit || hold_->size() > limit - length) return too_long(at_);
  if (length != 0 && hold_->has_short_chunk) return behind_short_chunk(at_);
  if (!range_ || range_->length() == length) return std::nullopt;
  return failure(400, "SIZE_INVALID", "the body is not as long as its Content-Range says");
}

std::optional<response> incoming_blob::take(std::string_view piece) {
  if (hold_->received() > at_.kept.largest_blob_bytes() - piece.size()) return too_long(at_);
  hold_->append(piece);
  return std::nullopt;
}

response incoming_blob::finish() {
  if (auto bad = bad_length(hold_->received() - hold_->size())) return std::move(*bad);
  return digest_ ? make_blob() : keep_chunk();
}

response incoming_blob::keep_chunk() {
  const auto length = hold_->received() - hold_->size();
  if (length != 0 && length < at_.how.chunk_min_length) hold_->has_short_chunk = true;
  hold_->keep();
  response made;
  made.status = 202;
  describe_session(at_, id_, hold_->size(), made);
  return made;
}

/// A session whose content turns out wrong stays as it was before the last chunk.
response incoming_blob::make_blob() {
  const auto found = hold_->digest_by(algorithm_of(*digest_));
  if (found != *digest_) {
    return failure(400, "DIGEST_INVALID", "the content's digest is " + found.str());
  }
  const bool was_open = at_.kept.finish_upload(at_.where.repository, id_, found);
  return was_open ? blob_created(at_, found) : unknown_session();
}

}  // namespace plimsoll::reference
