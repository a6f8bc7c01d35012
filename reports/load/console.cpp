#include "plimsoll/load_reports/console.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "reports/load/units.hpp"

namespace plimsoll::load {
namespace {

constexpr std::array quantiles{0.5, 0.9, 0.99, 0.999};

double seconds_of(std::chrono::nanoseconds time) {
  return std::chrono::duration<double>(time).count();
}

/// Nothing is divided by a run that never measured.
double per_second(double count, const load_result& run) {
  return run.measured.count() > 0 ? count / seconds_of(run.measured) : 0;
}

std::string quantile_or_dash(const histogram& times, double q) {
  const auto found = times.quantile(q);
  return found ? shown_time(found->value) : "-";
}

std::string heading(std::string_view what, std::size_t width) {
  return fmt::format("{:<{}}  {:>9}  {:>7}  {:>9}  {:>9}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}\n",
                     what, width, "good", "failed", "good/s", "bytes/s", "p50", "p90", "p99",
                     "p99.9", "max");
}

std::string row(const measured_work& work, std::size_t width, const load_result& run) {
  const histogram& times = work.latency;
  const double bytes =
      static_cast<double>(work.bytes_sent) + static_cast<double>(work.bytes_received);
  std::string line = fmt::format("{:<{}}  {:>9}  {:>7}  {:>9.1f}  {:>9}", shown_text(work.name),
                                 width, times.count(), failures_of(work),
                                 per_second(static_cast<double>(times.count()), run),
                                 shown_throughput(per_second(bytes, run)));
  for (const double q : quantiles) line += fmt::format("  {:>8}", quantile_or_dash(times, q));
  return line + fmt::format("  {:>8}\n", times.count() == 0 ? "-" : shown_time(times.max()));
}

std::string table(std::string_view what, const std::vector<measured_work>& rows,
                  const load_result& run) {
  if (rows.empty()) return {};
  std::size_t width = what.size();
  for (const measured_work& one : rows) width = std::max(width, shown_text(one.name).size());
  std::string out = heading(what, width);
  for (const measured_work& one : rows) out += row(one, width, run);
  return out + "\n";
}

std::vector<measured_work> with_sum(const load_result& run) {
  std::vector<measured_work> rows = run.operations;
  if (rows.size() > 1) rows.push_back(all_operations(run));
  return rows;
}

std::string failures(const load_result& run) {
  std::string out;
  for (const auto& [kind, count] : all_operations(run).failures) {
    out += fmt::format("{:<10}  {} {}", kind == unfinished ? "cut off" : "failed", count,
                       shown_text(kind));
    for (const auto& [name, text] : run.examples) {
      if (name == kind) out += ", the first: " + shown_text(text);
    }
    out += "\n";
  }
  for (const auto& [code, count] : run.error_codes) {
    out += fmt::format("{:<10}  {} {}\n", "error code", count, shown_text(code));
  }
  if (run.retry_afters > 0) {
    out += fmt::format("{:<10}  {} answers of 429 said when to come again\n", "limited",
                       run.retry_afters);
  }
  if (run.dropped > 0) {
    out +=
        fmt::format("{:<10}  {} starts: too many were waiting already\n", "given up", run.dropped);
  }
  return out.empty() ? out : out + "\n";
}

std::string service_and_lag(const load_result& run) {
  const measured_work all = all_operations(run);
  return fmt::format(
      "latency counts from the intended start; from the real one (service) p50 {}, p99 {}\n"
      "the generator started late by p99 {}, p99.9 {}, at most {}\n",
      quantile_or_dash(all.service, 0.5), quantile_or_dash(all.service, 0.99),
      quantile_or_dash(run.lag, 0.99), quantile_or_dash(run.lag, 0.999), shown_time(run.lag.max()));
}

std::string generator(const load_result& run) {
  const generator_use& use = run.generator;
  return fmt::format(
      "it took {} of CPU in user code and {} in the kernel on {} threads, {} at the most, for {} "
      "connections\n",
      shown_time(use.user_time), shown_time(use.system_time), use.threads,
      human_bytes(use.peak_memory_bytes), use.connections);
}

std::string conditions(const load_result& run) {
  const fidelity& is = run.conditions;
  return fmt::format(
      "{} on {} for {}, plimsoll {}, seed {}\n"
      "pacing {}; content {}; verify {}; cache {}; connections {}; TLS {}; popularity {}\n",
      shown_text(run.workload), shown_text(run.registry), shown_time(run.measured),
      shown_text(run.version), is.seed, shown_text(is.pacing), shown_text(is.content),
      shown_text(is.verify), shown_text(is.cache), shown_text(is.reuse), shown_text(is.tls),
      shown_text(is.popularity));
}

/// Rate against latency, the lowest rate first.
std::string rates(const load_result& run) {
  if (!run.rates) return {};
  std::vector<tried_rate> tried = *run.rates;
  std::sort(tried.begin(), tried.end(), [](const tried_rate& a, const tried_rate& b) {
    return a.asked_per_second < b.asked_per_second;
  });
  const auto time = [](const auto& value) { return value ? shown_time(*value) : "-"; };
  std::string out = fmt::format("{:>10}  {:>10}  {:>8}  {:>8}  {:>8}  {:>7}\n", "asked/s", "good/s",
                                "p50", "p99", "p99.9", "failed");
  for (const tried_rate& one : tried) {
    out +=
        fmt::format("{:>10.1f}  {:>10.1f}  {:>8}  {:>8}  {:>8}  {:>7}  {}\n", one.asked_per_second,
                    one.reached_per_second, time(one.p50), time(one.p99), time(one.p999),
                    one.failures, one.broken.empty() ? "kept" : shown_text(one.broken));
  }
  return out + "\n";
}

std::string objectives(const load_result& run) {
  std::string out;
  for (const judged_objective& one : run.objectives) {
    out += fmt::format("{:<7}  {}: {}\n", to_string(one.outcome), shown_text(one.objective),
                       shown_text(one.measured));
  }
  return out.empty() ? out : "\n" + out;
}

std::string verdict_line(const load_result& run) {
  std::string out;
  for (const std::string& one : run.left_behind) out += "left behind  " + shown_text(one) + "\n";
  for (const std::string& why : run.invalid) out += "not valid: " + shown_text(why) + "\n";
  const int code = exit_code(run);
  const char* const what = !run.invalid.empty()     ? "not a valid measurement"
                           : code == 1              ? "an objective is broken"
                           : code == 3              ? "an objective could not be judged"
                           : run.objectives.empty() ? "measured, without objectives"
                                                    : "every objective is kept";
  return out + fmt::format("verdict: {}\n", what);
}

/// A run as one piece of work.
measured_work whole(const load_result& run) {
  measured_work all = all_operations(run);
  all.name = run.workload;
  return all;
}

}  // namespace

std::string table_of_runs(const std::vector<load_result>& runs) {
  constexpr std::string_view title = "test";
  std::size_t width = title.size();
  for (const load_result& run : runs) width = std::max(width, shown_text(run.workload).size());
  std::string out = heading(title, width);
  for (const load_result& run : runs) out += row(whole(run), width, run);
  for (const load_result& run : runs) {
    const std::string why = failures(run);
    if (!why.empty()) out += "\n" + shown_text(run.workload) + ":\n" + why;
    for (const std::string& one : run.invalid) {
      out += "\n" + shown_text(run.workload) + ": not valid: " + shown_text(one) + "\n";
    }
    for (const std::string& one : run.left_behind) {
      out += "\n" + shown_text(run.workload) + ": left behind: " + shown_text(one) + "\n";
    }
  }
  return out;
}

std::string summary(const load_result& run) {
  return rates(run) + table("operation", with_sum(run), run) + table("step", run.steps, run) +
         failures(run) + conditions(run) + service_and_lag(run) + generator(run) + objectives(run) +
         "\n" + verdict_line(run);
}

}  // namespace plimsoll::load
