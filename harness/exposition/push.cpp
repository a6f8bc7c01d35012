#include "plimsoll/exposition/push.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::exposition {
namespace {

constexpr std::string_view text_form = "text/plain; version=0.0.4; charset=utf-8";

/// Both parts are percent-encoded in a URL.
std::optional<http::credentials> login_in(std::string_view userinfo) {
  if (userinfo.empty()) return std::nullopt;
  const std::size_t colon = std::min(userinfo.find(':'), userinfo.size());
  auto name = percent_decode(userinfo.substr(0, colon));
  auto password = percent_decode(userinfo.substr(std::min(colon + 1, userinfo.size())));
  if (!name || !password) return std::nullopt;
  http::credentials made;
  made.username = std::move(*name);
  made.password = std::move(*password);
  return made;
}

std::string path_part(std::string_view name, std::string_view value) {
  if (!value.empty() && value.find('/') == std::string_view::npos) {
    return fmt::format("/{}/{}", name, percent_encode(value));
  }
  if (value.empty()) return fmt::format("/{}@base64/=", name);
  std::string encoded = oci::base64_encode(value);
  std::replace(encoded.begin(), encoded.end(), '+', '-');
  std::replace(encoded.begin(), encoded.end(), '/', '_');
  return fmt::format("/{}@base64/{}", name, encoded);
}

/// By value: it may outlive the wait for it.
boost::asio::awaitable<void> send(http::client to, http::request message,
                                  std::shared_ptr<std::optional<http::exchange>> came) {
  auto answer = co_await to.send(std::move(message));
  came->emplace(std::move(answer));
  to.close_idle();
}

error failed(const gateway& to, std::string_view why) {
  return error::of(fmt::format("Pushgateway {}: {}", shown_url(to), why));
}

}  // namespace

result<gateway> gateway_at(std::string_view url, http::client_options connect) {
  const auto parsed = http::parse_url(url);
  if (!parsed) return parsed.error();
  if (parsed->target.find('?') != std::string::npos) {
    return error::of("URL " + parsed->origin() + ": a Pushgateway has no query");
  }
  gateway made;
  made.connect = std::move(connect);
  made.connect.registry = parsed->origin();
  made.connect.login = login_in(parsed->userinfo);
  if (!parsed->userinfo.empty() && !made.connect.login) {
    return error::of("URL " + parsed->origin() + ": the login before @ is not percent-encoded");
  }
  made.connect.timeouts.connect = std::chrono::seconds(5);
  made.connect.timeouts.tls = std::chrono::seconds(5);
  made.connect.timeouts.first_byte = std::chrono::seconds(8);
  made.connect.timeouts.exchange = std::chrono::seconds(9);
  made.path = parsed->target;
  while (made.path.ends_with('/')) made.path.pop_back();
  return made;
}

std::string shown_url(const gateway& of) {
  return of.connect.registry + of.path;
}

std::string path_of(const metric_group& group) {
  std::string out = "/metrics" + path_part("job", group.job);
  for (const auto& [name, value] : group.labels) out += path_part(name, value);
  return out;
}

result<void> push(const gateway& to, const metric_group& group,
                  const reports::metric_families& metrics) {
  auto io = std::make_unique<boost::asio::io_context>(1);
  auto client = http::client::make(io->get_executor(), to.connect);
  if (!client) return failed(to, client.error().what());
  http::request message("POST", to.path + path_of(group));
  message.header("Content-Type", std::string(text_form)).body(reports::prometheus_text(metrics));
  const auto came = std::make_shared<std::optional<http::exchange>>();
  std::exception_ptr thrown;
  boost::asio::co_spawn(*io, send(std::move(*client), std::move(message), came),
                        [&](std::exception_ptr why) { thrown = std::move(why); });
  io->run_for(longest_push);
  // Its end would wait for a name look-up which hangs.
  if (!io->stopped()) (void)io.release();
  if (thrown) std::rethrow_exception(thrown);
  if (!*came) return failed(to, fmt::format("no answer within {} s", longest_push.count()));
  const http::exchange& answer = **came;
  if (!answer.answered()) return failed(to, answer.error);
  if (answer.response.status / 100 == 2) return {};
  return failed(to, fmt::format("answered with {}: {}", answer.response.status,
                                printable(trim(answer.response.body), 300)));
}

}  // namespace plimsoll::exposition
