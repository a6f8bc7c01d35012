#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/ssl/context.hpp>

#include "content.hpp"
#include "lookup_service.hpp"
#include "plimsoll/load/run.hpp"
#include "session.hpp"

namespace plimsoll::load {

/// What all threads of a run share, and what outlives them.
struct means {
  const run_options& how;
  const http::client_options& connect;
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::unique_ptr<authority> clerk;
  origin registry;
  std::string url;
  std::shared_ptr<const content_seed> content;
  std::string prefix;
};

/// @param connect to the registry of `how`, or to its upstream; both outlive what is made
/// @return the error is that of the URL, the name server or the TLS files
[[nodiscard]] result<means> make_means(const run_options& how, const http::client_options& connect);

/// A core's own.
[[nodiscard]] result<std::unique_ptr<workplace>> make_workplace(const means& with);

/// A registry, and the client that prepares and cleans up there.
struct station {
  station(means given, std::unique_ptr<workplace> made)
      : with(std::move(given)), home(std::move(made)), hands(*home) {}

  means with;
  std::unique_ptr<workplace> home;
  session hands;
};

[[nodiscard]] result<std::unique_ptr<station>> open_station(const run_options& how,
                                                            const http::client_options& connect);

/// Runs one coroutine on a loop to its end.
template <class T>
T run_alone(workplace& at, task<T> work) {
  std::optional<T> out;
  const auto all = [](task<T> inner, std::optional<T>& to) -> task<void> {
    auto value = co_await std::move(inner);
    to.emplace(std::move(value));
  };
  at.machine.loop->refresh_now();
  spawn(all(std::move(work), out), [&at] { at.machine.loop->stop(); });
  at.machine.loop->run();
  return std::move(*out);
}

}  // namespace plimsoll::load
