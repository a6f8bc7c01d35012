#include "plimsoll/load_values/workload.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class BuiltIn : public testing::TestWithParam<std::string_view> {};

TEST_P(BuiltIn, IsReadAndSaysWhatItIs) {
  const auto load = built_in_workload(GetParam());
  ASSERT_TRUE(load.has_value()) << load.error().what();
  EXPECT_EQ(load->name, GetParam());
  EXPECT_FALSE(load->description.empty());
  EXPECT_EQ(load->verify, verify_mode::full);
}

INSTANTIATE_TEST_SUITE_P(, BuiltIn, testing::ValuesIn(built_in_workloads()), [](const auto& row) {
  std::string name(row.param);
  name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
  return name;
});

TEST(BuiltIns, AreThoseThatAreListed) {
  EXPECT_THAT(built_in_workloads(),
              testing::ElementsAre("pull", "push", "mixed", "pull-storm", "manifest-poll",
                                   "referrers", "catalogue", "large-blobs", "tiny-blobs", "hub2017",
                                   "ml", "production"));
  EXPECT_THAT(built_in_workload("prodution").error().what(),
              HasSubstr("did you mean \"production\"?"));
}

/// A workload with these lines in front of one operation.
result<workload> read(const std::string& lines) {
  return parse_workload(lines + "operations:\n  pull: {do: image-pull}\n", "dir/mine.yaml");
}

TEST(Workload, HasTheNameOfItsFile) {
  EXPECT_EQ(read("").value().name, "mine");
}

