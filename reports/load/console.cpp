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

/// Zero for a run without a duration.
double per_second(double count, const load_result& run) {
  return run.measured.count() > 0 ? count / seconds_of(run.measured) : 0;
}

std::string quantile_or_dash(const histogram& times, double q) {
  const auto estimate = times.quantile(q);
  return estimate ? shown_time(estimate->value) : "-";
}

std::string heading(std::string_view label, std::size_t width) {
  return fmt::format("{:<{}}  {:>9}  {:>7}  {:>9}  {:>9}  {:>8}  {:>8}  {:>8}  {:>8}  {:>8}\n",
                     label, width, "good", "failed", "good/s", "bytes/s", "p50", "p90", "p99",
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

std::string table(std::string_view label, const std::vector<measured_work>& rows,
                  const load_result& run) {
  if (rows.empty()) return {};
  std::size_t width = label.size();
  for (const measured_work& work : rows) width = std::max(width, shown_text(work.name).size());
  std::string out = heading(label, width);
  for (const measured_work& work : rows) out += row(work, width, run);
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
    out +=
        fmt::format("{:<10}  {} responses of 429 had Retry-After\n", "limited", run.retry_afters);
  }
  if (run.dropped > 0) {
    out += fmt::format("{:<10}  {} starts: the queue was full\n", "dropped", run.dropped);
  }
  return out.empty() ? out : out + "\n";
}

std::string service_and_lag(const load_result& run) {
  const measured_work all = all_operations(run);
  return fmt::format(
      "latency counts from the intended start; from the real one (service) p50 {}, p99 {}\n"
      "the generator's starts were late by p99 {}, p99.9 {}, at most {}\n",
      quantile_or_dash(all.service, 0.5), quantile_or_dash(all.service, 0.99),
      quantile_or_dash(run.lag, 0.99), quantile_or_dash(run.lag, 0.999), shown_time(run.lag.max()));
}

std::string generator(const load_result& run) {
  const generator_use& use = run.generator;
  return fmt::format(
      "the generator used {} of CPU in user code and {} in the kernel on {} threads, at most {} of "
      "memory, and {} "
      "connections\n",
      shown_time(use.user_time), shown_time(use.system_time), use.threads,
      human_bytes(use.peak_memory_bytes), use.connections);
}

std::string conditions(const load_result& run) {
  const fidelity& conditions = run.conditions;
  return fmt::format(
      "{} on {} for {}, plimsoll {}, seed {}\n"
      "pacing {}; content {}; verify {}; cache {}; connections {}; TLS {}; popularity {}\n",
      shown_text(run.workload), shown_text(run.registry), shown_time(run.measured),
      shown_text(run.version), conditions.seed, shown_text(conditions.pacing),
      shown_text(conditions.content), shown_text(conditions.verify), shown_text(conditions.cache),
      shown_text(conditions.reuse), shown_text(conditions.tls), shown_text(conditions.popularity));
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
  for (const tried_rate& rate : tried) {
    out +=
        fmt::format("{:>10.1f}  {:>10.1f}  {:>8}  {:>8}  {:>8}  {:>7}  {}\n", rate.asked_per_second,
                    rate.reached_per_second, time(rate.p50), time(rate.p99), time(rate.p999),
                    rate.failures, rate.broken.empty() ? "kept" : shown_text(rate.broken));
  }
  return out + "\n";
}

std::string objectives(const load_result& run) {
  std::string out;
  for (const judged_objective& objective : run.objectives) {
    out += fmt::format("{:<7}  {}: {}\n", to_string(objective.outcome),
                       shown_text(objective.objective), shown_text(objective.measured));
  }
  return out.empty() ? out : "\n" + out;
}

std::string verdict_line(const load_result& run) {
  std::string out;
  for (const std::string& resource : run.left_behind) {
    out += "left behind  " + shown_text(resource) + "\n";
  }
  for (const std::string& reason : run.invalid) out += "not valid: " + shown_text(reason) + "\n";
  const int code = exit_code(run);
  const char* const verdict = !run.invalid.empty()     ? "not a valid measurement"
                              : code == 1              ? "an objective is broken"
                              : code == 3              ? "an objective could not be judged"
                              : run.objectives.empty() ? "measured, without objectives"
                                                       : "every objective is kept";
  return out + fmt::format("verdict: {}\n", verdict);
}

/// All operations of a run, named after its workload.
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
    const std::string failure_lines = failures(run);
    if (!failure_lines.empty()) out += "\n" + shown_text(run.workload) + ":\n" + failure_lines;
    for (const std::string& reason : run.invalid) {
      out += "\n" + shown_text(run.workload) + ": not valid: " + shown_text(reason) + "\n";
    }
    for (const std::string& resource : run.left_behind) {
      out += "\n" + shown_text(run.workload) + ": left behind: " + shown_text(resource) + "\n";
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
