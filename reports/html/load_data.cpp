#include "reports/html/load_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/load_reports/comparison.hpp"

namespace plimsoll::reports {
namespace {

using load::histogram;
using load::measured_work;
using nlohmann::ordered_json;

/// Eight bars a doubling: enough to see a shape, few enough to draw.
constexpr std::uint32_t buckets_a_bar = 8;

ordered_json named(std::initializer_list<std::pair<std::string_view, std::string>> values) {
  ordered_json out = ordered_json::array();
  for (const auto& [name, value] : values) out.push_back({{"name", name}, {"value", value}});
  return out;
}

ordered_json named(const std::vector<std::pair<std::string, std::string>>& values) {
  ordered_json out = ordered_json::array();
  for (const auto& [name, value] : values) out.push_back({{"name", name}, {"value", value}});
  return out;
}

ordered_json counted(const load::named_counts& counts) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, count] : counts) out[name] = count;
  return out;
}

/// Those of the tables exactly, and between them points as dense as the tail is thin.
ordered_json quantiles(const histogram& times) {
  std::vector<double> shares{0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999};
  for (int i = 0; i < 100; ++i) shares.push_back(1 - std::pow(10, -i / 20.0));
  std::sort(shares.begin(), shares.end());
  ordered_json out = ordered_json::array();
  double last = 0;
  for (const double share : shares) {
    if (share - last < 1e-9) continue;
    last = share;
    if (const auto at = times.quantile(share)) out.push_back({share, at->value.count()});
  }
  return out;
}

ordered_json bars(const histogram& times) {
  ordered_json out = ordered_json::array();
  std::optional<std::uint32_t> open;
  for (const histogram::bucket& one : times.buckets()) {
    const std::uint32_t bar = one.index / buckets_a_bar;
    if (open == bar) {
      out.back()[2] = out.back()[2].get<std::uint64_t>() + one.count;
      continue;
    }
    open = bar;
    out.push_back({histogram::bounds_of(bar * buckets_a_bar).first.count(),
                   histogram::bounds_of(bar * buckets_a_bar + buckets_a_bar - 1).last.count(),
                   one.count});
  }
  return out;
}

ordered_json page_work(const measured_work& work, double seconds) {
  const std::uint64_t succeeded = work.latency.count();
  const std::uint64_t failed = failures_of(work);
  const auto all = static_cast<double>(succeeded + failed);
  return {{"name", work.name},
          {"succeeded", succeeded},
          {"per_second", seconds > 0 ? static_cast<double>(succeeded) / seconds : 0},
          {"failures", counted(work.failures)},
          {"error_share", all > 0 ? static_cast<double>(failed) / all : 0},
          {"bytes_sent", work.bytes_sent},
          {"bytes_received", work.bytes_received},
          {"mean", work.latency.mean().count()},
          {"max", work.latency.max().count()},
          {"quantiles", quantiles(work.latency)},
          {"bars", bars(work.latency)}};
}

ordered_json page_second(const load::measured_second& second) {
  const auto time = [](const auto& value) {
    return value ? ordered_json(value->count()) : ordered_json(nullptr);
  };
  return {second.operations, second.failures, second.bytes_sent + second.bytes_received,
          time(second.p50), time(second.p99)};
}

std::string seconds_of(std::chrono::nanoseconds time) {
  return fmt::format("{:.1f} s", std::chrono::duration<double>(time).count());
}

ordered_json generator(const load::load_result& run) {
  const load::generator_use& use = run.generator;
  return named({{"threads", std::to_string(use.threads)},
                {"connections", std::to_string(use.connections)},
                {"user time", seconds_of(use.user_time)},
                {"system time", seconds_of(use.system_time)},
                {"peak memory", human_bytes(use.peak_memory_bytes)}});
}

ordered_json conditions(const load::fidelity& of) {
  return named({{"content", of.content},
                {"verify", of.verify},
                {"cache", of.cache},
                {"connections", of.reuse},
                {"TLS", of.tls},
                {"popularity", of.popularity},
                {"pacing", of.pacing},
                {"seed", std::to_string(of.seed)}});
}

ordered_json page_metric(const load::compared_metric& one) {
  return {{"metric", load::to_string(one.metric)},
          {"verdict", load::to_string(one.verdict)},
          {"reason", one.reason},
          {"base", load::shown_base(one)},
          {"new", load::shown_new(one)},
          {"decided", load::has_change(one)},
          {"less_is_better", load::less_is_better(one.metric.kind)},
          {"effect", one.effect == load::effect_kind::ratio ? "ratio" : "difference"},
          {"change", one.change},
          {"low", one.interval.low},
          {"high", one.interval.high},
          {"margin", one.margin},
          {"p", one.p},
          {"p_adjusted", one.p_adjusted}};
}

}  // namespace

ordered_json page_comparison(const load::comparison& of) {
  ordered_json out = {{"verdict", load::to_string(of.verdict)},
                      {"base_runs", of.base_runs},
                      {"new_runs", of.fresh_runs},
                      {"notes", of.notes},
                      {"metrics", ordered_json::array()}};
  for (const load::compared_metric& one : of.metrics) out["metrics"].push_back(page_metric(one));
  return out;
}

ordered_json page_load(const load::load_result& run) {
  const double seconds = std::chrono::duration<double>(run.measured).count();
  ordered_json out = {{"suite_version", run.version},
                      {"run_id", run.run_id},
                      {"registry", run.registry},
                      {"workload", run.workload},
                      {"started", run.started},
                      {"measured", run.measured.count()},
                      {"conditions", conditions(run.conditions)},
                      {"work", ordered_json::array()},
                      {"steps", ordered_json::array()},
                      {"dropped", run.dropped},
                      {"series", ordered_json::array()},
                      {"generator", generator(run)},
                      {"error_codes", counted(run.error_codes)},
                      {"examples", named(run.examples)},
                      {"invalid", run.invalid},
                      {"objectives", ordered_json::array()}};
  for (const measured_work& one : run.operations) out["work"].push_back(page_work(one, seconds));
  if (run.operations.size() > 1) out["work"].push_back(page_work(all_operations(run), seconds));
  for (const measured_work& one : run.steps) out["steps"].push_back(page_work(one, seconds));
  for (const load::measured_second& one : run.series) out["series"].push_back(page_second(one));
  for (const load::judged_objective& one : run.objectives) {
    out["objectives"].push_back({{"objective", one.objective},
                                 {"outcome", to_string(one.outcome)},
                                 {"measured", one.measured}});
  }
  return out;
}

}  // namespace plimsoll::reports
