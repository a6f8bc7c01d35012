#include "plimsoll/scenario/context.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/redaction.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/error_document.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/scenario/requests.hpp"
#include "target_rules.hpp"

namespace plimsoll {
namespace {

constexpr std::size_t recorded_body_bytes = 4096;

/// How many bytes the request's body has, also where it was refused before all were sent.
std::uint64_t announced_bytes(const http::hop& asked) {
  std::uint64_t bytes = 0;
  const std::string_view text = asked.sent.get("Content-Length").value_or("");
  std::from_chars(text.data(), text.data() + text.size(), bytes);
  return std::max(bytes, asked.sent_body_size);
}

std::string seen_status(const http::exchange& seen) {
  const std::string status = fmt::format("status {}", seen.response.status);
  return seen.explanation.empty() ? status : status + ": " + printable(seen.explanation);
}

constexpr const char* run_ended = "the run was ended before it was over";

/// @throws not_judged where there was not even a status line
void require_answer(const http::exchange& seen) {
  if (seen.response.status != 0) return;
  throw not_judged(seen.error.empty() ? "there was no answer" : seen.error);
}

bool are_successes(std::initializer_list<int> statuses) {
  return std::all_of(statuses.begin(), statuses.end(),
                     [](int status) { return status / 100 == 2; });
}

/// Who may push need not be allowed to pull, or not yet: an image may have to be scanned first.
/// @throws refused_by_policy
void require_readable(const http::exchange& seen) {
  const std::string& method = seen.last.method;
  const int status = seen.response.status;
  if (kind_of(method, seen.last.url) != request_kind::read) return;
  if (status != 401 && status != 403 && status != 423 && status != 451) return;
  throw refused_by_policy({policy::access, method + ": " + words_of(seen.response)});
}

recorded_exchange record(const http::hop& hop, const http::response& response,
                         std::chrono::steady_clock::time_point began) {
  using std::chrono::microseconds;
  recorded_exchange out;
  out.method = hop.method;
  out.url = http::redact_url(hop.url);
  out.request_headers = http::redact(hop.sent).fields();
  out.request_body_bytes = hop.sent_body_size;
  if (hop.sent_body) {
    const std::string type(hop.sent.get("Content-Type").value_or(""));
    out.request_body = http::redact_body(*hop.sent_body, type, recorded_body_bytes);
  }
  out.status = response.status;
  out.response_headers = http::redact(response.headers).fields();
  out.response_body_bytes = response.body_size;
  const std::string type(response.header("Content-Type").value_or(""));
  out.response_body = http::redact_body(response.body, type, recorded_body_bytes);
  out.error = hop.error;
  out.started = std::chrono::duration_cast<microseconds>(hop.started - began);
  out.took = std::chrono::duration_cast<microseconds>(hop.took);
  out.purpose = hop.purpose;
  return out;
}

/// What a check says of the wait that came before it.
void describe(finding& check, const settle_record& wait) {
  check.waited = wait.took;
  if (!wait.settled) {
    if (check.held) return;
    check.received += fmt::format(", still so after {}", seconds_text(wait.took));
    check.capped = wait.cut_short;
  } else if (check.held && wait.took.count() != 0) {
    const char* const state = follows_push(wait.kind)            ? "there"
                              : wait.kind == settle_kind::upload ? "so"
                                                                 : "gone";
    check.note = fmt::format("{} after {}", state, seconds_text(wait.took));
  }
}

}  // namespace

void add_to(observation& seen, finding check, const recorded_exchange& at) {
  const auto known =
      std::find_if(seen.findings.begin(), seen.findings.end(), [&](const finding& one) {
        return one.requirement == check.requirement && one.held == check.held;
      });
  if (known != seen.findings.end() && known->waited >= check.waited) return;
  check.exchange = seen.transcript.size();
  seen.transcript.push_back(at);
  seen.transcript.back().index = check.exchange;
  if (known != seen.findings.end()) {
    *known = std::move(check);
  } else {
    seen.findings.push_back(std::move(check));
  }
}

expectation::expectation(std::vector<finding>& findings, requirement_id held_to,
                         const http::exchange& seen, const settle_record* waited,
                         const context* refuses)
    : findings_(&findings), held_to_(held_to), seen_(&seen), waited_(waited), refuses_(refuses) {}

const expectation& expectation::status(int wanted) const {
  return status_in({wanted});
}

const expectation& expectation::status_in(std::initializer_list<int> wanted) const {
  require_answer(*seen_);
  const bool held = std::find(wanted.begin(), wanted.end(), seen_->response.status) != wanted.end();
  if (!held && refuses_ != nullptr && are_successes(wanted)) require_readable(*seen_);
  return holds(held, fmt::format("status {}", fmt::join(wanted, " or ")), seen_status(*seen_));
}

const expectation& expectation::has_header(std::string_view name) const {
  require_answer(*seen_);
  const bool held = seen_->response.header(name).has_value();
  return holds(held, fmt::format("{} is present", name),
               fmt::format("{} is {}", name, held ? "present" : "missing"));
}

const expectation& expectation::header(std::string_view name, std::string_view wanted) const {
  require_answer(*seen_);
  const auto value = seen_->response.header(name);
  return holds(
      value == wanted, fmt::format("{}: {}", name, wanted),
      value ? fmt::format("{}: {}", name, printable(*value)) : fmt::format("{} is missing", name));
}

const expectation& expectation::has_location() const {
  const auto location = api::location_of(*seen_);
  const std::string received = location.is_usable()   ? "Location is present"
                               : location.is_absent() ? "Location is missing"
                                                      : "Location is unusable: " + location.problem;
  return holds(location.is_usable(), "Location is present", received);
}

const expectation& expectation::body(std::string_view wanted) const {
  require_answer(*seen_);
  const std::string& got = seen_->response.body;
  const auto differs = std::mismatch(got.begin(), got.end(), wanted.begin(), wanted.end()).first;
  return holds(
      got == wanted, fmt::format("the {} bytes that were pushed", wanted.size()),
      fmt::format("{} bytes, the first {} of them as pushed", got.size(), differs - got.begin()));
}

const expectation& expectation::error_code_in(
    std::initializer_list<std::string_view> wanted) const {
  if (seen_->response.status / 100 != 4) return *this;
  const auto document = oci::parse_error_document(seen_->response.body);
  if (!document || document->errors.empty()) return *this;
  const bool held = std::any_of(wanted.begin(), wanted.end(),
                                [&](std::string_view code) { return document->has_code(code); });
  std::string codes;
  for (const oci::error_entry& one : document->errors) {
    codes.append(codes.empty() ? "" : ", ").append(printable(one.code));
  }
  return holds(held, fmt::format("error code {}", fmt::join(wanted, " or ")),
               "error code " + codes);
}

const expectation& expectation::holds(bool held, std::string expected, std::string received) const {
  if (!held && refuses_ != nullptr) refuses_->require_allowed(*seen_);
  finding check{held_to_, held, std::move(expected), std::move(received), seen_->index, {}, {}, {}};
  if (waited_ != nullptr) describe(check, *waited_);
  findings_->push_back(std::move(check));
  return *this;
}

context::context(http::client& registry, const scenario& what, surroundings around)
    : registry_(&registry),
      what_(&what),
      around_(std::move(around)),
      mark_(seeded_bytes(derive_seed(around_.seed ^ 1U, what.id)).hex(16)),
      random_(derive_seed(around_.seed, what.id)),
      own_(mark_),
      observations_(around_.observers.size()) {}

std::string context::bytes(std::size_t count) {
  std::string made = random_.bytes(count);
  own_.add_random(made);
  return made;
}

boost::asio::awaitable<http::exchange> context::send(http::request message) {
  http::exchange seen = co_await try_send(std::move(message));
  if (!seen.answered()) {
    co_await end_without_answer(seen);
  }
  co_return seen;
}

boost::asio::awaitable<http::exchange> context::send_as_owner(http::request message) {
  if (around_.owner == nullptr) throw not_judged("the private repository's owner is not known");
  http::exchange seen =
      co_await exchange_with(*around_.owner, std::move(message), pushed_as_owner_);
  if (!seen.answered()) throw not_judged(seen.error);
  co_return seen;
}

boost::asio::awaitable<http::exchange> context::try_send(http::request message) {
  co_return co_await exchange_with(*registry_, std::move(message), pushed_);
}

void context::require_sendable(const http::request& message) const {
  if (around_.stopping.stop_requested()) throw not_judged(run_ended);
  if (!around_.why_not_sent) return;
  const std::string why = around_.why_not_sent(message);
  if (!why.empty()) throw switched_off(why);
}

boost::asio::awaitable<http::exchange> context::exchange_with(http::client& registry,
                                                              http::request message,
                                                              std::vector<pushed_content>& pushed) {
  require_sendable(message);
  if (around_.unanswered != nullptr) {
    if (const auto known = around_.unanswered->unreachable(origin_of(message.target()))) {
      co_return not_sent(message, *known);
    }
    std::string why = around_.unanswered->reason_against(message);
    if (!why.empty()) co_return not_sent(message, std::move(why));
  }
  const http::request asked = message;
  const auto due = &registry == registry_ ? wait_for(message) : std::nullopt;
  http::exchange seen;
  settle_record record;
  if (due) {
    const settle_condition is_there = condition_of(*due);
    seen = co_await send_until(registry, std::move(message), due->kind, is_there, record);
  } else {
    seen = co_await registry.send(std::move(message));
  }
  if (around_.unanswered != nullptr) around_.unanswered->record(asked, seen);
  take_in(seen, due ? &record : nullptr);
  if (!seen.answered() && around_.stopping.stop_requested()) throw not_judged(run_ended);
  // Neither is anything that the registry did, whatever a scenario makes of a missing answer.
  if (seen.failure == http::exchange_failure::rate_limited ||
      seen.failure == http::exchange_failure::interrupted) {
    throw not_judged(seen.error);
  }
  if (!seen.answered()) co_return seen;
  remember_hosts(asked, seen);
  const auto taken = remember_pushed(asked, seen, pushed);
  if (&registry == registry_) note_reads(asked, seen, taken);
  co_return seen;
}

void context::take_in(http::exchange& seen, const settle_record* waited) {
  for (http::hop& hop : seen.earlier) {
    transcript_.push_back(record(hop, hop.response, around_.run_began));
    transcript_.back().index = transcript_.size() - 1;
    // A token server is not the registry, wherever it stands.
    if (hop.purpose == "token" || !hop.error.empty() || around_.observers.empty()) continue;
    http::exchange passed;
    passed.response = hop.response;
    passed.url = hop.url;
    passed.index = transcript_.back().index;
    observe(passed, hop.method);
  }
  transcript_.push_back(record(seen.last, seen.response, around_.run_began));
  seen.index = transcript_.size() - 1;
  transcript_.back().index = seen.index;
  if (!seen.answered()) return;
  if (waited != nullptr) waits_.emplace(seen.index, *waited);
  observe(seen, seen.last.method, waited);
}

boost::asio::awaitable<void> context::send_into(http::request& message, http::exchange& seen) {
  seen = co_await try_send(std::move(message));
}

boost::asio::awaitable<std::vector<http::exchange>> context::send_all(
    std::vector<http::request> messages) {
  std::vector<http::exchange> answers = co_await try_send_all(std::move(messages));
  for (const http::exchange& seen : answers) {
    if (!seen.answered()) {
      co_await end_without_answer(seen);
    }
  }
  co_return answers;
}

boost::asio::awaitable<std::vector<http::exchange>> context::try_send_all(
    std::vector<http::request> messages) {
  namespace asio = boost::asio;
  std::vector<http::exchange> answers(messages.size());
  if (messages.empty()) co_return answers;
  const auto executor = co_await asio::this_coro::executor;
  using sending =
      decltype(asio::co_spawn(executor, send_into(messages[0], answers[0]), asio::deferred));
  std::vector<sending> all;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    all.push_back(asio::co_spawn(executor, send_into(messages[i], answers[i]), asio::deferred));
  }
  auto group = asio::experimental::make_parallel_group(std::move(all));
  const auto [order, thrown] =
      co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  for (const std::exception_ptr& why : thrown) {
    if (why) std::rethrow_exception(why);
  }
  co_return answers;
}

