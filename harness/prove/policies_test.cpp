#include <string>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/runner/preflight.hpp"

/// What the requests before a run tell of registries with policies.
namespace plimsoll {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct variant_name {
  std::string text;
};
struct fault_name {
  std::string text;
};

preflight_result preflight_on(reference::options how) {
  const auto registry = reference::registry::start(std::move(how));
  EXPECT_TRUE(registry.has_value());
  boost::asio::io_context io;
  http::client_options client_options;
  client_options.registry = registry->url();
  auto client = http::client::make(io.get_executor(), client_options);
  EXPECT_TRUE(client.has_value());
  run_options options;
  options.repository_prefix = "proof";
  options.run_id = "1";
  preflight_result result;
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    result = co_await run_preflight(*client, options, true);
    client->close_idle();
  });
  return result;
}

preflight_result preflight_on(const variant_name& variant) {
  reference::options how;
  how.variant = variant.text;
  return preflight_on(std::move(how));
}

preflight_result preflight_on(const fault_name& fault) {
  reference::options how;
  how.fault = fault.text;
  return preflight_on(std::move(how));
}

TEST(Policies, ARegistryWithoutThemShowsNone) {
  const auto result = preflight_on(reference::options());
  EXPECT_EQ(result.reason, "");
  EXPECT_FALSE(result.policies.pushes);
  EXPECT_FALSE(result.policies.tag_changes);
  EXPECT_EQ(result.policies.name_components, 0u);
  EXPECT_THAT(result.left_behind, IsEmpty());
}

TEST(Policies, PushesAreRefused) {
  for (const char* name : {"pushes-denied", "pushes-closed", "pull-only-without-lists"}) {
    EXPECT_TRUE(preflight_on(variant_name{name}).policies.pushes) << name;
  }
  const auto result = preflight_on(variant_name{"names-not-created"});
  ASSERT_TRUE(result.policies.pushes);
  EXPECT_EQ(result.policies.pushes->by, policy::names);
}

TEST(Policies, TagsDoNotMove) {
  for (const char* name :
       {"tags-fixed-400", "tags-fixed-403", "tags-fixed-409", "tags-fixed-412"}) {
    const auto result = preflight_on(variant_name{name});
    ASSERT_TRUE(result.policies.tag_changes) << name;
    EXPECT_THAT(result.policies.tag_changes->words, HasSubstr("tags are immutable"));
    EXPECT_FALSE(result.policies.pushes) << name;
  }
}

TEST(Policies, NamesAreShort) {
  EXPECT_EQ(preflight_on(variant_name{"names-of-one-component"}).policies.name_components, 1u);
  EXPECT_EQ(preflight_on(variant_name{"names-of-two-components"}).policies.name_components, 2u);
}

TEST(Policies, AFaultIsNone) {
  for (const char* name : {"push-of-blobs-404", "push-of-manifests-405", "post-answers-200",
                           "post-without-location", "manifest-put-200", "manifest-put-again-409"}) {
    const auto result = preflight_on(fault_name{name});
    EXPECT_FALSE(result.policies.pushes) << name;
    EXPECT_FALSE(result.policies.tag_changes) << name;
  }
}

}  // namespace
}  // namespace plimsoll
