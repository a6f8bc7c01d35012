#include <atomic>
#include <cmath>
#include <csignal>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include "commands.hpp"
#include "connecting.hpp"
#include "monitoring.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/base/utc_time.hpp"
#include "plimsoll/config/config.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/load/run.hpp"
#include "plimsoll/load_reports/console.hpp"
#include "plimsoll/load_reports/json.hpp"
#include "plimsoll/load_values/objective.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/reports/metrics.hpp"
#include "settings.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

struct load_flags {
  std::string url;
  std::string workload = "pull";
  std::string verify;
  std::string content;
  std::string duration;
  std::vector<std::string> existing;
  std::vector<std::string> objectives;
  std::string repository_prefix = "plimsoll";
  std::string output = "plimsoll-load";
  std::string username;
  std::string ca_file;
  bool insecure = false;
  bool keep = false;
  bool yes = false;
  monitoring metrics;
  bool find_limit = false;
  std::string step = "10s";
  unsigned clients = 0;
  unsigned threads = 0;
  double rate = 0;
  double scale = 1;
  std::uint64_t operations = 0;
  std::optional<std::uint64_t> seed;
};

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll load: " << why << '\n';
  return code;
}

// --- The workload ---------------------------------------------------------------------------

result<load::workload> read_workload(const std::string& name) {
  if (!load::built_in_workload_text(name).empty()) return load::built_in_workload(name);
  if (name.find('/') == std::string::npos && name.find(".yaml") == std::string::npos) {
    return load::built_in_workload(name);  // says what is near
  }
  std::ifstream file(name, std::ios::binary);
  std::ostringstream text;
  if (!(text << file.rdbuf())) return error::of("workload " + name + ": cannot be read");
  return load::parse_workload(text.str(), name);
}

/// "60s", "500ms", "2m" or a number of seconds.
result<std::chrono::nanoseconds> read_duration(std::string_view flag, const std::string& text) {
  double number = 0;
  std::string unit;
  std::istringstream in(text);
  in >> number >> unit;
  const double seconds = unit.empty() || unit == "s" ? 1
                         : unit == "ms"              ? 1e-3
                         : unit == "m"               ? 60
                         : unit == "h"               ? 3600
                                                     : 0;
  if (seconds * number <= 0 || seconds * number > 7 * 86400.0) {
    return error::of(std::string(flag) + " expects a time up to a week, as 60s or 5m; got '" +
                     printable(text) + "'");
  }
  return std::chrono::nanoseconds(static_cast<std::int64_t>(number * seconds * 1e9));
}

void set_pace(load::workload& plan, const load_flags& flags) {
  const bool closed = std::holds_alternative<load::closed_loop>(plan.pace);
  if (flags.rate > 0) {
    plan.pace = load::rate_plan{{{flags.rate, flags.rate, plan.duration}}, load::spacing::even};
  } else if (closed && flags.clients > 0) {
    plan.pace = load::closed_loop{flags.clients};
  }
}

/// A single operation on what is there: whole images, or blobs.
void read_only(load::workload& plan, std::size_t contents) {
  plan.content.repositories = contents;
  plan.content.tags = 1;
  load::operation pull;
  pull.name = "pull";
  pull.kind = load::operation_kind::image_pull;
  plan.operations = {pull};
}

result<load::workload> workload_for(const load_flags& flags) {
  auto plan = read_workload(flags.workload);
  if (!plan) return plan;
  if (flags.scale < 1) *plan = load::scaled(*plan, flags.scale);
  if (!flags.duration.empty()) {
    const auto lasting = read_duration("--duration", flags.duration);
    if (!lasting) return lasting.error();
    const auto* rate = std::get_if<load::rate_plan>(&plan->pace);
    if (rate != nullptr && rate->stages.size() > 1) {
      return error::of("--duration: the workload's stages say how long it lasts");
    }
    plan->duration = *lasting;
    if (auto* constant = std::get_if<load::rate_plan>(&plan->pace)) {
      constant->stages.front().lasting = *lasting;
    }
  }
  set_pace(*plan, flags);
  if (!flags.existing.empty()) read_only(*plan, flags.existing.size());
  if (flags.verify == "none") plan->verify = load::verify_mode::none;
  if (flags.verify == "size") plan->verify = load::verify_mode::size;
  if (flags.verify == "full") plan->verify = load::verify_mode::full;
  if (flags.content == "tile") plan->bytes = load::content_mode::tile;
  if (flags.content == "pool") plan->bytes = load::content_mode::pool;
  if (flags.content == "random") plan->bytes = load::content_mode::random;
  for (const std::string& one : flags.objectives) plan->objectives.push_back(one);
  return plan;
}