boost::asio::awaitable<void> context::pause(std::chrono::milliseconds time) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

void context::observe(const http::exchange& seen, std::string_view method,
                      const settle_record* waited) {
  for (std::size_t i = 0; i < around_.observers.size(); ++i) {
    std::vector<finding> found;
    witness one(found, seen, method, waited);
    around_.observers[i].look(one);
    for (finding& check : found) {
      add_to(observations_[i], std::move(check), transcript_.at(seen.index));
    }
  }
}

void context::note(std::string text) {
  if (!text.empty()) notes_.push_back(std::move(text));
}

/// The exchange of a request that is not worth sending.
http::exchange context::not_sent(const http::request& message, std::string why) {
  http::exchange made;
  made.last.method = message.method();
  made.last.url = message.target();
  made.last.started = std::chrono::steady_clock::now();
  made.last.error = why;
  made.failure = http::exchange_failure::network;
  made.error = std::move(why);
  transcript_.push_back(record(made.last, made.response, around_.run_began));
  made.index = transcript_.size() - 1;
  transcript_.back().index = made.index;
  return made;
}

void context::require_status(const http::exchange& seen, int wanted, requirement_id by) const {
  require_answer(seen);
  if (seen.response.status == wanted) return;
  require_allowed(seen);
  const recorded_exchange& at = transcript_.at(seen.index);
  throw blocked(by, fmt::format("needs status {}, got {}: {} {}", wanted, seen_status(seen),
                                at.method, printable(at.url)));
}

