#include "sender.hpp"

#include <set>
#include <utility>

#include "plimsoll/http/tls.hpp"
#include "plimsoll/http/url.hpp"
#include "policy.hpp"
#include "proxies.hpp"
#include "wire.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;

/// In the set for as long as it lives.
class entry_in {
 public:
  entry_in(std::set<connection*>& all, connection& entry) : all_(&all), entry_(&entry) {
    all.insert(&entry);
  }
  entry_in(const entry_in&) = delete;
  entry_in& operator=(const entry_in&) = delete;
  ~entry_in() { all_->erase(entry_); }

 private:
  std::set<connection*>* all_;
  connection* entry_;
};

/// The limiter's leave to have one request under way, for as long as it lives.
class passage {
 public:
  passage(rate_limiter& limiter, std::string origin, attempts& request)
      : limiter_(&limiter), origin_(std::move(origin)), request_(&request) {}
  passage(const passage&) = delete;
  passage& operator=(const passage&) = delete;
  ~passage() { limiter_->leave(origin_, *request_); }

 private:
  rate_limiter* limiter_;
  std::string origin_;
  attempts* request_;
};

std::string host_of(const url& to) {
  return host_and_port(to.host, to.port);
}

}  // namespace

asio::awaitable<exchange> sender::run() {
  exchange_.error = complaint(message_);
  if (!exchange_.error.empty()) co_return finished();
  const auto to = where(state_->registry, message_.target());
  if (!to) {
    exchange_.error = to.error().what();
    co_return finished();
  }
  step next;
  next.to = *to;
  next.method = message_.method();
  next.with_body = message_.has_body();
  for (;;) {
    next.authorization = authorization_for(next);
    auto came = co_await make_hop(next, message_, tries_);
    exchange_.last = std::move(came.made);
    exchange_.error = exchange_.last.error;
    exchange_.failure = came.failure;
    exchange_.url = exchange_.last.url;
    bool another = co_await again(next, came);
    if (!another) {
      another = co_await authorize(next);
    }
    if (!another && !follow(next)) break;
    keep_earlier();
  }
  mark_ambiguous_retry();
  settle_login();
  keep_token_hop();
  auto& last = exchange_.last.response;
  exchange_.response = std::move(last);
  last = {};
  last.status = exchange_.response.status;
  last.headers = exchange_.response.headers;
  last.body_size = exchange_.response.body_size;
  co_return finished();
}

exchange sender::finished() {
  const bool unexplained = exchange_.failure == exchange_failure::none;
  if (!exchange_.error.empty() && unexplained) exchange_.failure = exchange_failure::network;
  return std::move(exchange_);
}

void sender::fail(exchange_failure failure, std::string why) {
  exchange_.failure = failure;
  exchange_.error = std::move(why);
}

/// Makes an error of an answer that tells nothing of the registry: that of a connection that ended
/// when all may have been done.
void sender::mark_ambiguous_retry() {
  const auto& last = exchange_.last;
  if (lost_.empty() || !exchange_.error.empty()) return;
  if (!may_be_of_the_first(last.method, last.response.status)) return;
  exchange_.error = lost_ + ", and " + std::to_string(last.response.status) +
                    " to the same request once more may mean that it was done";
}

void sender::keep_token_hop() {
  if (token_hop_) exchange_.earlier.push_back(std::move(*token_hop_));
  token_hop_.reset();
}

void sender::keep_earlier() {
  exchange_.earlier.push_back(std::move(exchange_.last));
  keep_token_hop();
  exchange_.last = {};
}

