#include <algorithm>
#include <charconv>

#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/chunk_range.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

std::string uploads_target(std::string_view repository) {
  return std::string("/v2/").append(repository).append("/blobs/uploads/");
}

constexpr std::string_view octets = "Content-Type: application/octet-stream\r\n";

/// What is looked at of a blob's body, as far as the run verifies.
void expect_content(call& get, const stored_blob& one, verify_mode verify, std::uint64_t from,
                    std::uint64_t length) {
  if (verify == verify_mode::none) return;
  get.what.known_size = length;
  if (verify == verify_mode::size) return;
  get.what.known_from = from;
  if (one.ours) {
    get.what.use = body_use::compare;
    get.what.known = *one.ours;
  } else if (one.kept) {
    get.what.use = body_use::compare;
    get.what.kept = one.kept.get();
  } else if (length == one.size) {
    get.what.use = body_use::hash;
    get.what.algorithm = algorithm_of(one.digest);
  }
}

/// The answer that opens an upload session, or takes a part of it: its Location.
failure take_session(session& who, const call& asked, const answer& got, std::string& location) {
  if (!got.good()) return got.why;
  location = locate(who.at().home_url, asked.target, got.got->location);
  return location.empty() ? failure::protocol : failure::none;
}

std::uint64_t number_of(const std::string& text) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// An upload session, as far as it has come.
struct upload {
  std::string location;
  std::uint64_t least_chunk = 0;  ///< OCI-Chunk-Min-Length; 0: none.
};

task<failure> start_upload(session& who, const std::string& repository, upload& to) {
  const std::string target = uploads_target(repository);
  call post;
  post.kind = step::start_upload;
  post.method = "POST";
  post.target = target;
  post.repository = repository;
  post.needs = access::push;
  post.what.hoped_status = 202;
  const answer got = co_await who.perform(post);
  const failure why = take_session(who, post, got, to.location);
  if (why == failure::none) to.least_chunk = number_of(got.got->chunk_min_length);
  co_return why;
}

/// end-6, with the bytes that are still to come.
task<failure> finish_upload(session& who, const std::string& repository, const upload& to,
                            const exchange& body, const std::string& digest) {
  const std::string target = http::with_query(to.location, "digest", digest);
  call put;
  put.kind = step::finish_upload;
  put.method = "PUT";
  put.target = target;
  put.repository = repository;
  put.needs = access::push;
  put.fields = octets;
  put.what = body;
  put.what.hoped_status = 201;
  put.digest = digest;
  const answer got = co_await who.perform(put);
  co_return got.why;
}

exchange all_of(const blob& content) {
  exchange out;
  out.content = content;
  out.content_end = content.size;
  return out;
}

task<failure> push_at_once(session& who, const std::string& repository, const blob& content,
                           const std::string& digest) {
  const std::string target = http::with_query(uploads_target(repository), "digest", digest);
  call post;
  post.kind = step::push_blob_at_once;
  post.method = "POST";
  post.target = target;
  post.repository = repository;
  post.needs = access::push;
  post.fields = octets;
  post.what = all_of(content);
  post.what.hoped_status = 201;
  post.what.also_status = 202;
  const answer got = co_await who.perform(post);
  if (!got.good() || got.status == 201) co_return got.why;
  // The spec lets a registry open a session instead, and take the blob in a PUT.
  upload opened;
  const failure why = take_session(who, post, got, opened.location);
  if (why != failure::none) co_return why;
  const exchange body = all_of(content);
  co_return co_await finish_upload(who, repository, opened, body, digest);
}

task<failure> push_chunk(session& who, const std::string& repository, upload& to,
                         const blob& content, oci::chunk_range part) {
  const std::string fields =
      std::string(octets) + "Content-Range: " + oci::to_string(part) + "\r\n";
  const std::string target = to.location;
  call patch;
  patch.kind = step::push_chunk;
  patch.method = "PATCH";
  patch.target = target;
  patch.repository = repository;
  patch.needs = access::push;
  patch.fields = fields;
  patch.what.content = content;
  patch.what.content_from = part.first;
  patch.what.content_end = part.next();
  patch.what.hoped_status = 202;
  const answer got = co_await who.perform(patch);
  co_return take_session(who, patch, got, to.location);
}

