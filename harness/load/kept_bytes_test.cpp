#include "kept_bytes.hpp"

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

TEST(KeptBytes, KnowsEachByteByItsPlace) {
  std::string bytes(3 * kept_bytes::piece_size + 5, 'a');
  bytes[kept_bytes::piece_size] = 'b';
  kept_bytes kept;
  kept.append(std::string_view(bytes).substr(0, 7));
  kept.append(std::string_view(bytes).substr(7));
  kept.close();
  EXPECT_TRUE(kept.matches(0, bytes));
  EXPECT_TRUE(kept.matches(kept_bytes::piece_size - 1, "ab"));
  EXPECT_FALSE(kept.matches(kept_bytes::piece_size - 1, "aa"));
  EXPECT_FALSE(kept.matches(bytes.size(), "a"));
}

TEST(KeptBytes, KeepsNothingOfWhatIsLargerThanItMayBe) {
  kept_bytes kept(2 * kept_bytes::piece_size);
  for (char c = 'a'; c < 'a' + 10; ++c) kept.append(std::string(kept_bytes::piece_size, c));
  kept.close();
  EXPECT_TRUE(kept.is_too_large());
  EXPECT_FALSE(kept.matches(0, "a"));
}

TEST(KeptBytes, TakesThePiecesThatAreAlikeOnce) {
  kept_bytes kept(2 * kept_bytes::piece_size);
  for (int i = 0; i < 10; ++i) kept.append(std::string(kept_bytes::piece_size, 'a'));
  kept.close();
  EXPECT_FALSE(kept.is_too_large());
  EXPECT_TRUE(kept.matches(9 * kept_bytes::piece_size, "a"));
}

}  // namespace
}  // namespace plimsoll::load
