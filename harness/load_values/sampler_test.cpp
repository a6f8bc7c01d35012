#include "plimsoll/load_values/sampler.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

workload production() {
  return built_in_workload("production").value();
}

double share_below(const std::vector<std::uint64_t>& values, std::uint64_t limit) {
  const auto below = std::count_if(values.begin(), values.end(),
                                   [&](std::uint64_t value) { return value < limit; });
  return static_cast<double>(below) / static_cast<double>(values.size());
}

TEST(Zipf, TheFirstHundredOfTenThousandTakeWhatTheWorkloadFileSays) {
  for (const auto& [exponent, expected] : {std::pair{0.9, 0.41}, std::pair{1.0, 0.53}}) {
    const zipf_ranks ranks(10'000, exponent);
    seeded_bytes random(1);
    int first = 0;
    for (int i = 0; i < 50'000; ++i) first += ranks.at(random.fraction()) < 100 ? 1 : 0;
    EXPECT_NEAR(first / 50'000.0, expected, 0.01) << exponent;
  }
}

TEST(Zipf, IsEvenWithoutAnExponentAndNeverOutOfRange) {
  const zipf_ranks ranks(4, 0);
  EXPECT_EQ(ranks.at(0), 0u);
  EXPECT_EQ(ranks.at(0.26), 1u);
  EXPECT_EQ(ranks.at(0.51), 2u);
  EXPECT_EQ(ranks.at(0.9999999999999999), 3u);
  EXPECT_EQ(zipf_ranks(1, 2).at(0.9999999999999999), 0u);
}

TEST(LayerSizes, OfTheProductionWorkloadAreThoseOfTheTraces) {
  const workload load = production();
  seeded_bytes random(3);
  std::vector<std::uint64_t> sizes;
  sizes.reserve(50'000);
  for (int i = 0; i < 50'000; ++i) {
    sizes.push_back(draw_bytes(load.content.layer_bytes, random));
  }
  EXPECT_NEAR(share_below(sizes, 1u << 20u), 0.65, 0.01);
  EXPECT_NEAR(share_below(sizes, 10u << 20u), 0.80, 0.01);
  EXPECT_NEAR(share_below(sizes, 63u << 20u), 0.95, 0.01);
  EXPECT_GE(*std::min_element(sizes.begin(), sizes.end()), 32u);
  EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()), 1u << 30u);
}

TEST(LayerSizes, OfTheHubWorkloadAreThoseOfTheCrawl) {
  const workload hub = built_in_workload("hub2017").value();
  seeded_bytes random(4);
  std::vector<std::uint64_t> sizes;
  std::vector<std::uint64_t> counts;
  sizes.reserve(50'000);
  for (int i = 0; i < 50'000; ++i) {
    sizes.push_back(draw_bytes(hub.content.layer_bytes, random));
    counts.push_back(draw_count(hub.content.layers, random));
  }
  EXPECT_NEAR(share_below(sizes, 4'000'000), 0.50, 0.01);
  EXPECT_NEAR(share_below(sizes, 63'000'000), 0.90, 0.01);
  EXPECT_NEAR(share_below(counts, 8), 0.50, 0.03);
  EXPECT_NEAR(share_below(counts, 18), 0.90, 0.02);
}

TEST(Sampler, StartsFollowTheWeights) {
  const workload load = production();
  const sampler planned(load, 1);
  std::map<std::size_t, int> drawn;
  for (std::uint64_t i = 0; i < 50'000; ++i) ++drawn[planned.start(i).operation];
  for (std::size_t i = 0; i < load.operations.size(); ++i) {  // the weights add up to 100
    EXPECT_NEAR(drawn[i] / 500.0, load.operations[i].weight, 0.6) << load.operations[i].name;
  }
}

TEST(Sampler, AsksForPopularRepositoriesAndNewTags) {
  const workload load = production();
  const sampler planned(load, 1);
  int first = 0;
  int newest = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const planned_start start = planned.start(i);
    ASSERT_LT(start.repository, load.content.repositories);
    ASSERT_LT(start.tag, load.content.tags);
    first += start.repository == 0 ? 1 : 0;
    newest += start.tag == load.content.tags - 1 ? 1 : 0;
  }
  // 1 / (1 + 2^-0.95 + ... + 20^-0.95), and 0.7 + 0.3 / 4.
  EXPECT_NEAR(first / 20'000.0, 0.263, 0.01);
  EXPECT_NEAR(newest / 20'000.0, 0.775, 0.01);
}

TEST(Sampler, ARollOutIsOfOneImage) {
  const sampler planned(built_in_workload("pull-storm").value(), 5);
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(planned.start(i).repository, 0u);
    EXPECT_EQ(planned.start(i).tag, 0u);
  }
}

TEST(Sampler, AnswersDependOnSeedAndArgumentsAlone) {
  const workload load = production();
  const sampler first(load, 7);
  const sampler same(load, 7);
  const sampler other(load, 8);
  int differ = 0;
  for (std::uint64_t i = 100; i-- > 0;) {
    EXPECT_EQ(first.start(i), same.start(i));
    differ += first.start(i) == other.start(i) ? 0 : 1;
  }
  EXPECT_EQ(differ, 100);
  EXPECT_EQ(first.prepared_image(3, 1), same.prepared_image(3, 1));
  EXPECT_NE(first.prepared_image(3, 1), first.prepared_image(1, 3));
  EXPECT_NE(first.prepared_image(3, 1), other.prepared_image(3, 1));
}

TEST(Sampler, ImagesShareBaseLayersAndNothingElse) {
  const workload load = production();
  const sampler planned(load, 2);
  std::map<std::uint64_t, std::size_t> uses;
  std::map<std::uint64_t, std::uint64_t> sizes;
  std::size_t layers = 0;
  for (std::uint64_t repository = 0; repository < load.content.repositories; ++repository) {
    for (std::uint64_t tag = 0; tag < load.content.tags; ++tag) {
      const planned_image image = planned.prepared_image(repository, tag);
      ASSERT_FALSE(image.layers.empty());
      EXPECT_EQ(image.config.bytes, load.content.config_bytes);
      for (const planned_blob& layer : image.layers) {
        ++uses[layer.id];
        EXPECT_EQ(sizes.emplace(layer.id, layer.bytes).first->second, layer.bytes);
        ++layers;
      }
      EXPECT_EQ(uses[image.layers.back().id], 1u);
    }
  }
  EXPECT_LE(uses.size(), layers * 9 / 10);  // many are shared
  EXPECT_LE(
      std::count_if(uses.begin(), uses.end(), [](const auto& entry) { return entry.second > 1; }),
      static_cast<std::ptrdiff_t>(load.content.base_pool * load.content.base_most));
}

TEST(Sampler, APushIsTheNextBuildWhereBasesAreShared) {
  const sampler planned(production(), 2);
  const planned_start start = planned.start(17);
  const planned_image before = planned.prepared_image(start.repository, start.tag);
  const planned_image pushed = planned.pushed_image(start);
  EXPECT_EQ(pushed, planned.pushed_image(start));
  EXPECT_NE(pushed.config.id, before.config.id);
  ASSERT_EQ(pushed.layers.size(), before.layers.size());
  const auto changed =
      std::mismatch(before.layers.begin(), before.layers.end(), pushed.layers.begin());
  const auto renewed = before.layers.end() - changed.first;
  EXPECT_GE(renewed, 1);
  EXPECT_LE(renewed, 2);
}

TEST(Sampler, APushIsNewThroughoutWhereNothingIsShared) {
  const sampler planned(built_in_workload("push").value(), 2);
  std::set<std::uint64_t> ids;
  for (std::uint64_t i = 0; i < 500; ++i) {
    const planned_image pushed = planned.pushed_image(planned.start(i));
    ASSERT_EQ(pushed.layers.size(), 4u);
    for (const planned_blob& layer : pushed.layers) ids.insert(layer.id);
    ids.insert(planned.pushed_blob(planned.start(i)).id);
  }
  EXPECT_GE(ids.size(), 500u * 4);
}

TEST(Sampler, AWarmClientHasTheFirstLayers) {
  EXPECT_EQ(layers_at_hand(8, 0), 0u);
  EXPECT_EQ(layers_at_hand(8, 0.5), 4u);
  EXPECT_EQ(layers_at_hand(5, 0.5), 3u);
  EXPECT_EQ(layers_at_hand(8, 1), 8u);
}

}  // namespace
}  // namespace plimsoll::load
