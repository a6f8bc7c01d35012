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
#include "plimsoll/base/text.hpp"
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

/// The bundled registry ends with all that it holds; until then that is memory of this process.
std::uint64_t left_to(const configuration& chosen, bool bundled) {
  if (chosen.keep) return std::numeric_limits<std::uint64_t>::max();
  return bundled ? std::uint64_t{1} << 20u : 0;
}

/// What is judged: a registry elsewhere, or the one in this process.
struct target {
  std::optional<reference::registry> bundled;
  http::url url;
};

result<target> target_of(const configuration& chosen) {
  target out;
  std::string url = chosen.registry;
  if (url.empty()) {
    auto started = start_bundled(chosen);
    if (!started) {
      return error::of("the bundled registry does not start: " + started.error().what());
    }
    url = started->url();
    out.bundled.emplace(std::move(*started));
  }
  auto parsed = http::parse_url(url);
  if (!parsed) return parsed.error();
  out.url = std::move(*parsed);
  return out;
}

/// One for each login.
struct clients {
  http::client registry;
  std::optional<http::client> owner;  ///< Of the private repository, where one is named.
};

result<clients> clients_for(const configuration& chosen, const environment& environs,
                            const run_result& run) {
  auto how = client_options_for(chosen, environs, run.registry, run.run_id);
  if (!how) return how.error();
  const auto executor = event_loop().get_executor();
  std::optional<http::client> owner;
  if (!chosen.owner.repository.empty()) {
    http::client_options its = *how;
    its.login = http::credentials{chosen.owner.username, chosen.owner.password, ""};
    auto made = http::client::make(executor, std::move(its));
    if (!made) return made.error();
    owner.emplace(std::move(*made));
  }
  auto registry = http::client::make(executor, std::move(*how));
  if (!registry) return registry.error();
  return clients{std::move(*registry), std::move(owner)};
}

/// Runs the plan, and publishes what comes of it while somebody may ask. @return whether it was cut
/// short
bool carry_out_published(const plan& what, const configuration& chosen, clients& by, bool bundled,
                         run_result& run, exposition::published* figures) {
  const users who{by.registry, by.owner ? &*by.owner : nullptr};
  std::optional<live_run> live;
  std::function<void(const scenario_result&)> also;
  if (figures != nullptr) {
    live.emplace(run, to_run(what).size(), *figures);
    also = [&live](const scenario_result& one) { live->ended(one); };
  }
  return carry_out(what, chosen, left_to(chosen, bundled), who, event_loop(), run, also);
}

/// A part that nobody chose for this run opens no gate: says which setting it comes from.
void explain_exit_code(std::string_view command, const run_result& run) {
  const run_restriction* const accidental = accidental_restriction(run);
  if (run.outcome != verdict::partial || accidental == nullptr) return;
  std::cerr << fmt::format(
      "{}: exit code 3: {} restricts the run to a part ({} = {}), which may be left over: take it "
      "out, or give --{} or --config\n",
      command, printable(accidental->origin), accidental->setting, printable(accidental->value),
      accidental->setting);
}

}  // namespace

boost::asio::io_context& event_loop() {
  // NOLINTNEXTLINE(*-avoid-non-const-global-variables): one for the whole program
  static auto& io = *new boost::asio::io_context(1);
  return io;
}

std::string not_whole(const configuration& chosen, const plan& what) {
  for (const std::string_view setting : {"filter", "category", "read-only"}) {
    const bool is_set = setting == "filter"     ? !chosen.filter.empty()
                        : setting == "category" ? !chosen.category.empty()
                                                : chosen.read_only;
    const auto origin = chosen.origins.find(setting);
    if (!is_set || origin == chosen.origins.end()) continue;
    return fmt::format("the profile certification judges all that there is, and {} is set ({})",
                       setting, origin->second.where);
  }
  const auto settle = chosen.origins.find("settle");
  if (settle != chosen.origins.end() && chosen.settle < std::chrono::seconds(60)) {
    return fmt::format("the profile certification waits for 60s at least, and settle is less ({})",
                       settle->second.where);
  }
  if (!what.part) return {};
  const run_restriction& first = what.part->restrictions.front();
  return fmt::format(
      "the profile certification judges all that there is, and {} is switched off ({})",
      first.setting, first.origin);
}

void tell_notes(std::string_view command, const plan& what, const configuration& chosen) {
  const auto tell = [&](const std::vector<std::string>& notes) {
    for (const std::string& note : notes) std::cerr << command << ": note: " << note << '\n';
  };
  if (chosen.log <= log_level::warn) {
    tell(chosen.notes);
    tell(what.notes);
  }
  if (chosen.log <= log_level::info) tell(chosen.ignored);
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
  const auto judged = target_of(chosen);
  if (!judged) return refuse(chosen.registry.empty() ? 3 : 2, judged.error().what());
  const auto environs = process_environment();
  const monitoring watched{chosen.prometheus, chosen.pushgateway, chosen.require_push};
  const auto gateway = gateway_for(watched, environs);
  if (!gateway) return refuse(2, gateway.error().what());
  exposition::published figures;
  const auto exposed = expose(watched.prometheus, [&figures] { return figures.get(); });
  if (!exposed) return refuse(2, exposed.error().what());

  run_result run = begin_run(chosen, judged->url.origin());
  run.part = what.part;
  auto by = clients_for(chosen, environs, run);
  if (!by) return refuse(2, by.error().what());
  const bool ended = carry_out_published(what, chosen, *by, judged->bundled.has_value(), run,
                                         *exposed ? &figures : nullptr);
  apply(judged_by, utc_today(), run);
  figures.replace(reports::metrics_of(run));

  std::cout << reports::summary(run);
  const auto written = write_reports(chosen.output, run);
  if (!written) return refuse(3, written.error().what());
  std::cout << "reports: " << *written << '\n';
  explain_exit_code(command, run);
  int code = 3;  // cut short, it is no result to push
  if (!ended) {
    code = push_metrics(*gateway, {"plimsoll-test", {{"registry", run.registry}}},
                        reports::metrics_of(run), watched.require_push, command, exit_code(run));
  }
  return {code, std::move(run)};
}

}  // namespace plimsoll::cli
