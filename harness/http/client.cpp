#include "plimsoll/http/client.hpp"

#include <utility>

#include "client_state.hpp"
#include "plimsoll/http/tls.hpp"
#include "plimsoll/http/url.hpp"
#include "sender.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
/// Of a client that shares no limiter.
constexpr std::chrono::minutes longest_wait{2};

}  // namespace

client::client(std::shared_ptr<state> made) : state_(std::move(made)) {}
client::client(client&&) noexcept = default;
client& client::operator=(client&&) noexcept = default;
client::~client() = default;

result<client> client::make(asio::any_io_executor executor, client_options options) {
  auto registry = parse_url(options.registry);
  if (!registry) return registry.error();
  if (registry->target != "/" || !registry->userinfo.empty()) {
    return error::of("registry URL: neither a path nor a login may stand in it");
  }
  auto proxies = proxies::make(options.proxy);
  if (!proxies) return proxies.error();
  auto tls = make_tls_context(options.tls);
  if (!tls) return tls.error();
  auto made = std::make_shared<state>();
  made->connections = std::make_shared<pool>(executor, options.connections);
  made->executor = std::move(executor);
  made->limiter = options.limiter ? options.limiter : make_rate_limiter(longest_wait);
  made->logins = authorizations(options.login);
  made->options = std::move(options);
  made->options.limiter = made->limiter;
  made->registry = std::move(*registry);
  made->tls = std::move(*tls);
  made->proxies = std::move(*proxies);
  return client(std::move(made));
}

asio::awaitable<exchange> client::send(request message) {
  sender one(state_, std::move(message));
  co_return co_await one.run();
}

const client_options& client::options() const noexcept {
  return state_->options;
}

traffic client::traffic_so_far() const noexcept {
  return state_->traffic;
}

void client::interrupt() {
  for (connection* const one : state_->at_work) one->interrupt();
  for (asio::steady_timer* const one : state_->pauses) one->cancel();
}

void client::close_idle() {
  state_->connections->close_idle();
}

}  // namespace plimsoll::http
