#include "run_context.hpp"

#include "plimsoll/http/tls.hpp"

namespace plimsoll::load {

result<std::unique_ptr<workplace>> make_workplace(const means& with) {
  auto loop = event_loop::make();
  if (!loop) return loop.error();
  core machine(std::move(*loop), content_source(with.content), with.tls->native_handle(),
               with.connect.timeouts);
  auto made = std::make_unique<workplace>(std::move(machine), with.registry, with.url, *with.clerk,
                                          with.how.plan.operations.size());
  made->user_agent = "\r\nUser-Agent: " + with.connect.user_agent + "\r\n";
  made->verify = with.how.plan.verify;
  return made;
}

result<means> make_means(const run_options& how, const http::client_options& connect) {
  auto tls = http::make_tls_context(connect.tls);
  if (!tls) return tls.error();
  auto clerk = authority::start(connect, *tls);
  if (!clerk) return clerk.error();
  const auto url = http::parse_url(connect.registry);
  if (!url) return url.error();
  auto registry = (*clerk)->look_up_and_wait(url->origin());
  if (!registry) return registry.error();
  return means{how,
               connect,
               *tls,
               std::move(*clerk),
               std::move(*registry),
               url->origin(),
               make_content(how.plan.bytes, how.seed),
               how.repository_prefix + '/' + how.run_id};
}

result<std::unique_ptr<station>> open_station(const run_options& how,
                                              const http::client_options& connect) {
  auto with = make_means(how, connect);
  if (!with) return with.error();
  auto home = make_workplace(*with);
  if (!home) return home.error();
  return std::make_unique<station>(std::move(*with), std::move(*home));
}

}  // namespace plimsoll::load
