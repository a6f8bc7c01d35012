#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "interrupts.hpp"
#include "load_display.hpp"
#include "load_plan.hpp"
#include "monitoring.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/base/utc_time.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/load/run.hpp"
#include "plimsoll/load_reports/console.hpp"
#include "plimsoll/load_reports/history.hpp"
#include "plimsoll/load_reports/json.hpp"
#include "plimsoll/load_values/objective.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "settings.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll load: " << why << '\n';
  return code;
}

result<std::string> write_metrics(const std::filesystem::path& folder,
                                  const load::load_result& run) {
  const auto file = folder / "plimsoll.prom";
  const auto done = write_file(file, reports::prometheus_text(reports::metrics_of(run)));
  if (!done) return done.error();
  return file.string();
}

int report(load::load_result& run, const std::vector<load::objective>& objectives,
           const std::string& output, const std::string& history) {
  for (const load::objective& one : objectives) run.objectives.push_back(load::judge(one, run));
  std::cout << load::summary(run);
  const std::filesystem::path file = std::filesystem::path(output) / "result.json";
  if (const auto written = write_file(file, load::to_json(run)); !written) {
    return refuse(3, written.error().what());
  }
  const auto metrics = write_metrics(output, run);
  if (!metrics) return refuse(3, metrics.error().what());
  std::cout << "result: " << file.string() << ", " << *metrics << '\n';
  if (!history.empty()) {
    const auto kept = load::store_run(history, run);
    if (!kept) return refuse(3, kept.error().what());
    std::cout << "history: " << kept->string() << '\n';
  }
  return load::exit_code(run);
}

int run_load(const load_flags& flags) {
  const auto url = http::parse_url(flags.url);
  if (!url) return refuse(2, url.error().what());
  if (!oci::is_repository_name(flags.repository_prefix)) {
    return refuse(2, "--repo-prefix expects a repository name, got '" +
                         printable(flags.repository_prefix) + "'");
  }
  load::run_options how;
  auto log = log_for(flags);
  if (!log) return refuse(2, log.error().what());
  how.log = std::move(*log);
  auto plan = workload_for(flags, how.log.get());
  if (!plan) return refuse(2, plan.error().what());
  const auto objectives = load::objectives_of(*plan, load::step_names());
  if (!objectives) return refuse(2, objectives.error().what());
  auto existing = existing_for(flags);
  if (!existing) return refuse(2, existing.error().what());
  const auto step = read_duration("--step", flags.step);
  if (!step) return refuse(2, step.error().what());
  const load::limit_options limits{flags.rate, *step, *objectives};
  const std::string heavy = asks_for_consent(*plan, how.log.get(), url->host, existing->empty());
  if (!heavy.empty() && !flags.yes) {
    return refuse(2, "this " + heavy + " on " + url->host + ": say --yes if that is meant");
  }
  if (const auto folder = prepare_folder(flags.output); !folder) {
    return refuse(2, "--output: " + folder.error().what());
  }
  if (!flags.history.empty()) {
    const auto folder = prepare_folder(flags.history);
    if (!folder) return refuse(2, "--history: " + folder.error().what());
  }
  const auto gateway = gateway_for(flags.metrics, process_environment());
  if (!gateway) return refuse(2, gateway.error().what());
  how.plan = std::move(*plan);
  how.existing = std::move(*existing);
  how.seed = flags.seed ? *flags.seed : std::random_device{}();
  how.run_id = seeded_bytes(derive_seed(how.seed, "run id")).hex(8);
  how.repository_prefix = flags.repository_prefix;
  how.clients = flags.clients;
  how.threads = flags.threads;
  how.operations = flags.operations;
  how.keep = flags.keep;
  auto connect = client_options_for(flags.registry, url->origin(), how.run_id);
  if (!connect) return refuse(2, connect.error().what());
  how.registry = std::move(*connect);

  const std::string started = utc_now();
  const interrupt_counter interrupts(
      "plimsoll load");  // before the exposer's threads, which inherit the mask
  exposition::published figures;
  const auto exposed = expose(flags.metrics.prometheus, [&figures] { return figures.get(); });
  if (!exposed) return refuse(2, exposed.error().what());
  load::load_result known;
  known.version = version();
  known.registry = url->origin();
  known.workload = how.plan.name;
  auto watching = display();
  if (*exposed) publish_to(figures, known, watching);
  auto run = flags.find_limit ? load::find_limit(how, limits, watching, interrupts.count())
                              : load::run(how, watching, interrupts.count());
  if (!run) return refuse(3, run.error().what());
  run->version = version();
  run->started = started;
  if (!flags.replay.empty()) {
    run->configuration.emplace_back("replay", flags.replay);
    run->configuration.emplace_back("speed", fmt::format("{}", flags.speed));
  }
  run->objectives.clear();  // a search judged them for itself: they are judged below
  const int verdict = report(*run, *objectives, flags.output, flags.history);
  return push_metrics(
      *gateway, {"plimsoll-load", {{"registry", run->registry}, {"workload", run->workload}}},
      reports::metrics_of(*run), flags.metrics.require_push, "plimsoll load", verdict);
}

}  // namespace

