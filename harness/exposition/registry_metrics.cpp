#include "plimsoll/exposition/registry_metrics.hpp"

#include <string>

#include <fmt/format.h>

#include "plimsoll/reports/metric_family.hpp"

namespace plimsoll::exposition {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;
using reports::add_histogram;
using reports::add_sample;
using reports::metric_family;

MetricFamily single(std::string name, std::string help, MetricType type, std::uint64_t value) {
  auto made = metric_family(std::move(name), std::move(help), type);
  add_sample(made, static_cast<double>(value));
  return made;
}

MetricFamily requests(const reference::statistics& seen) {
  auto made = metric_family("plimsoll_registry_requests_total",
                            "Requests that were answered, by the class of the status.",
                            MetricType::Counter);
  for (const reference::request_count& one : seen.requests) {
    add_sample(made, static_cast<double>(one.count),
               {{"route", std::string(one.route)},
                {"method", std::string(one.method)},
                {"code", fmt::format("{}xx", one.status_class)}});
  }
  return made;
}

MetricFamily durations(const reference::statistics& seen) {
  auto made = metric_family("plimsoll_registry_request_duration_seconds",
                            "From the end of a request's head to the last byte of its response.",
                            MetricType::Histogram);
  for (const reference::route_times& one : seen.times) {
    const reports::bucket_counts counts{{one.counts.begin(), one.counts.end()}, one.seconds};
    add_histogram(made, reference::duration_bounds, counts, {{"route", std::string(one.route)}});
  }
  return made;
}

}  // namespace

reports::metric_families metrics_of(const reference::statistics& seen, std::string_view version) {
  constexpr auto gauge = MetricType::Gauge;
  constexpr auto counter = MetricType::Counter;
  const reference::store_counts& stored = seen.stored;
  return {
      reports::build_info(version),
      requests(seen),
      durations(seen),
      single("plimsoll_registry_received_bytes_total", "Bytes of bodies of requests.", counter,
             seen.received_bytes),
      single("plimsoll_registry_sent_bytes_total", "Bytes of bodies of responses.", counter,
             seen.sent_bytes),
      single("plimsoll_registry_open_connections", "Connections that are open.", gauge,
             seen.open_connections),
      single("plimsoll_registry_repositories", "Repositories that anything was pushed to.", gauge,
             stored.repositories),
      single("plimsoll_registry_blobs", "Blobs that are stored, each once a repository.", gauge,
             stored.blobs),
      single("plimsoll_registry_manifests", "Manifests that are stored, each once a repository.",
             gauge, stored.manifests),
      single("plimsoll_registry_tags", "Tags.", gauge, stored.tags),
      single("plimsoll_registry_open_uploads", "Upload sessions that are open.", gauge,
             stored.open_uploads),
  };
}

}  // namespace plimsoll::exposition
