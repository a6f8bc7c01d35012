#include <gmock/gmock.h>

#include "plimsoll/reference_registry/registry.hpp"
#include "running.hpp"

namespace plimsoll::load {
namespace {

using testing::Gt;
using testing::IsEmpty;
using testing::NotNull;

struct one_kind {
  operation_kind kind;
  upload_method upload = upload_method::post_put;
  const char* step;  ///< That the operation has to have taken.
};

class Operation : public testing::TestWithParam<one_kind> {};

TEST_P(Operation, SucceedsOnTheReferenceRegistryAndLeavesNothing) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options how = options_of(GetParam().kind, registry->url());
  how.plan.operations.front().upload = GetParam().upload;
  how.plan.content.referrers = 2;

  const auto ran = run(how);

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
        one_kind{operation_kind::image_pull, upload_method::post_put, "get-layer"},
        one_kind{operation_kind::image_push, upload_method::post_put, "push-manifest"},
        one_kind{operation_kind::image_push, upload_method::single_post, "push-blob-at-once"},
        one_kind{operation_kind::blob_pull, upload_method::post_put, "get-blob"},
        one_kind{operation_kind::blob_pull_range, upload_method::post_put, "get-blob-range"},
        one_kind{operation_kind::blob_head, upload_method::post_put, "head-blob"},
        one_kind{operation_kind::blob_push, upload_method::post_put, "finish-upload"},
        one_kind{operation_kind::blob_push, upload_method::chunked, "push-chunk"},
        one_kind{operation_kind::blob_push, upload_method::single_post, "push-blob-at-once"},
        one_kind{operation_kind::blob_mount, upload_method::post_put, "mount-blob"},
        one_kind{operation_kind::manifest_head, upload_method::post_put, "head-manifest"},
        one_kind{operation_kind::manifest_pull_tag, upload_method::post_put, "get-index"},
        one_kind{operation_kind::manifest_pull_digest, upload_method::post_put, "get-manifest"},
        one_kind{operation_kind::manifest_push, upload_method::post_put, "push-manifest"},
        one_kind{operation_kind::tag_list, upload_method::post_put, "list-tags"},
        one_kind{operation_kind::catalogue_list, upload_method::post_put, "list-repositories"},
        one_kind{operation_kind::referrers_list, upload_method::post_put, "list-referrers"},
        one_kind{operation_kind::referrers_push, upload_method::post_put, "push-manifest"},
        one_kind{operation_kind::manifest_delete, upload_method::post_put, "delete-manifest"}),
    [](const auto& of) {
      std::string name(to_string(of.param.kind));
      name += '_' + std::string(to_string(of.param.upload));
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
  run_options how = options_of(operation_kind::manifest_head, registry->url());
  how.plan.pace = closed_loop{3};
  how.threads = 3;
  for (const std::uint64_t operations : {1u, 7u}) {
    how.operations = operations;
    const auto ran = run(how);
    ASSERT_TRUE(ran) << ran.error().what();
    EXPECT_EQ(ran->operations.front().latency.count(), operations);
  }
}

TEST(Run, AnImageWithoutAnIndexIsPushedAndPulledInTheRequestsThatZbSends) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options how = options_of(operation_kind::image_push, registry->url());
  how.plan.content.index = false;
  how.plan.content.layers = {1, 0, 1, 1};
  operation& work = how.plan.operations.front();
  work.ask = false;
  work.parallel = 1;
  work.new_repository = true;
  const auto pushed = run(how);
  ASSERT_TRUE(pushed) << pushed.error().what();
  EXPECT_EQ(step_of(*pushed, "start-upload")->latency.count(), 12u);
  EXPECT_EQ(step_of(*pushed, "finish-upload")->latency.count(), 12u);
  EXPECT_EQ(step_of(*pushed, "push-manifest")->latency.count(), 6u);
  EXPECT_EQ(pushed->steps.size(), 3u);
  EXPECT_THAT(pushed->left_behind, IsEmpty());

