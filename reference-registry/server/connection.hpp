#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "plimsoll/reference_registry/registry.hpp"
#include "service/message.hpp"

namespace plimsoll::reference {

/// What a connection serves; outlives all connections.
struct application {
  options how;
  const store* kept = nullptr;
  std::function<response(request&)> answer;
  std::function<std::optional<response>(request&, std::optional<std::uint64_t>)> refusal;
  std::function<response(request&)> refuse_large;
};

/// Serves HTTP/1.1 on the connection until it is to be closed.
[[nodiscard]] boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket,
                                                 const application& app);

}  // namespace plimsoll::reference