result<std::vector<load::existing_content>> existing_for(const load_flags& flags) {
  std::vector<load::existing_content> out;
  for (const std::string& one : flags.existing) {
    const auto at = one.rfind('@');
    const std::string repository = one.substr(0, at);
    const bool named = at != std::string::npos && oci::is_repository_name(repository);
    const auto digest = oci::digest::parse(named ? one.substr(at + 1) : "");
    if (!named || !digest) {
      return error::of("--existing expects REPOSITORY@DIGEST, got '" + printable(one) + "'");
    }
    out.push_back({repository, digest->str()});
  }
  return out;
}

// --- Politeness -----------------------------------------------------------------------------

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

/// The bytes that the workload's images come to, about.
double prepared_bytes(const load::workload& plan) {
  double mean = 0;
  double shares = 0;
  if (const auto* one = std::get_if<load::lognormal>(&plan.content.layer_bytes)) {
    mean = one->median * std::exp(one->sigma * one->sigma / 2);
    shares = 1;
  } else {
    for (const auto& bucket : std::get<std::vector<load::size_bucket>>(plan.content.layer_bytes)) {
      mean += bucket.share *
              (static_cast<double>(bucket.from_bytes) + static_cast<double>(bucket.to_bytes)) / 2;
      shares += bucket.share;
    }
  }
  const double images = static_cast<double>(plan.content.repositories * plan.content.tags);
  return images * plan.content.layers.median * mean / shares;
}

/// What has to be asked for with --yes; empty where nothing has.
std::string asks_for_consent(const load::workload& plan, const std::string& host, bool pushes) {
  if (is_loopback(host)) return {};
  if (plan.duration > std::chrono::seconds(60)) return "runs for more than 60 s";
  constexpr double gibibyte = 1024.0 * 1024 * 1024;
  if (pushes && prepared_bytes(plan) > gibibyte) return "pushes more than 1 GiB";
  return {};
}

// --- The run --------------------------------------------------------------------------------

/// Counts SIGINT and SIGTERM while it lives: one ends the run with a report, two end the program.
class interrupt_counter {
 public:
  interrupt_counter() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGUSR1);  // ends the thread
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this] { wait(); });
  }
  interrupt_counter(const interrupt_counter&) = delete;
  interrupt_counter& operator=(const interrupt_counter&) = delete;
  ~interrupt_counter() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }
  [[nodiscard]] const std::atomic<int>& count() const noexcept { return count_; }

 private:
  void wait() {
    for (int received = 0;;) {
      sigwait(&signals_, &received);
      if (received == SIGUSR1) return;
      if (count_.fetch_add(1) > 0) _exit(130);
      std::cerr << "\nplimsoll load: ending; once more ends at once\n";
    }
  }

  sigset_t signals_{};
  std::atomic<int> count_{0};
  std::thread thread_;
};

/// One line that is written over each second.
load::run_observer display() {
  const bool live = isatty(STDERR_FILENO) == 1;
  load::run_observer out;
  out.phase = [live](const std::string& phase) {
    std::cerr << (live ? "\r\x1b[K" : "") << "plimsoll load: " << phase << '\n';
  };
  if (!live) return out;
  out.second = [](const load::live_second& last) {
    using milliseconds = std::chrono::duration<double, std::milli>;
    const auto& now = last.counted;
    const auto text = [](const std::optional<std::chrono::nanoseconds>& time) {
      return time ? fmt::format("{:.2f} ms", milliseconds(*time).count()) : std::string("-");
    };
    std::cerr << fmt::format(
                     "\r\x1b[K{}/s  failed {}  in {}/s  out {}/s  p50 {}  p99 {}  at once {}  "
                     "waiting {}  generator {:.0f} % CPU {}",
                     now.operations, now.failures, human_bytes(now.bytes_received),
                     human_bytes(now.bytes_sent), text(now.p50), text(now.p99), last.under_way,
                     last.waiting, static_cast<double>(last.cpu.count()) / 1e7,
                     human_bytes(last.resident_bytes))
              << std::flush;
  };
  return out;
}

result<http::client_options> connect_options(const load_flags& flags, const std::string& origin,
                                             const std::string& run_id) {
  std::vector<setting> given{{"registry", origin}};
  if (!flags.username.empty()) given.push_back({"username", flags.username});
  if (!flags.ca_file.empty()) given.push_back({"ca-file", flags.ca_file});
  if (flags.insecure) given.push_back({"insecure", "true"});
  const environment env = process_environment();
  const auto chosen = load_configuration(given, env, std::nullopt);
  if (!chosen) return chosen.error();
  return client_options_for(*chosen, env, origin, run_id);
}

