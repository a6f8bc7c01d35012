#include "service/service.hpp"

#include <charconv>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/oci/warning.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::uint64_t largest_other_body_bytes = std::uint64_t{64} * 1024;

bool is_authorized(const request& head, const options& how) {
  if (how.username.empty()) return true;
  const auto value = head.header("Authorization");
  if (!value) return false;
  const auto space = value->find(' ');
  if (space == std::string_view::npos) return false;
  if (!equal_ignoring_case(value->substr(0, space), "basic")) return false;
  return oci::base64_decode(trim(value->substr(space))) == how.username + ":" + how.password;
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
    case endpoint::unknown:
      return failure(404, "UNSUPPORTED", "no such endpoint");
    default:
      break;
  }
  if (!oci::is_repository_name(at.where.repository)) {
    return failure(at.bad_syntax_status(), "NAME_INVALID", "this is not a repository name");
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

/// What every response gets, whatever made it.
void finish(call& at, response& made, const service_state& with) {
  if (!with.how.warning.empty()) made.header("Warning", oci::to_warning_value(with.how.warning));
  for (const rule* one : with.rules) {
    if (one->after != nullptr) one->after(at, made);
  }
}

void finish(request& head, response& made, const service_state& with) {
  auto where = route_of(head.target);
  call at{head, where, with.kept, with.how, with.remembered};
  finish(at, made, with);
}

}  // namespace

bool has_referrers(const options& how) noexcept {
  return how.referrers && how.version != spec_version::v1_0;
}

std::uint64_t body_limit(const request& head, const store& kept, const options& how) {
  const auto kind = route_of(head.target).kind;
  if (kind == endpoint::manifest && head.method == "PUT") return how.manifest_limit_bytes;
  if (kind == endpoint::uploads || kind == endpoint::upload) return kept.largest_blob_bytes();
  return largest_other_body_bytes;
}

response too_large(const request& head, const store& kept, const options& how) {
  const auto limit = human_bytes(body_limit(head, kept, how));
  return failure(413, "SIZE_INVALID", "the body is larger than " + limit);
}

std::optional<response> refusal(request& head, std::optional<std::uint64_t> body_bytes,
                                const service_state& with) {
  std::optional<response> made;
  if (!is_authorized(head, with.how)) {
    made = failure(401, "UNAUTHORIZED", "authentication required");
    made->header("WWW-Authenticate", "Basic realm=\"reference registry\"");
  } else if (body_bytes && *body_bytes > body_limit(head, with.kept, with.how)) {
    made = too_large(head, with.kept, with.how);
  }
  if (made) finish(head, *made, with);
  return made;
}

response refuse_large(request& head, const service_state& with) {
  auto made = too_large(head, with.kept, with.how);
  finish(head, made, with);
  return made;
}

response answer(request& asked, const service_state& with) {
  auto where = route_of(asked.target);
  call at{asked, where, with.kept, with.how, with.remembered};
  std::optional<response> made;
  for (const rule* one : with.rules) {
    if (one->before != nullptr && !made) made = one->before(at);
  }
  if (!made) made = dispatch(at);
  finish(at, *made, with);
  return std::move(*made);
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
