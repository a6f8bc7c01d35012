#include "service/service.hpp"

#include <charconv>
#include <mutex>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/oci/warning.hpp"
#include "rules/rule.hpp"
#include "service/incoming_blob.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::uint64_t largest_other_body_bytes = std::uint64_t{64} * 1024;

/// "user:password" of Basic authentication; empty where there is none.
std::string login_of(const request& head) {
  const auto value = head.header("Authorization").value_or("");
  const auto space = value.find(' ');
  if (space == std::string_view::npos) return "";
  if (!equal_ignoring_case(value.substr(0, space), "basic")) return "";
  return oci::base64_decode(trim(value.substr(space))).value_or("");
}

bool is_owner(const request& head, const guarded_repository& guarded) {
  return login_of(head) == guarded.username + ":" + guarded.password;
}

bool is_authorized(const request& head, const options& how) {
  if (how.username.empty()) return true;
  if (!how.guarded.name.empty() && is_owner(head, how.guarded)) return true;
  return login_of(head) == how.username + ":" + how.password;
}

response ask_for_login() {
  auto made = failure(401, "UNAUTHORIZED", "authentication required");
  made.header("WWW-Authenticate", "Basic realm=\"reference registry\"");
  return made;
}

response answer_base(const call& at) {
  if (!at.is_read()) return wrong_method("GET, HEAD");
  response made;
  made.body = "{}";
  made.header("Content-Type", "application/json");
  return made;
}

response dispatch(const call& at) {
  switch (at.where.kind) {
    case endpoint::base:
      return answer_base(at);
    case endpoint::discover:
      return answer_discover(at);
    case endpoint::catalog:
      return answer_catalog(at);
    case endpoint::unknown:
      return failure(404, "UNSUPPORTED", "no such endpoint");
    default:
      break;
  }
  if (!oci::is_repository_name(at.where.repository)) {
    return bad_name(at);
  }
  switch (at.where.kind) {
    case endpoint::repository_discover:
      return answer_discover(at);
    case endpoint::blob:
      return answer_blob(at);
    case endpoint::uploads:
      return answer_uploads(at);
    case endpoint::upload:
      return answer_upload(at);
    case endpoint::manifest:
      return answer_manifest(at);
    case endpoint::tags:
      return answer_tags(at);
    default:
      return answer_referrers(at);
  }
}

/// Rules see one request at a time. Without any nothing is held.
std::unique_lock<std::mutex> hold_rules(const service_state& with) {
  if (with.rules.empty()) return {};
  return std::unique_lock(with.remembered.one_at_a_time);
}

void finish_held(call& at, response& made, const service_state& with) {
  if (!with.how.warning.empty()) made.header("Warning", oci::to_warning_value(with.how.warning));
  for (const rule* one : with.rules) {
    if (one->after != nullptr) one->after(at, made);
  }
}

response answer_held(call& at, const service_state& with) {
  std::optional<response> made;
  for (const rule* one : with.rules) {
    if (one->before != nullptr && !made) made = one->before(at);
  }
  if (!made) made = dispatch(at);
  finish_held(at, *made, with);
  return std::move(*made);
}

}  // namespace

bool has_referrers(const options& how) noexcept {
  return how.referrers && how.version != spec_version::v1_0;
}

bool call::may_use(std::string_view repository) const {
  return how.guarded.name.empty() || repository != how.guarded.name || is_owner(asked, how.guarded);
}

bool mount_from_anywhere(const call& at, const oci::digest& digest) {
  for (const auto& name : at.kept.repositories()) {
    if (at.may_use(name) && at.kept.mount_blob(at.where.repository, digest, name)) return true;
  }
  return false;
}

response bad_name(const call& at) {
  return failure(at.bad_syntax_status(), "NAME_INVALID", "this is not a repository name");
}

std::uint64_t body_limit(const call& at) {
  const auto kind = at.where.kind;
  if (kind == endpoint::manifest && at.asked.method == "PUT") return at.how.manifest_limit_bytes;
  if (has_blob_body(at.asked, at.where)) return at.kept.largest_blob_bytes();
  // A variant may have its upload sessions where no endpoint is.
  if (kind == endpoint::unknown && !at.how.variant.empty()) return at.kept.largest_blob_bytes();
  return largest_other_body_bytes;
}

response too_large(const call& at) {
  const auto limit = human_bytes(body_limit(at));
  return failure(413, "SIZE_INVALID", "the body is larger than " + limit);
}

response store_failed() {
  return failure(500, "UNSUPPORTED", "the registry failed to answer");
}

void finish(call& at, response& made, const service_state& with) {
  const auto held = hold_rules(with);
  finish_held(at, made, with);
}

std::optional<response> refusal(call& at, std::optional<std::uint64_t> body_bytes,
                                const service_state& with) {
  std::optional<response> made;
  if (!is_authorized(at.asked, with.how)) {
    made = ask_for_login();
  } else if (at.where.kind != endpoint::upload && !at.may_use(at.where.repository)) {
    // Not of an open session: nobody guesses its URL, and it may be on a host that gets no login.
    const bool is_known = at.asked.header("Authorization").has_value();
    made = is_known ? failure(403, "DENIED", "this repository is another user's") : ask_for_login();
  } else if (body_bytes && *body_bytes > body_limit(at)) {
    made = too_large(at);
  }
  if (made) finish(at, *made, with);
  return made;
}

response refuse_large(call& at, const service_state& with) {
  auto made = too_large(at);
  finish(at, made, with);
  return made;
}

response answer(call& at, const service_state& with) {
  const auto held = hold_rules(with);
  try {
    return answer_held(at, with);
  } catch (const std::exception&) {
    return store_failed();
  }
}

void broke_off(call& at, const service_state& with) {
  const auto held = hold_rules(with);
  for (const rule* one : with.rules) {
    if (one->broke_off != nullptr) one->broke_off(at);
  }
}

result<std::optional<std::uint64_t>> page_size(const route& where) {
  const auto text = where.parameter("n");
  if (!text) return std::optional<std::uint64_t>();
  std::uint64_t n = 0;
  const auto* end = text->data() + text->size();
  const auto [stop, ec] = std::from_chars(text->data(), end, n);
  if (ec != std::errc() || stop != end) return error::of("n is not a number of results");
  return std::optional<std::uint64_t>(n);
}

}  // namespace plimsoll::reference
