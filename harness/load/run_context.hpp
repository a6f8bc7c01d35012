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

/// What all threads of a run share; outlives them.
struct run_context {
  const run_options& options;
  const http::client_options& http_options;
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::unique_ptr<lookup_service> lookups;
  origin registry;
  std::string url;
  std::shared_ptr<const content_seed> content;
  std::string prefix;
};

/// @param http_options of the registry of `options`, or of its upstream; both outlive the result
/// @return the error is that of the URL, the name server or the TLS files
[[nodiscard]] result<run_context> make_run_context(const run_options& options,
                                                   const http::client_options& http_options);

/// The context of one more core.
[[nodiscard]] result<std::unique_ptr<worker_context>> make_worker_context(
    const run_context& context);

/// A registry, and the client that pushes and deletes content there.
struct registry_session {
  registry_session(run_context shared_context, std::unique_ptr<worker_context> own_worker)
      : context(std::move(shared_context)), worker(std::move(own_worker)), client(*worker) {}

  run_context context;
  std::unique_ptr<worker_context> worker;
  session client;
};

[[nodiscard]] result<std::unique_ptr<registry_session>> open_registry_session(
    const run_options& options, const http::client_options& http_options);

/// Runs a coroutine on the context's loop to its end.
template <class T>
T run_task(worker_context& context, task<T> work) {
  std::optional<T> out;
  const auto store_result = [](task<T> inner, std::optional<T>& output) -> task<void> {
    auto value = co_await std::move(inner);
    output.emplace(std::move(value));
  };
  context.core.loop->refresh_now();
  spawn(store_result(std::move(work), out), [&context] { context.core.loop->stop(); });
  context.core.loop->run();
  return std::move(*out);
}

}  // namespace plimsoll::load
