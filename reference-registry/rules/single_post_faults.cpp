#include <array>

#include "rules/rule.hpp"
#include "rules/upload_steps.hpp"

namespace plimsoll::reference {
namespace {

/// Opens a session instead of taking the blob.
std::optional<response> open_instead(call& at) {
  if (is_single_post(at)) at.where.remove_parameter("digest");
  return std::nullopt;
}

/// Whether the session was opened instead.
bool is_opened_instead(const call& at, const response& to) {
  return is_open(at) && to.status == 202 && at.asked.target.find("digest=") != std::string::npos;
}

constexpr std::array table{
    rule{.name = "single-post-405",
         .requirement = "push.single-post.fallback-202",
         .summary = "A single POST is answered with 405",
         .before = [](call& at) -> std::optional<response> {
           if (!is_single_post(at)) return std::nullopt;
           return failure(405, "UNSUPPORTED", "no single POST");
         }},
    rule{.name = "single-post-202-without-location",
         .requirement = "push.single-post.fallback-location",
         .summary = "A single POST is answered with 202 and no Location",
         .before = open_instead,
         .after =
             [](call& at, response& to) {
               if (is_opened_instead(at, to)) to.remove_header("Location");
             }},
    rule{.name = "single-post-202-without-session",
         .requirement = "push.single-post.fallback-location",
         .summary = "A single POST is answered with 202 and the Location of no session",
         .before = open_instead,
         .after =
             [](call& at, response& to) {
               if (is_opened_instead(at, to)) to.set_header("Location", absent_session(at));
             }},
    rule{.name = "single-post-answers-200",
         .requirement = "push.single-post.201",
         .summary = "A single POST is answered with 200",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && to.status == 201) to.status = 200;
             }},
    rule{.name = "single-post-without-location",
         .requirement = "push.single-post.location",
         .summary = "A single POST is answered without Location",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at)) to.remove_header("Location");
             }},
    rule{.name = "single-post-location-leads-nowhere",
         .requirement = "push.single-post.location-pullable",
         .summary = "The Location of a single POST is that of a blob that is not there",
         .after =
             [](call& at, response& to) {
               if (is_single_post(at) && to.status == 201) {
                 to.set_header("Location", absent_blob(at));
               }
             }},
    rule{.name = "single-post-takes-what-came",
         .requirement = "push.single-post.length-mismatch-rejected",
         .summary = "What came of a single POST that broke off is kept as the blob",
         .broke_off =
             [](call& at) {
               const auto digest = is_single_post(at) ? asked_digest(at) : std::nullopt;
               if (digest) keep_blob(at, *digest, at.asked.body);
             }},
};

}  // namespace

std::span<const rule> single_post_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
