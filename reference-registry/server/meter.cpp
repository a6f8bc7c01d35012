#include "server/meter.hpp"

#include <algorithm>

namespace plimsoll::reference {
namespace {

/// In the order of `endpoint`.
constexpr std::array<std::string_view, 11> route_names{
    "other",    "base", "discover", "repository-discover", "catalog", "blob", "uploads", "upload",
    "manifest", "tags", "referrers"};
static_assert(route_names.size() == static_cast<std::size_t>(endpoint::referrers) + 1);

constexpr std::array<std::string_view, 8> method_names{"GET",   "HEAD",   "PUT",     "POST",
                                                       "PATCH", "DELETE", "OPTIONS", "other"};

std::size_t index_of(std::string_view method) noexcept {
  const auto* const found = std::find(method_names.begin(), method_names.end() - 1, method);
  return static_cast<std::size_t>(found - method_names.begin());
}

request_count& entry_of(statistics& sum, const request_count& like) {
  const auto same = [&](const request_count& one) {
    return one.route == like.route && one.method == like.method &&
           one.status_class == like.status_class;
  };
  const auto found = std::find_if(sum.requests.begin(), sum.requests.end(), same);
  if (found != sum.requests.end()) return *found;
  sum.requests.push_back(like);
  return sum.requests.back();
}

route_times& entry_of(statistics& sum, std::string_view route) {
  const auto found = std::find_if(sum.times.begin(), sum.times.end(),
                                  [&](const route_times& one) { return one.route == route; });
  if (found != sum.times.end()) return *found;
  sum.times.emplace_back().route = route;
  return sum.times.back();
}

}  // namespace

void meter::count(const served_request& one) noexcept {
  const auto route = static_cast<std::size_t>(one.where);
  const auto status = static_cast<std::size_t>(std::clamp(one.status / 100, 1, 5) - 1);
  add(requests_[(route * methods + index_of(one.method)) * classes + status], 1);
  const double seconds = std::chrono::duration<double>(one.took).count();
  const auto* const bound =
      std::lower_bound(duration_bounds.begin(), duration_bounds.end(), seconds);
  times& of_route = times_[route];
  add(of_route.counts[static_cast<std::size_t>(bound - duration_bounds.begin())], 1);
  add(of_route.nanoseconds, static_cast<std::uint64_t>(one.took.count()));
  add(received_, one.received_bytes);
  add(sent_, one.sent_bytes);
}

void meter::add_to(statistics& sum) const {
  constexpr auto relaxed = std::memory_order_relaxed;
  for (std::size_t i = 0; i < requests_.size(); ++i) {
    const std::uint64_t count = requests_[i].load(relaxed);
    if (count == 0) continue;
    request_count like;
    like.route = route_names.at(i / classes / methods);
    like.method = method_names.at(i / classes % methods);
    like.status_class = static_cast<unsigned>(i % classes) + 1;
    entry_of(sum, like).count += count;
  }
  for (std::size_t route = 0; route < routes; ++route) {
    const times& from = times_[route];
    const std::uint64_t taken = from.nanoseconds.load(relaxed);
    if (taken == 0) continue;
    route_times& to = entry_of(sum, route_names.at(route));
    for (std::size_t i = 0; i < from.counts.size(); ++i)
      to.counts[i] += from.counts[i].load(relaxed);
    to.seconds += static_cast<double>(taken) / 1e9;
  }
  sum.received_bytes += received_.load(relaxed);
  sum.sent_bytes += sent_.load(relaxed);
  sum.open_connections += connections_.load(relaxed);
}

}  // namespace plimsoll::reference
