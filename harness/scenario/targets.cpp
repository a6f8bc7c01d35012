#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "target_rules.hpp"

/// What a scenario does about a Location, a Link or a redirect that leads nowhere.
namespace plimsoll {

bool context::is_judged(requirement_id id) const {
  return std::find(what_->judges.begin(), what_->judges.end(), id) != what_->judges.end();
}

/// Keeps which rule is broken where the host that the answer names cannot be reached.
void context::remember_hosts(const http::request& asked, const http::exchange& seen) {
  const std::string own = origin_of(registry_->options().registry);
  const auto keep = [&](const api::link_target& target, std::optional<requirement_id> rule) {
    if (!rule || !target.is_usable()) return;
    const std::string origin = origin_of(target.url);
    if (origin != own) other_hosts_.insert_or_assign(origin, *rule);
  };
  if (const auto rule = location_rule(asked, seen)) keep(api::location_of(seen), rule);
  if (const auto rule = link_rule(asked)) keep(api::next_page_of(seen), rule);
}

/// Whether no connection to the origin can be made although the registry answers: its mistake, and
/// not that of a network that is down.
boost::asio::awaitable<bool> context::is_unreachable(std::string origin, std::string error) {
  if (!is_no_connection(error)) co_return false;
  if (around_.unanswered != nullptr && around_.unanswered->unreachable(origin)) co_return true;
  const auto first = co_await registry_->send(api::ping());
  if (!first.answered()) co_return false;
  http::request once_more("GET", origin + '/');
  once_more.anonymous().keep_redirects();
  const auto there = co_await registry_->send(std::move(once_more));
  if (!is_no_connection(there.error)) co_return false;
  if (around_.unanswered != nullptr) around_.unanswered->mark_unreachable(origin, error);
  co_return true;
}

/// Throws what a request without an answer comes to.
boost::asio::awaitable<void> context::end_without_answer(http::exchange seen) {
  const http::hop& asked = seen.earlier.empty() ? seen.last : seen.earlier.front();
  const auto at_its_end = redirect_rule(asked.method, asked.url);
  if (at_its_end && seen.error.starts_with("redirect ")) {
    block_on(seen, *at_its_end, "an answer at the end of the redirect", printable(seen.error));
  }
  const std::string origin = origin_of(seen.last.url);
  const auto named = other_hosts_.find(origin);
  const bool is_redirect = seen.last.purpose == "redirect" && at_its_end &&
                           origin != origin_of(registry_->options().registry);
  if (!is_redirect && named == other_hosts_.end()) throw not_judged(seen.error);
  const bool is_dead = co_await is_unreachable(origin, seen.error);
  if (!is_dead) throw not_judged(seen.error);
  block_on(seen, is_redirect ? *at_its_end : named->second, "a URL at which a server answers",
           fmt::format("a URL at {}, where nothing answers ({})", origin, printable(seen.error)));
}

void context::block_on(const http::exchange& seen, requirement_id by, std::string expected,
                       std::string received) {
  const std::string reason = fmt::format("needs {}, got {}", expected, received);
  if (is_judged(by)) {
    findings_.push_back({.requirement = by,
                         .held = false,
                         .expected = std::move(expected),
                         .received = std::move(received),
                         .exchange = seen.index,
                         .capped = {},
                         .note = {},
                         .waited = {}});
  }
  throw blocked(by, reason);
}

/// Keeps what the answer acknowledges, and whether the scenario alone has such content.
std::vector<pushed_content> context::remember_pushed(const http::request& asked,
                                                     const http::exchange& seen,
                                                     std::vector<pushed_content>& pushed) {
  auto content = acknowledged(asked, seen, around_.repository);
  if (content.empty()) return content;
  const bool is_random = asked.body() && own_.holds_own(*asked.body());
  const bool is_own = is_random || own_.has_digest(content.back().reference);
  // A tag goes with its manifest, which comes last.
  for (const pushed_content& acknowledged_content : content) {
    const bool has_digest = acknowledged_content.what != pushed_content::kind::tag;
    if (is_own && has_digest) own_.add_digest(acknowledged_content.reference);
    pushed.push_back(acknowledged_content);
    pushed.back().is_own = is_own;
  }
  return content;
}

std::string location_of(const http::exchange& answer, requirement_id by) {
  api::link_target location = api::location_of(answer);
  if (location.is_usable()) return std::move(location.url);
  throw blocked(by, location.is_absent() ? "the answer has no Location"
                                         : "its Location is unusable: " + location.problem);
}

}  // namespace plimsoll
