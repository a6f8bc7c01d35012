#include "plimsoll/suite/scenarios.hpp"

#include <algorithm>
#include <exception>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/runner/runner.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

/// Those that run without being asked for, on a registry that may be written to.
std::vector<const scenario*> pushing_scenarios() {
  auto all = all_scenarios();
  std::erase_if(all, [](const scenario* one) {
    const bool may_push = one->stands_on == basis::pushed || one->stands_on == basis::nothing;
    return !may_push || one->is_large;
  });
  return all;
}

std::vector<const scenario*> large_scenarios() {
  auto all = all_scenarios();
  std::erase_if(all, [](const scenario* one) { return !one->is_large; });
  return all;
}

run_options options_with(spec_version version) {
  run_options run;
  run.version = version;
  run.repository_prefix = "suite";
  run.run_id = "1";
  run.seed = 7;
  run.observers = all_observers();
  // What a fault never lets settle is not waited for.
  run.settle = std::chrono::milliseconds(200);
  return run;
}

run_outcome run_on(const reference::registry& registry, std::vector<const scenario*> scenarios,
                   const run_options& run) {
  boost::asio::io_context io;
  http::client_options options;
  options.registry = registry.url();
  auto client = http::client::make(io.get_executor(), options);
  EXPECT_TRUE(client.has_value());

  run_outcome outcome;
  auto body = [&]() -> boost::asio::awaitable<void> {
    outcome = co_await run_scenarios(std::move(scenarios), *client, run);
    client->close_idle();
  };
  testing::run_coroutine(io, body, std::chrono::seconds(60));
  return outcome;
}

run_outcome run_on(const reference::registry& registry, std::vector<const scenario*> scenarios,
                   spec_version version) {
  return run_on(registry, std::move(scenarios), options_with(version));
}

run_outcome run_on(const reference::registry& registry) {
  return run_on(registry, pushing_scenarios(), spec_version::v1_1);
}

std::map<std::string, scenario_result> by_id(run_outcome outcome) {
  std::map<std::string, scenario_result> all;
  for (auto& one : outcome.scenarios) all[one.id] = std::move(one);
  return all;
}

std::map<std::string, scenario_result> run_against(reference::options how) {
  auto registry = reference::registry::start(std::move(how));
  EXPECT_TRUE(registry.has_value());
  return by_id(run_on(*registry));
}

boost::asio::awaitable<void> push_tagged(context& ctx) {
  const std::string config(oci::empty_content);
  (void)co_await ctx.send(api::post_blob(ctx.repository(), oci::digest_of(config), config));
  oci::image_manifest image;
  image.media_type = oci::media_type::image_manifest;
  image.config = oci::empty_descriptor();
  image.layers.push_back(oci::empty_descriptor());
  const auto put = co_await ctx.send(
      api::put_manifest(ctx.repository(), "v1", image.media_type, oci::to_json(image)));
  ctx.require_status(put, 201, "push.manifest.201");
}

constexpr auto tagged_judges = requirement_ids("push.manifest.201");
constexpr scenario tagged_manifest{.id = "push/tagged",
                                   .title = "A manifest is there",
                                   .category = "push",
                                   .judges = tagged_judges,
                                   .body = push_tagged};

/// What scenarios say of content that is given in a repository that has a manifest with tag v1.
std::map<std::string, scenario_result> read_given(reference::options how, given_content given) {
  auto registry = reference::registry::start(std::move(how));
  EXPECT_TRUE(registry.has_value());
  run_options run = options_with(spec_version::v1_1);
  run.repositories = {"given"};
  run.leaves_bytes = std::numeric_limits<std::uint64_t>::max();
  (void)run_on(*registry, {&tagged_manifest}, run);
  run.given = std::move(given);
  auto all = all_scenarios();
  std::erase_if(all, [](const scenario* one) {
    return one->stands_on != basis::given_manifests && one->stands_on != basis::given_blobs;
  });
  return by_id(run_on(*registry, std::move(all), run));
}

std::ptrdiff_t findings_in(const scenario_result& one) {
  return std::count_if(one.checks.begin(), one.checks.end(),
                       [](const check_result& check) { return check.outcome != verdict::pass; });
}

std::string why(const scenario_result& one) {
  std::string out = one.id + ": " + one.reason;
  for (const check_result& check : one.checks) {
    if (check.outcome == verdict::pass) continue;
    out += "\n  " + check.requirement + ": expected " + check.expected + ", received " +
           check.received;
  }
  return out;
}

