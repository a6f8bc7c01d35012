#pragma once

#include <memory>
#include <optional>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "client_state.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"
#include "pool.hpp"
#include "rate_limiter.hpp"
#include "step.hpp"

namespace plimsoll::http {

/// What came of a hop, and what the next one depends on.
struct hop_outcome {
  hop made;
  exchange_failure failure = exchange_failure::none;
  bool lost = false;       ///< The peer ended the connection before it answered.
  bool cut_short = false;  ///< It did so within an answer that can be asked for once more.
  bool unsent = false;     ///< There was no connection: nothing of the request got there.
  bool over_used = false;  ///< On a connection that had been idle.
  std::string gave_up;     ///< Why no other try is made; of `rate_limited`.
};

/// One exchange under way.
class sender {
 public:
  sender(std::shared_ptr<client::state> state, request message)
      : state_(std::move(state)), options_(state_->options), message_(std::move(message)) {}

  boost::asio::awaitable<exchange> run();

 private:
  boost::asio::awaitable<hop_outcome> make_hop(const step& next, const request& message,
                                               attempts& tries);
  boost::asio::awaitable<void> over(lease& place, const step& next, const request& message,
                                    hop_outcome& made);
  boost::asio::awaitable<next_try> look_for_setback(const step& next, hop_outcome& came,
                                                    const hop& seen, attempts& tries);
  /// The first hop of a request to the registry, without a body.
  step step_to_registry(const request& message) const;
  boost::asio::awaitable<bool> answers_a_probe(const step& next);
  std::optional<setback> setback_in(const step& next, const hop_outcome& came,
                                    const hop& seen) const;
  boost::asio::awaitable<bool> authorize(step& next);
  boost::asio::awaitable<bool> fetch_token(const authorization_plan& plan, const step& next);
  boost::asio::awaitable<void> learn_base_challenge();
  bool may_authorize(const step& next) const;
  std::string authorization_for(const step& next);
  bool follow(step& next);
  bool cannot_follow(const std::string& why, const step& next);
  boost::asio::awaitable<bool> again(step& next, hop_outcome& came);
  void fail(exchange_failure failure, std::string why);
  void mark_ambiguous_retry();
  void settle_login();
  void keep_earlier();
  void keep_token_hop();
  exchange finished();

  std::shared_ptr<client::state> state_;
  const client_options& options_;
  request message_;
  exchange exchange_;
  attempts tries_;                ///< Of the hop under way.
  std::optional<hop> token_hop_;  ///< Goes behind the 401 that called for it.
  std::string granted_;           ///< What the 401 of this exchange was answered with.
  std::string granted_for_;       ///< The target that gave the 401.
  std::string lost_;              ///< Why an answer was lost before the last one.
  bool authorized_ = false;
  bool sent_login_ = false;  ///< The login itself, to the registry or its token server.
  unsigned redirects_ = 0;
};

}  // namespace plimsoll::http
