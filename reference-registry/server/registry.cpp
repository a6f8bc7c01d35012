#include "plimsoll/reference_registry/registry.hpp"

#include <algorithm>
#include <csignal>
#include <random>
#include <thread>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "rules/rule.hpp"
#include "server/connection.hpp"
#include "service/service.hpp"
#include "storage/directory.hpp"
#include "storage/memory.hpp"

namespace plimsoll::reference {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A connection that throws ends alone; the registry serves on.
void forget(const std::exception_ptr& /*why*/) {}

/// A thread and the connections that belong to it. The io_context comes last: the coroutines
/// that die with it refer to all before it.
struct worker {
  deadlines limits;
  meter counts;
  std::thread thread;
  std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>(1);
};
using worker_list = std::vector<std::unique_ptr<worker>>;

/// sendfile knows no MSG_NOSIGNAL: a client that left would end the process.
void run_worker(asio::io_context& io) {
  sigset_t broken_pipe;
  sigemptyset(&broken_pipe);
  sigaddset(&broken_pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
  io.run();
}

/// Connections go to the workers in turn.
asio::awaitable<void> accept_all(tcp::acceptor acceptor, const application& app,
                                 const worker_list& workers) {
  constexpr auto as_values = asio::as_tuple(asio::use_awaitable);
  asio::steady_timer pause(acceptor.get_executor());
  for (std::size_t next = 0;; next = (next + 1) % workers.size()) {
    worker& its = *workers[next];
    auto accepted = co_await acceptor.async_accept(*its.io, as_values);
    const auto ec = std::get<0>(accepted);
    if (ec == asio::error::operation_aborted) co_return;
    if (ec) {
      // Out of descriptors: to try again at once would take a whole core.
      pause.expires_after(std::chrono::milliseconds(10));
      co_await pause.async_wait(as_values);
      continue;
    }
    asio::co_spawn(*its.io, serve(std::move(std::get<1>(accepted)), app, its.limits, its.counts),
                   forget);
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

result<std::unique_ptr<store>> open_store(const options& how) {
  std::random_device entropy;
  const auto seed = (std::uint64_t{entropy()} << 32U) | entropy();
  const bool has_rules = !how.fault.empty() || !how.variant.empty();
  if (!how.store) {
    using as = memory_store::blobs_as;
    const auto blobs = has_rules ? as::strings : as::files_where_large;
    return std::unique_ptr<store>(std::make_unique<memory_store>(seed, blobs));
  }
  if (has_rules) {
    return error::of("faults and variants need the store in memory");
  }
  auto opened = directory_store::open(*how.store, seed);
  if (!opened) return opened.error();
  return std::unique_ptr<store>(std::move(*opened));
}

}  // namespace

struct registry::state {
  application app;
  std::uint16_t port = 0;
  std::string url;
  worker_list workers;

  void stop() {
    for (auto& one : workers) one->io->stop();
    for (auto& one : workers) one->thread.join();
    // In order: the first one's acceptor may hold a socket of the next.
    for (auto& one : workers) one->io.reset();
    workers.clear();
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
  auto rules = chosen_rules(how);
  if (!rules) return rules.error();
  auto kept = open_store(how);
  if (!kept) return kept.error();
  auto made = std::make_unique<state>();
  made->app.how = std::move(how);
  made->app.kept = std::move(*kept);
  made->app.rules = std::move(*rules);
  return serve_on(std::move(made));
}

result<registry> registry::restart(registry before, options how) {
  auto rules = chosen_rules(how);
  if (!rules) return rules.error();
  before.stop();
  auto made = std::make_unique<state>();
  made->app.how = std::move(how);
  made->app.kept = std::move(before.state_->app.kept);
  made->app.rules = std::move(*rules);
  return serve_on(std::move(made));
}

result<registry> registry::serve_on(std::unique_ptr<state> made) {
  const unsigned count = std::max(1U, made->app.how.threads);
  for (unsigned i = 0; i < count; ++i) made->workers.push_back(std::make_unique<worker>());
  auto& first = *made->workers.front()->io;
  auto acceptor = listen(first, made->app.how);
  if (!acceptor) {
    made->workers.clear();
    return acceptor.error();
  }
  const auto at = acceptor->local_endpoint();
  made->port = at.port();
  made->url = url_of(at);
  asio::co_spawn(first, accept_all(std::move(*acceptor), made->app, made->workers), forget);
  for (auto& one : made->workers) {
    asio::co_spawn(*one->io, one->limits.watch(), forget);
    one->thread = std::thread([io = one->io.get()] { run_worker(*io); });
  }
  return registry(std::move(made));
}

std::uint16_t registry::port() const noexcept {
  return state_->port;
}

const std::string& registry::url() const noexcept {
  return state_->url;
}

statistics registry::seen() const {
  statistics sum;
  for (const auto& one : state_->workers) one->counts.add_to(sum);
  sum.stored = state_->app.kept->counts();
  return sum;
}

void registry::stop() {
  if (state_) state_->stop();
}

}  // namespace plimsoll::reference
