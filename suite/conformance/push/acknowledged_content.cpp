#include <array>
#include <span>
#include <string>

#include "catalog.hpp"
#include "plimsoll/scenario/context.hpp"

/// How soon a registry shows what it acknowledged: once for the run, whichever scenario waited.
namespace plimsoll::suite {
namespace {

constexpr auto visible_judges = requirement_ids("push.acknowledged-visible");

void visible_soon(witness& answer) {
  const settle_record* const wait = answer.waited();
  if (wait == nullptr || !wait->settled || !follows_push(wait->kind)) return;
  answer.expect("push.acknowledged-visible")
      .holds(wait->took <= wait->prompt,
             "what was pushed, within " + seconds_text(wait->prompt) + " of the 201",
             "there " + seconds_text(wait->took) + " later");
}

constexpr std::array observers{
    observer{.id = "push/acknowledged-content",
             .title = "What a push acknowledged can be seen soon after",
             .category = "push",
             .judges = visible_judges,
             .look = visible_soon},
};

}  // namespace

std::span<const observer> acknowledged_content() noexcept {
  return observers;
}

}  // namespace plimsoll::suite