runnable describe_load(CLI::App& app) {
  const auto flags = std::make_shared<load_flags>();
  load_flags& to = *flags;
  app.add_option("URL", to.url, "The registry, http(s)://HOST[:PORT]")->required();
  auto* const workload =
      app.add_option("--workload", to.workload, "A built-in workload, or a YAML file")
          ->capture_default_str();
  app.add_option("--clients", to.clients, "At most so many operations at once")
      ->check(CLI::Range(1u, load::most_clients));
  app.add_option("--threads", to.threads, "Cores of the generator; else one a core")
      ->check(CLI::Range(1, 256));
  app.add_option("--duration", to.duration, "How long, for example 60s or 5m");
  auto* const rate =
      app.add_option("--rate", to.rate, "Starts a second, evenly, whatever comes back")
          ->check(CLI::Range(1e-3, load::highest_rate_per_second));
  auto* const limit =
      app.add_flag("--find-limit", to.find_limit,
                   "Search for the highest rate that keeps the objectives, from --rate on");
  app.add_option("--step", to.step, "How long --find-limit keeps a rate up")->capture_default_str();
  auto* const operations =
      app.add_option("--operations", to.operations, "End a closed loop after so many");
  app.add_option("--verify", to.verify, "What is checked of what is pulled; full: every byte")
      ->check(CLI::IsMember({"none", "size", "full"}));
  app.add_option("--content", to.content, "How far pushed bytes can be found again elsewhere")
      ->check(CLI::IsMember({"tile", "pool", "random"}));
  app.add_option("--scale", to.scale,
                 "Sizes and numbers of the workload's images, or sizes of a log's, times this")
      ->check(CLI::Range(1e-9, 1.0));
  auto* const existing =
      app.add_option("--existing", to.existing, "Pull this REPOSITORY@DIGEST, and push nothing")
          ->allow_extra_args(false);
  auto* const replay =
      app.add_option("--replay", to.replay,
                     "Replay an access log: nginx combined, docker-registry's, a FAST 2018 trace");
  for (CLI::Option* const other : {workload, rate, limit, operations, existing}) {
    replay->excludes(other);
  }
  app.add_option("--speed", to.speed, "Of the replay: 10 is ten times as fast as the log")
      ->check(CLI::Range(1e-3, 1e6))
      ->needs(replay);
  app.add_option("--slo", to.objectives, "An objective, for example pull.p99<250ms")
      ->allow_extra_args(false);
  app.add_option("--repo-prefix", to.repository_prefix, "Repositories are made below it")
      ->capture_default_str();
  app.add_option("--output", to.output, "Folder for result.json")->capture_default_str();
  app.add_option("--history", to.history,
                 "Folder that keeps the result of each run, for compare and report")
      ->type_name("DIR");
  app.add_option("--seed", to.seed, "Decides content, names and choices; else another each time");
  app.add_flag("--keep", to.keep, "Leave in the registry what was pushed");
  app.add_flag("--yes", to.yes, "More than 60 s or 1 GiB on a host that is not this one");
  describe_registry(app, to.registry);
  describe_exposition(app, to.metrics);
  describe_push(app, to.metrics);
  return [flags] { return run_load(*flags); };
}

}  // namespace plimsoll::cli
