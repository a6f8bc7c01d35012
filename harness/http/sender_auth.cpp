#include <utility>

#include "plimsoll/http/url.hpp"
#include "sender.hpp"

/// How a sender answers a 401.
namespace plimsoll::http {
namespace {

namespace asio = boost::asio;

bool is_base(std::string_view target) {
  return target == "/v2/" || target == "/v2";
}

}  // namespace

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
  if (refused.status != 401 || message_.cut()) co_return false;
  if (!exchange_.error.empty() || !may_authorize(next)) co_return false;
  auto& logins = state_->logins;
  if (is_base(next.to.target) && next.authorization.empty()) logins.learn_base(refused);
  if (authorized_) co_return false;
  if (!refused.header("WWW-Authenticate") && !logins.knows_base()) {
    co_await learn_base_challenge();
  }
  auto choice = logins.plan(refused, next.to.tls, next.method, next.to.target);
  exchange_.login = choice.failure;
  exchange_.login_detail = std::move(choice.detail);
  if (!choice.plan) co_return false;
  exchange_.login = auth_failure::none;
  exchange_.login_detail.clear();
  authorized_ = true;
  sent_login_ = choice.plan->sends_login;
  granted_for_ = next.to.target;
  next.purpose = "retry";
  tries_ = {};
  if (choice.plan->fetch) {
    const bool fetched = co_await fetch_token(*choice.plan, next);
    co_return fetched;
  }
  logins.use_basic(next.method, next.to.target);
  granted_ = logins.known(next.method, next.to.target, authorizations::clock::now());
  co_return true;
}

/// Asks `GET /v2/` what it answers without authorization: there a registry says how to log in.
asio::awaitable<void> sender::learn_base_challenge() {
  const request ping("GET", "/v2/");
  const step base = step_to_registry(ping);
  attempts tries;
  auto came = co_await make_hop(base, ping, tries);
  if (came.made.error.empty()) state_->logins.learn_base(came.made.response);
}

asio::awaitable<bool> sender::fetch_token(const authorization_plan& plan, const step& next) {
  const auto realm = parse_url(plan.fetch->target());
  if (!realm) co_return false;
  step fetch;
  fetch.to = *realm;
  fetch.method = plan.fetch->method();
  fetch.purpose = "token";
  fetch.with_body = plan.fetch->has_body();
  attempts tries;
  hop_outcome came;
  auto decided = next_try::again;
  while (decided == next_try::again) {
    came = co_await make_hop(fetch, *plan.fetch, tries);
    decided = co_await look_for_setback(fetch, came, came.made, tries);
  }
  const auto answer = came.made.response;
  std::string failure = came.gave_up.empty() ? came.made.error : came.gave_up;
  token_hop_ = std::move(came.made);
  const auto where = host_and_port(realm->host, realm->port);
  exchange_.login_detail = realm->origin() + realm->target.substr(0, realm->target.find('?'));
  if (failure.empty() && (answer.status == 401 || answer.status == 403)) {
    exchange_.login_detail += " answers with " + std::to_string(answer.status);
    co_return false;
  }
  exchange_.login = auth_failure::token_server;
  if (failure.empty() && answer.status != 200) {
    failure = where + ": answers with " + std::to_string(answer.status);
    exchange_.login_detail += " answers with " + std::to_string(answer.status);
  }
  if (failure.empty()) {
    const auto now = authorizations::clock::now();
    const auto learnt = state_->logins.learn(plan, answer, next.method, next.to.target, now);
    if (learnt) {
      granted_ = *learnt;
      exchange_.login = auth_failure::none;
      exchange_.login_detail.clear();
      co_return true;
    }
    exchange_.login = auth_failure::bad_token;
    exchange_.login_detail += ": " + learnt.error().what();
    failure = where + ": " + learnt.error().what();
  }
  const bool gave_up = came.failure != exchange_failure::none;
  fail(gave_up ? came.failure : exchange_failure::network, "token " + failure);
  co_return false;
}

/// Says what became of the login, once no other hop comes.
void sender::settle_login() {
  const bool refused = exchange_.last.response.status == 401;
  if (!refused && exchange_.error.empty()) {
    exchange_.login = auth_failure::none;
    exchange_.login_detail.clear();
    return;
  }
  if (!refused || !authorized_ || exchange_.login != auth_failure::none) return;
  exchange_.login = sent_login_ ? auth_failure::login_refused : auth_failure::login_needed;
}

}  // namespace plimsoll::http
