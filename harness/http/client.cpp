#include "plimsoll/http/client.hpp"

#include <optional>
#include <set>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "auth.hpp"
#include "plimsoll/http/tls.hpp"
#include "plimsoll/http/url.hpp"
#include "policy.hpp"
#include "pool.hpp"
#include "proxies.hpp"
#include "step.hpp"
#include "wire.hpp"

namespace plimsoll::http {

namespace asio = boost::asio;

struct client::state {
  asio::any_io_executor executor;
  client_options options;
  url registry;
  std::shared_ptr<asio::ssl::context> tls;
  bool trusts_system = false;  ///< Whether the system's CAs are in `tls`.
  http::proxies proxies;
  std::shared_ptr<pool> connections;
  authorizations logins{std::nullopt};
  http::traffic traffic;
  std::set<connection*> at_work;
  std::set<asio::steady_timer*> pauses;
};

namespace {

/// What came of a hop, and what the next one depends on.
struct hop_outcome {
  hop made;
  bool lost = false;
  bool over_used = false;  ///< Lost on a connection that had been idle.
};

/// In the set for as long as it lives.
template <class T>
class entry_in {
 public:
  entry_in(std::set<T*>& all, T& one) : all_(&all), one_(&one) { all.insert(&one); }
  entry_in(const entry_in&) = delete;
  entry_in& operator=(const entry_in&) = delete;
  ~entry_in() { all_->erase(one_); }

 private:
  std::set<T*>* all_;
  T* one_;
};

}  // namespace

/// One exchange under way.
class sender {
 public:
  sender(std::shared_ptr<client::state> state, request message)
      : state_(std::move(state)), options_(state_->options), message_(std::move(message)) {}

  asio::awaitable<exchange> run();

 private:
  asio::awaitable<hop_outcome> make_hop(const step& next, const request& message);
  asio::awaitable<void> over(lease& place, const step& next, const request& message,
                             hop_outcome& made);
  asio::awaitable<bool> authorize(step& next);
  bool may_authorize(const step& next) const;
  std::string authorization_for(const step& next);
  bool follow(step& next);
  asio::awaitable<bool> again(step& next, bool lost, bool over_used);
  void doubt();
  void keep_earlier();
  void keep_token_hop();

