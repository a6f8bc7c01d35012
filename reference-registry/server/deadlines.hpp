#pragma once

#include <chrono>
#include <list>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace plimsoll::reference {

/// How long the connections of one thread may go without progress, in whole seconds. A timer
/// for each operation would cost more than a small response.
class deadlines {
 public:
  /// One connection's; gone with the connection.
  class entry {
   public:
    entry(deadlines& of, boost::asio::ip::tcp::socket& socket);
    entry(const entry&) = delete;
    entry& operator=(const entry&) = delete;
    ~entry();

    /// The socket is closed where this is not said again within that time and a second.
    void expire_after(std::chrono::seconds time) noexcept { at_ = of_.now_ + time; }

   private:
    friend class deadlines;
    deadlines& of_;
    boost::asio::ip::tcp::socket& socket_;
    std::chrono::seconds at_;
    std::list<entry*>::iterator place_;
  };

  /// Closes what has expired, each second.
  [[nodiscard]] boost::asio::awaitable<void> watch();

 private:
  std::chrono::seconds now_{0};
  std::list<entry*> entries_;
};

}  // namespace plimsoll::reference
