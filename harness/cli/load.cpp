#include <atomic>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "interleaved.hpp"
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
#include "plimsoll/load_values/statistics.hpp"
#include "plimsoll/load_values/workload.hpp"
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

int report(const load::load_result& run, const std::string& output, const std::string& history) {
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

/// All that is known before the first request, but for what makes each run another.
struct load_order {
  std::vector<http::url> registries;  ///< One, or the two that are compared.
  load::run_options how;
  std::vector<load::objective> objectives;
  load::limit_options limits;
  std::uint64_t seed = 0;
};

result<load_order> order_for(const load_flags& flags) {
  load_order made;
  for (const std::string& text : {flags.url, flags.interleave}) {
    if (text.empty()) continue;
    auto url = http::parse_url(text);
    if (!url) return url.error();
    made.registries.push_back(std::move(*url));
  }
  if (const auto named = check_prefix("--repo-prefix", flags.repository_prefix); !named) {
    return named.error();
  }
  auto log = log_for(flags);
  if (!log) return log.error();
  made.how.log = std::move(*log);
  auto plan = workload_for(flags, made.how.log.get());
  if (!plan) return plan.error();
  auto objectives = load::objectives_of(*plan, load::step_names());
  if (!objectives) return objectives.error();
  auto existing = existing_for(flags);
  if (!existing) return existing.error();
  const auto step = read_duration("--step", flags.step);
  if (!step) return step.error();
  const burden asked{*plan,
                     made.how.log.get(),
                     existing->empty(),
                     flags.find_limit,
                     flags.interleave.empty() ? 1 : flags.repeat,
                     flags.operations};
  for (const http::url& one : made.registries) {
    const auto heavy = asks_for_consent(asked, one.host);
    if (!heavy.empty() && !flags.yes) {
      return error::of("this " + heavy + " on " + one.host + ": say --yes if that is meant");
    }
  }
  made.limits = {flags.rate, *step, *objectives};
  made.objectives = std::move(*objectives);
  made.how.plan = std::move(*plan);
  made.how.existing = std::move(*existing);
  made.how.repository_prefix = flags.repository_prefix;
  made.how.clients = flags.clients;
  made.how.threads = flags.threads;
  made.how.operations = flags.operations;
  made.how.keep = flags.keep;
  made.seed = flags.seed ? *flags.seed : std::random_device{}();
  return made;
}

result<void> prepare_folders(const load_flags& flags) {
  const auto folder = prepare_folder(flags.output);
  if (!folder) return error::of("--output: " + folder.error().what());
  if (!flags.interleave.empty()) {
    const auto sides = prepare_interleaved(flags.output);
    if (!sides) return error::of("--output: " + sides.error().what());
  }
  if (flags.history.empty()) return {};
  const auto history = prepare_folder(flags.history);
  return history ? result<void>() : error::of("--history: " + history.error().what());
}

result<load::run_options> options_for(const load_order& order, const load_flags& flags,
                                      const std::string& origin, std::uint64_t seed) {
  load::run_options how = order.how;
  if (const auto done = identify(how, flags.registry, origin, seed); !done) return done.error();
  return how;
}

/// What is done with each run while it goes on.
struct surroundings {
  const std::atomic<int>& interrupts;
  exposition::published* figures = nullptr;  ///< Null: nobody asks for them.
};

/// One whole run, judged.
result<load::load_result> measure(const load_order& order, const load_flags& flags,
                                  const load::run_options& how, const std::string& origin,
                                  const surroundings& around) {
  load::load_result known;
  known.version = version();
  known.registry = origin;
  known.workload = how.plan.name;
  auto watching = display();
  if (around.figures != nullptr) publish_to(*around.figures, known, watching);
  const std::string started = utc_now();
  auto run = flags.find_limit ? load::find_limit(how, order.limits, watching, around.interrupts)
                              : load::run(how, watching, around.interrupts);
  if (!run) return run;
  run->version = version();
  run->started = started;
  if (!flags.replay.empty()) {
    run->configuration.emplace_back("replay", flags.replay);
    run->configuration.emplace_back("speed", fmt::format("{}", flags.speed));
  }
  run->objectives.clear();  // a search judged them for itself: they are judged here
  for (const auto& one : order.objectives) run->objectives.push_back(load::judge(one, *run));
  return run;
}

int run_in_turns(const load_order& order, const load_flags& flags, const surroundings& around) {
  interleaved turns;
  turns.runs = flags.repeat;
  turns.output = flags.output;
  turns.base = order.registries.front().origin();
  turns.fresh = order.registries.back().origin();
  turns.judged = comparing_by(flags.comparison);
  turns.run = [&](const std::string& origin, unsigned turn) -> result<load::load_result> {
    // Content of its own, so that no run finds in the registry what another one pushed.
    const auto seed = derive_seed(order.seed, fmt::format("run {}", turn));
    const auto how = options_for(order, flags, origin, seed);
    if (!how) return how.error();
    return measure(order, flags, *how, origin, around);
  };
  turns.is_interrupted = [&] { return around.interrupts.load() > 0; };
  return run_interleaved(turns);
}

int run_load(const load_flags& flags) {
  const auto order = order_for(flags);
  if (!order) return refuse(2, order.error().what());
  if (const auto made = prepare_folders(flags); !made) return refuse(2, made.error().what());
  const auto gateway = gateway_for(flags.metrics, process_environment());
  if (!gateway) return refuse(2, gateway.error().what());
  const std::string origin = order->registries.front().origin();
  const auto how = options_for(*order, flags, origin, order->seed);
  if (!how) return refuse(2, how.error().what());

  const interrupt_counter interrupts(
      "plimsoll load");  // before the exposer's threads, which inherit the mask
  exposition::published figures;
  const auto exposed = expose(flags.metrics.prometheus, [&figures] { return figures.get(); });
  if (!exposed) return refuse(2, exposed.error().what());
  const surroundings around{interrupts.count(), *exposed ? &figures : nullptr};
  if (!flags.interleave.empty()) return run_in_turns(*order, flags, around);
  const auto run = measure(*order, flags, *how, origin, around);
  if (!run) return refuse(3, run.error().what());
  const bool interrupted = interrupts.count().load() > 0;
  const int verdict = report(*run, flags.output, interrupted ? "" : flags.history);
  if (interrupted) return verdict;  // cut short, it is no result to push or to keep
  return push_metrics(
      *gateway, {"plimsoll-load", {{"registry", run->registry}, {"workload", run->workload}}},
      reports::metrics_of(*run), flags.metrics.require_push, "plimsoll load", verdict);
}

/// What is done, how much of it, and on what.
void describe_work(CLI::App& app, load_flags& to) {
  app.add_option("--workload", to.workload, "A built-in workload, or a YAML file")
      ->capture_default_str();
  app.add_option("--operations", to.operations, "End a closed loop after so many");
  app.add_option("--verify", to.verify, "What is checked of what is pulled; full: every byte")
      ->check(CLI::IsMember({"none", "size", "full"}));
  app.add_option("--content", to.content, "How far pushed bytes can be found again elsewhere")
      ->check(CLI::IsMember({"tile", "pool", "random"}));
  app.add_option("--scale", to.scale,
                 "Sizes and numbers of the workload's images, or sizes of a log's, times this")
      ->check(CLI::Range(1e-9, 1.0));
  app.add_option("--existing", to.existing, "Pull this REPOSITORY@DIGEST, and push nothing")
      ->allow_extra_args(false);
  app.add_option("--slo", to.objectives, "An objective, for example pull.p99<250ms")
      ->allow_extra_args(false);
  app.add_option("--seed", to.seed, "Decides content, names and choices; else another each time");
}

/// How many at once, how fast and how long.
void describe_pace(CLI::App& app, load_flags& to) {
  app.add_option("--clients", to.clients, "At most so many operations at once")
      ->check(CLI::Range(1u, load::most_clients));
  app.add_option("--threads", to.threads, "Cores of the generator; else one a core")
      ->check(CLI::Range(1, 256));
  app.add_option("--duration", to.duration, "How long, for example 60s or 5m");
  app.add_option("--rate", to.rate, "Starts a second, evenly, whatever comes back")
      ->check(CLI::Range(1e-3, load::highest_rate_per_second));
  app.add_flag("--find-limit", to.find_limit,
               "Search for the highest rate that keeps the objectives, from --rate on");
  app.add_option("--step", to.step, "How long --find-limit keeps a rate up")->capture_default_str();
}

void describe_replay(CLI::App& app, load_flags& to) {
  auto* const replay =
      app.add_option("--replay", to.replay,
                     "Replay an access log: nginx combined, docker-registry's, a FAST 2018 trace");
  for (const char* const other :
       {"--workload", "--rate", "--find-limit", "--operations", "--existing"}) {
    replay->excludes(app.get_option(other));
  }
  app.add_option("--speed", to.speed, "Of the replay: 10 is ten times as fast as the log")
      ->check(CLI::Range(1e-3, 1e6))
      ->needs(replay);
}

void describe_results(CLI::App& app, load_flags& to) {
  app.add_option("--output", to.output, "Folder for result.json")->capture_default_str();
  app.add_option("--history", to.history,
                 "Folder that keeps the result of each run, for compare and report")
      ->type_name("DIR");
  describe_exposition(app, to.metrics);
  describe_push(app, to.metrics);
}

void describe_turns(CLI::App& app, load_flags& to) {
  auto* const interleave =
      app.add_option("--interleave", to.interleave,
                     "Run on this registry too, in turns, and compare it with the first")
          ->type_name("URL");
  for (const char* const other : {"--find-limit", "--history", "--pushgateway"}) {
    interleave->excludes(app.get_option(other));
  }
  app.add_option("--repeat", to.repeat, "Runs on each registry; less than 4 decide nothing")
      ->check(CLI::Range(1u, static_cast<unsigned>(load::most_tested_values / 2)))
      ->needs(interleave)
      ->capture_default_str();
  describe_comparison(app, to.comparison);
  for (const char* const one : comparison_flag_names) app.get_option(one)->needs(interleave);
}

}  // namespace

runnable describe_load(CLI::App& app) {
  const auto flags = std::make_shared<load_flags>();
  load_flags& to = *flags;
  app.add_option("URL", to.url, "The registry, http(s)://HOST[:PORT]")->required();
  describe_work(app, to);
  describe_pace(app, to);
  describe_replay(app, to);
  app.add_option("--repo-prefix", to.repository_prefix, "Repositories are made below it")
      ->capture_default_str();
  app.add_flag("--keep", to.keep, "Leave in the registry what was pushed");
  app.add_flag(
      "--yes", to.yes,
      "More than 60 s or 1 GiB, or a search for the limit, on a host that is not this one");
  describe_registry(app, to.registry);
  describe_results(app, to);
  describe_turns(app, to);
  return [flags] { return run_load(*flags); };
}

}  // namespace plimsoll::cli