/// Passed, or had nothing to judge and says so.
bool is_fine(const scenario_result& one) {
  if (one.outcome == verdict::skipped) return one.checks.empty() && !one.reason.empty();
  return one.outcome == verdict::pass && !one.checks.empty();
}

TEST(Scenarios, HaveIdsOfTheirOwn) {
  std::set<std::string_view> ids;
  for (const scenario* one : all_scenarios()) EXPECT_TRUE(ids.insert(one->id).second) << one->id;
}

TEST(Scenarios, PassOnTheReferenceRegistry) {
  for (const auto& [id, result] : run_against({})) {
    EXPECT_TRUE(is_fine(result)) << why(result);
  }
}

TEST(Scenarios, PassOnTheReferenceRegistryWhereTheyAreLarge) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry.has_value());
  const auto large = large_scenarios();
  ASSERT_FALSE(large.empty());
  const auto results = run_on(*registry, large, spec_version::v1_1).scenarios;
  for (std::size_t i = 0; i < large.size(); ++i) {
    EXPECT_EQ(results.at(i).outcome, verdict::pass) << why(results.at(i));
  }
}

TEST(Scenarios, PassOnTheReferenceRegistryOfTheNextVersion) {
  reference::options how;
  how.version = reference::spec_version::v1_2_dev;
  auto registry = reference::registry::start(how);
  ASSERT_TRUE(registry.has_value());
  for (const scenario_result& one :
       run_on(*registry, pushing_scenarios(), spec_version::v1_2_dev).scenarios) {
    EXPECT_TRUE(is_fine(one)) << why(one);
  }
}

TEST(Scenarios, LeaveNothingBehind) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry.has_value());
  EXPECT_THAT(run_on(*registry).left_behind, ::testing::IsEmpty());
  // A second run with the same names finds them as new.
  for (const scenario_result& one : run_on(*registry).scenarios) {
    EXPECT_TRUE(is_fine(one)) << why(one);
  }
}

TEST(Scenarios, SayWhatTheRegistryDoesNotDelete) {
  reference::options how;
  how.deletes = false;
  auto registry = reference::registry::start(how);
  ASSERT_TRUE(registry.has_value());
  EXPECT_THAT(run_on(*registry).left_behind,
              ::testing::Contains("suite/1/pull-blob: 3 blobs (DELETE is answered with 405)"));
}

/// What the scenarios come to, without what differs between runs: times, ports, session ids.
std::map<std::string, std::string> verdicts_of(const run_outcome& outcome) {
  std::map<std::string, std::string> all;
  for (const scenario_result& one : outcome.scenarios) {
    std::string& text = all[one.id];
    text = std::to_string(static_cast<int>(one.outcome)) + ' ' + one.blocked_by;
    for (const check_result& check : one.checks) {
      text += ' ' + check.requirement + '=' + std::to_string(static_cast<int>(check.outcome));
    }
  }
  return all;
}

/// Of a new registry, with so many scenarios under way at once.
std::map<std::string, std::string> verdicts_on(const std::string& fault, std::size_t concurrency) {
  reference::options how;
  how.fault = fault;
  auto registry = reference::registry::start(how);
  EXPECT_TRUE(registry.has_value());
  run_options run = options_with(spec_version::v1_1);
  run.concurrency = concurrency;
  return verdicts_of(run_on(*registry, pushing_scenarios(), run));
}

TEST(Scenarios, HaveTheSameVerdictsHoweverManyRunAtOnce) {
  const auto wanted = verdicts_on("", 1);
  for (const std::size_t concurrency : {std::size_t{8}, std::size_t{32}}) {
    EXPECT_EQ(verdicts_on("", concurrency), wanted) << concurrency;
  }
}

TEST(Scenarios, HaveTheSameVerdictsWhereARegistryHasOneStoreForAllBlobs) {
  const auto wanted = verdicts_on("blobs-in-one-store", 1);
  for (int i = 0; i < 3; ++i) {
    for (const std::size_t concurrency : {std::size_t{1}, std::size_t{8}, std::size_t{32}}) {
      EXPECT_EQ(verdicts_on("blobs-in-one-store", concurrency), wanted) << concurrency;
    }
  }
}

