#include <fmt/format.h>

#include "plimsoll/oci/chunk_range.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {
namespace {

response created(const call& at, const oci::digest& digest) {
  response made;
  made.status = 201;
  made.header("Location", fmt::format("/v2/{}/blobs/{}", at.where.repository, digest.str()));
  made.header("Docker-Content-Digest", digest.str());
  return made;
}

/// Location and, where bytes were received, their range.
void describe_session(const call& at, std::string_view id, std::uint64_t size, response& to) {
  to.header("Location", fmt::format("/v2/{}/blobs/uploads/{}", at.where.repository, id));
  if (size != 0) to.header("Range", oci::to_string(oci::chunk_range{0, size - 1}));
}

response opened(const call& at) {
  response made;
  made.status = 202;
  describe_session(at, at.kept.open_upload(at.where.repository), 0, made);
  if (at.how.chunk_min_length != 0) {
    made.header("OCI-Chunk-Min-Length", std::to_string(at.how.chunk_min_length));
  }
  return made;
}

/// The digest where the bytes have it, or the response that says why not.
std::optional<response> mismatch(const oci::digest& wanted, std::string_view bytes) {
  const auto algorithm = oci::hash_algorithm_of(wanted.algorithm());
  if (!algorithm) return failure(400, "DIGEST_INVALID", algorithm.error().what());
  const auto found = oci::digest_of(*algorithm, bytes);
  if (found == wanted) return std::nullopt;
  return failure(400, "DIGEST_INVALID", "the content's digest is " + found.str());
}

response push_in_one(const call& at, std::string_view text) {
  const auto digest = oci::digest::parse(text);
  if (!digest) return failure(400, "DIGEST_INVALID", digest.error().what());
  if (auto bad = mismatch(*digest, at.asked.body)) return std::move(*bad);
  auto bytes = std::make_shared<const std::string>(std::move(at.asked.body));
  at.kept.put_blob(at.where.repository, *digest, std::move(bytes));
  return created(at, *digest);
}

/// Where the blob cannot be mounted, a session is opened to push it.
response mount(const call& at, std::string_view text) {
  const auto digest = oci::digest::parse(text);
  if (!digest) return failure(400, "DIGEST_INVALID", digest.error().what());
  const auto from = at.where.parameter("from");
  auto found = from ? at.kept.blob(*from, *digest) : at.kept.blob_anywhere(*digest);
  if (!found) return opened(at);
  at.kept.put_blob(at.where.repository, *digest, std::move(found));
  return created(at, *digest);
}

/// Why the body is not the session's next chunk.
std::optional<response> bad_chunk(const call& at, const upload_session& session) {
  const auto have = session.bytes.size();
  const auto length = at.asked.body.size();
  if (have + length > largest_blob_bytes) return too_large(at.asked, at.how);
  const auto value = at.asked.header("Content-Range");
  if (!value) return std::nullopt;
  const auto range = oci::parse_chunk_range(*value);
  if (!range) return failure(400, "BLOB_UPLOAD_INVALID", "Content-Range is not <start>-<end>");
  if (range->first != have) {
    auto made = failure(416, "BLOB_UPLOAD_INVALID", "the chunk does not start where the last ends");
    describe_session(at, at.where.last, have, made);
    return made;
  }
  if (range->last - range->first != length - 1) {
    return failure(400, "SIZE_INVALID", "the body is not as long as its Content-Range says");
  }
  return std::nullopt;
}

response append(const call& at, upload_session& session) {
  if (auto bad = bad_chunk(at, session)) return std::move(*bad);
  session.bytes += at.asked.body;
  response made;
  made.status = 202;
  describe_session(at, at.where.last, session.bytes.size(), made);
  return made;
}

/// A session whose content turns out wrong stays as it was before the last chunk.
response finish(const call& at, upload_session& session) {
  const auto text = at.where.parameter("digest");
  if (!text) return failure(400, "DIGEST_INVALID", "the parameter digest is missing");
  const auto digest = oci::digest::parse(*text);
  if (!digest) return failure(400, "DIGEST_INVALID", digest.error().what());
  if (auto bad = bad_chunk(at, session)) return std::move(*bad);
  const auto before = session.bytes.size();
  if (before == 0) {
    session.bytes = std::move(at.asked.body);
  } else {
    session.bytes += at.asked.body;
  }
  if (auto bad = mismatch(*digest, session.bytes)) {
    session.bytes.resize(before);
    return std::move(*bad);
  }
  auto bytes = std::make_shared<const std::string>(std::move(session.bytes));
  at.kept.close_upload(at.where.repository, at.where.last);
  at.kept.put_blob(at.where.repository, *digest, std::move(bytes));
  return created(at, *digest);
}

}  // namespace

response answer_uploads(const call& at) {
  if (at.asked.method != "POST") return wrong_method("POST");
  if (const auto blob = at.where.parameter("mount")) return mount(at, *blob);
  if (const auto digest = at.where.parameter("digest")) return push_in_one(at, *digest);
  return opened(at);
}

response answer_upload(const call& at) {
  const auto& method = at.asked.method;
  const bool is_known = at.is_read() || method == "PATCH" || method == "PUT";
  if (!is_known) return wrong_method("GET, HEAD, PATCH, PUT");
  auto* session = at.kept.upload(at.where.repository, at.where.last);
  if (session == nullptr) return failure(404, "BLOB_UPLOAD_UNKNOWN", "no such upload session");
  if (method == "PATCH") return append(at, *session);
  if (method == "PUT") return finish(at, *session);
  response made;
  made.status = 204;
  describe_session(at, at.where.last, session->bytes.size(), made);
  return made;
}

}  // namespace plimsoll::reference