TEST(Workload, ReadsEveryKey) {
  const auto load = parse_workload(R"(
description: All of it
duration: 90s
pacing: {rate: 12.5, spacing: even}
images:
  repositories: 3
  tags: 4
  referrers: 5
  layers: {median: 7.5, sigma: 0.68, min: 1, max: 120}
  layer-size:
    - {share: 2, from: 1KiB, to: 1MB}
    - {from: 1MB, to: 1.5GB}
  config-size: 2KiB
  base-layers: {pool: 6, zipf: 1.1, min: 2, max: 3}
  index: false
popularity: {zipf: 0.9, latest: 0.5}
operations:
  up: {do: image-push, weight: 3, upload: chunked, part-size: 1MiB, parallel: 4, new-repository: true}
  down: {do: image-pull, weight: 0.5, warm: 0.25, same-image: true, ask: true}
  list: {do: tag-list, page: 0}
verify: size
content: random
objectives: ["down.p99<250ms"]
)",
                                   "all.yaml");
  ASSERT_TRUE(load.has_value()) << load.error().what();
  workload expected;
  expected.name = "all";
  expected.description = "All of it";
  expected.duration = 90s;
  expected.pace = rate_plan{{{12.5, 12.5, 90s}}, spacing::even};
  expected.content = {3,
                      4,
                      5,
                      {7.5, 0.68, 1, 120},
                      std::vector<size_bucket>{{2, 1024, 1'000'000}, {1, 1'000'000, 1'500'000'000}},
                      2048,
                      6,
                      1.1,
                      2,
                      3,
                      false};
  expected.demand = {0.9, 0.5};
  expected.operations = {{"up", operation_kind::image_push, 3, upload_method::chunked, 1u << 20u, 0,
                          4, false, true, true},
                         {"down", operation_kind::image_pull, 0.5, upload_method::post_put,
                          5u << 20u, 0.25, 3, true, true},
                         {"list", operation_kind::tag_list, 1, upload_method::post_put, 5u << 20u,
                          0, 3, false, false, false, 0}};
  expected.verify = verify_mode::size;
  expected.bytes = content_mode::random;
  expected.objectives = {"down.p99<250ms"};
  EXPECT_EQ(*load, expected);
}

TEST(Workload, SizesInTurnAreAListOfSizes) {
  const workload load = read("images: {layer-size: {in-turn: [1KiB, 2MiB]}}\n").value();
  EXPECT_EQ(std::get<sizes_in_turn>(load.content.layer_bytes).bytes,
            (std::vector<std::uint64_t>{1024, 2u << 20u}));
  EXPECT_EQ(mean_bytes(load.content.layer_bytes), 512 + (1u << 20u));
}

TEST(Workload, APushAsksForWhatIsThereUnlessItIsTold) {
  const auto asks = [](const std::string& more) {
    return parse_workload("operations:\n  up: {do: image-push" + more + "}\n", "x.yaml")
        .value()
        .operations.front()
        .ask;
  };
  EXPECT_TRUE(asks(""));
  EXPECT_FALSE(asks(", ask: false"));
}

TEST(Workload, StagesDecideTheDurationAndGoOnFromOneAnother) {
  const workload load = read(R"(pacing:
  stages:
    - {to: 100, for: 10s}
    - {to: 100, for: 1m}
    - {from: 20, to: 0, for: 500ms}
)")
                            .value();
  EXPECT_EQ(load.pace,
            pacing(rate_plan{{{0, 100, 10s}, {100, 100, 60s}, {20, 0, 500ms}}, spacing::random}));
  EXPECT_EQ(load.duration, 70'500ms);
}

TEST(Workload, ABurstHasNoMoreThanItsStarts) {
  EXPECT_EQ(read("pacing: {burst: {starts: 7, within: 3s}, spacing: even}\n").value().pace,
            pacing(burst_plan{7, 3s, spacing::even}));
}

TEST(Workload, IsTheSameMixOnASmallerScale) {
  const workload whole = built_in_workload("production").value();
  const workload small = scaled(whole, 0.01);
  EXPECT_EQ(small.operations.size(), whole.operations.size());
  EXPECT_EQ(small.content.repositories, 1u);
  EXPECT_EQ(small.content.layers, whole.content.layers);
  const auto& buckets = std::get<std::vector<size_bucket>>(small.content.layer_bytes);
  EXPECT_EQ(buckets.front().from_bytes, 1u);
  EXPECT_EQ(buckets.back().to_bytes, 10'737'418u);
  const auto sizes =
      std::get<lognormal>(scaled(built_in_workload("hub2017").value(), 0.001).content.layer_bytes);
  EXPECT_EQ(sizes, (lognormal{4'000, 2.15, 1, 1'073'742}));
  EXPECT_EQ(scaled(whole, 1), whole);
}

struct refused {
  const char* name;
  const char* lines;  // in front of the operations
  const char* reason;
};

void PrintTo(const refused& row, std::ostream* out) {
  *out << row.lines;
}

class WorkloadRefuses : public testing::TestWithParam<refused> {};

TEST_P(WorkloadRefuses, Lines) {
  const auto load = read(GetParam().lines);
  ASSERT_TRUE(load.has_error());
  EXPECT_EQ(load.error().what(), std::string("dir/mine.yaml:") + GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    , WorkloadRefuses,
    testing::Values(
        refused{"UnknownKey", "description: x\ndurration: 5s\n",
                "2: unknown key \"durration\"; did you mean \"duration\"?"},
        refused{"KeyTwice", "verify: full\nverify: none\n", "2: \"verify\" is given twice"},
        refused{"UnknownInner", "images:\n  tags: 1\n  layer: 4\n",
                "3: images: unknown key \"layer\"; did you mean \"layers\"?"},
        refused{"UnknownMode", "verify: ful\n",
                "1: verify: received \"ful\", expected none, size or full; did you mean \"full\"?"},
        refused{"RateOfZero", "pacing: {rate: 0}\n", "1: pacing: rate: expected a number above 0"},
        refused{"NegativeRate", "pacing: {rate: -5}\n",
                "1: pacing.rate: received \"-5\", expected a number from 0 to 1000000"},
        refused{"ImpossibleRate", "pacing:\n  rate: 1000001\n",
                "2: pacing.rate: received \"1000001\", expected a number from 0 to 1000000"},
        refused{"RateIsNoNumber", "pacing: {rate: fast}\n",
                "1: pacing.rate: received \"fast\", expected a number from 0 to 1000000"},
        refused{"RateIsNan", "pacing: {rate: nan}\n",
                "1: pacing.rate: received \"nan\", expected a number from 0 to 1000000"},
        refused{"TwoPaces", "pacing: {rate: 1, clients: 2}\n",
                "1: pacing: expected one of clients, rate, stages or burst"},
        refused{"NoPace", "pacing: {}\n",
                "1: pacing: expected one of clients, rate, stages or burst"},
        refused{"NoClients", "pacing: {clients: 0}\n",
                "1: pacing.clients: received \"0\", expected a whole number from 1 to 1000000"},
        refused{"SpacedClients", "pacing: {clients: 2, spacing: even}\n",
                "1: pacing: clients have no spacing: remove it"},
        refused{"StagesStartNothing", "pacing: {stages: [{to: 0, for: 5s}]}\n",
                "1: pacing: the stages start nothing: every rate is 0"},
        refused{"StageWithoutLength", "pacing: {stages: [{to: 5}]}\n",
                "1: pacing.stages: for: expected a time above 0"},
        refused{"StagesAndDuration", "duration: 5s\npacing: {stages: [{to: 5, for: 6s}]}\n",
                "1: differs from the length of the stages: remove it, the stages decide"},
        refused{"BurstBeyondDuration", "duration: 5s\npacing: {burst: {starts: 2, within: 6s}}\n",
                "2: the burst is longer than the duration"},
        refused{"NoDuration", "duration: 0s\n", "1: expected a time above 0"},
        refused{"DurationWithoutUnit", "duration: 5\n",
                "1: duration: received \"5\", expected a time of at most a week, for example 30s"},
        refused{"SizeOfZero", "images: {layer-size: 0}\n",
                "1: images.layer-size: received \"0\", expected a size from 1 B to 1 TiB, "
                "for example 64KiB"},
        refused{"BucketUpsideDown", "images:\n  layer-size:\n    - {from: 2KiB, to: 1KiB}\n",
                "3: images.layer-size: from is above to"},
        refused{"MedianOutside", "images: {layers: {median: 9, min: 1, max: 8}}\n",
                "1: images.layers: the median is not between min and max"},
        refused{"BasesWithoutPool", "images: {base-layers: {min: 1, max: 2}}\n",
                "1: images.base-layers: expected a pool"},
        refused{"ListForMapping", "images: [1]\n",
                "1: images: received a list, expected a mapping of keys to values"},
        refused{"NotYaml", "images: {\n", "3: not YAML: end of map flow not found"}),
    [](const auto& row) { return row.param.name; });

class OperationRefuses : public testing::TestWithParam<refused> {};

TEST_P(OperationRefuses, Entry) {
  const auto load = parse_workload("operations:\n  " + std::string(GetParam().lines), "w.yaml");
  ASSERT_TRUE(load.has_error());
  EXPECT_EQ(load.error().what(), std::string("w.yaml:") + GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    , OperationRefuses,
    testing::Values(
        refused{"WithoutWhatItDoes", "pull: {weight: 2}",
                "2: operations.pull: expected do: what the operation does, image-pull, image-push, "
                "blob-pull, blob-pull-range, blob-head, blob-push, blob-mount, manifest-head, "
                "manifest-pull-tag, manifest-pull-digest, manifest-push, tag-list, catalogue-list, "
                "referrers-list, referrers-push or manifest-delete"},
        refused{"WeightOfZero", "pull: {do: image-pull, weight: 0}",
                "2: operations.pull: expected a weight above 0"},
        refused{"MeaninglessKey", "pull: {do: image-pull, upload: chunked}",
                "2: operations.pull: upload has no meaning for image-pull: remove it"},
        refused{"ReservedName", "errors: {do: image-pull}",
                "2: operations: expected a name of small letters, digits and dashes, not "
                "\"errors\""},
        refused{"Twice", "a: {do: tag-list}\n  a: {do: tag-list}",
                "3: operations: \"a\" is given twice"}),
    [](const auto& row) { return row.param.name; });

TEST(Workload, RefusesWhatIsNoWorkload) {
  for (const char* text : {"", "---\na: 1\n---\nb: 2\n", "[1, 2]", "7", "description: x\n"}) {
    EXPECT_TRUE(parse_workload(text, "w.yaml").has_error()) << text;
  }
  EXPECT_THAT(parse_workload(std::string((1u << 20u) + 1, '#'), "w.yaml").error().what(),
              HasSubstr("at most 1 MiB"));
  EXPECT_TRUE(parse_workload(std::string(100'000, '['), "w.yaml").has_error());
}

}  // namespace
}  // namespace plimsoll::load