/// What one scenario, run alone, pushed and deleted.
struct content_use {
  std::vector<pushed_content> pushed;
  std::set<std::string> deleted;  ///< Digests, which also may be those of nothing.
};

content_use use_of(const reference::registry& registry, const scenario& what) {
  boost::asio::io_context io;
  http::client_options options;
  options.registry = registry.url();
  auto client = http::client::make(io.get_executor(), options);
  EXPECT_TRUE(client.has_value());
  content_use made;
  auto body = [&]() -> boost::asio::awaitable<void> {
    surroundings around;
    around.repository = "use/" + std::to_string(std::hash<std::string_view>{}(what.id));
    around.other_repository = around.repository + "-other";
    around.seed = 7;
    context ctx(*client, what, std::move(around));
    try {
      co_await what.body(ctx);
    } catch (const std::exception&) {
      // Blocked or not offered: what it pushed until then counts.
    }
    made.pushed = ctx.pushed();
    for (const recorded_exchange& it : ctx.transcript()) {
      if (it.method == "DELETE") made.deleted.insert(it.url.substr(it.url.rfind('/') + 1));
    }
    client->close_idle();
  };
  testing::run_coroutine(io, body, std::chrono::seconds(60));
  return made;
}

TEST(Scenarios, NeitherDeleteNorClaimContentThatOthersPush) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry.has_value());
  std::map<std::string, std::set<std::string>> pushed_by;  // by digest
  std::map<std::string, content_use> uses;
  for (const scenario* const it : pushing_scenarios()) {
    const std::string id(it->id);
    uses[id] = use_of(*registry, *it);
    for (const pushed_content& one : uses[id].pushed) {
      if (one.what != pushed_content::kind::tag) pushed_by[one.reference].insert(id);
    }
  }
  EXPECT_GT(pushed_by.at(oci::empty_descriptor().digest.str()).size(), 1u);
  for (const auto& [id, use] : uses) {
    for (const pushed_content& one : use.pushed) {
      if (one.what == pushed_content::kind::tag) continue;
      EXPECT_FALSE(one.is_own && pushed_by.at(one.reference).size() > 1)
          << id << " takes for its own what others push: " << one.reference;
    }
    for (const std::string& digest : use.deleted) {
      const auto by = pushed_by.find(digest);
      EXPECT_FALSE(by != pushed_by.end() && by->second.size() > 1)
          << id << " deletes what others push: " << digest;
    }
  }
}

TEST(Scenarios, CallDeletionThatIsSwitchedOffUnsupported) {
  reference::options how;
  how.deletes = false;
  for (const auto& [id, result] : run_against(how)) {
    const bool deletes = id.rfind("management/", 0) == 0 || id == "discovery/deleted-referrer";
    if (deletes && id != "management/support") {
      EXPECT_EQ(result.outcome, verdict::unsupported) << why(result);
    } else {
      EXPECT_TRUE(is_fine(result)) << why(result);
    }
  }
}

TEST(Scenarios, CallAReferrersApiThatIsNotThereUnsupported) {
  reference::options how;
  how.referrers = false;
  const auto results = run_against(how);
  EXPECT_EQ(results.at("discovery/referrers").outcome, verdict::unsupported);
  EXPECT_EQ(results.at("push/subject-missing").outcome, verdict::unsupported);
  EXPECT_EQ(results.at("pull/manifest").outcome, verdict::pass);
}

TEST(Scenarios, OnlyWarnWhereIndexesAreNotListedAsReferrers) {
  reference::options how;
  how.fault = "referrers-without-indexes";
  const auto results = run_against(how);
  const auto& one = results.at("discovery/referrers");
  EXPECT_EQ(one.outcome, verdict::warn) << why(one);
}

TEST(Scenarios, ShowAChoiceOfTheRegistryAsUnsupported) {
  struct choice {
    std::string variant;
    std::string scenario;
  };
  for (const choice& one : {choice{"index-empty-400", "image/index-empty"},
                            choice{"extensions-unknown-200", "extensions/unknown"},
                            choice{"session-lost-with-its-connection", "push/upload-resumed"}}) {
    reference::options how;
    how.variant = one.variant;
    const auto results = run_against(how);
    EXPECT_EQ(results.at(one.scenario).outcome, verdict::unsupported)
        << why(results.at(one.scenario));
  }
}