asio::awaitable<hop_outcome> sender::make_hop(const step& next, const request& message,
                                              attempts& tries) {
  hop_outcome made;
  made.made.purpose = next.purpose;
  made.made.method = next.method;
  made.made.url = next.to.str();
  made.made.sent = fields_of(next, message, options_);
  if (!next.authorization.empty()) made.made.sent.add("Authorization", next.authorization);
  if (next.with_body) made.made.sent_body = message.body();
  auto& limiter = *state_->limiter;
  const auto origin = next.to.origin();
  made.made.started = std::chrono::steady_clock::now();
  const auto entry =
      co_await limiter.enter(state_->executor, origin, options_.connections, tries, state_->pauses);
  if (entry == rate_limiter::entry::interrupted) {
    made.failure = exchange_failure::interrupted;
    made.made.error = "wait " + host_of(next.to) + ": interrupted";
    co_return made;
  }
  if (entry == rate_limiter::entry::refused) {
    made.failure = exchange_failure::rate_limited;
    made.made.error = "wait " + host_of(next.to) + ": no longer, for " + limiter.gave_up_on()->text;
    co_return made;
  }
  const passage leave(limiter, origin, tries);
  auto place = co_await state_->connections->acquire(origin, next.fresh);
  made.made.started = std::chrono::steady_clock::now();
  co_await over(place, next, message, made);
  made.made.took = std::chrono::steady_clock::now() - made.made.started;
  if (made.made.error.ends_with(": interrupted")) made.failure = exchange_failure::interrupted;
  co_return made;
}

/// Makes the hop over the connection of `place`, which is opened where there is none yet.
asio::awaitable<void> sender::over(lease& place, const step& next, const request& message,
                                   hop_outcome& made) {
  const auto end = made.made.started + options_.timeouts.exchange;
  const proxy* const via = state_->proxies.find(next.to);
  made.over_used = place.held != nullptr;
  if (!place.held) {
    peer to;
    to.tls = next.to.tls;
    to.host = next.to.host;
    to.port = next.to.port;
    if (via != nullptr) to.via = *via;
    place.held = std::make_unique<connection>(state_->executor, std::move(to), options_.timeouts);
    place.held->limit_exchange(end);
    if (next.to.tls && !state_->trusts_system) {
      trust_system(*state_->tls);
      state_->trusts_system = true;
    }
    const entry_in ended_by_interrupt(state_->at_work, *place.held);
    const auto opened = co_await place.held->open(*state_->tls, !options_.tls.insecure);
    made.unsent = !opened;
    if (!opened) made.made.error = opened.error().what();
    if (!opened) co_return;
  }
  place.held->limit_exchange(end);
  outgoing what;
  what.method = next.method;
  what.target = next.to.target;
  what.fields = made.made.sent;
  if (via != nullptr && !next.to.tls) address_through(*via, next.to, what);
  what.with_body = next.with_body;
  ++state_->traffic.requests;
  const entry_in ended_by_interrupt(state_->at_work, *place.held);
  auto came = co_await transact(*place.held, what, message, options_);
  state_->traffic.bytes_sent += came.sent;
  state_->traffic.bytes_received += came.response.body_size;
  if (came.reusable) place.keep();
  made.lost = came.lost;
  // What a sink has taken cannot be taken back.
  made.cut_short = came.cut_short && !message.sink();
  made.made.sent_body_size = came.sent;
  made.made.response = std::move(came.response);
  made.made.error = std::move(came.error);
  if (via != nullptr && !next.to.tls && made.made.response.status == 407) {
    made.made.error = "proxy " + via->name() + ": answers with 407" + proxy_login_advice;
  }
}

std::optional<setback> sender::setback_in(const step& next, const hop_outcome& came,
                                          const hop& seen) const {
  if (came.failure != exchange_failure::none) return std::nullopt;
  if (came.lost || came.cut_short ||
      (came.unsent && state_->limiter->has_answered(next.to.origin()))) {
    setback out;
    out.text = seen.error;
    return out;
  }
  if (!seen.error.empty()) return std::nullopt;
  return setback_of(seen.response, std::chrono::system_clock::now());
}

/// Tells the limiter what came. @return `stands` also where it is no setback
asio::awaitable<next_try> sender::look_for_setback(const step& next, hop_outcome& came,
                                                   const hop& seen, attempts& tries) {
  auto& limiter = *state_->limiter;
  const auto origin = next.to.origin();
  const auto kind = kind_of_request(next.method, next.to.target);
  const auto reason = setback_in(next, came, seen);
  if (!reason) {
    if (seen.response.status != 0) limiter.answered(origin, tries, kind);
    co_return next_try::stands;
  }
  auto decided = limiter.set_back(origin, tries, kind, *reason, options_.retries);
  if (decided == next_try::probe) {
    const bool serves_others = co_await answers_a_probe(next);
    decided = serves_others ? limiter.settle(origin, kind, *reason)
                            : limiter.set_back_with_probe(origin, tries, *reason);
  }
  if (decided == next_try::give_up) {
    came.failure = exchange_failure::rate_limited;
    came.gave_up = "wait " + host_of(next.to) + ": no longer, for " + reason->text;
  }
  co_return decided;
}

