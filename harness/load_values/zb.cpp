#include "plimsoll/load_values/zb.hpp"

#include <algorithm>
#include <cmath>

namespace plimsoll::load {
namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20u;
constexpr std::uint64_t small = mebibyte;
constexpr std::uint64_t medium = 10 * mebibyte;
constexpr std::uint64_t large = 100 * mebibyte;

enum class test_kind : std::uint8_t { catalogue, push, push_in_chunks, pull, pull_and_push, sync };

/// The operations and layer sizes of a test.
struct recipe {
  std::string_view name;
  test_kind kind = test_kind::pull;
  std::vector<std::uint64_t> layers;  ///< Sizes, each as often as its share asks for.
};

const std::vector<recipe>& recipes() {
  const std::vector<std::uint64_t> mostly_medium{small,  small,  medium, medium, medium,
                                                 medium, medium, medium, medium, large};
  const std::vector<std::uint64_t> mostly_small{small, small, small,  small,  small,
                                                small, small, medium, medium, large};
  static const std::vector<recipe> all{
      {"Get Catalog", test_kind::catalogue, mostly_small},
      {"Push Monolith 1MB", test_kind::push, {small}},
      {"Push Monolith 10MB", test_kind::push, {medium}},
      {"Push Monolith 100MB", test_kind::push, {large}},
      {"Push Chunk Streamed 1MB", test_kind::push_in_chunks, {small}},
      {"Push Chunk Streamed 10MB", test_kind::push_in_chunks, {medium}},
      {"Push Chunk Streamed 100MB", test_kind::push_in_chunks, {large}},
      {"Pull 1MB", test_kind::pull, {small}},
      {"Pull 10MB", test_kind::pull, {medium}},
      {"Pull 100MB", test_kind::pull, {large}},
      {"Pull Mixed 20% 1MB, 70% 10MB, 10% 100MB", test_kind::pull, mostly_medium},
      {"Push Monolith Mixed 20% 1MB, 70% 10MB, 10% 100MB", test_kind::push, mostly_medium},
      {"Push Chunk Mixed 33% 1MB, 33% 10MB, 33% 100MB",
       test_kind::push_in_chunks,
       {small, medium, large}},
      {"Pull 75% and Push 25% Mixed 1MB", test_kind::pull_and_push, {small}},
      {"Pull 75% and Push 25% Mixed 10MB", test_kind::pull_and_push, {medium}},
      {"Pull 75% and Push 25% Mixed 100MB", test_kind::pull_and_push, {large}},
      {"On-demand Sync 100MB", test_kind::sync, {large}},
      {"On-demand Sync 1GB", test_kind::sync, {1024 * mebibyte}}};
  return all;
}

operation pulling() {
  operation operation;
  operation.name = "pull";
  operation.kind = operation_kind::image_pull;
  operation.parallel = 1;
  operation.ask = true;
  return operation;
}

operation pushing(upload_method method) {
  operation operation;
  operation.name = "push";
  operation.kind = operation_kind::image_push;
  operation.upload = method;
  operation.part_bytes = large;  // no layer is larger
  operation.parallel = 1;
  operation.new_repository = true;
  return operation;
}

operation listing() {
  operation operation;
  operation.name = "catalogue";
  operation.kind = operation_kind::catalogue_list;
  operation.page = 0;
  return operation;
}

std::vector<operation> operations_of(test_kind kind) {
  switch (kind) {
    case test_kind::catalogue:
      return {listing()};
    case test_kind::push:
      return {pushing(upload_method::post_put)};
    case test_kind::push_in_chunks:
      return {pushing(upload_method::chunked)};
    case test_kind::pull:
    case test_kind::sync:
      return {pulling()};
    case test_kind::pull_and_push: {
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
    std::vector<zb_test> tests;
    for (const recipe& recipe : recipes()) {
      tests.push_back({recipe.name, recipe.kind == test_kind::sync});
    }
    return tests;
  }();
  return all;
}

workload zb_workload(const zb_test& test, unsigned clients, std::uint64_t requests, double scale) {
  const auto& all = recipes();
  const recipe& match = *std::find_if(
      all.begin(), all.end(), [&](const recipe& candidate) { return candidate.name == test.name; });
  sizes_in_turn layers{match.layers};
  for (std::uint64_t& size : layers.bytes) {
    const double bytes = std::round(static_cast<double>(size) * scale);
    size = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(bytes));
  }
  workload workload;
  workload.name = match.name;
  workload.operations = operations_of(match.kind);
  // As many as it takes for each client to have one, and for each size to have its share.
  const std::uint64_t turns = layers.bytes.size();
  workload.content.repositories = (clients + turns - 1) / turns * turns;
  if (match.kind == test_kind::catalogue) workload.content.repositories = requests;
  workload.content.layer_bytes = std::move(layers);
  workload.content.config_bytes = 300;
  workload.content.index = false;
  workload.pace = closed_loop{clients};
  workload.duration = longest_run;  // the number of requests ends a test
  return workload;
}

double zb_pushed_bytes(const workload& test, std::uint64_t requests) {
  double weights = 0;
  double pushes = 0;
  bool stands = false;
  for (const operation& operation : test.operations) {
    weights += operation.weight;
    if (operation.kind == operation_kind::image_push) {
      pushes += operation.weight;
    } else {
      stands = true;
    }
  }
  const double trend = stands ? static_cast<double>(test.content.repositories) : 0;
  return mean_bytes(test.content.layer_bytes) *
         (trend + static_cast<double>(requests) * pushes / weights);
}

}  // namespace plimsoll::load