  work = operation{};
  work.name = "pull";
  work.ask = true;
  const auto pulled = run(how);
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
  run_options how = options_of(operation_kind::image_push, registry->url());
  how.registry.login.emplace();
  how.registry.login->username = "user";
  how.registry.login->password = "secret";

  const auto ran = run(how);

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
  run_options how = options_of(operation_kind::blob_push, registry->url());
  how.plan.operations.front().upload = upload_method::chunked;

  const auto ran = run(how);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 6u);
  EXPECT_EQ(step_of(*ran, "push-chunk")->latency.count(), 12u);
}

TEST(Run, StartsAllOfABurstAndCountsFromTheIntendedStart) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options how = options_of(operation_kind::manifest_head, registry->url());
  how.plan.pace = burst_plan{200, std::chrono::nanoseconds(0), spacing::even};
  how.clients = 1;

  const auto ran = run(how);

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
  run_options how = options_of(operation_kind::blob_push, registry->url());
  how.operations = 0;
  limit_options limits;
  limits.first_per_second = 200;
  limits.step = std::chrono::milliseconds(100);
  // Only a rate of which hardly anything is started has as few operations as that.
  limits.objectives = {*parse_objective("work.rate<900/s", {})};
  const std::atomic<int> interrupts{0};

  const auto found = find_limit(how, limits, {}, interrupts);

  ASSERT_TRUE(found) << found.error().what();
  ASSERT_TRUE(found->rates && found->rates->size() > 1);
  for (const tried_rate& one : *found->rates) {
    EXPECT_TRUE(one.asked_per_second < 1000 || !one.broken.empty()) << one.asked_per_second;
  }
  EXPECT_EQ(found->operations.front().failures, named_counts{});
  EXPECT_THAT(found->left_behind, IsEmpty());
}

TEST(FindLimit, RunsLongEnoughForTheObjectiveOfARareOperation) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options how = options_of(operation_kind::manifest_head, registry->url());
  how.operations = 0;
  how.plan.operations.front().weight = 19;
  how.plan.operations.push_back(how.plan.operations.front());
  how.plan.operations.back().name = "rare";
  how.plan.operations.back().weight = 1;
  limit_options limits;
  limits.first_per_second = 400;
  limits.step = std::chrono::milliseconds(50);
  limits.objectives = {*parse_objective("rare.p50<10s", {}), *parse_objective("rate<500/s", {})};
  const std::atomic<int> interrupts{0};

  const auto found = find_limit(how, limits, {}, interrupts);

  ASSERT_TRUE(found && found->rates) << found.error().what();
  // In 50 ms there would be one of it: too few for the objective.
  EXPECT_EQ(found->rates->front().broken, "");
}

TEST(Run, IsNotPreparedAnyFurtherWhenItIsInterrupted) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options how = options_of(operation_kind::image_pull, registry->url());
  how.plan.content.repositories = 1000;
  const std::atomic<int> interrupts{1};

  const auto ran = run(how, {}, interrupts);

  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().what(), testing::HasSubstr("interrupted"));
  // Of those that were under way, at most: the registry may come to them behind their deletion.
  EXPECT_LE(registry->seen().stored.manifests, 8u);
}

TEST(Run, EndsWithAReportWhenItIsInterrupted) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  run_options how = options_of(operation_kind::manifest_head, registry->url());
  how.operations = 0;
  how.plan.duration = std::chrono::hours(1);
  std::atomic<int> interrupts{0};
  run_observer watching;
  watching.phase = [&](const std::string& phase) { interrupts = phase == "running" ? 1 : 0; };

  const auto ran = run(how, watching, interrupts);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_THAT(ran->left_behind, IsEmpty());
  // A stretch that nobody chose is no measurement.
  EXPECT_THAT(ran->invalid, testing::Contains("interrupted before its end"));
  EXPECT_EQ(exit_code(*ran), 3);
}

}  // namespace
}  // namespace plimsoll::load
