#include <array>
#include <cstdint>
#include <string>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"

/// What operators decide: who may push, how much, where to, and whether tags move.
namespace plimsoll::reference {
namespace {

bool puts_manifest(const call& at) {
  return at.where.kind == endpoint::manifest && at.asked.method == "PUT";
}

bool pushes(const call& at) {
  const auto kind = at.where.kind;
  return !at.is_read() && at.asked.method != "DELETE" &&
         (kind == endpoint::uploads || kind == endpoint::upload || puts_manifest(at));
}

std::optional<response> deny_pushes(call& at) {
  if (!pushes(at)) return std::nullopt;
  return failure(403, "DENIED", "nobody pushes here");
}

std::optional<response> close_pushes(call& at) {
  if (!pushes(at)) return std::nullopt;
  return wrong_method("GET, HEAD");
}

/// A mirror that is asked for content by name, and for nothing else.
std::optional<response> serve_content_alone(call& at) {
  if (at.where.kind == endpoint::tags || at.where.kind == endpoint::referrers) {
    return failure(404, "UNSUPPORTED", "no lists here");
  }
  return close_pushes(at);
}

/// Whether it is a push under a tag that is of another manifest.
bool moves_tag(const call& at) {
  if (!puts_manifest(at) || !oci::is_tag(at.where.last)) return false;
  const auto before = at.kept.tagged(at.where.repository, at.where.last);
  return before && *before != oci::digest_of(at.asked.body);
}

template <int Status>
std::optional<response> fix_tags(call& at) {
  if (!moves_tag(at)) return std::nullopt;
  const char* const code = Status == 400 ? "MANIFEST_INVALID" : "DENIED";
  return failure(Status, code, "tags are immutable in this repository");
}

/// How many bytes of blobs are stored before the quota is used up: enough for some scenarios.
constexpr std::uint64_t quota_bytes = 100'000;

template <int Status>
std::optional<response> keep_to_quota(call& at) {
  if (!pushes(at)) return std::nullopt;
  if (at.remembered.count > quota_bytes) {
    return failure(Status, "DENIED", "the quota of the project is exceeded");
  }
  at.remembered.count += at.asked.body.size();
  return std::nullopt;
}

template <std::size_t Components>
std::optional<response> shorten_names(call& at) {
  if (!pushes(at) || split(at.where.repository, '/').size() <= Components) return std::nullopt;
  return failure(400, "NAME_INVALID", "the name has too many components");
}

std::optional<response> create_nothing(call& at) {
  if (!pushes(at)) return std::nullopt;
  return failure(404, "NAME_UNKNOWN", "the repository has to be created first");
}

std::optional<response> refuse_indexes(call& at) {
  const auto type = at.asked.header("Content-Type").value_or("");
  if (!puts_manifest(at) || !type.starts_with(oci::media_type::image_index)) return std::nullopt;
  return failure(403, "DENIED", "indexes are not allowed in this project");
}

/// The login is asked for at /v2/, whichever is sent there.
std::optional<response> close_base(call& at) {
  if (at.where.kind != endpoint::base) return std::nullopt;
  auto closed = failure(401, "UNAUTHORIZED", "authentication required");
  closed.header("WWW-Authenticate", "Basic realm=\"base\"");
  return closed;
}

void answer_true(call& at, response& to) {
  if (at.where.kind != endpoint::base || to.status != 200) return;
  to.replace_body("true");
  to.set_header("Content-Type", "text/html; charset=utf-8");
}

constexpr std::array table{
    rule{.name = "pushes-denied", .summary = "Nobody may push: 403", .before = deny_pushes},
    rule{
        .name = "pushes-closed", .summary = "Pushes are switched off: 405", .before = close_pushes},
    rule{.name = "pull-only-without-lists",
         .summary = "Pushes are switched off, and neither tags nor referrers are listed",
         .before = serve_content_alone},
    rule{.name = "tags-fixed-400",
         .summary = "A tag does not move: 400, with the code of a manifest that is not valid",
         .before = fix_tags<400>},
    rule{.name = "tags-fixed-403", .summary = "A tag does not move: 403", .before = fix_tags<403>},
    rule{.name = "tags-fixed-409", .summary = "A tag does not move: 409", .before = fix_tags<409>},
    rule{.name = "tags-fixed-412", .summary = "A tag does not move: 412", .before = fix_tags<412>},
    rule{.name = "quota-403",
         .summary = "After 100 kB nothing more is stored: 403",
         .before = keep_to_quota<403>},
    rule{.name = "quota-413",
         .summary = "After 100 kB nothing more is stored: 413",
         .before = keep_to_quota<413>},
    rule{.name = "quota-507",
         .summary = "After 100 kB nothing more is stored: 507",
         .before = keep_to_quota<507>},
    rule{.name = "names-of-one-component",
         .summary = "A repository's name has one component",
         .before = shorten_names<1>},
    rule{.name = "names-of-two-components",
         .summary = "A repository's name has one component or two",
         .before = shorten_names<2>},
    rule{.name = "names-not-created",
         .summary = "A push makes no repository: 404",
         .before = create_nothing},
    rule{.name = "indexes-denied",
         .summary = "Indexes may not be pushed: 403",
         .before = refuse_indexes},
    rule{.name = "base-asks-for-login",
         .summary = "GET /v2/ alone is answered with 401",
         .before = close_base},
    rule{.name = "base-true-as-html",
         .summary = "GET /v2/ is answered with true, called text/html",
         .after = answer_true},
};

}  // namespace

std::span<const rule> policy_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
