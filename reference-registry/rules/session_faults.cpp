#include <array>
#include <string>

#include <fmt/format.h>

#include "plimsoll/oci/chunk_range.hpp"
#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"

namespace plimsoll::reference {
namespace {

/// Whether the status of an open session is told.
bool is_told(const call& at, const response& to) {
  return is_status(at) && to.status == 204;
}

bool is_unknown(const call& at, const response& to) {
  return at.where.kind == endpoint::upload && to.status == 404;
}

constexpr std::array table{
    rule{.name = "status-answers-200",
         .requirement = "push.status.204",
         .summary = "The status of a session is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_told(at, to)) to.status = 200;
             }},
    rule{.name = "status-405",
         .requirement = "push.status.204",
         .summary = "A session has no status",
         .before = [](call& at) -> std::optional<response> {
           if (!is_status(at)) return std::nullopt;
           return wrong_method("PATCH, PUT");
         }},
    rule{.name = "status-at-the-last-location-alone",
         .requirement = "push.status.204",
         .summary =
             "Each chunk gives the session a new Location, and its status is told there alone",
         .before = [](call& at) -> std::optional<response> {
           const auto& now = at.remembered.notes[at.where.last];
           if (!is_status(at) || at.where.parameter("step").value_or("") == now) {
             return std::nullopt;
           }
           return failure(404, "BLOB_UPLOAD_UNKNOWN", "the session has moved on");
         },
         .after =
             [](call& at, response& to) {
               auto& now = at.remembered.notes[at.where.last];
               if (is_chunk(at) && to.status == 202) now = std::to_string(++at.remembered.count);
               if (!now.empty() && (is_chunk(at) || is_status(at))) {
                 to.set_header("Location", fmt::format("/v2/{}/blobs/uploads/{}?step={}",
                                                       at.where.repository, at.where.last, now));
               }
             }},
    rule{.name = "status-without-location",
         .requirement = "push.status.location",
         .summary = "The status of a session comes without Location",
         .after =
             [](call& at, response& to) {
               if (is_status(at)) to.remove_header("Location");
             }},
    rule{.name = "status-location-leads-nowhere",
         .requirement = "push.status.location",
         .summary = "The status of a session has the Location of none",
         .after =
             [](call& at, response& to) {
               if (is_told(at, to)) to.set_header("Location", absent_session(at));
             }},
    rule{.name = "status-without-range",
         .requirement = "push.status.range",
         .summary = "The status of a session comes without Range",
         .after =
             [](call& at, response& to) {
               if (is_status(at)) to.remove_header("Range");
             }},
    rule{.name = "status-range-with-unit",
         .requirement = "push.status.range",
         .summary = "The Range of a session's status begins with bytes=",
         .after =
             [](call& at, response& to) {
               const auto range = to.find_header("Range");
               if (is_told(at, to) && range) to.set_header("Range", "bytes=" + std::string(*range));
             }},
    rule{.name = "status-range-one-too-far",
         .requirement = "push.status.range-value",
         .summary = "The Range of a session's status ends behind the last byte",
         .after =
             [](call& at, response& to) {
               const auto size = session_bytes(at);
               if (is_told(at, to) && size != 0) to.set_header("Range", fmt::format("0-{}", size));
             }},
    rule{.name = "status-counts-what-was-announced",
         .requirement = "push.status.range-value",
         .summary = "The status of a session counts a chunk that broke off as if it had come",
         .after =
             [](call& at, response& to) {
               const auto& announced = at.remembered.notes[at.where.last];
               if (is_told(at, to) && !announced.empty()) to.set_header("Range", announced);
             },
         .broke_off =
             [](call& at) {
               const auto value = at.asked.header("Content-Range").value_or("");
               const auto range = oci::parse_chunk_range(value);
               if (is_chunk(at) && range) {
                 at.remembered.notes[at.where.last] = fmt::format("0-{}", range->last);
               }
             }},
    rule{.name = "chunk-to-no-session-400",
         .requirement = "table.end-5.failure-404",
         .summary = "A chunk to a session that is not there is answered with 400",
         .after =
             [](call& at, response& to) {
               if (is_chunk(at) && is_unknown(at, to)) to.status = 400;
             }},
    rule{.name = "close-of-no-session-400",
         .requirement = "table.end-6.failure-404",
         .summary = "The close of a session that is not there is answered with 400",
         .after =
             [](call& at, response& to) {
               if (is_close(at) && is_unknown(at, to)) to.status = 400;
             }},
    rule{.name = "status-of-no-session-204",
         .requirement = "table.end-13.failure-404",
         .summary = "A session that is not there has a status",
         .after =
             [](call& at, response& to) {
               if (!is_status(at) || !is_unknown(at, to)) return;
               to = response();
               to.status = 204;
               to.header("Location", at.asked.target).header("Range", "0-0");
             }},
    rule{.name = "upload-unknown-as-upload-invalid",
         .requirement = "errors.code.blob-upload-unknown",
         .summary = "A session that is not there is reported as BLOB_UPLOAD_INVALID",
         .after =
             [](call& at, response& to) {
               if (is_unknown(at, to))
                 replace_code(to, "BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID");
             }},
    rule{.name = "cancel-answers-202",
         .requirement = "push.cancel.204",
         .summary = "The cancel of a session is answered with 202",
         .after =
             [](call& at, response& to) {
               if (is_cancel(at) && to.status == 204) to.status = 202;
             }},
    rule{.name = "cancel-405",
         .requirement = "push.cancel.204",
         .summary = "A session cannot be cancelled",
         .before = [](call& at) -> std::optional<response> {
           if (!is_cancel(at)) return std::nullopt;
           return wrong_method("GET, HEAD, PATCH, PUT");
         }},
    rule{.name = "cancel-does-nothing",
         .requirement = "push.cancel.session-gone",
         .summary = "A session goes on after its cancel was answered with 204",
         .before = [](call& at) -> std::optional<response> {
           if (!is_cancel(at)) return std::nullopt;
           response made;
           made.status = 204;
           return made;
         }},
    rule{.name = "cancel-of-no-session-204",
         .requirement = "table.end-14.failure",
         .summary = "The cancel of a session that is not there is answered with 204",
         .after =
             [](call& at, response& to) {
               if (!is_cancel(at) || to.status != 404) return;
               to = response();
               to.status = 204;
             }},
};

}  // namespace

std::span<const rule> session_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