expectation context::expect(const http::exchange& seen, requirement_id held_to) {
  if (!is_judged(held_to)) {
    throw std::logic_error(fmt::format("scenario {} checks {}, which it does not list in judges",
                                       what_->id, held_to.str()));
  }
  const auto waited = waits_.find(seen.index);
  return {findings_, held_to, seen, waited == waits_.end() ? nullptr : &waited->second, this};
}

bool context::has_tag_of_another(const http::hop& push, bool also_the_same) const {
  const std::string repository = repository_in(push.url);
  const std::string tag = reference_in(push.url);
  const std::string digest = push.sent_body ? oci::digest_of(*push.sent_body).str() : "";
  // A push by tag is remembered as the tag and, behind it, the manifest.
  for (std::size_t i = 0; i + 1 < pushed_.size(); ++i) {
    const pushed_content& known = pushed_[i];
    const bool is_same_tag = known.what == pushed_content::kind::tag &&
                             known.repository == repository && known.reference == tag;
    if (is_same_tag && (also_the_same || pushed_[i + 1].reference != digest)) return true;
  }
  return false;
}

std::optional<refusal> context::refusal_in(const http::exchange& seen) const {
  sent_request request;
  request.kind = kind_of(seen.last.method, seen.last.url);
  request.body_bytes = announced_bytes(seen.last);
  request.tags_are_fixed = around_.policies.tag_changes.has_value();
  if (request.kind == request_kind::put_manifest && oci::is_tag(reference_in(seen.last.url))) {
    // In a repository that others push to, the tag may be there from before this run.
    const bool may_be_there = around_.is_shared && request.tags_are_fixed;
    request.moves_tag = may_be_there || has_tag_of_another(seen.last, request.tags_are_fixed);
  }
  return refusal_of(request, seen.response);
}

void context::require_allowed(const http::exchange& seen) const {
  if (const auto refused = refusal_in(seen)) throw refused_by_policy(*refused);
}

}  // namespace plimsoll
