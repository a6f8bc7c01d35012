#include "monitoring.hpp"

#include <iostream>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "plimsoll/http/proxy.hpp"
#include "version.hpp"

namespace plimsoll::cli {

void describe_exposition(CLI::App& app, monitoring& to) {
  app.add_option("--prometheus", to.prometheus,
                 "Serve metrics on [ADDRESS:]PORT while it runs; this machine's alone without one")
      ->type_name("[ADDRESS:]PORT")
      ->envname("PLIMSOLL_PROMETHEUS");
}

void describe_push(CLI::App& app, monitoring& to) {
  app.add_option("--pushgateway", to.pushgateway, "Push metrics there when the run is over")
      ->type_name("URL")
      ->envname("PLIMSOLL_PUSHGATEWAY");
  app.add_flag("--require-push", to.require_push, "A push that fails is no success: exit with 3")
      ->envname("PLIMSOLL_REQUIRE_PUSH");
}

result<std::optional<exposition::exposer>> expose(const std::string& where,
                                                  exposition::exposer::source from) {
  std::optional<exposition::exposer> none;
  if (where.empty()) return none;
  auto started = exposition::exposer::start(where, std::move(from));
  if (!started) return error::of("--prometheus: " + started.error().what());
  std::cerr << "metrics on " << started->url() << std::endl;
  return std::optional(std::move(*started));
}

result<std::optional<exposition::gateway>> gateway_for(const monitoring& wanted,
                                                       const environment& env) {
  std::optional<exposition::gateway> none;
  if (wanted.pushgateway.empty()) {
    if (wanted.require_push) return error::of("--require-push needs --pushgateway URL");
    return none;
  }
  http::client_options how;
  how.user_agent = fmt::format("plimsoll/{}", version());
  how.proxy = http::proxies_in(env);
  auto found = exposition::gateway_at(wanted.pushgateway, std::move(how));
  if (!found) return error::of("--pushgateway: " + found.error().what());
  return std::optional(std::move(*found));
}

void publish_to(exposition::published& figures, const load::load_result& known,
                load::run_observer& watching) {
  figures.replace({reports::build_info(known.version)});
  watching.so_far = [&figures, known](const load::live_second& last, load::load_result so_far) {
    so_far.version = known.version;
    so_far.registry = known.registry;
    so_far.workload = known.workload;
    figures.replace(reports::metrics_so_far(so_far, {last.under_way, last.waiting}));
  };
}

int push_metrics(const std::optional<exposition::gateway>& to,
                 const exposition::metric_group& group, const reports::metric_families& metrics,
                 bool required, std::string_view command, int verdict) {
  if (!to) return verdict;
  const auto pushed = exposition::push(*to, group, metrics);
  if (pushed) {
    std::cerr << command << ": metrics pushed to " << shown_url(*to) << '\n';
    return verdict;
  }
  std::cerr << command << ": " << pushed.error().what()
            << (required ? "" : "; the run's verdict stands") << '\n';
  return required && verdict == 0 ? 3 : verdict;
}

}  // namespace plimsoll::cli