task<failure> push_in_chunks(session& who, const std::string& repository, const blob& content,
                             const std::string& digest, std::uint64_t chunk_bytes) {
  upload to;
  failure why = co_await start_upload(who, repository, to);
  const std::uint64_t length = std::max(chunk_bytes, to.least_chunk);
  for (std::uint64_t at = 0; why == failure::none && at < content.size;) {
    const oci::chunk_range part{at, std::min(at + length, content.size) - 1};
    why = co_await push_chunk(who, repository, to, content, part);
    at = part.next();
  }
  if (why != failure::none) co_return why;
  const exchange nothing;
  co_return co_await finish_upload(who, repository, to, nothing, digest);
}

}  // namespace

std::string blob_target(std::string_view repository, std::string_view digest) {
  return std::string("/v2/").append(repository).append("/blobs/").append(digest);
}

task<failure> get_blob(session& who, const std::string& repository, const stored_blob& one,
                       step kind) {
  call get;
  get.kind = kind;
  get.target = one.target;
  get.repository = repository;
  get.follows = true;
  get.digest = one.digest;
  expect_content(get, one, who.at().verify, 0, one.size);
  const answer got = co_await who.perform(get);
  co_return got.why;
}

task<failure> get_range(session& who, const std::string& repository, const stored_blob& one,
                        std::uint64_t first, std::uint64_t length) {
  const std::string fields =
      "Range: bytes=" + std::to_string(first) + '-' + std::to_string(first + length - 1) + "\r\n";
  call get;
  get.kind = step::get_blob_range;
  get.target = one.target;
  get.repository = repository;
  get.fields = fields;
  get.follows = true;
  get.what.hoped_status = 206;
  expect_content(get, one, who.at().verify, first, length);
  const answer got = co_await who.perform(get);
  co_return got.why;
}

task<answer> head_blob(session& who, const std::string& repository, const std::string& target,
                       const std::string& digest, std::optional<std::uint64_t> size,
                       bool may_be_absent) {
  call head;
  head.kind = step::head_blob;
  head.method = "HEAD";
  head.target = target;
  head.repository = repository;
  head.follows = true;
  head.what.is_head = true;
  if (may_be_absent) head.what.also_status = 404;
  if (!may_be_absent && who.at().verify != verify_mode::none) head.what.known_size = size;
  head.digest = digest;
  co_return co_await who.perform(head);
}

task<failure> open_upload(session& who, const std::string& repository) {
  upload to;
  co_return co_await start_upload(who, repository, to);
}

task<failure> push_blob(session& who, const std::string& repository, blob content,
                        const std::string& digest, upload_method how, std::uint64_t chunk_bytes) {
  if (how == upload_method::single_post) {
    co_return co_await push_at_once(who, repository, content, digest);
  }
  if (how == upload_method::chunked) {
    co_return co_await push_in_chunks(who, repository, content, digest, chunk_bytes);
  }
  upload to;
  const failure why = co_await start_upload(who, repository, to);
  if (why != failure::none) co_return why;
  const exchange body = all_of(content);
  co_return co_await finish_upload(who, repository, to, body, digest);
}

task<failure> push_text(session& who, const std::string& repository, const std::string& text,
                        const std::string& digest) {
  upload to;
  const failure why = co_await start_upload(who, repository, to);
  if (why != failure::none) co_return why;
  exchange body;
  body.text = text;
  co_return co_await finish_upload(who, repository, to, body, digest);
}

task<failure> mount_blob(session& who, const std::string& repository, const std::string& from,
                         const std::string& digest) {
  const std::string source = http::with_query(uploads_target(repository), "mount", digest);
  const std::string target = http::with_query(source, "from", from);
  call post;
  post.kind = step::mount_blob;
  post.method = "POST";
  post.target = target;
  post.repository = repository;
  post.source = from;
  post.needs = access::push;
  post.what.hoped_status = 201;
  const answer got = co_await who.perform(post);
  co_return got.why;
}

}  // namespace plimsoll::load
