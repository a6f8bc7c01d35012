#include <array>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::array table{
    rule{.name = "base-answers-204",
         .requirement = "base.200",
         .summary = "GET /v2/ is answered with 204",
         .after =
             [](call& at, response& to) {
               if (at.where.kind != endpoint::base || to.status != 200) return;
               to.status = 204;
               to.replace_body("");
             }},
    rule{.name = "base-anonymous-500",
         .requirement = "table.end-1.failure",
         .summary = "GET /v2/ without credentials is answered with 500",
         .after =
             [](call& at, response& to) {
               if (at.where.kind == endpoint::base && !at.asked.header("Authorization")) {
                 to = failure(500, "UNSUPPORTED", "broken");
               }
             }},
    rule{.name = "base-401-without-challenge",
         .requirement = "table.end-1.failure",
         .summary = "GET /v2/ without credentials is answered with 401 and no challenge",
         .after =
             [](call& at, response& to) {
               if (at.where.kind == endpoint::base && !at.asked.header("Authorization")) {
                 to = failure(401, "UNAUTHORIZED", "log in");
               }
             }},
    rule{.name = "http-head-other-length",
         .requirement = "http.rfc9110.head-parity",
         .summary = "HEAD of a blob tells one byte more than GET sends",
         .after =
             [](call& at, response& to) {
               if (at.asked.method != "HEAD" || at.where.kind != endpoint::blob) return;
               if (to.status == 200) to.wire.told_length = to.payload().size() + 1;
             }},
    rule{.name = "http-head-with-body",
         .requirement = "http.rfc9110.head-no-body",
         .summary = "HEAD of a blob is answered with the blob",
         .after =
             [](call& at, response& to) {
               to.wire.body_to_head = at.where.kind == endpoint::blob && to.status == 200;
             }},
    rule{.name = "http-head-with-error",
         .requirement = "http.rfc9110.head-no-body",
         .summary = "HEAD of a manifest that is not there is answered with an error document",
         .after =
             [](call& at, response& to) {
               to.wire.body_to_head = at.where.kind == endpoint::manifest && to.status == 404;
             }},
    rule{.name = "http-405-without-allow",
         .requirement = "http.rfc9110.405-allow",
         .summary = "Deletes are off, and the 405 has no Allow",
         .before = [](call& at) -> std::optional<response> {
           if (at.asked.method != "DELETE") return std::nullopt;
           return failure(405, "UNSUPPORTED", "deletes are off");
         }},
    rule{.name = "http-chunked-request-400",
         .requirement = "http.rfc9110.framing",
         .summary = "A request in chunked transfer coding is answered with 400",
         .before = [](call& at) -> std::optional<response> {
           if (!at.asked.header("Transfer-Encoding")) return std::nullopt;
           return failure(400, "UNSUPPORTED", "no chunked coding");
         }},
    rule{.name = "http-content-type-by-case",
         .requirement = "http.rfc9110.field-names",
         .summary = "Only a header written Content-Type is read as one",
         .before = [](call& at) -> std::optional<response> {
           const bool is_put = at.where.kind == endpoint::manifest && at.asked.method == "PUT";
           if (!is_put) return std::nullopt;
           for (const auto& one : at.asked.headers) {
             if (one.first == "Content-Type") return std::nullopt;
           }
           return failure(400, "MANIFEST_INVALID", "Content-Type is missing");
         }},
    rule{.name = "proxy-other-namespace",
         .requirement = "proxy.oci-namespace",
         .summary = "OCI-Namespace is not the ns of the request",
         .after =
             [](call& at, response& to) {
               if (at.where.parameter("ns")) to.header("OCI-Namespace", "other.example");
             }},
};

}  // namespace

std::span<const rule> http_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
