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
void expect_content(step_request& get, const stored_blob& stored, verify_mode verify,
                    std::uint64_t source, std::uint64_t length) {
  if (verify == verify_mode::none) return;
  get.exchange.known_size = length;
  if (verify == verify_mode::size) return;
  get.exchange.known_from = source;
  if (stored.ours) {
    get.exchange.use = body_use::compare;
    get.exchange.known = *stored.ours;
  } else if (stored.kept) {
    get.exchange.use = body_use::compare;
    get.exchange.kept = stored.kept.get();
  } else if (length == stored.size) {
    get.exchange.use = body_use::hash;
    get.exchange.algorithm = algorithm_of(stored.digest);
  }
}

/// The answer that opens an upload session, or takes a part of it: its Location.
failure store_upload_session(session& client, const step_request& request,
                             const step_answer& answer, std::string& location) {
  if (!answer.good()) return answer.outcome;
  location =
      resolve_location(client.context().registry_url, request.target, answer.response->location);
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

task<failure> start_upload(session& client, const std::string& repository, upload& upload) {
  const std::string target = uploads_target(repository);
  step_request post;
  post.kind = step::start_upload;
  post.method = "POST";
  post.target = target;
  post.repository = repository;
  post.needs = access::push;
  post.exchange.expected_status = 202;
  const step_answer answer = co_await client.perform(post);
  const failure outcome = store_upload_session(client, post, answer, upload.location);
  if (outcome == failure::none) upload.least_chunk = number_of(answer.response->chunk_min_length);
  co_return outcome;
}

/// end-6, with the bytes that are still to come.
task<failure> finish_upload(session& client, const std::string& repository, const upload& upload,
                            const exchange_spec& body, const std::string& digest) {
  const std::string target = http::with_query(upload.location, "digest", digest);
  step_request put;
  put.kind = step::finish_upload;
  put.method = "PUT";
  put.target = target;
  put.repository = repository;
  put.needs = access::push;
  put.fields = octets;
  put.exchange = body;
  put.exchange.expected_status = 201;
  put.digest = digest;
  const step_answer answer = co_await client.perform(put);
  co_return answer.outcome;
}

exchange_spec all_of(const blob& content) {
  exchange_spec out;
  out.content = content;
  out.content_end = content.size;
  return out;
}

task<failure> push_at_once(session& client, const std::string& repository, const blob& content,
                           const std::string& digest) {
  const std::string target = http::with_query(uploads_target(repository), "digest", digest);
  step_request post;
  post.kind = step::push_blob_at_once;
  post.method = "POST";
  post.target = target;
  post.repository = repository;
  post.needs = access::push;
  post.fields = octets;
  post.exchange = all_of(content);
  post.exchange.expected_status = 201;
  post.exchange.alternative_status = 202;
  const step_answer answer = co_await client.perform(post);
  if (!answer.good() || answer.status == 201) co_return answer.outcome;
  // The spec lets a registry open a session instead, and take the blob in a PUT.
  upload upload;
  const failure outcome = store_upload_session(client, post, answer, upload.location);
  if (outcome != failure::none) co_return outcome;
  const exchange_spec body = all_of(content);
  co_return co_await finish_upload(client, repository, upload, body, digest);
}

task<failure> push_chunk(session& client, const std::string& repository, upload& upload,
                         const blob& content, oci::chunk_range part) {
  const std::string fields =
      std::string(octets) + "Content-Range: " + oci::to_string(part) + "\r\n";
  const std::string target = upload.location;
  step_request patch;
  patch.kind = step::push_chunk;
  patch.method = "PATCH";
  patch.target = target;
  patch.repository = repository;
  patch.needs = access::push;
  patch.fields = fields;
  patch.exchange.content = content;
  patch.exchange.content_from = part.first;
  patch.exchange.content_end = part.next();
  patch.exchange.expected_status = 202;
  const step_answer answer = co_await client.perform(patch);
  co_return store_upload_session(client, patch, answer, upload.location);
}

task<failure> push_in_chunks(session& client, const std::string& repository, const blob& content,
                             const std::string& digest, std::uint64_t chunk_bytes) {
  upload upload;
  failure outcome = co_await start_upload(client, repository, upload);
  const std::uint64_t length = std::max(chunk_bytes, upload.least_chunk);
  for (std::uint64_t offset = 0; outcome == failure::none && offset < content.size;) {
    const oci::chunk_range part{offset, std::min(offset + length, content.size) - 1};
    outcome = co_await push_chunk(client, repository, upload, content, part);
    offset = part.next();
  }
  if (outcome != failure::none) co_return outcome;
  const exchange_spec nothing;
  co_return co_await finish_upload(client, repository, upload, nothing, digest);
}

}  // namespace

