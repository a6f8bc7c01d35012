#include "plimsoll/oci/media_type.hpp"

#include <string>

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

TEST(MediaType, LosesItsParameters) {
  EXPECT_EQ(media_type::without_parameters(" application/json ; charset=utf-8"),
            "application/json");
  EXPECT_EQ(media_type::without_parameters("application/json"), "application/json");
  EXPECT_EQ(media_type::without_parameters(";"), "");
}

TEST(MediaType, IsTwoRestrictedNames) {
  EXPECT_TRUE(media_type::is_valid(media_type::layer_nondistributable_zstd));
  EXPECT_TRUE(media_type::is_valid(std::string(127, 'a') + "/" + std::string(127, 'b')));
  EXPECT_FALSE(media_type::is_valid(std::string(128, 'a') + "/b"));
  for (const auto* const bad : {"", "a", "/", "a/", "/b", "a/b/c", "a/b;c=d", "a b/c", "+a/b"}) {
    EXPECT_FALSE(media_type::is_valid(bad)) << bad;
  }
}

TEST(MediaType, KnowsBothKindsOfIndex) {
  EXPECT_TRUE(media_type::is_index(media_type::image_index));
  EXPECT_TRUE(media_type::is_index(media_type::docker_manifest_list));
  EXPECT_TRUE(media_type::is_index("Application/vnd.oci.image.index.v1+JSON"));
  EXPECT_FALSE(media_type::is_index(media_type::image_manifest));
}

}  // namespace
}  // namespace plimsoll::oci
