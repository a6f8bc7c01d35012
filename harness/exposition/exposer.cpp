#include "plimsoll/exposition/exposer.hpp"

#include <charconv>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>
#include <prometheus/collectable.h>
#include <prometheus/exposer.h>

#include "plimsoll/base/text.hpp"
#include "relay.hpp"

namespace plimsoll::exposition {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// How prometheus-cpp asks for metrics.
class collected final : public prometheus::Collectable {
 public:
  explicit collected(exposer::source from) : from_(std::move(from)) {}
  /// What is thrown here would end the program.
  [[nodiscard]] reports::metric_families Collect() const override {
    try {
      return from_();
    } catch (const std::exception&) {
      return {};
    }
  }

 private:
  exposer::source from_;
};

/// "ADDRESS" or "[ADDRESS]"; this machine alone where it is empty.
std::optional<asio::ip::address> address_of(std::string_view host) {
  boost::system::error_code bad;
  if (host.empty() || host == "localhost") return asio::ip::address_v4::loopback();
  if (host.front() == '[' && host.back() == ']') {
    const auto six = asio::ip::make_address_v6(host.substr(1, host.size() - 2), bad);
    return bad ? std::nullopt : std::optional<asio::ip::address>(six);
  }
  const auto four = asio::ip::make_address_v4(host, bad);
  return bad ? std::nullopt : std::optional<asio::ip::address>(four);
}

/// The endpoint of "PORT", ":PORT" or "ADDRESS:PORT"; nothing where the text is none of them.
std::optional<tcp::endpoint> endpoint_of(std::string_view where) {
  const std::size_t colon = where.rfind(':');
  const std::string_view digits = where.substr(colon == std::string_view::npos ? 0 : colon + 1);
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failed] = std::from_chars(digits.data(), end, port);
  if (failed != std::errc() || stop != end) return std::nullopt;
  const auto address = address_of(colon == std::string_view::npos ? "" : where.substr(0, colon));
  return address ? std::optional(tcp::endpoint(*address, port)) : std::nullopt;
}

std::string text_of(const tcp::endpoint& at, int port) {
  const std::string address = at.address().to_string();
  return at.address().is_v6() ? fmt::format("[{}]:{}", address, port)
                              : fmt::format("{}:{}", address, port);
}

/// Why nothing can listen there; prometheus-cpp does not say it.
boost::system::error_code try_to_listen(const tcp::endpoint& at) {
  asio::io_context io;
  tcp::acceptor probe(io);
  boost::system::error_code failed;
  probe.open(at.protocol(), failed);
  if (!failed) probe.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) probe.bind(at, failed);
  if (!failed) probe.listen(1, failed);
  return failed;
}

}  // namespace

struct exposer::state {
  std::shared_ptr<collected> from;
  std::unique_ptr<prometheus::Exposer> server;
  std::optional<relay> by_six;  ///< What listens in the server's place, where that is IPv6.
  std::string url;
};

exposer::exposer(std::unique_ptr<state> made) : state_(std::move(made)) {}
exposer::exposer(exposer&&) noexcept = default;
exposer& exposer::operator=(exposer&&) noexcept = default;
exposer::~exposer() = default;

result<exposer> exposer::start(std::string_view where, source from) {
  const auto at = endpoint_of(where);
  if (!at) {
    return error::of(fmt::format(
        "expected [ADDRESS:]PORT with an IP address, for example 0.0.0.0:9464 or [::]:9464; got "
        "'{}'",
        printable(where)));
  }
  const bool six = at->address().is_v6();
  const tcp::endpoint serving = six ? tcp::endpoint(asio::ip::address_v4::loopback(), 0) : *at;
  if (const auto failed = try_to_listen(serving)) {
    return error::of(fmt::format("listen {}: {}", text_of(*at, at->port()), failed.message()));
  }
  auto made = std::make_unique<state>();
  made->from = std::make_shared<collected>(std::move(from));
  try {
    made->server = std::make_unique<prometheus::Exposer>(text_of(serving, serving.port()));
  } catch (const std::exception& why) {
    return error::of(fmt::format("listen {}: {}", text_of(*at, at->port()), why.what()));
  }
  made->server->RegisterCollectable(made->from);
  int port = made->server->GetListeningPorts().at(0);
  if (six) {
    auto listening = relay::start(*at, static_cast<std::uint16_t>(port));
    if (!listening) {
      return error::of(
          fmt::format("listen {}: {}", text_of(*at, at->port()), listening.error().what()));
    }
    port = listening->port();
    made->by_six = std::move(*listening);
  }
  made->url = fmt::format("http://{}/metrics", text_of(*at, port));
  return exposer(std::move(made));
}

const std::string& exposer::url() const noexcept {
  return state_->url;
}

void published::replace(reports::metric_families by) {
  const std::lock_guard lock(guard_);
  last_ = std::move(by);
}

reports::metric_families published::get() const {
  const std::lock_guard lock(guard_);
  return last_;
}

}  // namespace plimsoll::exposition
