#include "told.hpp"

#include <algorithm>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::string_view field = "Docker-Content-Digest";

}  // namespace

std::optional<std::string_view> told_digest(const http::exchange& seen) {
  if (const auto told = seen.response.header(field)) return told;
  // NOLINTNEXTLINE(*-loop-convert): the last hop first
  for (auto hop = seen.earlier.rbegin(); hop != seen.earlier.rend(); ++hop) {
    if (hop->response.status / 100 != 3) continue;
    if (const auto told = hop->response.header(field)) return told;
  }
  return std::nullopt;
}

void expect_a_digest(context& ctx, const http::exchange& seen, requirement_id rule) {
  const auto told = told_digest(seen);
  const bool held = told && oci::digest::parse(*told);
  ctx.expect(seen, rule)
      .holds(held, "Docker-Content-Digest with a digest",
             told ? printable(*told) : "Docker-Content-Digest is missing");
}

void expect_digest_of(context& ctx, const http::exchange& seen, requirement_id rule,
                      std::string_view content) {
  const auto told = told_digest(seen);
  if (!told) return;
  const auto digest = oci::digest::parse(*told);
  const auto algorithm = digest ? oci::hash_algorithm_of(digest->algorithm())
                                : oci::hash_algorithm_of(std::string_view());
  if (digest && !algorithm) return;
  const std::string right =
      oci::digest_of(algorithm ? *algorithm : oci::hash_algorithm::sha256, content).str();
  ctx.expect(seen, rule)
      .holds(*told == right, "Docker-Content-Digest: " + right,
             "Docker-Content-Digest: " + printable(*told));
}

bool lacks_referrer(const http::exchange& seen, const oci::digest& digest) {
  if (seen.response.status != 200) return false;
  const auto index = oci::parse_image_index(seen.response.body);
  return index &&
         std::none_of(index->manifests.begin(), index->manifests.end(),
                      [&](const oci::descriptor& entry) { return entry.digest == digest; });
}

bool has_type(const http::exchange& seen, std::string_view wanted) {
  const std::string_view type = seen.response.header("Content-Type").value_or("");
  return equal_ignoring_case(oci::media_type::without_parameters(type), wanted);
}

std::string told_type(const http::exchange& seen) {
  const auto type = seen.response.header("Content-Type");
  return type ? "Content-Type: " + printable(*type) : "Content-Type is missing";
}

}  // namespace plimsoll::suite
