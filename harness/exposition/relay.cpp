#include "relay.hpp"

#include <array>
#include <chrono>
#include <thread>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace plimsoll::exposition {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto as_values = asio::as_tuple(asio::use_awaitable);

/// More than the servers that scrape; else whoever reaches the port could use up the run's files.
constexpr int most_connections = 32;

/// Both ends of a connection, and its place among `most_connections` while one of them is read.
struct joined {
  joined(tcp::socket accepted, std::shared_ptr<int> all)
      : caller(std::move(accepted)), served(caller.get_executor()), open(std::move(all)) {
    ++*open;
  }
  joined(const joined&) = delete;
  joined& operator=(const joined&) = delete;
  ~joined() { --*open; }

  tcp::socket caller;
  tcp::socket served;
  std::shared_ptr<int> open;
};

asio::awaitable<void> copy(tcp::socket& from, tcp::socket& to) {
  std::array<char, 16384> bytes{};
  for (;;) {
    const auto [ended, size] = co_await from.async_read_some(asio::buffer(bytes), as_values);
    if (ended) break;
    const auto part = asio::buffer(bytes.data(), size);
    const auto [failed, written] = co_await asio::async_write(to, part, as_values);
    if (failed) break;
  }
}

/// The caller may say that this was all, and wait for the answer.
asio::awaitable<void> copy_request(std::shared_ptr<joined> both) {
  co_await copy(both->caller, both->served);
  boost::system::error_code ignored;
  both->served.shutdown(tcp::socket::shutdown_send, ignored);
}

/// What was served is all there is: it ends the connection.
asio::awaitable<void> copy_answer(std::shared_ptr<joined> both) {
  co_await copy(both->served, both->caller);
  boost::system::error_code ignored;
  both->caller.shutdown(tcp::socket::shutdown_send, ignored);
  both->caller.close(ignored);
  both->served.close(ignored);
}

asio::awaitable<void> join(std::shared_ptr<joined> both, tcp::endpoint to) {
  const auto [failed] = co_await both->served.async_connect(to, as_values);
  if (failed) co_return;
  const auto executor = both->caller.get_executor();
  asio::co_spawn(executor, copy_request(both), asio::detached);
  co_await copy_answer(both);
}

asio::awaitable<void> accept(tcp::acceptor& from, tcp::endpoint to) {
  const auto open = std::make_shared<int>(0);
  asio::steady_timer pause(from.get_executor());
  for (;;) {
    tcp::socket caller(from.get_executor());
    const auto [failed] = co_await from.async_accept(caller, as_values);
    if (failed == asio::error::operation_aborted) co_return;
    if (failed) {  // no file is left, for example: once others are closed there is
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(as_values);
      continue;
    }
    if (*open == most_connections) continue;
    auto both = std::make_shared<joined>(std::move(caller), open);
    asio::co_spawn(from.get_executor(), join(std::move(both), to), asio::detached);
  }
}

}  // namespace

struct relay::state {
  state() = default;
  state(const state&) = delete;
  state& operator=(const state&) = delete;
  ~state() {
    io.stop();
    if (running.joinable()) running.join();
  }

  asio::io_context io{1};
  tcp::acceptor acceptor{io};
  std::thread running;
};

relay::relay(std::unique_ptr<state> made) : state_(std::move(made)) {}
relay::relay(relay&&) noexcept = default;
relay& relay::operator=(relay&&) noexcept = default;
relay::~relay() = default;

result<relay> relay::start(const tcp::endpoint& at, std::uint16_t to_port) {
  auto made = std::make_unique<state>();
  tcp::acceptor& acceptor = made->acceptor;
  boost::system::error_code failed;
  acceptor.open(at.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed && at.address().is_unspecified() && at.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only(false), failed);
  }
  if (!failed) acceptor.bind(at, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return error::of(failed.message());
  const tcp::endpoint to(asio::ip::address_v4::loopback(), to_port);
  asio::co_spawn(made->io, accept(acceptor, to), asio::detached);
  made->running = std::thread([&io = made->io] { io.run(); });
  return relay(std::move(made));
}

std::uint16_t relay::port() const {
  return state_->acceptor.local_endpoint().port();
}

}  // namespace plimsoll::exposition
