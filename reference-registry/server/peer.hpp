#pragma once

#include <chrono>
#include <utility>

#include <boost/asio/ip/tcp.hpp>

#include "server/deadlines.hpp"

namespace plimsoll::reference {

/// The other end of a connection, and until when it has to read or write something.
struct peer {
  boost::asio::ip::tcp::socket socket;
  deadlines::entry limit;

  peer(boost::asio::ip::tcp::socket accepted, deadlines& of)
      : socket(std::move(accepted)), limit(of, socket) {}

  /// It read or wrote.
  void made_progress() noexcept { limit.expire_after(std::chrono::seconds(120)); }
};

}  // namespace plimsoll::reference
