#include <array>
#include <chrono>
#include <string>
#include <string_view>

#include "plimsoll/oci/error_document.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

/// Each code of the document again, between two pieces of JSON.
void replace_errors(response& to, std::string_view before, std::string_view behind) {
  if (to.status / 100 != 4) return;
  const auto read = oci::parse_error_document(to.payload());
  if (!read) return;
  std::string body;
  for (const oci::error_entry& one : read->errors) {
    body += body.empty() ? "" : ",";
    body.append(before).append(one.code).append(behind);
  }
  to.replace_body(R"({"errors":[)" + body + "]}");
}

constexpr std::array table{
    rule{.name = "no-delete",
         .summary = "Deletes are switched off",
         .configure = [](options& how) { how.deletes = false; }},
    rule{.name = "no-referrers",
         .summary = "There is no referrers API",
         .configure = [](options& how) { how.referrers = false; }},
    rule{.name = "lower-case-headers",
         .summary = "Header names are in lower case",
         .after = [](call&, response& to) { to.wire.lower_case_names = true; }},
    rule{.name = "chunked-answers",
         .summary = "Bodies go out in chunks, without Content-Length",
         .after = [](call& at, response& to) { to.wire.chunked = at.asked.method != "HEAD"; }},
    rule{.name = "closes-connections",
         .summary = "The connection is closed behind each answer",
         .after = [](call&, response& to) { to.wire.close = true; }},
    rule{.name = "bodies-until-close",
         .summary = "The end of a body is the end of the connection, as in HTTP/1.0",
         .after = [](call& at,
                     response& to) { to.wire.without_length = at.asked.method != "HEAD"; }},
    rule{.name = "slow-first-byte",
         .summary = "Each answer comes 5 ms late",
         .configure = [](options& how) { how.delay = std::chrono::milliseconds(5); }},
    rule{.name = "html-errors",
         .summary = "A 4XX has a page in HTML, which the spec allows",
         .after =
             [](call&, response& to) {
               if (to.status / 100 != 4) return;
               to.replace_body("<html><body>no</body></html>");
               to.set_header("Content-Type", "text/html");
             }},
    rule{.name = "empty-errors",
         .summary = "A 4XX has no body",
         .after =
             [](call&, response& to) {
               if (to.status / 100 != 4) return;
               to.replace_body("");
               to.remove_header("Content-Type");
             }},
    rule{.name = "errors-code-only",
         .summary = "The errors of a 4XX have a code and nothing else",
         .after = [](call&, response& to) { replace_errors(to, R"({"code":")", R"("})"); }},
    rule{.name = "errors-detail-array",
         .summary = "The errors of a 4XX have an empty message and an array as detail",
         .after =
             [](call&, response& to) {
               replace_errors(to, R"({"code":")", R"(","message":"","detail":[1,null]})");
             }},
    rule{.name = "errors-typed-with-charset",
         .summary = "The Content-Type of an error has a parameter",
         .after =
             [](call&, response& to) {
               if (to.status / 100 == 4)
                 to.set_header("Content-Type", "application/json; charset=utf-8");
             }},
    rule{.name = "docker-headers",
         .summary = "Each answer has Docker-Distribution-API-Version",
         .after =
             [](call&, response& to) {
               to.header("Docker-Distribution-API-Version", "registry/2.0");
             }},
    rule{.name = "warnings-two-in-a-line",
         .summary = "Each answer has two warnings in one header, one with a comma and a quote",
         .after = [](call&,
                     response& to) { to.header("Warning", R"(299 - "a, \"b\"", 299 - "c")"); }},
    rule{.name = "warnings-of-4096-bytes",
         .summary = "Each answer has as many warnings as are allowed",
         .after =
             [](call&, response& to) {
               constexpr std::size_t frame = std::string_view(R"(299 - "")").size();
               to.header("Warning", "299 - \"" + std::string(2048 - frame, 'a') + '"');
               to.header("Warning", "299 - \"" + std::string(2048 - frame, 'b') + '"');
             }},
    rule{.name = "asks-for-login",
         .summary = "Basic authentication is asked for",
         .configure =
             [](options& how) {
               how.username = "prover";
               how.password = "prover";
             }},
    rule{.name = "too-many-requests",
         .summary = "Now and then a request is answered with 429, and taken when it comes again",
         .before = [](call& at) -> std::optional<response> {
           if (!is_refused_once(at, 7)) return std::nullopt;
           auto made = failure(429, "TOOMANYREQUESTS", "slow down");
           made.header("Retry-After", "0");
           return made;
         }},
    rule{.name = "unknown-headers",
         .summary = "Each answer has headers that nobody knows, ETag and Vary among them",
         .after =
             [](call&, response& to) {
               to.header("X-Request-Id", "1").header("Vary", "Accept").header("Via", "1.1 cache");
             }},
};

}  // namespace

std::span<const rule> basic_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
