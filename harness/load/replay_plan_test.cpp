#include "replay_plan.hpp"

#include <gmock/gmock.h>

#include "plimsoll/load/run.hpp"

namespace plimsoll::load {
namespace {

using enum logged_kind;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

/// At one second after the other.
replay log_of(std::vector<logged_request> requests) {
  replay out;
  for (std::size_t i = 0; i < requests.size(); ++i) requests[i].offset = std::chrono::seconds(i);
  out.requests = std::move(requests);
  return out;
}

TEST(ReplayPlan, AnUploadIsOneStartWithAllItsParts) {
  const replay_plan plan = make_replay_plan(log_of({{0s, upload_start, "r", "", 0},
                                                    {0s, upload_part, "r", "", 0},
                                                    {0s, upload_part, "r", "", 0},
                                                    {0s, blob_head, "r", "sha256:00", 0},
                                                    {0s, blob_put, "r", "sha256:01", 5000}}));
  ASSERT_EQ(plan.requests.size(), 2u);
  EXPECT_EQ(plan.requests[0].kind, blob_put);
  EXPECT_EQ(plan.requests[0].bytes, 5000u);
  EXPECT_EQ(plan.requests[0].parts, 2u);
  EXPECT_TRUE(plan.requests[0].opened);
  EXPECT_THAT(plan.start_times, ElementsAre(0s, 3s));
  EXPECT_THAT(plan.operations, ElementsAre(blob_put, blob_head));
}

TEST(ReplayPlan, UploadsAtOnceShareThePartsOfTheirRepository) {
  const replay_plan plan = make_replay_plan(log_of({{0s, upload_start, "r", "", 0},
                                                    {0s, upload_start, "r", "", 0},
                                                    {0s, upload_start, "other", "", 0},
                                                    {0s, upload_part, "r", "", 0},
                                                    {0s, upload_part, "r", "", 0},
                                                    {0s, blob_put, "r", "sha256:01", 1},
                                                    {0s, blob_put, "r", "sha256:02", 2}}));
  ASSERT_EQ(plan.requests.size(), 3u);
  EXPECT_EQ(plan.requests[0].parts, 1u);
  EXPECT_EQ(plan.requests[1].parts, 1u);
  EXPECT_EQ(plan.requests[1].bytes, 2u);
  EXPECT_EQ(plan.requests[2].kind, upload_start);  // which nobody went on with
}

TEST(ReplayPlan, APartOfAnUploadThatBeganBeforeTheLogIsLeftOut) {
  const replay_plan plan = make_replay_plan(log_of({{0s, upload_part, "r", "", 0},
                                                    {0s, upload_start, "r", "", 0},
                                                    {0s, blob_put, "r", "sha256:01", 1}}));
  ASSERT_EQ(plan.requests.size(), 1u);
  EXPECT_EQ(plan.requests[0].parts, 0u);
}

TEST(ReplayPlan, WhatIsAskedForAgainStandsOnceInItsLargestSize) {
  const replay_plan plan = make_replay_plan(log_of({{0s, blob_head, "r", "sha256:01", 0},
                                                    {0s, blob_get, "r", "sha256:01", 300},
                                                    {0s, blob_get, "r", "sha256:01", 700},
                                                    {0s, blob_get, "s", "sha256:01", 200},
                                                    {0s, manifest_head, "r", "latest", 0}}));
  ASSERT_EQ(plan.contents.size(), 3u);
  EXPECT_EQ(plan.contents[0].bytes, 700u);
  EXPECT_EQ(plan.contents[1].bytes, 200u);
  EXPECT_EQ(plan.contents[2].bytes, 1024u);  // no size is told
  EXPECT_TRUE(plan.contents[2].is_manifest);
  EXPECT_EQ(prepared_bytes(plan), 700 + 200 + 1024);
  EXPECT_EQ(held_bytes(plan), 1024);
}

TEST(ReplayPlan, WhatIsDeletedNobodyElseAsksFor) {
  const replay_plan plan = make_replay_plan(log_of({{0s, blob_get, "r", "sha256:01", 300},
                                                    {0s, blob_delete, "r", "sha256:01", 0},
                                                    {0s, blob_delete, "r", "sha256:01", 0}}));
  EXPECT_EQ(plan.contents.size(), 3u);
}

TEST(ReplayPlan, NothingStandsForAPushOrForAHeadOfWhatIsNotThere) {
  const replay_plan plan = make_replay_plan(log_of({{0s, blob_head, "r", "sha256:01", 0, true},
                                                    {0s, manifest_head, "r", "latest", 0, true},
                                                    {0s, manifest_put, "r", "latest", 900},
                                                    {0s, blob_put, "r", "sha256:01", 900},
                                                    {0s, catalogue_list, "", "", 0}}));
  EXPECT_TRUE(plan.contents.empty());
  EXPECT_TRUE(plan.requests[0].absent);
  EXPECT_FALSE(plan.requests[3].opened);
}

TEST(ReplayPlan, WhatIsMountedStandsElsewhere) {
  const replay_plan plan = make_replay_plan(log_of({{0s, blob_mount, "r", "sha256:01", 0}}));
  ASSERT_EQ(plan.contents.size(), 1u);
  EXPECT_NE(plan.contents[0].repository, plan.requests[0].repository);
}

TEST(ReplayWorkload, RefusesWhatIsTooMuch) {
  constexpr std::uint64_t tebibyte = std::uint64_t{1} << 40u;
  const auto refusal = [](const replay& log, double speed) {
    return replay_workload(log, speed).error().what();
  };
  EXPECT_THAT(refusal(log_of({{0s, blob_get, "r", "a", tebibyte}, {0s, blob_get, "r", "b", 1}}), 1),
              HasSubstr("at most 1.0 TiB"));
  std::vector<logged_request> manifests;
  for (int i = 0; i < 300; ++i) {
    // The largest that the spec asks for, and one that no registry has.
    const std::uint64_t bytes = i == 0 ? tebibyte : 4u << 20u;
    manifests.push_back({0s, manifest_get, "r", std::to_string(i), bytes});
  }
  EXPECT_THAT(refusal(log_of(manifests), 1), HasSubstr("1.2 GiB of manifests, at most 1.0 GiB"));
  replay slow = log_of({{0s, blob_get, "r", "a", 1}, {0s, blob_get, "r", "a", 1}});
  slow.requests.back().offset = 24h * 365 * 200;
  EXPECT_THAT(refusal(slow, 1), HasSubstr("raise the speed"));
  EXPECT_THAT(refusal(slow, 1e-3), HasSubstr("raise the speed"));
  EXPECT_TRUE(replay_workload(slow, 1e6));
  EXPECT_THAT(refusal(slow, 0), HasSubstr("speed above 0"));
}

}  // namespace
}  // namespace plimsoll::load
