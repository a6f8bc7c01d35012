#include "suite/conformance/image/layer_archive.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include <gtest/gtest.h>

namespace plimsoll::suite {
namespace {

/// What a program writes when it is given the bytes in a file.
std::string output_of(const std::string& command, std::string_view bytes) {
  const std::string path = testing::TempDir() + "layer_archive_test_" +
                           testing::UnitTest::GetInstance()->current_test_info()->name();
  std::ofstream(path, std::ios::binary) << bytes;
  const std::string line = command + " < '" + path + "' 2>&1";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe(
      popen(line.c_str(), "r"),  // NOLINT(cert-env33-c): a pipe of tar and gzip
      pclose);
  std::string out;
  for (int one = std::fgetc(pipe.get()); one != EOF; one = std::fgetc(pipe.get())) {
    out += static_cast<char>(one);
  }
  std::filesystem::remove(path);
  return out;
}

TEST(LayerArchive, TarReadsWhatWasPacked) {
  const std::string content(1000, 'c');
  EXPECT_EQ(output_of("tar -tf -", tar_of("etc/ship", content)), "etc/ship\n");
  EXPECT_EQ(output_of("tar -xOf -", tar_of("etc/ship", content)), content);
  EXPECT_EQ(output_of("tar -xOf -", tar_of("empty", "")), "");
}

TEST(LayerArchive, GzipReadsWhatWasCompressed) {
  EXPECT_EQ(output_of("gzip -dc", gzip_of("some bytes")), "some bytes");
}

TEST(LayerArchive, WhatIsCompressedIsReadBack) {
  for (const std::size_t size : {0U, 1U, 100'000U}) {
    const std::string bytes(size, 'b');
    EXPECT_EQ(gunzipped(gzip_of(bytes), 200'000), bytes);
    EXPECT_EQ(unzstd(zstd_of(bytes), 200'000), bytes);
  }
}

TEST(LayerArchive, BrokenStreamsAreNone) {
  const std::string bytes(1000, 'b');
  const std::string gzip = gzip_of(bytes);
  const std::string zstd = zstd_of(bytes);
  EXPECT_EQ(gunzipped(gzip.substr(0, gzip.size() - 1), 2000), std::nullopt);
  EXPECT_EQ(unzstd(zstd.substr(0, zstd.size() - 1), 2000), std::nullopt);
  EXPECT_EQ(gunzipped(gzip + "x", 2000), std::nullopt);
  EXPECT_EQ(unzstd(zstd + "x", 2000), std::nullopt);
  EXPECT_EQ(gunzipped("", 2000), std::nullopt);
  EXPECT_EQ(gunzipped(zstd, 2000), std::nullopt);
  EXPECT_EQ(unzstd(gzip, 2000), std::nullopt);
}

TEST(LayerArchive, NoMoreThanTheLimitComesOut) {
  const std::string bytes(1000, 'b');
  EXPECT_EQ(gunzipped(gzip_of(bytes), 999), std::nullopt);
  EXPECT_EQ(unzstd(zstd_of(bytes), 999), std::nullopt);
}

}  // namespace
}  // namespace plimsoll::suite