  std::shared_ptr<client::state> state_;
  const client_options& options_;
  request message_;
  exchange exchange_;
  std::optional<hop> token_hop_;  ///< Goes behind the 401 that called for it.
  std::string granted_;           ///< What the 401 of this exchange was answered with.
  std::string granted_for_;       ///< The target that gave the 401.
  std::string lost_;              ///< Why an answer was lost before the last one.
  bool authorized_ = false;
  unsigned redirects_ = 0;
  unsigned retries_ = 0;
};

asio::awaitable<exchange> sender::run() {
  exchange_.error = complaint(message_);
  if (!exchange_.error.empty()) co_return std::move(exchange_);
  const auto to = where(state_->registry, message_.target());
  if (!to) {
    exchange_.error = to.error().what();
    co_return std::move(exchange_);
  }
  step next;
  next.to = *to;
  next.method = message_.method();
  next.with_body = message_.has_body();
  for (;;) {
    next.authorization = authorization_for(next);
    auto came = co_await make_hop(next, message_);
    exchange_.last = std::move(came.made);
    exchange_.error = exchange_.last.error;
    exchange_.url = exchange_.last.url;
    bool another = co_await again(next, came.lost, came.over_used);
    if (!another) {
      another = co_await authorize(next);
    }
    if (!another && !follow(next)) break;
    keep_earlier();
  }
  doubt();
  keep_token_hop();
  auto& last = exchange_.last.response;
  exchange_.response = std::move(last);
  last = {};
  last.status = exchange_.response.status;
  last.headers = exchange_.response.headers;
  last.body_size = exchange_.response.body_size;
  co_return std::move(exchange_);
}

/// Makes an error of an answer that tells nothing of the registry: that of a connection that ended
/// when all may have been done.
void sender::doubt() {
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

asio::awaitable<hop_outcome> sender::make_hop(const step& next, const request& message) {
  hop_outcome made;
  made.made.purpose = next.purpose;
  made.made.method = next.method;
  made.made.url = next.to.str();
  made.made.sent = fields_of(next, message, options_);
  if (!next.authorization.empty()) made.made.sent.add("Authorization", next.authorization);
  if (next.with_body) made.made.sent_body = message.body();
  auto place = co_await state_->connections->acquire(next.to.origin(), next.fresh);
  made.made.started = std::chrono::steady_clock::now();
  co_await over(place, next, message, made);
  made.made.took = std::chrono::steady_clock::now() - made.made.started;
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
  made.made.sent_body_size = came.sent;
  made.made.response = std::move(came.response);
  made.made.error = std::move(came.error);
  if (via != nullptr && !next.to.tls && made.made.response.status == 407) {
    made.made.error = "proxy " + via->name() + ": answers with 407" + proxy_login_advice;
  }
}

/// Turns `next` into the same hop once more, where a lost connection or a busy registry
/// calls for it, after the pause that this takes.
asio::awaitable<bool> sender::again(step& next, bool lost, bool over_used) {
  std::chrono::milliseconds length{0};
  if (lost) {
    const bool allowed = (over_used && !next.fresh) || retries_ < options_.retries;
    if (!allowed || message_.cut() || !is_idempotent(next.method)) co_return false;
  } else {
    const auto delay = retry_delay(exchange_.last.response, next.method, retries_, options_,
                                   std::chrono::system_clock::now());
    if (!delay || message_.cut() || !exchange_.error.empty()) co_return false;
    length = *delay;
  }
  // A connection that went stale while it was idle is no failure of the registry.
  if (!lost || !over_used) ++retries_;
  if (lost) lost_ = exchange_.error;
  next.purpose = "retry";
  next.fresh = lost;
  if (length.count() == 0) co_return true;
  asio::steady_timer timer(state_->executor, length);
  const entry_in ended_by_interrupt(state_->pauses, timer);
  const auto [ended] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return !ended;
}

/// Our login is for the registry alone, and not where the request brings its own.
bool sender::may_authorize(const step& next) const {
  const bool own = !next.foreign && next.to.origin() == state_->registry.origin();
  return own && !message_.is_anonymous() && !message_.headers().get("Authorization");
}

std::string sender::authorization_for(const step& next) {
  if (!may_authorize(next)) return {};
  const bool just_granted = !granted_.empty() && next.to.target == granted_for_;
  if (just_granted || !options_.cache_auth) return granted_;
  auto known = state_->logins.known(next.method, next.to.target, authorizations::clock::now());
  return known.empty() ? granted_ : known;
}

/// Answers a 401: gets what the registry asks for, and has `next` made once more with it.
asio::awaitable<bool> sender::authorize(step& next) {
  const auto& refused = exchange_.last.response;
  if (refused.status != 401 || authorized_ || message_.cut()) co_return false;
  if (!exchange_.error.empty() || !may_authorize(next)) co_return false;
  const auto plan = state_->logins.plan(refused, next.to.tls);
  if (!plan) co_return false;
  authorized_ = true;
  granted_for_ = next.to.target;
  next.purpose = "retry";
  if (!plan->fetch) {
    state_->logins.use_basic(next.method, next.to.target);
    granted_ = state_->logins.known(next.method, next.to.target, authorizations::clock::now());
    co_return true;
  }
  const auto realm = parse_url(plan->fetch->target());
  if (!realm) co_return false;
  step fetch;
  fetch.to = *realm;
  fetch.method = plan->fetch->method();
  fetch.purpose = "token";
  fetch.with_body = plan->fetch->has_body();
  auto came = co_await make_hop(fetch, *plan->fetch);
  const auto now = authorizations::clock::now();
  const auto answer = came.made.response;
  std::string failure = came.made.error;
  token_hop_ = std::move(came.made);
  if (failure.empty() && answer.status != 200) co_return false;
  if (failure.empty()) {
    const auto learnt = state_->logins.learn(*plan, answer, next.method, next.to.target, now);
    if (learnt) granted_ = *learnt;
    if (learnt) co_return true;
    failure = realm->host + ":" + realm->port + ": " + learnt.error().what();
  }
  exchange_.error = "token " + failure;
  co_return false;
}

/// Turns `next` into the hop that the last response redirects to.
bool sender::follow(step& next) {
  const auto& last = exchange_.last.response;
  const auto location = last.header("Location");
  if (!exchange_.error.empty() || !message_.follows_redirects()) return false;
  if (!is_redirect(last.status) || !location) return false;
  const auto to = resolve(next.to, *location);
  if (!to) {
    exchange_.error = "redirect " + next.to.host + ":" + next.to.port + ": " + to.error().what();
    return false;
  }
  if (redirects_ == options_.redirects) {
    exchange_.error = "redirect " + next.to.host + ":" + next.to.port + ": more than " +
                      std::to_string(options_.redirects) + " redirects";
    return false;
  }
  ++redirects_;
  const auto method = method_after(last.status, next.method);
  if (method != next.method) next.with_body = false;
  next.method = method;
  if (to->origin() != next.to.origin()) next.foreign = true;
  next.to = *to;
  next.fresh = false;
  next.purpose = "redirect";
  return true;
}

client::client(std::shared_ptr<state> made) : state_(std::move(made)) {}
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

result<client> client::make(asio::any_io_executor executor, client_options options) {
  auto registry = parse_url(options.registry);
  if (!registry) return registry.error();
  if (registry->target != "/" || !registry->userinfo.empty()) {
    return error::of("registry URL: neither a path nor a login may stand in it");
  }
  auto proxies = proxies::make(options.proxy);
  if (!proxies) return proxies.error();
  auto tls = make_tls_context(options.tls);
  if (!tls) return tls.error();
  auto made = std::make_shared<state>();
  made->connections = std::make_shared<pool>(executor, options.connections);
  made->executor = std::move(executor);
  made->logins = authorizations(options.login);
  made->options = std::move(options);
  made->registry = std::move(*registry);
  made->tls = std::move(*tls);
  made->proxies = std::move(*proxies);
  return client(std::move(made));
}

asio::awaitable<exchange> client::send(request message) {
  sender one(state_, std::move(message));
  co_return co_await one.run();
}

const client_options& client::options() const noexcept {
  return state_->options;
}

traffic client::traffic_so_far() const noexcept {
  return state_->traffic;
}

void client::interrupt() {
  for (connection* const one : state_->at_work) one->interrupt();
  for (asio::steady_timer* const one : state_->pauses) one->cancel();
}

void client::close_idle() {
  state_->connections->close_idle();
}

}  // namespace plimsoll::http
