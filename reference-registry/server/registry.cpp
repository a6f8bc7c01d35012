#include "plimsoll/reference_registry/registry.hpp"

#include <algorithm>
#include <mutex>
#include <random>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "rules/rule.hpp"
#include "server/connection.hpp"
#include "service/service.hpp"
#include "storage/memory.hpp"

namespace plimsoll::reference {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A connection that throws ends alone; the registry serves on.
void forget(const std::exception_ptr& /*why*/) {}

asio::awaitable<void> accept_all(tcp::acceptor acceptor, const application& app) {
  constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
  asio::steady_timer pause(acceptor.get_executor());
  for (;;) {
    const auto strand = asio::make_strand(acceptor.get_executor());
    auto accepted = co_await acceptor.async_accept(strand, as_values);
    const auto ec = std::get<0>(accepted);
    if (ec == asio::error::operation_aborted) co_return;
    if (ec) {
      // Out of descriptors: to try again at once would take a whole core.
      pause.expires_after(std::chrono::milliseconds(10));
      co_await pause.async_wait(as_values);
      continue;
    }
    asio::co_spawn(strand, serve(std::move(std::get<1>(accepted)), app), forget);
  }
}

result<tcp::acceptor> listen(asio::io_context& io, const options& how) {
  const auto place = fmt::format("{}:{}", how.host, how.port);
  boost::system::error_code ec;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(how.host, std::to_string(how.port),
                                      tcp::resolver::passive | tcp::resolver::numeric_service, ec);
  if (ec) return error::of(fmt::format("listen {}: {}", place, ec.message()));
  const tcp::endpoint at = found.begin()->endpoint();
  tcp::acceptor acceptor(io);
  acceptor.open(at.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(at, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return error::of(fmt::format("listen {}: {}", place, ec.message()));
  return acceptor;
}

std::string url_of(const tcp::endpoint& at) {
  const auto host = at.address().to_string();
  return at.address().is_v6() ? fmt::format("http://[{}]:{}", host, at.port())
                              : fmt::format("http://{}:{}", host, at.port());
}

std::string unknown_name(const char* what, const std::string& name) {
  return fmt::format("there is no {} '{}'; `plimsoll list {}s` shows them", what, printable(name),
                     what);
}

/// The fault and the variant that the options name, with what they configure.
result<std::vector<const rule*>> chosen_rules(options& how) {
  std::vector<const rule*> chosen;
  if (!how.fault.empty()) chosen.push_back(find_fault(how.fault));
  if (!chosen.empty() && chosen.back() == nullptr) {
    return error::of(unknown_name("fault", how.fault));
  }
  if (!how.variant.empty()) {
    chosen.push_back(find_variant(how.variant));
    if (chosen.back() == nullptr) return error::of(unknown_name("variant", how.variant));
  }
  for (const rule* one : chosen) {
    if (one->configure != nullptr) one->configure(how);
  }
  return chosen;
}

}  // namespace

// The io_context comes last: the coroutines that die with it refer to all before it.
struct registry::state {
  explicit state(std::uint64_t seed) : kept(seed) {}

  memory_store kept;
  std::mutex mutex;
  application app;
  std::vector<const rule*> rules;
  rule_memory remembered;
  std::uint16_t port = 0;
  std::string url;
  std::vector<std::thread> threads;
  std::unique_ptr<asio::io_context> io;

  [[nodiscard]] service_state service() { return {kept, app.how, rules, remembered}; }

  response answer(request& asked) {
    const std::lock_guard lock(mutex);
    try {
      return reference::answer(asked, service());
    } catch (const std::exception&) {
      return failure(500, "UNSUPPORTED", "the registry failed to answer");
    }
  }

  std::optional<response> refusal(request& head, std::optional<std::uint64_t> body_bytes) {
    const std::lock_guard lock(mutex);
    return reference::refusal(head, body_bytes, service());
  }

  response refuse_large(request& head) {
    const std::lock_guard lock(mutex);
    return reference::refuse_large(head, service());
  }

  void stop() {
    if (!io) return;
    io->stop();
    for (auto& one : threads) one.join();
    threads.clear();
    io.reset();
  }
};

registry::registry(std::unique_ptr<state> made) : state_(std::move(made)) {}
registry::registry(registry&&) noexcept = default;

registry& registry::operator=(registry&& other) noexcept {
  if (this == &other) return *this;
  stop();
  state_ = std::move(other.state_);
  return *this;
}

registry::~registry() {
  stop();
}

result<registry> registry::start(options how) {
  if (how.store) return error::of("the directory store is not built in");
  auto rules = chosen_rules(how);
  if (!rules) return rules.error();
  std::random_device entropy;
  auto made = std::make_unique<state>((std::uint64_t{entropy()} << 32U) | entropy());
  auto* self = made.get();
  const unsigned count = std::max(1U, how.threads);
  made->app.how = std::move(how);
  made->rules = std::move(*rules);
  made->app.kept = &made->kept;
  made->app.answer = [self](request& asked) { return self->answer(asked); };
  made->app.refusal = [self](request& head, std::optional<std::uint64_t> body_bytes) {
    return self->refusal(head, body_bytes);
  };
  made->app.refuse_large = [self](request& head) { return self->refuse_large(head); };
  made->io = std::make_unique<asio::io_context>(static_cast<int>(count));
  auto acceptor = listen(*made->io, made->app.how);
  if (!acceptor) return acceptor.error();
  const auto at = acceptor->local_endpoint();
  made->port = at.port();
  made->url = url_of(at);
  asio::co_spawn(*made->io, accept_all(std::move(*acceptor), made->app), forget);
  for (unsigned i = 0; i < count; ++i) {
    made->threads.emplace_back([io = made->io.get()] { io->run(); });
  }
  return registry(std::move(made));
}

std::uint16_t registry::port() const noexcept {
  return state_->port;
}

const std::string& registry::url() const noexcept {
  return state_->url;
}

void registry::stop() {
  if (state_) state_->stop();
}

}  // namespace plimsoll::reference
