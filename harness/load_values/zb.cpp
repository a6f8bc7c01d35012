#include "plimsoll/load_values/zb.hpp"

#include <algorithm>
#include <cmath>

namespace plimsoll::load {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20u;
constexpr std::uint64_t small = mebibyte;
constexpr std::uint64_t medium = 10 * mebibyte;
constexpr std::uint64_t large = 100 * mebibyte;

enum class deed : std::uint8_t { catalogue, push, push_in_chunks, pull, pull_and_push, sync };

/// What a test is made of.
struct recipe {
  std::string_view name;
  deed what = deed::pull;
  std::vector<std::uint64_t> layers;  ///< Sizes, each as often as its share asks for.
};

const std::vector<recipe>& recipes() {
  const std::vector<std::uint64_t> mostly_medium{small,  small,  medium, medium, medium,
                                                 medium, medium, medium, medium, large};
  const std::vector<std::uint64_t> mostly_small{small, small, small,  small,  small,
                                                small, small, medium, medium, large};
  static const std::vector<recipe> all{
      {"Get Catalog", deed::catalogue, mostly_small},
      {"Push Monolith 1MB", deed::push, {small}},
      {"Push Monolith 10MB", deed::push, {medium}},
      {"Push Monolith 100MB", deed::push, {large}},
      {"Push Chunk Streamed 1MB", deed::push_in_chunks, {small}},
      {"Push Chunk Streamed 10MB", deed::push_in_chunks, {medium}},
      {"Push Chunk Streamed 100MB", deed::push_in_chunks, {large}},
      {"Pull 1MB", deed::pull, {small}},
      {"Pull 10MB", deed::pull, {medium}},
      {"Pull 100MB", deed::pull, {large}},
      {"Pull Mixed 20% 1MB, 70% 10MB, 10% 100MB", deed::pull, mostly_medium},
      {"Push Monolith Mixed 20% 1MB, 70% 10MB, 10% 100MB", deed::push, mostly_medium},
      {"Push Chunk Mixed 33% 1MB, 33% 10MB, 33% 100MB",
       deed::push_in_chunks,
       {small, medium, large}},
      {"Pull 75% and Push 25% Mixed 1MB", deed::pull_and_push, {small}},
      {"Pull 75% and Push 25% Mixed 10MB", deed::pull_and_push, {medium}},
      {"Pull 75% and Push 25% Mixed 100MB", deed::pull_and_push, {large}},
      {"On-demand Sync 100MB", deed::sync, {large}},
      {"On-demand Sync 1GB", deed::sync, {1024 * mebibyte}}};
  return all;
}

operation pulling() {
  operation made;
  made.name = "pull";
  made.kind = operation_kind::image_pull;
  made.parallel = 1;
  made.ask = true;
  return made;
}

operation pushing(upload_method how) {
  operation made;
  made.name = "push";
  made.kind = operation_kind::image_push;
  made.upload = how;
  made.part_bytes = large;  // no layer is larger
  made.parallel = 1;
  made.new_repository = true;
  return made;
}

operation listing() {
  operation made;
  made.name = "catalogue";
  made.kind = operation_kind::catalogue_list;
  made.page = 0;
  return made;
}

std::vector<operation> operations_of(deed what) {
  switch (what) {
    case deed::catalogue:
      return {listing()};
    case deed::push:
      return {pushing(upload_method::post_put)};
    case deed::push_in_chunks:
      return {pushing(upload_method::chunked)};
    case deed::pull:
    case deed::sync:
      return {pulling()};
    case deed::pull_and_push: {
      operation pull = pulling();
      operation push = pushing(upload_method::post_put);
      pull.weight = 75;
      push.weight = 25;
      return {pull, push};
    }
  }
  return {};
}

}  // namespace

const std::vector<zb_test>& zb_tests() {
  static const std::vector<zb_test> all = [] {
    std::vector<zb_test> made;
    for (const recipe& one : recipes()) made.push_back({one.name, one.what == deed::sync});
    return made;
  }();
  return all;
}

workload zb_workload(const zb_test& test, unsigned clients, std::uint64_t requests, double scale) {
  const auto& all = recipes();
  const recipe& from = *std::find_if(all.begin(), all.end(),
                                     [&](const recipe& one) { return one.name == test.name; });
  sizes_in_turn layers{from.layers};
  for (std::uint64_t& one : layers.bytes) {
    const double bytes = std::round(static_cast<double>(one) * scale);
    one = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(bytes));
  }
  workload made;
  made.name = from.name;
  made.operations = operations_of(from.what);
  // As many as it takes for each client to have one, and for each size to have its share.
  const std::uint64_t turns = layers.bytes.size();
  made.content.repositories = (clients + turns - 1) / turns * turns;
  if (from.what == deed::catalogue) made.content.repositories = requests;
  made.content.layer_bytes = std::move(layers);
  made.content.config_bytes = 300;
  made.content.index = false;
  made.pace = closed_loop{clients};
  made.duration = longest_run;  // it is the number of requests that ends a test
  return made;
}

double zb_pushed_bytes(const workload& test, std::uint64_t requests) {
  double weights = 0;
  double pushes = 0;
  bool stands = false;
  for (const operation& one : test.operations) {
    weights += one.weight;
    if (one.kind == operation_kind::image_push) {
      pushes += one.weight;
    } else {
      stands = true;
    }
  }
  const double standing = stands ? static_cast<double>(test.content.repositories) : 0;
  return mean_bytes(test.content.layer_bytes) *
         (standing + static_cast<double>(requests) * pushes / weights);
}

}  // namespace plimsoll::load
