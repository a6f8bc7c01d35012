#include <chrono>
#include <ctime>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "commands.hpp"
#include "connecting.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/config/config.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/reports/console.hpp"
#include "plimsoll/reports/formats.hpp"
#include "plimsoll/runner/runner.hpp"
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

std::vector<const scenario*> scenarios_for(const configuration& chosen) {
  std::vector<const scenario*> out;
  for (const scenario* one : suite::all_scenarios()) {
    if (!chosen.category.empty() && one->category != chosen.category) continue;
    if (one->id.find(chosen.filter) == std::string_view::npos) continue;
    out.push_back(one);
  }
  return out;
}

/// One exchange before the run: a registry that cannot be reached is one line, not a hundred.
boost::asio::awaitable<void> judge(http::client& registry, const configuration& chosen,
                                   run_result& run) {
  const auto answer = co_await registry.send(http::request("GET", "/v2/"));
  if (!answer.answered()) {
    run.reason = answer.error;
    co_return;
  }
  if (answer.response.status == 401 || answer.response.status == 403) {
    run.reason = fmt::format("GET /v2/ is answered with {}: give --username, or check the password",
                             answer.response.status);
    co_return;
  }
  run_options how;
  how.version = chosen.version;
  how.repository_prefix = chosen.repository_prefix;
  how.run_id = run.run_id;
  how.seed = run.seed;
  how.concurrency = chosen.concurrency;
  how.observers = suite::all_observers();
  run_outcome outcome = co_await run_scenarios(scenarios_for(chosen), registry, how);
  run.scenarios = std::move(outcome.scenarios);
  run.left_behind = std::move(outcome.left_behind);
}

/// A given seed decides the names too; else each run has names of its own.
run_result begin_run(const configuration& chosen, const std::string& registry) {
  run_result run;
  run.version = version();
  run.seed = chosen.seed ? *chosen.seed : std::random_device{}();
  run.run_id = seeded_bytes(derive_seed(run.seed, "run id")).hex(8);
  run.registry = registry;
  run.spec_version = to_string(chosen.version);
  run.profile = "spec";
  run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  for (shown_value& one : values_of(chosen)) {
    run.configuration.emplace_back(std::move(one.name), std::move(one.value));
  }
  return run;
}

void run_against(http::client& registry, boost::asio::io_context& io, const configuration& chosen,
                 run_result& run) {
  const auto began = std::chrono::steady_clock::now();
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, judge(registry, chosen, run), [&](std::exception_ptr why) {
    thrown = why;
    registry.close_idle();
    io.stop();
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  run.took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began);
  const http::traffic seen = registry.traffic_so_far();
  run.requests = seen.requests;
  run.bytes_sent = seen.bytes_sent;
  run.bytes_received = seen.bytes_received;
  summarize(run);
}

/// Every format that has a file; returns what they are called.
result<std::string> write_reports(const std::filesystem::path& folder, const run_result& run) {
  const reports::report_source source{run, std::nullopt};
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

int test(const configuration& chosen) {
  if (scenarios_for(chosen).empty()) {
    return refuse(2, "no scenario is chosen; `plimsoll list scenarios` shows their ids");
  }
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

  run_result run = begin_run(chosen, parsed->origin());
  auto how = client_options_for(chosen, process_environment(), run.registry, run.run_id);
  if (!how) return refuse(2, how.error().what());
  boost::asio::io_context io(1);
  auto registry = http::client::make(io.get_executor(), std::move(*how));
  if (!registry) return refuse(2, registry.error().what());
  run_against(*registry, io, chosen, run);

  std::cout << reports::summary(run);
  const auto written = write_reports(chosen.output, run);
  if (!written) return refuse(3, written.error().what());
  std::cout << "reports: " << *written << '\n';
  return exit_code(run);
}

}  // namespace

runnable describe_test(CLI::App& app) {
  struct options {
    explicit options(CLI::App& to) : settings(to) {}
    setting_flags settings;
    bool show = false;
  };
  const auto given = std::make_shared<options>(app);
  app.add_flag("--show-config", given->show, "Print the configuration with its origins, and end");
  return [given] {
    const auto chosen = given->settings.load();
    if (!chosen) return refuse(2, chosen.error().what());
    if (given->show) {
      std::cout << show(*chosen);
      return 0;
    }
    for (const std::string& note : chosen->notes) {
      if (chosen->log <= log_level::warn) std::cerr << "plimsoll test: note: " << note << '\n';
    }
    return test(*chosen);
  };
}

}  // namespace plimsoll::cli
