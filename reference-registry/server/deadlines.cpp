#include "server/deadlines.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace plimsoll::reference {

namespace asio = boost::asio;

deadlines::entry::entry(deadlines& of, asio::ip::tcp::socket& socket)
    : of_(of), socket_(socket), at_(std::chrono::seconds::max()) {
  place_ = of_.entries_.insert(of_.entries_.end(), this);
}

deadlines::entry::~entry() {
  of_.entries_.erase(place_);
}

asio::awaitable<void> deadlines::watch() {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer timer(executor);
  constexpr std::chrono::seconds pause{1};
  for (;;) {
    timer.expires_after(pause);
    const auto [ec] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    now_ += pause;
    for (entry* one : entries_) {
      boost::system::error_code ignored;
      // Its coroutine wakes up with an error, and takes the entry away then.
      if (one->at_ < now_) one->socket_.close(ignored);
    }
  }
}

}  // namespace plimsoll::reference
