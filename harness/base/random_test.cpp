#include "plimsoll/base/random.hpp"

#include <gtest/gtest.h>

namespace plimsoll {
namespace {

TEST(SeededBytes, SameSeedGivesSameBytes) {
  EXPECT_EQ(seeded_bytes(7).bytes(1000), seeded_bytes(7).bytes(1000));
  EXPECT_NE(seeded_bytes(7).bytes(1000), seeded_bytes(8).bytes(1000));
}

TEST(SeededBytes, GivesAsManyAsAskedFor) {
  for (const std::size_t count : {0u, 1u, 7u, 8u, 9u, 4096u}) {
    EXPECT_EQ(seeded_bytes(1).bytes(count).size(), count);
  }
}

TEST(SeededBytes, HexIsLowerCaseDigits) {
  EXPECT_EQ(seeded_bytes(3).hex(64).find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(SeededBytes, FractionsCoverZeroToOne) {
  seeded_bytes random(4);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double fraction = random.fraction();
    ASSERT_GE(fraction, 0);
    ASSERT_LT(fraction, 1);
    sum += fraction;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.01);
}

TEST(DeriveSeed, PartsDiffer) {
  EXPECT_NE(derive_seed(1, "push/one"), derive_seed(1, "push/two"));
  EXPECT_NE(derive_seed(1, "push/one"), derive_seed(2, "push/one"));
  EXPECT_EQ(derive_seed(1, "push/one"), derive_seed(1, "push/one"));
}

}  // namespace
}  // namespace plimsoll
