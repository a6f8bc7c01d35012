#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "commands.hpp"
#include "connecting.hpp"
#include "judging.hpp"
#include "monitoring.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/config/config.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/plan/plan.hpp"
#include "plimsoll/profile/profile.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/reports/console.hpp"
#include "plimsoll/reports/formats.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "plimsoll/suite/scenarios.hpp"
#include "plimsoll/verdict/result.hpp"
#include "settings.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll test: " << why << '\n';
  return code;
}

/// A given seed decides the names too; else each run has names of its own.
run_result begin_run(const configuration& chosen, const std::string& registry) {
  run_result run;
  run.version = version();
  run.seed = chosen.seed ? *chosen.seed : std::random_device{}();
  run.run_id = seeded_bytes(derive_seed(run.seed, "run id")).hex(8);
  run.registry = registry;
  run.spec_version = to_string(chosen.version);
  run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  for (shown_value& one : values_of(chosen)) {
    run.configuration.emplace_back(std::move(one.name), std::move(one.value));
  }
  return run;
}

/// Every format that has a file; returns what they are called.
result<std::string> write_reports(const std::filesystem::path& folder, const run_result& run) {
  reports::report_source source;
  source.run = run;
  std::string written;
  for (const reports::report_format& format : reports::all_formats()) {
    if (format.file.empty()) continue;
    const auto bytes = format.write(source);
    if (!bytes) return bytes.error();
    if (auto done = write_file(folder / format.file, *bytes); !done) return done.error();
    written += (written.empty() ? "" : ", ") + (folder / format.file).string();
  }
  return written;
}

/// The registry in this process for a configuration that names none.
result<reference::registry> start_bundled(const configuration& chosen) {
  reference::options how;
  how.version = chosen.version == spec_version::v1_0   ? reference::spec_version::v1_0
                : chosen.version == spec_version::v1_1 ? reference::spec_version::v1_1
                                                       : reference::spec_version::v1_2_dev;
  return reference::registry::start(std::move(how));
}

/// Publishes what a run has come to so far, scenario by scenario.
class live_run {
 public:
  live_run(run_result begun, std::size_t planned, exposition::published& to)
      : so_far_(std::move(begun)), planned_(planned), to_(to) {
    to_.replace(reports::metrics_so_far(so_far_, planned_));
  }

  void ended(const scenario_result& one) {
    so_far_.scenarios.push_back(one);
    so_far_.scenarios.back().transcript.clear();
    to_.replace(reports::metrics_so_far(so_far_, planned_));
  }

 private:
  run_result so_far_;
  std::size_t planned_;
  exposition::published& to_;
};

/// Never destroyed: that would wait for a name look-up which hangs.
boost::asio::io_context& event_loop() {
  static auto& io = *new boost::asio::io_context(1);
  return io;
}

/// The profile of that name, or of the file that lies there.
result<profile> load_profile(const std::string& name) {
  if (const profile* const known = find_profile(name)) return *known;
  std::ifstream in(name, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    return error::of(
        fmt::format("--profile: '{}' is neither spec nor certification, nor a file "
                    "that can be read",
                    printable(name)));
  }
  return parse_profile(text, name);
}

std::string today() {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

int run_plan(const plan& what, const configuration& chosen, const profile& judged_by) {
  if (const auto folder = prepare_folder(chosen.output); !folder) {
    return refuse(2, "--output: " + folder.error().what());
  }
  std::optional<reference::registry> bundled;
  std::string url = chosen.registry;
  if (url.empty()) {
    auto started = start_bundled(chosen);
    if (!started) {
      return refuse(3, "the bundled registry does not start: " + started.error().what());
    }
    url = started->url();
    bundled.emplace(std::move(*started));
  }
  const auto parsed = http::parse_url(url);
  if (!parsed) return refuse(2, parsed.error().what());
  const auto environs = process_environment();
  const monitoring watched{chosen.prometheus, chosen.pushgateway, chosen.require_push};
  const auto gateway = gateway_for(watched, environs);
  if (!gateway) return refuse(2, gateway.error().what());
  exposition::published figures;
  const auto exposed = expose(watched.prometheus, [&figures] { return figures.get(); });
  if (!exposed) return refuse(2, exposed.error().what());

  run_result run = begin_run(chosen, parsed->origin());
  auto how = client_options_for(chosen, environs, run.registry, run.run_id);
  if (!how) return refuse(2, how.error().what());
  auto registry = http::client::make(event_loop().get_executor(), std::move(*how));
  if (!registry) return refuse(2, registry.error().what());
  // The bundled registry ends with all that it holds.
  const bool clean_up = !chosen.keep && !bundled;
  std::optional<live_run> live;
  std::function<void(const scenario_result&)> also;
  if (*exposed) {
    live.emplace(run, to_run(what).size(), figures);
    also = [&live](const scenario_result& one) { live->ended(one); };
  }
  const bool ended = carry_out(what, chosen, clean_up, *registry, event_loop(), run, also);
  apply(judged_by, today(), run);
  figures.replace(reports::metrics_of(run));

  std::cout << reports::summary(run);
  const auto written = write_reports(chosen.output, run);
  if (!written) return refuse(3, written.error().what());
  std::cout << "reports: " << *written << '\n';
  if (ended) return 3;  // cut short, it is no result to push
  return push_metrics(*gateway, {"plimsoll-test", {{"registry", run.registry}}},
                      reports::metrics_of(run), watched.require_push, "plimsoll test",
                      exit_code(run));
}

struct test_options {
  explicit test_options(CLI::App& app) : settings(app) {
    app.add_flag("--show-config", show_config, "Print the configuration with its origins, and end");
    app.add_flag("--dry-run", dry_run, "Print what would run and what not, and end");
  }

  setting_flags settings;
  bool show_config = false;
  bool dry_run = false;
};

int test(const test_options& given) {
  const auto chosen = given.settings.load();
  if (!chosen) return refuse(2, chosen.error().what());
  if (given.show_config) {
    std::cout << show(*chosen);
    return 0;
  }
  const auto judged_by = load_profile(chosen->profile);
  if (!judged_by) return refuse(2, judged_by.error().what());
  const plan what = make_plan(*chosen, suite::all_scenarios(), suite::all_observers());
  if (what.scenarios.empty()) {
    return refuse(2, "no scenario is chosen; `plimsoll list scenarios` shows their ids");
  }
  for (const auto* notes : {&chosen->notes, &what.notes}) {
    for (const std::string& note : *notes) {
      if (chosen->log <= log_level::warn) std::cerr << "plimsoll test: note: " << note << '\n';
    }
  }
  if (given.dry_run) {
    std::cout << to_text(what);
    return 0;
  }
  return run_plan(what, *chosen, *judged_by);
}

}  // namespace

runnable describe_test(CLI::App& app) {
  const auto given = std::make_shared<test_options>(app);
  return [given] { return test(*given); };
}

}  // namespace plimsoll::cli
