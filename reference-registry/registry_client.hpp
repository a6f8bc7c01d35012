#pragma once

#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "plimsoll/base/text.hpp"
#include "plimsoll/reference_registry/registry.hpp"

namespace plimsoll::reference {

/// A response as it came: the head with its empty line, and the body.
struct raw_reply {
  std::string head;
  std::string body;

  [[nodiscard]] std::string status() const { return head.substr(9, 3); }
  /// Empty where there is no such header.
  [[nodiscard]] std::string header(std::string_view name) const {
    for (auto line : split(head, '\n')) {
      const auto colon = line.find(':');
      if (colon == std::string_view::npos) continue;
      if (!equal_ignoring_case(line.substr(0, colon), name)) continue;
      line.remove_suffix(1);
      return std::string(trim(line.substr(colon + 1)));
    }
    return "";
  }
};

/// One blocking connection that sends literal bytes.
class raw_client {
 public:
  explicit raw_client(const registry& to) : socket_(io_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), to.port()});
  }

  void send(std::string_view bytes) { boost::asio::write(socket_, boost::asio::buffer(bytes)); }

  [[nodiscard]] raw_reply receive(std::string_view method = "GET") {
    raw_reply got;
    boost::system::error_code ec;
    const auto size =
        boost::asio::read_until(socket_, boost::asio::dynamic_buffer(pending_), "\r\n\r\n", ec);
    if (ec) return raw_reply{"HTTP/1.1 000 closed\r\n\r\n", ""};
    got.head = pending_.substr(0, size);
    pending_.erase(0, size);
    const auto length = got.header("Content-Length");
    if (method == "HEAD" || length.empty()) return got;
    const std::size_t wanted = std::stoul(length);
    if (pending_.size() < wanted) {
      boost::asio::read(socket_, boost::asio::dynamic_buffer(pending_),
                        boost::asio::transfer_exactly(wanted - pending_.size()), ec);
    }
    got.body = pending_.substr(0, wanted);
    pending_.erase(0, wanted);
    return got;
  }

  void end_sending() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }

  /// @param headers each with its line end
  [[nodiscard]] raw_reply ask(std::string_view method, std::string_view target,
                              std::string_view headers = "", std::string_view body = "") {
    std::string bytes =
        std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: x\r\n";
    bytes += headers;
    if (!body.empty()) bytes += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(bytes.append("\r\n").append(body));
    return receive(method);
  }

  /// Whether the registry ends the connection without another byte.
  [[nodiscard]] bool is_closed() {
    char byte = 0;
    boost::system::error_code ec;
    return socket_.read_some(boost::asio::buffer(&byte, 1), ec) == 0 && ec.failed();
  }

 private:
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string pending_;
};

}  // namespace plimsoll::reference
