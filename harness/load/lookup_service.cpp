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

constexpr std::string_view absent_digest =
    "sha256:0000000000000000000000000000000000000000000000000000000000000000";

/// A request that the registry answers with the challenge for that access, and that changes
/// nothing.
http::request probe(access action, const std::string& repository, const std::string& source) {
  const std::string base = "/v2/" + repository;
  switch (action) {
    case access::pull:
      return {"HEAD", base + "/blobs/" + std::string(absent_digest)};
    case access::push:
      // A mount's token has to allow a pull from its source. No registry has that blob.
      return {
          "POST",
          base + "/blobs/uploads/" +
              (source.empty() ? "" : "?mount=" + std::string(absent_digest) + "&from=" + source)};
    case access::remove:
      return {"DELETE", base + "/manifests/" + std::string(absent_digest)};
    case access::catalogue:
      return {"GET", "/v2/_catalog?n=1"};
  }
  return {"GET", "/v2/"};
}

boost::asio::awaitable<void> fetch_token(http::client& registry, lookup_service::scope scope,
                                         lookup_service::token_handler done) {
  // The answer of another host says nothing about a login here.
  const access action = scope.action;
  http::request request = probe(action, scope.repository, scope.source);
  request.keep_redirects();
  const auto answer = co_await registry.send(std::move(request));
  if (!answer.answered()) {
    done(error::of("token: " + answer.error));
    co_return;
  }
  const int status = answer.response.status;
  const std::string value(answer.last.sent.get("Authorization").value_or(""));
  const auto session = answer.response.header("Location");
  if (action == access::push && status == 202 && session) {
    // Cancels the upload session that the probe opened.
    co_await registry.send(http::request("DELETE", std::string(*session)));
  }
  if (status == 401 || status == 403) {
    done(error::of("the registry answers " + std::to_string(status) + " with this login too"));
    co_return;
  }
  done(value);
}

result<std::vector<endpoint>> resolve(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* first_address = nullptr;
  const int code = getaddrinfo(host.c_str(), port.c_str(), &hints, &first_address);
  if (code != 0) return error::of("look up " + host + ": " + gai_strerror(code));
  std::vector<endpoint> out;
  for (const addrinfo* entry = first_address; entry != nullptr; entry = entry->ai_next) {
    endpoint& address = out.emplace_back();
    std::memcpy(&address.address, entry->ai_addr, entry->ai_addrlen);
    address.size = entry->ai_addrlen;
  }
  freeaddrinfo(first_address);
  return out;
}

/// How requests go through a proxy: by a tunnel for TLS, else with its fields in each head.
void set_proxy(const http::proxy& proxy, const http::url& target, origin& out) {
  out.proxy = proxy.name();
  if (target.tls) {
    out.tunnel =
        http::tunnel_request(http::host_and_port(target.host, target.port), proxy.authorization);
    return;
  }
  out.before_path = target.origin();
  if (!proxy.authorization.empty()) {
    out.proxy_fields = "Proxy-Authorization: " + proxy.authorization + "\r\n";
  }
}

result<origin> look_up_origin(std::string_view url, const http::proxy_options& proxies) {
  const auto target = http::parse_url(url);
  if (!target) return target.error();
  const auto proxy = http::proxy_for(*target, proxies);
  if (!proxy) return proxy.error();
  const bool direct = !proxy->has_value();
  auto endpoints =
      resolve(direct ? target->host : (*proxy)->host, direct ? target->port : (*proxy)->port);
  if (!endpoints) return endpoints.error();
  origin out;
  out.tls = target->tls;
  out.host = target->host;
  out.host_field = target->host_field();
  out.endpoints = std::move(*endpoints);
  if (!direct) set_proxy(**proxy, *target, out);
  return out;
}

}  // namespace

struct lookup_service::state {
  boost::asio::io_context io{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::optional<http::client> registry;
  http::proxy_options proxies;
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::once_flag trusts_system;
  std::thread thread;
};

result<std::unique_ptr<lookup_service>> lookup_service::start(
    const http::client_options& options, std::shared_ptr<boost::asio::ssl::context> tls) {
  auto own_state = std::make_unique<state>();
  own_state->tls = std::move(tls);
  own_state->proxies = options.proxy;
  auto registry = http::client::make(own_state->io.get_executor(), options);
  if (!registry) return registry.error();
  own_state->registry.emplace(std::move(*registry));
  own_state->thread = std::thread([&io = own_state->io] { io.run(); });
  return std::unique_ptr<lookup_service>(new lookup_service(std::move(own_state)));
}

lookup_service::lookup_service(std::unique_ptr<state> own_state) : state_(std::move(own_state)) {}

lookup_service::~lookup_service() {
  state_->io.stop();
  state_->thread.join();
}

void lookup_service::request_token(scope wanted, token_handler done) {
  auto work = fetch_token(*state_->registry, std::move(wanted), std::move(done));
  boost::asio::co_spawn(state_->io, std::move(work), boost::asio::detached);
}

result<origin> lookup_service::resolve_origin_blocking(std::string_view url) {
  auto server = look_up_origin(url, state_->proxies);
  if (server && server->tls) {
    std::call_once(state_->trusts_system, [this] { http::trust_system(*state_->tls); });
  }
  return server;
}

void lookup_service::resolve_origin(std::string url, origin_handler done) {
  boost::asio::post(state_->io, [this, url = std::move(url), done = std::move(done)] {
    done(resolve_origin_blocking(url));
  });
}

}  // namespace plimsoll::load
