#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "harness/testing/scripted_server.hpp"
#include "plimsoll/oci/digest.hpp"
#include "running.hpp"

namespace plimsoll::load {

using testing::scripted_answer;

/// A scripted server on a thread of its own.
class served {
 public:
  explicit served(std::vector<scripted_answer> answers,
                  std::shared_ptr<boost::asio::ssl::context> tls = nullptr)
      : server_(io_, std::move(answers), std::move(tls)) {
    thread_ = std::thread([this] { io_.run(); });
  }
  served(const served&) = delete;
  served& operator=(const served&) = delete;
  ~served() { end(); }
  /// What it was asked; it is asked no more.
  [[nodiscard]] const std::vector<std::string>& requests() {
    end();
    return server_.requests();
  }
  [[nodiscard]] std::string url() const { return server_.url(); }
  [[nodiscard]] std::string host() const { return server_.host(); }

 private:
  void end() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  boost::asio::io_context io_{1};
  testing::scripted_server server_;
  std::thread thread_;
};

inline constexpr std::string_view blob_bytes = "what the registry holds";

inline scripted_answer says(std::string text, bool close = false) {
  scripted_answer out;
  out.pieces = {std::move(text)};
  out.close = close;
  return out;
}

inline std::string interims(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "HTTP/1.1 100 Continue\r\n\r\n";
  return out;
}

inline std::string with_length(const std::string& status, std::string_view body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

/// One pull of `blob_bytes`, which are there already.
inline run_options single_pull_options(const std::string& registry) {
  run_options options = options_of(operation_kind::image_pull, registry);
  options.existing.push_back({"repo", oci::digest_of(blob_bytes).str()});
  options.plan.pace = closed_loop{1};
  options.operations = 1;
  return options;
}

/// The blob is there (HEAD) and is read once (GET) before the clock starts; then comes `answer`
/// to the one operation.
inline load_result pull_answered_by(scripted_answer answer, std::chrono::milliseconds limit) {
  scripted_answer head = says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n");
  served server({head, says(with_length("200 OK", blob_bytes), true), std::move(answer)});
  run_options options = single_pull_options(server.url());
  options.registry.timeouts.first_byte = limit;
  options.registry.timeouts.idle = limit;
  const auto ran = run(options);
  return ran ? *ran : load_result{};
}

}  // namespace plimsoll::load
