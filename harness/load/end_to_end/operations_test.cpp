#include <gmock/gmock.h>

#include "plimsoll/reference_registry/registry.hpp"
#include "running.hpp"

namespace plimsoll::load {
namespace {

using testing::Gt;
using testing::IsEmpty;
using testing::NotNull;

struct operation_case {
  operation_kind kind;
  upload_method upload = upload_method::post_put;
  const char* step;  ///< That the operation has to have taken.
};

class Operation : public testing::TestWithParam<operation_case> {};

TEST_P(Operation, SucceedsOnTheReferenceRegistryAndLeavesNothing) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(GetParam().kind, registry->url());
  options.plan.operations.front().upload = GetParam().upload;
  options.plan.content.referrers = 2;

  const auto ran = run(options);

  ASSERT_TRUE(ran) << ran.error().what();
  const measured_work& work = ran->operations.front();
  EXPECT_EQ(work.latency.count(), 6u);
  EXPECT_THAT(work.failures, IsEmpty());
  const measured_work* const step = step_of(*ran, GetParam().step);
  ASSERT_THAT(step, NotNull());
  EXPECT_THAT(step->latency.count(), Gt(5u));
  EXPECT_THAT(ran->left_behind, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, Operation,
    testing::Values(
        operation_case{operation_kind::image_pull, upload_method::post_put, "get-layer"},
        operation_case{operation_kind::image_push, upload_method::post_put, "push-manifest"},
        operation_case{operation_kind::image_push, upload_method::single_post, "push-blob-at-once"},
        operation_case{operation_kind::blob_pull, upload_method::post_put, "get-blob"},
        operation_case{operation_kind::blob_pull_range, upload_method::post_put, "get-blob-range"},
        operation_case{operation_kind::blob_head, upload_method::post_put, "head-blob"},
        operation_case{operation_kind::blob_push, upload_method::post_put, "finish-upload"},
        operation_case{operation_kind::blob_push, upload_method::chunked, "push-chunk"},
        operation_case{operation_kind::blob_push, upload_method::single_post, "push-blob-at-once"},
        operation_case{operation_kind::blob_mount, upload_method::post_put, "mount-blob"},
        operation_case{operation_kind::manifest_head, upload_method::post_put, "head-manifest"},
        operation_case{operation_kind::manifest_pull_tag, upload_method::post_put, "get-index"},
        operation_case{operation_kind::manifest_pull_digest, upload_method::post_put,
                       "get-manifest"},
        operation_case{operation_kind::manifest_push, upload_method::post_put, "push-manifest"},
        operation_case{operation_kind::tag_list, upload_method::post_put, "list-tags"},
        operation_case{operation_kind::catalogue_list, upload_method::post_put,
                       "list-repositories"},
        operation_case{operation_kind::referrers_list, upload_method::post_put, "list-referrers"},
        operation_case{operation_kind::referrers_push, upload_method::post_put, "push-manifest"},
        operation_case{operation_kind::manifest_delete, upload_method::post_put,
                       "delete-manifest"}),
    [](const auto& test_case) {
      std::string name(to_string(test_case.param.kind));
      name += '_' + std::string(to_string(test_case.param.upload));
      std::replace(name.begin(), name.end(), '-', '_');
      return name;
    });

TEST(Run, AClosedLoopDoesNoMoreThanItsClientsHaveTimeFor) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  const auto ran = run(options_of(operation_kind::manifest_head, registry->url()));
  ASSERT_TRUE(ran) << ran.error().what();
  const histogram& times = ran->operations.front().latency;
  EXPECT_LE(times.count() * times.min(), 2 * ran->measured);
}

TEST(Run, EndsAClosedLoopAfterExactlySoManyOperations) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::manifest_head, registry->url());
  options.plan.pace = closed_loop{3};
  options.threads = 3;
  for (const std::uint64_t operations : {1u, 7u}) {
    options.operations = operations;
    const auto ran = run(options);
    ASSERT_TRUE(ran) << ran.error().what();
    EXPECT_EQ(ran->operations.front().latency.count(), operations);
  }
}

TEST(Run, AnImageWithoutAnIndexIsPushedAndPulledInTheRequestsThatZbSends) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::image_push, registry->url());
  options.plan.content.index = false;
  options.plan.content.layers = {1, 0, 1, 1};
  operation& work = options.plan.operations.front();
  work.ask = false;
  work.parallel = 1;
  work.new_repository = true;
  const auto pushed = run(options);
  ASSERT_TRUE(pushed) << pushed.error().what();
  EXPECT_EQ(step_of(*pushed, "start-upload")->latency.count(), 12u);
  EXPECT_EQ(step_of(*pushed, "finish-upload")->latency.count(), 12u);
  EXPECT_EQ(step_of(*pushed, "push-manifest")->latency.count(), 6u);
  EXPECT_EQ(pushed->steps.size(), 3u);
  EXPECT_THAT(pushed->left_behind, IsEmpty());

  work = operation{};
  work.name = "pull";
  work.ask = true;
  const auto pulled = run(options);
  ASSERT_TRUE(pulled) << pulled.error().what();
  EXPECT_EQ(step_of(*pulled, "head-manifest")->latency.count(), 6u);
  EXPECT_EQ(step_of(*pulled, "get-manifest")->latency.count(), 6u);
  EXPECT_EQ(step_of(*pulled, "head-blob")->latency.count(), 12u);
  EXPECT_EQ(step_of(*pulled, "get-config")->latency.count(), 6u);
  EXPECT_EQ(step_of(*pulled, "get-layer")->latency.count(), 6u);
  EXPECT_EQ(pulled->steps.size(), 5u);
}

