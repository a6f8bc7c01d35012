#pragma once

#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "server/head.hpp"
#include "server/peer.hpp"

namespace plimsoll::reference {

/// Sends the response: head and body in one write, but for large files, whose bytes go from
/// the disk's cache to the socket without a copy. Whether it was sent.
[[nodiscard]] boost::asio::awaitable<bool> send(peer& to, const response& reply,
                                                const reply_shape& shape);

/// Sends bytes that need no body behind them.
[[nodiscard]] boost::asio::awaitable<bool> send(peer& to, std::string_view bytes);

}  // namespace plimsoll::reference
