#include "harness/load/content.hpp"

#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

/// The bytes of a blob between two places, as they are sent.
std::string sent(content_source& content, const blob& blob, std::uint64_t begin,
                 std::uint64_t end) {
  std::string out;
  while (begin + out.size() < end) {
    std::array<iovec, 3> parts{};
    const std::size_t count = content.pieces(blob, begin + out.size(), end, parts);
    for (std::size_t i = 0; i < count; ++i) {
      out.append(static_cast<const char*>(parts.at(i).iov_base), parts.at(i).iov_len);
    }
  }
  return out;
}

class Content : public testing::TestWithParam<content_mode> {
 protected:
  content_source source{make_content(GetParam(), 7)};
};

constexpr std::uint64_t tile = content_source::tile_size;

TEST_P(Content, HasTheDigestOfTheBytesThatAreSent) {
  for (const std::uint64_t size :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{63}, std::uint64_t{64}, std::uint64_t{65},
        tile, tile + 64, 3 * tile}) {
    const blob blob{size, 5};
    const std::string bytes = sent(source, blob, 0, size);
    ASSERT_EQ(bytes.size(), size);
    EXPECT_EQ(source.digest(blob), oci::digest_of(bytes)) << size;
  }
}

TEST_P(Content, IsAnotherForEachSerialAndAgainTheSameForOne) {
  std::set<std::string> seen;
  for (std::uint64_t serial = 0; serial < 100; ++serial) {
    seen.insert(source.digest({1000, serial}).str());
  }
  EXPECT_EQ(seen.size(), 100u);
  EXPECT_TRUE(seen.contains(content_source(make_content(GetParam(), 7)).digest({1000, 3}).str()));
}

TEST_P(Content, IsTheSameInPartsAsInOne) {
  const blob blob{2 * tile + 1000, 9};
  const std::string whole = sent(source, blob, 0, blob.size);
  for (const std::uint64_t begin : {std::uint64_t{1}, tile - 1, 2 * tile + 990}) {
    EXPECT_EQ(sent(source, blob, begin, blob.size), whole.substr(begin));
  }
  EXPECT_EQ(sent(source, blob, 10, 20), whole.substr(10, 10));
}

TEST_P(Content, NoticesEachByteThatIsAnother) {
  const blob blob{tile + 500, 11};
  const std::string whole = sent(source, blob, 0, blob.size);
  EXPECT_TRUE(source.matches(blob, 0, whole));
  EXPECT_TRUE(source.matches(blob, 100, std::string_view(whole).substr(100)));
  for (const std::size_t position : {std::size_t{0}, whole.size() / 2, whole.size() - 40}) {
    std::string other = whole;
    other[position] = static_cast<char>(~other[position]);
    EXPECT_FALSE(source.matches(blob, 0, other)) << position;
  }
  EXPECT_FALSE(source.matches(blob, 0, whole + "."));
}

INSTANTIATE_TEST_SUITE_P(
    , Content, testing::Values(content_mode::tile, content_mode::pool, content_mode::random),
    [](const auto& test_case) { return std::string(to_string(test_case.param)); });

}  // namespace
}  // namespace plimsoll::load
