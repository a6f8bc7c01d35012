#include "means.hpp"

#include "plimsoll/http/tls.hpp"

namespace plimsoll::load {

result<std::unique_ptr<workplace>> make_workplace(const means& with) {
  auto loop = event_loop::make();
  if (!loop) return loop.error();
  core machine(std::move(*loop), content_source(with.content), with.tls->native_handle(),
               with.how.registry.timeouts);
  auto made = std::make_unique<workplace>(std::move(machine), with.registry, with.url, *with.clerk,
                                          with.how.plan.operations.size());
  made->user_agent = "\r\nUser-Agent: " + with.how.registry.user_agent + "\r\n";
  made->verify = with.how.plan.verify;
  return made;
}

result<means> make_means(const run_options& how) {
  auto tls = http::make_tls_context(how.registry.tls);
  if (!tls) return tls.error();
  auto clerk = authority::start(how.registry);
  if (!clerk) return clerk.error();
  const auto url = http::parse_url(how.registry.registry);
  if (!url) return url.error();
  auto registry = look_up(url->origin());
  if (!registry) return registry.error();
  return means{how,
               *tls,
               std::move(*clerk),
               std::move(*registry),
               url->origin(),
               make_content(how.plan.bytes, how.seed),
               how.repository_prefix + '/' + how.run_id};
}

}  // namespace plimsoll::load
