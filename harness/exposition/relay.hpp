#pragma once

#include <cstdint>
#include <memory>

#include <boost/asio/ip/tcp.hpp>

#include "plimsoll/base/error.hpp"

namespace plimsoll::exposition {

/// Passes connections on to a port of 127.0.0.1, from a thread of its own, while it lives. For
/// IPv6: Debian builds civetweb, which prometheus-cpp listens with, without it.
class relay {
 public:
  /// @param at where it listens; on all addresses of IPv6 it is reached by IPv4, too. Port 0 is a
  ///        free one.
  /// @return an error with the system's words where nothing can listen there
  [[nodiscard]] static result<relay> start(const boost::asio::ip::tcp::endpoint& at,
                                           std::uint16_t to_port);

  relay(relay&&) noexcept;
  relay& operator=(relay&&) noexcept;
  ~relay();

  [[nodiscard]] std::uint16_t port() const;

 private:
  struct state;
  explicit relay(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

}  // namespace plimsoll::exposition