TEST(Run, GetsThroughALogin) {
  reference::options guarded;
  guarded.username = "user";
  guarded.password = "secret";
  auto registry = reference::registry::start(guarded);
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::image_push, registry->url());
  options.registry.login.emplace();
  options.registry.login->username = "user";
  options.registry.login->password = "secret";

  const auto ran = run(options);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 6u);
  // A challenge is no error of the registry.
  EXPECT_EQ(ran->error_codes, named_counts{});
}

TEST(Run, SaysWhichPushARegistryRefuses) {
  reference::options guarded;
  guarded.username = "user";
  guarded.password = "secret";
  auto registry = reference::registry::start(guarded);
  ASSERT_TRUE(registry);

  const auto ran = run(options_of(operation_kind::image_pull, registry->url()));

  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().what(), testing::HasSubstr("cannot be pushed"));
}

TEST(Run, KeepsChunksAsLongAsTheRegistryAsks) {
  reference::options large_chunks;
  large_chunks.chunk_min_length = 1500;
  auto registry = reference::registry::start(large_chunks);
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::blob_push, registry->url());
  options.plan.operations.front().upload = upload_method::chunked;

  const auto ran = run(options);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 6u);
  EXPECT_EQ(step_of(*ran, "push-chunk")->latency.count(), 12u);
}

TEST(Run, StartsAllOfABurstAndCountsFromTheIntendedStart) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::manifest_head, registry->url());
  options.plan.pace = burst_plan{200, std::chrono::nanoseconds(0), spacing::even};
  options.clients = 1;

  const auto ran = run(options);

  ASSERT_TRUE(ran) << ran.error().what();
  const measured_work& work = ran->operations.front();
  EXPECT_EQ(work.latency.count(), 200u);
  // All were intended at once and one client did them one after the other: the last has waited
  // for all others.
  EXPECT_GE(work.latency.max(), work.service.mean() * 150);
  EXPECT_EQ(ran->lag.count(), 200u);
}

TEST(FindLimit, TriesRatesUntilItKnowsWhereTheyBreak) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::blob_push, registry->url());
  options.operations = 0;
  limit_options limits;
  limits.first_per_second = 200;
  limits.step = std::chrono::milliseconds(100);
  // Only a rate of which hardly anything is started has as few operations as that.
  limits.objectives = {*parse_objective("work.rate<900/s", {})};
  const std::atomic<int> interrupts{0};

  const auto limit_run = find_limit(options, limits, {}, interrupts);

  ASSERT_TRUE(limit_run) << limit_run.error().what();
  ASSERT_TRUE(limit_run->rates && limit_run->rates->size() > 1);
  for (const tried_rate& rate : *limit_run->rates) {
    EXPECT_TRUE(rate.asked_per_second < 1000 || !rate.broken.empty()) << rate.asked_per_second;
  }
  EXPECT_EQ(limit_run->operations.front().failures, named_counts{});
  EXPECT_THAT(limit_run->left_behind, IsEmpty());
}

TEST(FindLimit, RunsLongEnoughForTheObjectiveOfARareOperation) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::manifest_head, registry->url());
  options.operations = 0;
  options.plan.operations.front().weight = 19;
  options.plan.operations.push_back(options.plan.operations.front());
  options.plan.operations.back().name = "rare";
  options.plan.operations.back().weight = 1;
  limit_options limits;
  limits.first_per_second = 400;
  limits.step = std::chrono::milliseconds(50);
  limits.objectives = {*parse_objective("rare.p50<10s", {}), *parse_objective("rate<500/s", {})};
  const std::atomic<int> interrupts{0};

  const auto limit_run = find_limit(options, limits, {}, interrupts);

  ASSERT_TRUE(limit_run && limit_run->rates) << limit_run.error().what();
  // In 50 ms there would be one of it: too few for the objective.
  EXPECT_EQ(limit_run->rates->front().broken, "");
}

TEST(Run, IsNotPreparedAnyFurtherWhenItIsInterrupted) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::image_pull, registry->url());
  options.plan.content.repositories = 1000;
  const std::atomic<int> interrupts{1};

  const auto ran = run(options, {}, interrupts);

  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().what(), testing::HasSubstr("interrupted"));
  // Of those that were under way, at most: the registry may come to them behind their deletion.
  EXPECT_LE(registry->seen().stored.manifests, 8u);
}

TEST(Run, EndsWithAReportWhenItIsInterrupted) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options options = options_of(operation_kind::manifest_head, registry->url());
  options.operations = 0;
  options.plan.duration = std::chrono::hours(1);
  std::atomic<int> interrupts{0};
  run_observer observer;
  observer.phase = [&](const std::string& phase) { interrupts = phase == "running" ? 1 : 0; };

  const auto ran = run(options, observer, interrupts);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_THAT(ran->left_behind, IsEmpty());
  // A stretch that nobody chose is no measurement.
  EXPECT_THAT(ran->invalid, testing::Contains("interrupted before its end"));
  EXPECT_EQ(exit_code(*ran), 3);
}

}  // namespace
}  // namespace plimsoll::load