step sender::step_to_registry(const request& message) const {
  step first;
  first.to = state_->registry;
  first.to.target = message.target();
  first.method = message.method();
  return first;
}

/// Whether the host serves `GET /v2/` while it does not serve this request. A host other than the
/// registry has nothing that could be asked for.
asio::awaitable<bool> sender::answers_a_probe(const step& next) {
  if (next.to.origin() != state_->registry.origin()) co_return true;
  const request ping("GET", "/v2/");
  const step probe = step_to_registry(ping);
  attempts tries;
  auto came = co_await make_hop(probe, ping, tries);
  const bool answered = came.made.response.status != 0 && !setback_in(probe, came, came.made);
  const auto kind = kind_of_request(probe.method, probe.to.target);
  if (answered) state_->limiter->answered(probe.to.origin(), tries, kind);
  co_return answered;
}

/// Turns `next` into the same hop once more, where a lost connection or a busy registry calls for
/// it. The limiter then decides when that is.
asio::awaitable<bool> sender::again(step& next, hop_outcome& came) {
  const bool repeatable = is_repeatable(next.method, next.to.target);
  if (came.failure != exchange_failure::none || message_.cut()) co_return false;
  const auto was_lost = exchange_.error;
  if (came.lost && came.over_used && !next.fresh && repeatable) {
    // A connection that went stale while it was idle is no failure of the registry.
    lost_ = was_lost;
    next.purpose = "retry";
    next.fresh = true;
    co_return true;
  }
  const auto decided = co_await look_for_setback(next, came, exchange_.last, tries_);
  if (decided == next_try::give_up) fail(came.failure, came.gave_up);
  if (decided != next_try::again) co_return false;
  const int status = exchange_.last.response.status;
  const bool undone = came.unsent || status == 429 || status == 503;
  if (!undone && !repeatable) {
    if (exchange_.error.empty()) {
      fail(exchange_failure::network, host_of(next.to) + ": " + std::to_string(status) +
                                          " of a gateway leaves open whether " + next.method +
                                          " was done");
    }
    co_return false;
  }
  if (!undone) {
    lost_ = was_lost.empty() ? host_of(next.to) + ": " + std::to_string(status) : was_lost;
  }
  next.purpose = "retry";
  next.fresh = came.lost;
  co_return true;
}

bool sender::cannot_follow(const std::string& why, const step& next) {
  exchange_.error = "redirect " + host_of(next.to) + ": " + why;
  return false;
}

/// Turns `next` into the hop that the last response redirects to.
bool sender::follow(step& next) {
  const auto& last = exchange_.last.response;
  const auto location = last.header("Location");
  if (!exchange_.error.empty() || !message_.follows_redirects()) return false;
  if (!is_redirect(last.status) || !location) return false;
  const auto to = resolve(next.to, *location);
  if (!to) return cannot_follow(to.error().what(), next);
  const bool of_registry = next.to.origin() == state_->registry.origin();
  const bool same_place = to->target == next.to.target || next.to.target == "/v2/";
  if (of_registry && !next.to.tls && to->tls && to->host == next.to.host && same_place) {
    return cannot_follow("it leads from http:// to https:// of the same host: use https://", next);
  }
  if (loses_the_method(last.status, next.method)) {
    exchange_.explanation = "a redirect to " + to->origin() +
                            " behind which clients send GET in place of " + next.method +
                            " (RFC 9110, 15.4.2 and 15.4.3; 307 and 308 keep the method)";
    return false;
  }
  if (redirects_ == options_.redirects) {
    return cannot_follow("more than " + std::to_string(options_.redirects) + " redirects", next);
  }
  ++redirects_;
  const auto method = method_after(last.status, next.method);
  if (method != next.method) next.with_body = false;
  next.method = method;
  if (to->origin() != next.to.origin()) next.foreign = true;
  next.to = *to;
  next.fresh = false;
  next.purpose = "redirect";
  tries_ = {};
  return true;
}

}  // namespace plimsoll::http
