#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "plimsoll/reference_registry/registry.hpp"
#include "running.hpp"

namespace plimsoll::load {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

/// Written by nginx and by docker-registry for the same requests.
class ReplayOf : public testing::TestWithParam<const char*> {};

run_options replaying(const std::string& text, double speed, const std::string& registry) {
  run_options options;
  options.registry.registry = registry;
  options.run_id = "test";
  options.threads = 2;
  options.clients = 64;
  options.log = std::make_shared<replay>(parse_log(text).value());
  options.plan = replay_workload(*options.log, speed).value();
  return options;
}

std::string logged(const std::string& name) {
  std::ifstream in(PLIMSOLL_TEST_LOGS "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uint64_t count_of(const load_result& ran, const std::string& operation) {
  for (const measured_work& work : ran.operations) {
    if (work.name == operation) return work.latency.count();
  }
  return 0;
}

TEST_P(ReplayOf, DoesEachRequestAtTheReferenceRegistry) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  const auto ran = run(replaying(logged(GetParam()), 20, registry->url()));
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_THAT(all_operations(*ran).failures, IsEmpty());
  EXPECT_EQ(count_of(*ran, "blob-get"), 12u);
  EXPECT_EQ(count_of(*ran, "blob-head"), 6u);
  EXPECT_EQ(count_of(*ran, "blob-put"), 6u);
  EXPECT_EQ(count_of(*ran, "blob-mount"), 1u);
  EXPECT_EQ(count_of(*ran, "blob-delete"), 1u);
  EXPECT_EQ(count_of(*ran, "manifest-get"), 8u);
  EXPECT_EQ(count_of(*ran, "manifest-head"), 5u);
  EXPECT_EQ(count_of(*ran, "manifest-put"), 2u);
  EXPECT_EQ(count_of(*ran, "manifest-delete"), 1u);
  EXPECT_EQ(count_of(*ran, "tag-list"), 2u);
  EXPECT_EQ(count_of(*ran, "catalogue-list"), 1u);
  EXPECT_EQ(step_of(*ran, "start-upload")->latency.count(), 6u);
  EXPECT_THAT(ran->left_behind, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(, ReplayOf, testing::Values("nginx.log", "docker-registry.jsonl"),
                         [](const auto& test_case) {
                           return std::string(test_case.index == 0 ? "nginx" : "docker_registry");
                         });

constexpr const char* trace = R"([
{"http.request.method": "GET", "http.request.uri": "v2/a/b/blobs/93c1c63b",
 "http.response.status": 200, "http.response.written": 51800, "timestamp": "2017-06-20T02:41:17.0Z"},
{"http.request.method": "PUT", "http.request.uri": "v2/a/b/manifests/d1b2a59f",
 "http.response.status": 201, "http.response.written": 950, "timestamp": "2017-06-20T02:41:18.0Z"},
{"http.request.method": "HEAD", "http.request.uri": "v2/a/b/blobs/0000",
 "http.response.status": 404, "http.response.written": 0, "timestamp": "2017-06-20T02:41:21.0Z"}
])";

TEST(Replay, HasTheSizesOfTheLogAndItsPaceScaled) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry);
  const run_options options = replaying(trace, 16, registry->url());
  const auto& pace = std::get<listed_plan>(options.plan.pace);
  using std::chrono::microseconds;
  EXPECT_THAT(*pace.times,
              testing::ElementsAre(microseconds(0), microseconds(62'500), microseconds(250'000)));
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_THAT(all_operations(*ran).failures, IsEmpty());
  EXPECT_THAT(ran->operations, Contains(Field(&measured_work::bytes_received, 51'800u)));
  EXPECT_THAT(ran->operations, Contains(Field(&measured_work::bytes_sent, 950u)));
}

TEST(Replay, HasNoOtherPaceThanItsOwn) {
  run_options options = replaying(trace, 16, "http://127.0.0.1:9");
  const std::atomic<int> interrupts{0};
  EXPECT_THAT(find_limit(options, {}, {}, interrupts).error().what(), HasSubstr("its own pace"));
  options.plan.pace = closed_loop{1};
  EXPECT_THAT(run(options).error().what(), HasSubstr("its own pace"));
}

}  // namespace
}  // namespace plimsoll::load
