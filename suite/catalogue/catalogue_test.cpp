#include "plimsoll/catalogue/catalogue.hpp"

#include <gtest/gtest.h>

namespace plimsoll {
namespace {

TEST(Catalogue, FindsWhatALiteralNames) {
  const requirement& found = find("push.chunk.range-value");
  EXPECT_EQ(found.id, "push.chunk.range-value");
  EXPECT_EQ(&found, find_requirement("push.chunk.range-value"));
  EXPECT_EQ(find_requirement("push.chunk.no-such-rule"), nullptr);
}

TEST(Catalogue, AMustWithItsKeywordFails) {
  EXPECT_EQ(find("pull.blob.404").when_broken(spec_version::v1_1), verdict::fail);
}

TEST(Catalogue, AMustWithoutKeywordWarns) {
  EXPECT_EQ(find("push.chunk.range-value").words, wording::no_keyword);
  EXPECT_EQ(find("push.chunk.range-value").weight, rule_weight::definition);
  EXPECT_EQ(find("push.chunk.range-value").when_broken(spec_version::v1_1), verdict::fail);
  EXPECT_EQ(find("base.200").weight, rule_weight::advice);
  EXPECT_EQ(find("base.200").when_broken(spec_version::v1_1), verdict::warn);
  EXPECT_EQ(find("push.cancel.session-gone").weight, rule_weight::definition);
  EXPECT_EQ(find("push.cancel.session-gone").when_broken(spec_version::v1_2_dev), verdict::warn);
}

TEST(Catalogue, LevelsAreThoseOfTheChosenVersion) {
  const requirement& header = find("pull.blob.docker-content-digest");
  EXPECT_EQ(header.level_in(spec_version::v1_1), level::should);
  EXPECT_EQ(header.level_in(spec_version::v1_2_dev), level::must);
  EXPECT_EQ(find("referrers.200").level_in(spec_version::v1_0), std::nullopt);
}

TEST(Catalogue, AMayIsNeverComplainedOf) {
  for (const requirement& one : all_requirements()) {
    if (one.level_in(spec_version::v1_1) != level::may) continue;
    EXPECT_EQ(one.when_broken(spec_version::v1_1), verdict::pass) << one.id;
  }
}

TEST(Catalogue, NoMarkerIsLeftInAStatement) {
  for (const requirement& one : all_requirements()) {
    EXPECT_FALSE(one.statement.ends_with(']')) << one.id << ": " << one.statement;
  }
}

}  // namespace
}  // namespace plimsoll
