#pragma once

#include <memory>
#include <optional>
#include <set>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "auth.hpp"
#include "connection.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/url.hpp"
#include "pool.hpp"
#include "proxies.hpp"
#include "rate_limiter.hpp"

namespace plimsoll::http {

/// What the exchanges of one client share.
struct client::state {
  boost::asio::any_io_executor executor;
  client_options options;
  url registry;
  std::shared_ptr<boost::asio::ssl::context> tls;
  bool trusts_system = false;  ///< Whether the system's CAs are in `tls`.
  http::proxies proxies;
  std::shared_ptr<pool> connections;
  std::shared_ptr<rate_limiter> limiter;
  authorizations logins{std::nullopt};
  http::traffic traffic;
  std::set<connection*> at_work;
  std::set<boost::asio::steady_timer*> pauses;
};

}  // namespace plimsoll::http
