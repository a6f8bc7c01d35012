#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "harness/testing/scripted_server.hpp"
#include "plimsoll/http/client.hpp"

namespace plimsoll::http {

using testing::run_coroutine;
using testing::scripted_answer;
using testing::scripted_server;

/// A whole answer of 200 with that body.
inline scripted_answer ok(const std::string& body) {
  scripted_answer made;
  made.pieces = {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                 body};
  return made;
}

inline scripted_answer raw(std::vector<std::string> pieces) {
  scripted_answer made;
  made.pieces = std::move(pieces);
  return made;
}

inline scripted_answer ending(scripted_answer answer) {
  answer.close = true;
  return answer;
}

inline scripted_answer deaf_behind(scripted_answer answer) {
  answer.deaf = true;
  return answer;
}

inline scripted_answer after_body(std::size_t size, scripted_answer answer) {
  answer.body = size;
  return answer;
}

/// Interrupts once all requests have reached the server.
inline boost::asio::awaitable<void> interrupt_when(const scripted_server& server, std::size_t asked,
                                                   client& made) {
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor);
  while (server.requests().size() < asked) {
    timer.expires_after(std::chrono::milliseconds(1));
    co_await timer.async_wait(boost::asio::use_awaitable);
  }
  made.interrupt();
}

/// A client with the servers that it talks to, all on one io_context.
class Client : public ::testing::Test {  // NOLINT(readability-identifier-naming)
 protected:
  scripted_server& serve(std::vector<scripted_answer> answers,
                         std::shared_ptr<boost::asio::ssl::context> tls = nullptr) {
    servers_.push_back(std::make_unique<scripted_server>(io, std::move(answers), std::move(tls)));
    if (options.registry.empty()) options.registry = servers_.back()->url();
    return *servers_.back();
  }

  /// Sends them one after the other over one client.
  std::vector<exchange> send(std::vector<request> messages) {
    std::vector<exchange> all;
    auto made = client::make(io.get_executor(), options);
    if (!made) throw std::runtime_error(made.error().what());
    run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
      for (auto& message : messages) {
        auto came = co_await made->send(std::move(message));
        all.push_back(std::move(came));
      }
    });
    return all;
  }

  exchange send_one(request message) {
    std::vector<request> messages;
    messages.push_back(std::move(message));
    return std::move(send(std::move(messages)).front());
  }

  boost::asio::io_context io;
  client_options options;

 private:
  std::vector<std::unique_ptr<scripted_server>> servers_;
};

}  // namespace plimsoll::http