TEST(Scenarios, NameGivenContentThatIsNotThereAndBlameNoRegistryForIt) {
  given_content absent;
  absent.tags = {"v11"};
  absent.manifests = {oci::digest_of("no manifest").str()};
  absent.blobs = {oci::digest_of("no blob").str()};
  const auto results = read_given({}, absent);
  for (const char* id : {"pull/given-manifests", "pull/given-blobs"}) {
    EXPECT_EQ(results.at(id).outcome, verdict::error) << id;
    EXPECT_EQ(findings_in(results.at(id)), 0) << why(results.at(id));
  }
  EXPECT_THAT(results.at("pull/given-manifests").reason,
              ::testing::AllOf(::testing::HasSubstr("given.tags v11"),
                               ::testing::HasSubstr(absent.manifests.front())));
  EXPECT_THAT(results.at("pull/given-blobs").reason,
              ::testing::HasSubstr(absent.blobs.front() + " (status 404)"));
}

TEST(Scenarios, ThatOnlyReadPushNothingWhereARunIsReadOnly) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry.has_value());
  run_options run = options_with(spec_version::v1_1);
  run.is_read_only = true;
  auto all = all_scenarios();
  std::erase_if(all, [](const scenario* each) { return each->stands_on != basis::nothing; });
  const auto results = by_id(run_on(*registry, std::move(all), run));
  for (const char* id : {"pull/absent-blob", "pull/absent-manifest", "pull/no-such-repository",
                         "pull/determining-support", "extensions/registry"}) {
    EXPECT_EQ(results.at(id).outcome, verdict::pass) << why(results.at(id));
  }
  EXPECT_EQ(registry->seen().stored.blobs, 0u);
}

TEST(Scenarios, SendNoWriteOutsideOfTheRepositoriesThatAreGiven) {
  auto registry = reference::registry::start({});
  ASSERT_TRUE(registry.has_value());
  run_options run = options_with(spec_version::v1_1);
  run.repositories = {"team/a", "team/b"};
  run.keeps_transcripts = true;
  const auto results = run_on(*registry, pushing_scenarios(), run).scenarios;
  std::set<std::string> written;
  for (const scenario_result& result : results) {
    for (const recorded_exchange& sent : result.transcript) {
      if (sent.method == "GET" || sent.method == "HEAD") continue;
      written.insert(repository_in(sent.url));
    }
  }
  EXPECT_THAT(written, ::testing::ElementsAre("team/a", "team/b"));
}

TEST(Scenarios, FindTheDigestOfGivenContentOnTheWayToItsStorage) {
  reference::options how;
  how.variant = "manifest-pull-from-storage";
  given_content given;
  given.tags = {"v1"};
  const auto results = read_given(how, given);
  const auto& one = results.at("pull/given-manifests");
  EXPECT_EQ(one.outcome, verdict::pass) << why(one);
}

TEST(Scenarios, DoNotCompareAStorageWithTheRegistry) {
  reference::options how;
  how.version = reference::spec_version::v1_2_dev;
  how.variant = "blob-get-from-storage";
  auto registry = reference::registry::start(how);
  ASSERT_TRUE(registry.has_value());
  const auto results = by_id(run_on(*registry, pushing_scenarios(), spec_version::v1_2_dev));
  EXPECT_EQ(results.at("pull/head-parity").outcome, verdict::pass)
      << why(results.at("pull/head-parity"));
}

TEST(Scenarios, DoNotResumeAnUploadWhereNoRangeIsTold) {
  reference::options how;
  how.fault = "status-without-range";
  const auto results = run_against(how);
  const auto& one = results.at("push/upload-resumed");
  EXPECT_EQ(one.outcome, verdict::blocked) << why(one);
  EXPECT_EQ(one.blocked_by, "push.status.range");
}

TEST(Scenarios, AreBlockedByWhatTheyStandOnAndOnlyItsOwnScenarioFails) {
  reference::options how;
  how.fault = "manifest-put-200";
  const auto results = run_against(how);
  EXPECT_EQ(results.at("pull/manifest").outcome, verdict::blocked);
  EXPECT_EQ(results.at("pull/manifest").blocked_by, "push.manifest.201");
  EXPECT_EQ(results.at("discovery/tags").outcome, verdict::blocked);
  EXPECT_EQ(results.at("push/manifest-by-tag").outcome, verdict::fail);
  EXPECT_EQ(results.at("pull/blob").outcome, verdict::pass);
}

}  // namespace
}  // namespace plimsoll::suite
