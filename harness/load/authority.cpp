#include "authority.hpp"

#include <cstring>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <netdb.h>

#include "plimsoll/http/url.hpp"

namespace plimsoll::load {
namespace {

constexpr std::string_view nobody =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// A request that the registry answers with the challenge for that access, and that changes
/// nothing.
http::request probe(access to, const std::string& repository) {
  const std::string base = "/v2/" + repository;
  switch (to) {
    case access::pull:
      return {"HEAD", base + "/blobs/" + std::string(nobody)};
    case access::push:
      return {"POST", base + "/blobs/uploads/"};
    case access::remove:
      return {"DELETE", base + "/manifests/" + std::string(nobody)};
    case access::catalogue:
      return {"GET", "/v2/_catalog?n=1"};
  }
  return {"GET", "/v2/"};
}

boost::asio::awaitable<void> fetch(http::client& registry, access to, std::string repository,
                                   authority::token_taker done) {
  const auto answer = co_await registry.send(probe(to, repository));
  if (!answer.answered()) {
    done(error::of("token: " + answer.error));
    co_return;
  }
  const int status = answer.response.status;
  const std::string value(answer.last.sent.get("Authorization").value_or(""));
  const auto session = answer.response.header("Location");
  if (to == access::push && status == 202 && session) {
    // The upload session that the probe began is not left behind.
    co_await registry.send(http::request("DELETE", std::string(*session)));
  }
  if (status == 401 || status == 403) {
    done(error::of("the registry answers " + std::to_string(status) + " also with this login"));
    co_return;
  }
  done(value);
}

}  // namespace

struct authority::state {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::optional<http::client> registry;
  std::thread thread;
};

result<origin> look_up(std::string_view url) {
  const auto parsed = http::parse_url(url);
  if (!parsed) return parsed.error();
  origin out;
  out.tls = parsed->tls;
  out.host = parsed->host;
  out.host_field = parsed->host_field();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(parsed->host.c_str(), parsed->port.c_str(), &hints, &found);
  if (code != 0) return error::of("look up " + parsed->host + ": " + gai_strerror(code));
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    endpoint& there = out.endpoints.emplace_back();
    std::memcpy(&there.address, one->ai_addr, one->ai_addrlen);
    there.size = one->ai_addrlen;
  }
  freeaddrinfo(found);
  return out;
}

result<std::unique_ptr<authority>> authority::start(const http::client_options& how) {
  auto made = std::make_unique<state>();
  auto registry = http::client::make(made->io.get_executor(), how);
  if (!registry) return registry.error();
  made->registry.emplace(std::move(*registry));
  made->thread = std::thread([&io = made->io] { io.run(); });
  return std::unique_ptr<authority>(new authority(std::move(made)));
}

authority::authority(std::unique_ptr<state> made) : state_(std::move(made)) {}

authority::~authority() {
  state_->io.stop();
  state_->thread.join();
}

void authority::authorize(access to, std::string repository, token_taker done) {
  auto work = fetch(*state_->registry, to, std::move(repository), std::move(done));
  boost::asio::co_spawn(state_->io, std::move(work), boost::asio::detached);
}

void authority::look_up(std::string url, origin_taker done) {
  boost::asio::post(state_->io,
                    [url = std::move(url), done = std::move(done)] { done(load::look_up(url)); });
}

}  // namespace plimsoll::load
