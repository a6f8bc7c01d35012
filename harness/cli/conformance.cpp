#include "conformance.hpp"

#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <malloc.h>

#include "connecting.hpp"
#include "judging.hpp"
#include "monitoring.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/utc_time.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/reports/console.hpp"
#include "plimsoll/reports/formats.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "requirements.hpp"
#include "settings.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

/// What the suite does about each statement of the specs.
std::vector<requirement_note> notes_on_catalogue() {
  std::vector<requirement_note> notes;
  for (const requirement& rule : all_requirements()) {
    treatment what = treatment_of(rule);
    requirement_note& note = notes.emplace_back();
    note.requirement = rule.id;
    note.faults.assign(what.faults.begin(), what.faults.end());
    note.not_judged = std::move(what.not_judged);
  }
  return notes;
}

/// A given seed decides the names too; else each run has names of its own.
run_result begin_run(const configuration& chosen, const std::string& registry) {
  run_result run;
  run.version = version();
  run.seed = chosen.seed ? *chosen.seed : std::random_device{}();
  run.run_id = seeded_bytes(derive_seed(run.seed, "run id")).hex(8);
  run.registry = registry;
  run.spec_version = to_string(chosen.version);
  run.started = utc_now();
  run.coverage = notes_on_catalogue();
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
  // The registry's thread and ours take turns: from one arena, what one of them frees serves the
  // other, and the run needs 4 MiB less.
  mallopt(M_ARENA_MAX, 1);
  reference::options how;
  how.version = chosen.version == spec_version::v1_0   ? reference::spec_version::v1_0
                : chosen.version == spec_version::v1_1 ? reference::spec_version::v1_1
                                                       : reference::spec_version::v1_2_dev;
  how.guarded = {chosen.owner.repository, chosen.owner.username, chosen.owner.password};
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

/// A client with the login of the private repository's owner; nothing where none is named.
result<std::optional<http::client>> client_of_owner(const configuration& chosen,
                                                    http::client_options how) {
  if (chosen.owner.repository.empty()) return std::optional<http::client>();
  how.login = http::credentials{chosen.owner.username, chosen.owner.password, ""};
  auto made = http::client::make(event_loop().get_executor(), std::move(how));
  if (!made) return made.error();
  return std::optional<http::client>(std::move(*made));
}

/// The bundled registry ends with all that it holds; until then that is memory of this process.
std::uint64_t left_to(const configuration& chosen, bool bundled) {
  if (chosen.keep) return std::numeric_limits<std::uint64_t>::max();
  return bundled ? std::uint64_t{1} << 20u : 0;
}

}  // namespace

boost::asio::io_context& event_loop() {
  // NOLINTNEXTLINE(*-avoid-non-const-global-variables): one for the whole program
  static auto& io = *new boost::asio::io_context(1);
  return io;
}

void tell_notes(std::string_view command, const plan& what, const configuration& chosen) {
  if (chosen.log > log_level::warn) return;
  for (const auto* notes : {&chosen.notes, &what.notes}) {
    for (const std::string& note : *notes) std::cerr << command << ": note: " << note << '\n';
  }
}

conformance judge_registry(std::string_view command, const plan& what, const configuration& chosen,
                           const profile& judged_by) {
  const auto refuse = [&](int code, const std::string& why) {
    std::cerr << command << ": " << why << '\n';
    return conformance{code, {}};
  };
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
  auto owner = client_of_owner(chosen, *how);
  if (!owner) return refuse(2, owner.error().what());
  auto registry = http::client::make(event_loop().get_executor(), std::move(*how));
  if (!registry) return refuse(2, registry.error().what());
  const users who{*registry, *owner ? &**owner : nullptr};
  const std::uint64_t leaves_bytes = left_to(chosen, bundled.has_value());
  std::optional<live_run> live;
  std::function<void(const scenario_result&)> also;
  if (*exposed) {
    live.emplace(run, to_run(what).size(), figures);
    also = [&live](const scenario_result& one) { live->ended(one); };
  }
  const bool ended = carry_out(what, chosen, leaves_bytes, who, event_loop(), run, also);
  apply(judged_by, utc_today(), run);
  figures.replace(reports::metrics_of(run));

  std::cout << reports::summary(run);
  const auto written = write_reports(chosen.output, run);
  if (!written) return refuse(3, written.error().what());
  std::cout << "reports: " << *written << '\n';
  int code = 3;  // cut short, it is no result to push
  if (!ended) {
    code = push_metrics(*gateway, {"plimsoll-test", {{"registry", run.registry}}},
                        reports::metrics_of(run), watched.require_push, command, exit_code(run));
  }
  return {code, std::move(run)};
}

}  // namespace plimsoll::cli
