#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "connection.hpp"

namespace plimsoll::http {

class pool;

/// The right to one connection to a host. Gives its place back when it ends; the connection is
/// closed then unless it was kept.
class lease {
 public:
  lease(std::shared_ptr<pool> from, std::string key, std::unique_ptr<connection> held);
  lease(lease&& other) noexcept = default;
  lease& operator=(lease&&) = delete;
  lease(const lease&) = delete;
  lease& operator=(const lease&) = delete;
  ~lease();

  /// An open connection, used before; null where one has to be opened.
  std::unique_ptr<connection> held;

  /// The connection is whole and can serve the next request.
  void keep() noexcept { kept_ = true; }

 private:
  std::shared_ptr<pool> from_;
  std::string key_;
  bool kept_ = false;
};

/// Connections that wait for their next request, and how many there may be to each host. Who
/// finds none free waits in turn.
class pool : public std::enable_shared_from_this<pool> {
 public:
  pool(boost::asio::any_io_executor executor, std::size_t limit);

  /// @param fresh a new connection, where one that was kept has let us down
  [[nodiscard]] boost::asio::awaitable<lease> acquire(std::string key, bool fresh);

  void close_idle();

 private:
  friend class lease;
  struct waiter;
  struct host {
    std::vector<std::unique_ptr<connection>> idle;
    std::size_t in_use = 0;
    std::deque<std::weak_ptr<waiter>> waiting;
  };

  std::unique_ptr<connection> take_idle(host& from, bool fresh) const;
  void give_back(const std::string& key, std::unique_ptr<connection> kept);

  boost::asio::any_io_executor executor_;
  std::size_t limit_;
  std::map<std::string, host> hosts_;
};

}  // namespace plimsoll::http
