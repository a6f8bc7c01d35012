#include "plimsoll/load_values/workload.hpp"

#include <algorithm>
#include <cmath>

#include "names.hpp"
#include "workload_names.hpp"

namespace plimsoll::load {
namespace {

std::uint64_t times(std::uint64_t whole, double factor) {
  if (whole == 0) return 0;
  return std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::llround(static_cast<double>(whole) * factor)));
}

void scale(lognormal& sizes, double factor) {
  sizes.least = times(sizes.least, factor);
  sizes.most = times(sizes.most, factor);
  sizes.median = std::max(static_cast<double>(sizes.least), sizes.median * factor);
}

void scale(std::vector<size_bucket>& buckets, double factor) {
  for (size_bucket& bucket : buckets) {
    bucket.from_bytes = times(bucket.from_bytes, factor);
    bucket.to_bytes = times(bucket.to_bytes, factor);
  }
}

void scale(sizes_in_turn& sizes, double factor) {
  for (std::uint64_t& size : sizes.bytes) size = times(size, factor);
}

double mean(const lognormal& sizes) {
  return sizes.median * std::exp(sizes.sigma * sizes.sigma / 2);
}

double mean(const std::vector<size_bucket>& buckets) {
  double sum = 0;
  double shares = 0;
  for (const size_bucket& bucket : buckets) {
    sum += bucket.share *
           (static_cast<double>(bucket.from_bytes) + static_cast<double>(bucket.to_bytes)) / 2;
    shares += bucket.share;
  }
  return sum / shares;
}

double mean(const sizes_in_turn& sizes) {
  double sum = 0;
  for (const std::uint64_t size : sizes.bytes) sum += static_cast<double>(size);
  return sum / static_cast<double>(sizes.bytes.size());
}

}  // namespace

std::string_view to_string(operation_kind kind) noexcept {
  return operation_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(upload_method method) noexcept {
  return upload_names[static_cast<std::size_t>(method)];
}

std::string_view to_string(verify_mode mode) noexcept {
  return verify_names[static_cast<std::size_t>(mode)];
}

std::string_view to_string(content_mode mode) noexcept {
  return content_names[static_cast<std::size_t>(mode)];
}

result<workload> built_in_workload(std::string_view name) {
  const std::string_view text = built_in_workload_text(name);
  if (text.empty()) {
    return error::of("there is no workload \"" + printable(name, 60) + "\", expected " +
                     any_of(built_in_workloads()) + suggestion(name, built_in_workloads()));
  }
  return parse_workload(std::string(text), std::string(name) + ".yaml");
}

double mean_bytes(const size_distribution& sizes) noexcept {
  return std::visit([](const auto& distribution) { return mean(distribution); }, sizes);
}

workload scaled(workload whole, double factor) {
  population& content = whole.content;
  content.repositories = times(content.repositories, factor);
  content.tags = times(content.tags, factor);
  content.referrers = times(content.referrers, factor);
  content.base_pool = times(content.base_pool, factor);
  content.config_bytes = times(content.config_bytes, factor);
  std::visit([factor](auto& sizes) { scale(sizes, factor); }, content.layer_bytes);
  for (operation& operation : whole.operations) {
    operation.part_bytes = times(operation.part_bytes, factor);
  }
  return whole;
}

}  // namespace plimsoll::load
