#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace plimsoll::testing {

/// What a scripted server does once a request's header and `body` bytes behind it are there.
struct scripted_answer {
  std::vector<std::string> pieces;  ///< Sent one after the other.
  std::size_t body = 0;             ///< Bytes of the request's body to read before.
  bool close = false;               ///< Ends the connection behind the last piece.
  bool silent = false;              ///< Says nothing and keeps the connection open.
  bool deaf = false;                ///< Reads nothing behind the last piece, and does not close.
  bool unasked = false;             ///< Goes out as soon as the connection is there.
  bool then_tls = false;            ///< Shakes hands behind the last piece, as behind CONNECT.
};

inline scripted_answer silence() {
  scripted_answer made;
  made.silent = true;
  return made;
}

/// A server that answers one request after the other with the bytes it was told, over
/// whatever connections they come. Lives on the io_context of the test, on a port of the
/// system's choice.
class scripted_server {
 public:
  /// @param tls what it shakes hands with; null: it speaks plain HTTP
  scripted_server(boost::asio::io_context& io, std::vector<scripted_answer> answers,
                  std::shared_ptr<boost::asio::ssl::context> tls = nullptr)
      : state_(std::make_shared<state>(io, std::move(answers), std::move(tls))) {
    boost::asio::co_spawn(io, accept(state_), boost::asio::detached);
  }

  [[nodiscard]] std::string port() const {
    return std::to_string(state_->acceptor.local_endpoint().port());
  }
  [[nodiscard]] std::string host() const { return "127.0.0.1:" + port(); }
  [[nodiscard]] std::string url() const { return (state_->tls ? "https://" : "http://") + host(); }

  /// All requests so far, header and body, each as it came.
  [[nodiscard]] const std::vector<std::string>& requests() const { return state_->requests; }
  [[nodiscard]] std::size_t connections() const { return state_->streams.size(); }

 private:
  using tcp = boost::asio::ip::tcp;
  using tls_stream = boost::asio::ssl::stream<tcp::socket>;

  struct state {
    state(boost::asio::io_context& io, std::vector<scripted_answer> script,
          std::shared_ptr<boost::asio::ssl::context> with)
        : acceptor(io, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
          answers(std::move(script)),
          tls(std::move(with)) {}
    tcp::acceptor acceptor;
    std::vector<scripted_answer> answers;
    std::shared_ptr<boost::asio::ssl::context> tls;
    std::size_t next = 0;
    std::vector<std::string> requests;
    std::vector<std::shared_ptr<void>> streams;  ///< Kept, so that none is closed early.
  };

  static constexpr auto as_values = boost::asio::as_tuple(boost::asio::use_awaitable);

  static boost::asio::awaitable<void> accept(std::shared_ptr<state> all) {
    for (;;) {
      auto socket = std::make_shared<tcp::socket>(all->acceptor.get_executor());
      const auto [code] = co_await all->acceptor.async_accept(*socket, as_values);
      if (code) co_return;
      const auto executor = socket->get_executor();
      const bool in_plain = !all->answers.empty() && all->answers.front().then_tls;
      if (all->tls && !in_plain) {
        auto stream = std::make_shared<tls_stream>(std::move(*socket), *all->tls);
        all->streams.push_back(stream);
        boost::asio::co_spawn(executor, shake_hands(all, stream), boost::asio::detached);
      } else {
        all->streams.push_back(socket);
        boost::asio::co_spawn(executor, serve(all, socket), boost::asio::detached);
      }
    }
  }

  static boost::asio::awaitable<void> shake_hands(std::shared_ptr<state> all,
                                                  std::shared_ptr<tls_stream> stream) {
    const auto role = boost::asio::ssl::stream_base::server;
    const auto [code] = co_await stream->async_handshake(role, as_values);
    if (code) {
      close(*stream);
    } else {
      co_await serve(all, stream);
    }
  }

  template <class Stream>
  static void close(Stream& stream) {
    boost::system::error_code ignored;
    stream.lowest_layer().shutdown(tcp::socket::shutdown_both, ignored);
    stream.lowest_layer().close(ignored);
  }

  template <class Stream>
  static boost::asio::awaitable<void> serve(std::shared_ptr<state> all,
                                            std::shared_ptr<Stream> socket) {
    for (std::string text;;) {
      const bool unasked = all->next < all->answers.size() && all->answers[all->next].unasked;
      std::size_t size = 0;
      if (!unasked) {
        size = co_await read_until_body(socket, text);
      }
      if ((size == 0 && !unasked) || all->next == all->answers.size()) break;
      const auto answer = all->answers[all->next++];
      const bool whole = co_await read_to(socket, text, size + answer.body);
      // What came of a request that was cut short is worth a look too.
      const auto end = whole ? size + answer.body : text.size();
      all->requests.push_back(text.substr(0, end));
      text.erase(0, end);
      if (answer.silent) co_return;
      for (const auto& piece : answer.pieces) {
        const auto bytes = boost::asio::buffer(piece);
        co_await boost::asio::async_write(*socket, bytes, as_values);
      }
      if constexpr (std::is_same_v<Stream, tcp::socket>) {
        if (answer.then_tls) {
          auto stream = std::make_shared<tls_stream>(std::move(*socket), *all->tls);
          all->streams.push_back(stream);
          co_await shake_hands(all, stream);
          co_return;
        }
      }
      if (answer.deaf) co_return;
      if (answer.close) break;
    }
    close(*socket);
  }

  /// The size of the header with its blank line; 0 where the connection ends before.
  template <class Stream>
  static boost::asio::awaitable<std::size_t> read_until_body(std::shared_ptr<Stream> socket,
                                                             std::string& text) {
    for (;;) {
      const auto end = text.find("\r\n\r\n");
      if (end != std::string::npos) co_return end + 4;
      const bool more = co_await read_to(socket, text, text.size() + 1);
      if (!more) co_return std::size_t{0};
    }
  }

  template <class Stream>
  static boost::asio::awaitable<bool> read_to(std::shared_ptr<Stream> socket, std::string& text,
                                              std::size_t size) {
    while (text.size() < size) {
      std::string piece(4096, '\0');
      const auto space = boost::asio::buffer(piece);
      const auto [code, count] = co_await socket->async_read_some(space, as_values);
      text.append(piece, 0, count);
      if (code) co_return false;
    }
    co_return true;
  }

  std::shared_ptr<state> state_;
};

}  // namespace plimsoll::testing
