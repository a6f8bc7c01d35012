#include "plimsoll/oci/byte_range.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {
namespace {

void refuse_range(std::uint64_t size, response& to) {
  to = failure(416, "SIZE_INVALID", "the blob has no byte of this range");
  oci::content_range none;
  none.complete_length = size;
  to.header("Content-Range", oci::to_string(none));
}

/// RFC 9110, 14.2: ranges are defined for GET alone.
/// Without a validator to compare with, a request with If-Range gets the whole blob.
/// So does one for several ranges or in another unit, which RFC 9110, 14.2 lets a server
/// decline; bytes that break the grammar it may reject.
void select_part(const request& asked, response& to) {
  const auto value = asked.header("Range");
  if (!value || asked.method != "GET" || asked.header("If-Range")) return;
  const auto ranges = oci::parse_byte_ranges(*value);
  const auto size = to.payload_bytes();
  if (!ranges && value->substr(0, 6) == "bytes=") return refuse_range(size, to);
  if (!ranges || ranges->size() != 1) return;
  oci::content_range selected;
  selected.complete_length = size;
  selected.span = oci::resolve(ranges->front(), size);
  if (!selected.span) return refuse_range(size, to);
  to.status = 206;
  to.part = selected.span;
  to.header("Content-Range", oci::to_string(selected));
}

response pull_blob(const call& at, const oci::digest& digest) {
  auto found = at.kept.blob(at.where.repository, digest);
  if (!found) return failure(404, "BLOB_UNKNOWN", "the repository has no such blob");
  response made;
  made.shared = std::move(found.bytes);
  made.file = std::move(found.file);
  made.header("Content-Type", std::string(oci::media_type::octet_stream));
  made.header("Docker-Content-Digest", digest.str());
  made.header("Accept-Ranges", "bytes");
  select_part(at.asked, made);
  return made;
}

}  // namespace

response answer_blob(const call& at) {
  const bool is_delete = at.asked.method == "DELETE";
  if (!at.is_read() && !(is_delete && at.how.deletes)) {
    return wrong_method(at.how.deletes ? "GET, HEAD, DELETE" : "GET, HEAD");
  }
  const auto digest = oci::digest::parse(at.where.last);
  if (!digest) return failure(at.bad_syntax_status(), "DIGEST_INVALID", digest.error().what());
  if (!is_delete) return pull_blob(at, *digest);
  if (!at.kept.remove_blob(at.where.repository, *digest)) {
    return failure(404, "BLOB_UNKNOWN", "the repository has no such blob");
  }
  response made;
  made.status = 202;
  return made;
}

}  // namespace plimsoll::reference
