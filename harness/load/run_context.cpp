#include "run_context.hpp"

#include "plimsoll/http/tls.hpp"

namespace plimsoll::load {

result<std::unique_ptr<worker_context>> make_worker_context(const run_context& context) {
  auto loop = event_loop::make();
  if (!loop) return loop.error();
  core_resources core{std::move(*loop), content_source(context.content),
                      context.tls->native_handle(), context.http_options.timeouts};
  auto worker =
      std::make_unique<worker_context>(std::move(core), context.registry, context.url,
                                       *context.lookups, context.options.plan.operations.size());
  worker->user_agent = "\r\nUser-Agent: " + context.http_options.user_agent + "\r\n";
  worker->verify = context.options.plan.verify;
  return worker;
}

result<run_context> make_run_context(const run_options& options,
                                     const http::client_options& http_options) {
  auto tls = http::make_tls_context(http_options.tls);
  if (!tls) return tls.error();
  auto lookups = lookup_service::start(http_options, *tls);
  if (!lookups) return lookups.error();
  const auto url = http::parse_url(http_options.registry);
  if (!url) return url.error();
  auto registry = (*lookups)->resolve_origin_blocking(url->origin());
  if (!registry) return registry.error();
  return run_context{options,
                     http_options,
                     *tls,
                     std::move(*lookups),
                     std::move(*registry),
                     url->origin(),
                     make_content(options.plan.bytes, options.seed),
                     options.repository_prefix + '/' + options.run_id};
}

result<std::unique_ptr<registry_session>> open_registry_session(
    const run_options& options, const http::client_options& http_options) {
  auto context = make_run_context(options, http_options);
  if (!context) return context.error();
  auto worker = make_worker_context(*context);
  if (!worker) return worker.error();
  return std::make_unique<registry_session>(std::move(*context), std::move(*worker));
}

}  // namespace plimsoll::load
