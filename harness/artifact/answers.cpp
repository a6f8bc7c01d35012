#include "answers.hpp"

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/redaction.hpp"
#include "plimsoll/oci/error_document.hpp"

namespace plimsoll::artifacts {

error unexpected(const http::exchange& answer, std::string_view expected) {
  const std::string request =
      fmt::format("{} {}", answer.last.method, printable(http::redact_url(answer.last.url)));
  if (!answer.answered()) return error::of(fmt::format("{}: {}", request, answer.error));
  std::string codes;
  if (const auto document = oci::parse_error_document(answer.response.body)) {
    for (const auto& one : document->errors) codes += " " + printable(one.code, 40);
  }
  return error::of(fmt::format("{}: expected {}, received {}{}", request, expected,
                               answer.response.status, codes));
}

result<oci::digest> digest_like(const oci::digest& other, std::string_view bytes) {
  const auto algorithm = oci::hash_algorithm_of(other.algorithm());
  if (!algorithm) return algorithm.error();
  return oci::digest_of(*algorithm, bytes);
}

result<std::string> body_with(const http::exchange& answer, const oci::digest& digest) {
  if (!answer.answered() || answer.response.status != 200) return unexpected(answer, "200");
  const auto found = digest_like(digest, answer.response.body);
  if (!found) return found.error();
  if (*found != digest) {
    return error::of(fmt::format("{} {}: expected content with the digest {}, received {}",
                                 answer.last.method, printable(http::redact_url(answer.last.url)),
                                 digest.str(), found->str()));
  }
  return answer.response.body;
}

}  // namespace plimsoll::artifacts