result<std::string> write_metrics(const std::filesystem::path& folder,
                                  const load::load_result& run) {
  const auto file = folder / "plimsoll.prom";
  const auto done = write_file(file, reports::prometheus_text(reports::metrics_of(run)));
  if (!done) return done.error();
  return file.string();
}

int report(load::load_result& run, const std::vector<load::objective>& objectives,
           const std::string& output) {
  for (const load::objective& one : objectives) run.objectives.push_back(load::judge(one, run));
  std::cout << load::summary(run);
  const std::filesystem::path file = std::filesystem::path(output) / "result.json";
  if (const auto written = write_file(file, load::to_json(run)); !written) {
    return refuse(3, written.error().what());
  }
  const auto metrics = write_metrics(output, run);
  if (!metrics) return refuse(3, metrics.error().what());
  std::cout << "result: " << file.string() << ", " << *metrics << '\n';
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
  auto plan = workload_for(flags);
  if (!plan) return refuse(2, plan.error().what());
  const auto objectives = load::objectives_of(*plan, load::step_names());
  if (!objectives) return refuse(2, objectives.error().what());
  auto existing = existing_for(flags);
  if (!existing) return refuse(2, existing.error().what());
  const auto step = read_duration("--step", flags.step);
  if (!step) return refuse(2, step.error().what());
  const load::limit_options limits{flags.rate, *step, *objectives};
  const std::string heavy = asks_for_consent(*plan, url->host, existing->empty());
  if (!heavy.empty() && !flags.yes) {
    return refuse(2, "this " + heavy + " on " + url->host + ": say --yes if that is meant");
  }
  if (const auto folder = prepare_folder(flags.output); !folder) {
    return refuse(2, "--output: " + folder.error().what());
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
  auto connect = connect_options(flags, url->origin(), how.run_id);
  if (!connect) return refuse(2, connect.error().what());
  how.registry = std::move(*connect);

  const std::string started = utc_now();
  const interrupt_counter interrupts;  // before the exposer's threads, which inherit the mask
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
  run->objectives.clear();  // a search judged them for itself: they are judged below
  const int verdict = report(*run, *objectives, flags.output);
  return push_metrics(
      *gateway, {"plimsoll-load", {{"registry", run->registry}, {"workload", run->workload}}},
      reports::metrics_of(*run), flags.metrics.require_push, "plimsoll load", verdict);
}

}  // namespace

runnable describe_load(CLI::App& app) {
  const auto flags = std::make_shared<load_flags>();
  load_flags& to = *flags;
  app.add_option("URL", to.url, "The registry, http(s)://HOST[:PORT]")->required();
  app.add_option("--workload", to.workload, "A built-in workload, or a YAML file")
      ->capture_default_str();
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
  app.add_option("--operations", to.operations, "End a closed loop after so many");
  app.add_option("--verify", to.verify, "What is checked of what is pulled; full: every byte")
      ->check(CLI::IsMember({"none", "size", "full"}));
  app.add_option("--content", to.content, "How far pushed bytes can be found again elsewhere")
      ->check(CLI::IsMember({"tile", "pool", "random"}));
  app.add_option("--scale", to.scale, "Sizes and numbers of the workload's images times this")
      ->check(CLI::Range(1e-9, 1.0));
  app.add_option("--existing", to.existing, "Pull this REPOSITORY@DIGEST, and push nothing")
      ->allow_extra_args(false);
  app.add_option("--slo", to.objectives, "An objective, for example pull.p99<250ms")
      ->allow_extra_args(false);
  app.add_option("--repo-prefix", to.repository_prefix, "Repositories are made below it")
      ->capture_default_str();
  app.add_option("--output", to.output, "Folder for result.json")->capture_default_str();
  app.add_option("--seed", to.seed, "Decides content, names and choices; else another each time");
  app.add_flag("--keep", to.keep, "Leave in the registry what was pushed");
  app.add_flag("--yes", to.yes, "More than 60 s or 1 GiB on a host that is not this one");
  app.add_option("--username", to.username, "The password is in PLIMSOLL_PASSWORD");
  app.add_option("--ca-file", to.ca_file, "PEM file, beside the system's CAs");
  app.add_flag("--insecure", to.insecure, "Take any certificate");
  describe_exposition(app, to.metrics);
  describe_push(app, to.metrics);
  return [flags] { return run_load(*flags); };
}

}  // namespace plimsoll::cli
