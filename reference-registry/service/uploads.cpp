#include "plimsoll/oci/digest.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

response opened(const call& at, oci::hash_algorithm algorithm) {
  response made;
  made.status = 202;
  describe_session(at, at.kept.open_upload(at.where.repository, algorithm), 0, made);
  if (at.how.chunk_min_length != 0) {
    made.header("OCI-Chunk-Min-Length", std::to_string(at.how.chunk_min_length));
  }
  return made;
}

/// Distribution-spec 1.2-dev, end-4c.
response opened(const call& at) {
  const auto name = at.where.parameter("digest-algorithm");
  if (!name || at.how.version != spec_version::v1_2_dev) {
    return opened(at, oci::hash_algorithm::sha256);
  }
  const auto algorithm = oci::hash_algorithm_of(*name);
  if (!algorithm) return failure(400, "DIGEST_INVALID", algorithm.error().what());
  return opened(at, *algorithm);
}

/// Where the blob cannot be mounted, or its repository not be read, a session is opened to push it.
response mount(const call& at, std::string_view text) {
  const auto digest = oci::digest::parse(text);
  if (!digest) return failure(400, "DIGEST_INVALID", digest.error().what());
  const auto from = at.where.parameter("from");
  const bool found =
      from ? at.may_use(*from) && at.kept.mount_blob(at.where.repository, *digest, *from)
           : mount_from_anywhere(at, *digest);
  return found ? blob_created(at, *digest) : opened(at);
}

/// A body that was received whole.
response take_body(const call& at) {
  auto begun = incoming_blob::begin(at, at.asked.body.size());
  if (auto* const refused = std::get_if<response>(&begun)) return std::move(*refused);
  auto& coming = std::get<incoming_blob>(begun);
  if (auto refused = coming.take(at.asked.body)) return std::move(*refused);
  return coming.finish();
}

response tell_status(const call& at) {
  const auto session = at.kept.upload(at.where.repository, at.where.last);
  if (!session) return unknown_session();
  response made;
  made.status = 204;
  describe_session(at, at.where.last, session->size(), made);
  // "MUST have" a Range, says the spec, and not which one before the first byte: this is what
  // registries and clients agreed on.
  if (session->size() == 0) made.header("Range", "0-0");
  return made;
}

/// Distribution-spec 1.2-dev, end-14.
response cancel(const call& at) {
  auto session = at.kept.upload(at.where.repository, at.where.last);
  if (!session) return unknown_session();
  const auto hold = upload_hold::take(std::move(session));
  if (!hold) return failure(400, "BLOB_UPLOAD_INVALID", "a request is writing to the session");
  at.kept.close_upload(at.where.repository, at.where.last);
  response made;
  made.status = 204;
  return made;
}

}  // namespace

response answer_uploads(const call& at) {
  if (at.asked.method != "POST") return wrong_method("POST");
  if (const auto blob = at.where.parameter("mount")) return mount(at, *blob);
  return has_blob_body(at.asked, at.where) ? take_body(at) : opened(at);
}

response answer_upload(const call& at) {
  if (has_blob_body(at.asked, at.where)) return take_body(at);
  if (at.is_read()) return tell_status(at);
  if (at.how.version != spec_version::v1_2_dev) return wrong_method("GET, HEAD, PATCH, PUT");
  if (at.asked.method == "DELETE") return cancel(at);
  return wrong_method("GET, HEAD, PATCH, PUT, DELETE");
}

}  // namespace plimsoll::reference
