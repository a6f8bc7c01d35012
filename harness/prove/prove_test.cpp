#include "plimsoll/prove/prove.hpp"

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll {
namespace {

constexpr auto absent_judges = requirement_ids("pull.blob.404");

boost::asio::awaitable<void> absent(context& ctx) {
  const oci::digest digest = oci::digest_of("not there");
  const auto got = co_await ctx.send(api::get_blob(ctx.repository(), digest));
  ctx.expect(got, "pull.blob.404").status(404);
}

/// Checks nothing, and says that it judges.
boost::asio::awaitable<void> blind(context& ctx) {
  (void)co_await ctx.send(api::ping());
}

/// Demands what the spec leaves open.
boost::asio::awaitable<void> strict(context& ctx) {
  const auto got = co_await ctx.send(api::ping());
  ctx.expect(got, "pull.blob.404").header("Content-Length", "2");
}

scenario scenario_with(boost::asio::awaitable<void> (*body)(context&)) {
  return {
      .id = "test/one", .title = "One", .category = "pull", .judges = absent_judges, .body = body};
}

proof_result proof_of(boost::asio::awaitable<void> (*body)(context&), std::string filter) {
  const scenario one = scenario_with(body);
  prove_options options;
  options.filter = std::move(filter);
  return prove({&one}, {}, options);
}

TEST(Prove, AFaultIsCaughtWhereItsRequirementFails) {
  const auto proof = proof_of(absent, "blob-get-absent-200");
  ASSERT_EQ(proof.faults.size(), 1u);
  EXPECT_TRUE(proof.faults[0].caught);
  EXPECT_THAT(proof.faults[0].failed, testing::ElementsAre("pull.blob.404"));
  EXPECT_TRUE(holds(proof));
}

TEST(Prove, AFaultThatNoCheckSeesIsNotCaught) {
  const auto proof = proof_of(blind, "blob-get-absent-200");
  ASSERT_EQ(proof.faults.size(), 1u);
  EXPECT_FALSE(proof.faults[0].caught);
  EXPECT_FALSE(holds(proof));
}

TEST(Prove, AFaultWhoseRequirementNothingJudgesIsNotCaught) {
  const auto proof = proof_of(absent, "blob-get-flips-a-bit");
  ASSERT_EQ(proof.faults.size(), 1u);
  EXPECT_FALSE(proof.faults[0].caught);
}

TEST(Prove, AVariantThatIsComplainedOfIsNotClean) {
  EXPECT_TRUE(holds(proof_of(absent, "chunked-answers")));
  const auto proof = proof_of(strict, "chunked-answers");
  ASSERT_EQ(proof.variants.size(), 1u);
  EXPECT_FALSE(proof.variants[0].clean);
  EXPECT_THAT(proof.variants[0].complaints, testing::ElementsAre("pull.blob.404"));
}

TEST(Prove, NothingIsNoProof) {
  EXPECT_FALSE(holds(proof_of(absent, "no such fault")));
}

}  // namespace
}  // namespace plimsoll
