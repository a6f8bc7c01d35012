#include "rules/upload_steps.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

namespace plimsoll::reference {
namespace {

bool is_post(const call& at) {
  return at.where.kind == endpoint::uploads && at.asked.method == "POST";
}

}  // namespace

bool is_open(const call& at) {
  return is_post(at) && !at.where.parameter("digest") && !at.where.parameter("mount");
}

bool is_single_post(const call& at) {
  return is_post(at) && at.where.parameter("digest") && !at.where.parameter("mount");
}

bool is_mount(const call& at) {
  return is_post(at) && at.where.parameter("mount");
}

bool is_chunk(const call& at) {
  return at.where.kind == endpoint::upload && at.asked.method == "PATCH";
}

bool is_close(const call& at) {
  return at.where.kind == endpoint::upload && at.asked.method == "PUT";
}

bool is_whole_put(const call& at) {
  return is_close(at) && !at.asked.body.empty() && !at.asked.header("Content-Range");
}

bool is_close_of_chunks(const call& at) {
  return is_close(at) && !is_whole_put(at);
}

bool is_status(const call& at) {
  return at.where.kind == endpoint::upload && at.is_read();
}

bool is_cancel(const call& at) {
  return at.where.kind == endpoint::upload && at.asked.method == "DELETE";
}

std::uint64_t session_bytes(const call& at) {
  const auto session = at.kept.upload(at.where.repository, at.where.last);
  return session ? session->size() : 0;
}

std::optional<oci::digest> asked_digest(const call& at) {
  const auto text = at.where.parameter("digest");
  if (!text) return std::nullopt;
  auto digest = oci::digest::parse(*text);
  if (!digest) return std::nullopt;
  return std::move(*digest);
}

std::string absent_blob(const call& at) {
  return fmt::format("/v2/{}/blobs/{}", at.where.repository, oci::digest_of("not there").str());
}

std::string absent_session(const call& at) {
  return fmt::format("/v2/{}/blobs/uploads/gone", at.where.repository);
}

void replace_code(response& to, std::string_view code, std::string_view other) {
  std::string body(to.payload());
  const std::size_t found = body.find(code);
  if (to.status / 100 != 4 || found == std::string::npos) return;
  to.replace_body(body.replace(found, code.size(), other));
}

void keep_blob(const call& at, const oci::digest& digest, std::string bytes) {
  at.kept.put_blob(at.where.repository, digest,
                   std::make_shared<const std::string>(std::move(bytes)));
}

}  // namespace plimsoll::reference
