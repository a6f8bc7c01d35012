#pragma once

#include <cstdint>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "plimsoll/reference_registry/registry.hpp"
#include "server/deadlines.hpp"
#include "server/meter.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {

/// What the connections serve; outlives them all.
struct application {
  options how;
  std::unique_ptr<store> kept;
  std::vector<const rule*> rules;
  mutable rule_memory remembered;

  [[nodiscard]] service_state service() const { return {*kept, how, rules, remembered}; }
};

/// Serves HTTP/1.1 on the connection until it is to be closed.
/// @param limits of the thread that the connection belongs to
/// @param counts that thread's, too
[[nodiscard]] boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket socket,
                                                 const application& app, deadlines& limits,
                                                 meter& counts);

}  // namespace plimsoll::reference