std::string blob_target(std::string_view repository, std::string_view digest) {
  return std::string("/v2/").append(repository).append("/blobs/").append(digest);
}

task<failure> get_blob(session& client, const std::string& repository, const stored_blob& stored,
                       step kind) {
  step_request get;
  get.kind = kind;
  get.target = stored.target;
  get.repository = repository;
  get.follows = true;
  get.digest = stored.digest;
  expect_content(get, stored, client.context().verify, 0, stored.size);
  const step_answer answer = co_await client.perform(get);
  co_return answer.outcome;
}

task<failure> get_range(session& client, const std::string& repository, const stored_blob& stored,
                        std::uint64_t first, std::uint64_t length) {
  const std::string fields =
      "Range: bytes=" + std::to_string(first) + '-' + std::to_string(first + length - 1) + "\r\n";
  step_request get;
  get.kind = step::get_blob_range;
  get.target = stored.target;
  get.repository = repository;
  get.fields = fields;
  get.follows = true;
  get.exchange.expected_status = 206;
  expect_content(get, stored, client.context().verify, first, length);
  const step_answer answer = co_await client.perform(get);
  co_return answer.outcome;
}

task<step_answer> head_blob(session& client, const std::string& repository,
                            const std::string& target, const std::string& digest,
                            std::optional<std::uint64_t> size, bool may_be_absent) {
  step_request head;
  head.kind = step::head_blob;
  head.method = "HEAD";
  head.target = target;
  head.repository = repository;
  head.follows = true;
  head.exchange.is_head = true;
  if (may_be_absent) head.exchange.alternative_status = 404;
  if (!may_be_absent && client.context().verify != verify_mode::none) {
    head.exchange.known_size = size;
  }
  head.digest = digest;
  co_return co_await client.perform(head);
}

task<failure> open_upload(session& client, const std::string& repository) {
  upload upload;
  co_return co_await start_upload(client, repository, upload);
}

task<failure> push_blob(session& client, const std::string& repository, blob content,
                        const std::string& digest, upload_method method,
                        std::uint64_t chunk_bytes) {
  if (method == upload_method::single_post) {
    co_return co_await push_at_once(client, repository, content, digest);
  }
  if (method == upload_method::chunked) {
    co_return co_await push_in_chunks(client, repository, content, digest, chunk_bytes);
  }
  upload upload;
  const failure outcome = co_await start_upload(client, repository, upload);
  if (outcome != failure::none) co_return outcome;
  const exchange_spec body = all_of(content);
  co_return co_await finish_upload(client, repository, upload, body, digest);
}

task<failure> push_text(session& client, const std::string& repository, const std::string& text,
                        const std::string& digest) {
  upload upload;
  const failure outcome = co_await start_upload(client, repository, upload);
  if (outcome != failure::none) co_return outcome;
  exchange_spec body;
  body.text = text;
  co_return co_await finish_upload(client, repository, upload, body, digest);
}

task<failure> mount_blob(session& client, const std::string& repository, const std::string& source,
                         const std::string& digest) {
  const std::string uploads = http::with_query(uploads_target(repository), "mount", digest);
  const std::string target = http::with_query(uploads, "from", source);
  step_request post;
  post.kind = step::mount_blob;
  post.method = "POST";
  post.target = target;
  post.repository = repository;
  post.source = source;
  post.needs = access::push;
  post.exchange.expected_status = 201;
  const step_answer answer = co_await client.perform(post);
  co_return answer.outcome;
}

}  // namespace plimsoll::load
