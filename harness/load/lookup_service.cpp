#include "lookup_service.hpp"

#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <netdb.h>

#include "plimsoll/http/proxy.hpp"
#include "plimsoll/http/tls.hpp"
#include "plimsoll/http/url.hpp"

namespace plimsoll::load {
namespace {

constexpr std::string_view nobody =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// A request that the registry answers with the challenge for that access, and that changes
/// nothing.
http::request probe(access to, const std::string& repository, const std::string& source) {
  const std::string base = "/v2/" + repository;
  switch (to) {
    case access::pull:
      return {"HEAD", base + "/blobs/" + std::string(nobody)};
    case access::push:
      // Of a mount, whose token has to allow a pull from its source: nobody has that blob.
      return {"POST",
              base + "/blobs/uploads/" +
                  (source.empty() ? "" : "?mount=" + std::string(nobody) + "&from=" + source)};
    case access::remove:
      return {"DELETE", base + "/manifests/" + std::string(nobody)};
    case access::catalogue:
      return {"GET", "/v2/_catalog?n=1"};
  }
  return {"GET", "/v2/"};
}

boost::asio::awaitable<void> fetch(http::client& registry, authority::scope what,
                                   authority::token_taker done) {
  // What is answered by another host says nothing of this one's login.
  const access to = what.to;
  http::request asked = probe(to, what.repository, what.source);
  asked.keep_redirects();
  const auto answer = co_await registry.send(std::move(asked));
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

result<std::vector<endpoint>> resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (code != 0) return error::of("look up " + host + ": " + gai_strerror(code));
  std::vector<endpoint> out;
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    endpoint& there = out.emplace_back();
    std::memcpy(&there.address, one->ai_addr, one->ai_addrlen);
    there.size = one->ai_addrlen;
  }
  freeaddrinfo(found);
  return out;
}

/// What is asked of a proxy: for a tunnel, where there is TLS; else in each request's head.
void go_through(const http::proxy& via, const http::url& to, origin& out) {
  out.proxy = via.name();
  if (to.tls) {
    out.tunnel = http::tunnel_request(http::host_and_port(to.host, to.port), via.authorization);
    return;
  }
  out.before_path = to.origin();
  if (!via.authorization.empty()) {
    out.proxy_fields = "Proxy-Authorization: " + via.authorization + "\r\n";
  }
}

result<origin> find(std::string_view url, const http::proxy_options& proxies) {
  const auto to = http::parse_url(url);
  if (!to) return to.error();
  const auto via = http::proxy_for(*to, proxies);
  if (!via) return via.error();
  const bool direct = !via->has_value();
  auto found = resolve(direct ? to->host : (*via)->host, direct ? to->port : (*via)->port);
  if (!found) return found.error();
  origin out;
  out.tls = to->tls;
  out.host = to->host;
  out.host_field = to->host_field();
  out.endpoints = std::move(*found);
  if (!direct) go_through(**via, *to, out);
  return out;
}

}  // namespace

struct authority::state {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::optional<http::client> registry;
  http::proxy_options proxies;
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::once_flag trusts_system;
  std::thread thread;
};

result<std::unique_ptr<authority>> authority::start(
    const http::client_options& how, std::shared_ptr<boost::asio::ssl::context> tls) {
  auto made = std::make_unique<state>();
  made->tls = std::move(tls);
  made->proxies = how.proxy;
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

void authority::authorize(scope what, token_taker done) {
  auto work = fetch(*state_->registry, std::move(what), std::move(done));
  boost::asio::co_spawn(state_->io, std::move(work), boost::asio::detached);
}

result<origin> authority::look_up_and_wait(std::string_view url) {
  auto found = find(url, state_->proxies);
  if (found && found->tls) {
    std::call_once(state_->trusts_system, [this] { http::trust_system(*state_->tls); });
  }
  return found;
}

void authority::look_up(std::string url, origin_taker done) {
  boost::asio::post(state_->io, [this, url = std::move(url), done = std::move(done)] {
    done(look_up_and_wait(url));
  });
}

}  // namespace plimsoll::load
