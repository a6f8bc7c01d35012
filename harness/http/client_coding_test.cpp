#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "client_fixture.hpp"

namespace plimsoll::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// @param window_bits zlib's: 15 for deflate, 31 for gzip
std::string with_zlib(std::string_view bytes, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string input(bytes);
  std::string out(deflateBound(&stream, input.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string gzipped(std::string_view bytes) {
  return with_zlib(bytes, 31);
}

std::string with_zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

scripted_answer coded(const std::string& coding, const std::string& body, int status = 200) {
  return raw({"HTTP/1.1 " + std::to_string(status) + " OK\r\nContent-Encoding: " + coding +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body});
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + "\n";
  return text;
}

TEST_F(Client, AsksForNoContentCodingUnlessTheRequestDoes) {
  auto& server = serve({ok(""), ok("")});
  (void)send({request("GET", "/"), request("GET", "/").header("Accept-Encoding", "gzip")});
  EXPECT_THAT(server.requests().at(0), HasSubstr("\r\nAccept-Encoding: identity\r\n"));
  EXPECT_THAT(server.requests().at(1), HasSubstr("\r\nAccept-Encoding: gzip\r\n"));
  EXPECT_THAT(server.requests().at(1), Not(HasSubstr("identity")));
}

TEST_F(Client, TakesContentCodingsOff) {
  const auto text = long_text();
  const std::vector<std::pair<std::string, std::string>> bodies{
      {"gzip", gzipped(text)},
      {"X-GZIP", gzipped(text)},
      {"deflate", with_zlib(text, 15)},
      {"zstd", with_zstd(text)},
      {"gzip, zstd", with_zstd(gzipped(text))},
      {"gzip", gzipped(text.substr(0, 1000)) + gzipped(text.substr(1000))},
      {"zstd", with_zstd(text.substr(0, 1000)) + with_zstd(text.substr(1000))}};
  for (const auto& [coding, body] : bodies) {
    auto& server = serve({coded(coding, body)});
    options.registry = server.url();
    const auto got = send_one(request("GET", "/"));
    EXPECT_EQ(got.response.body, text) << coding;
    EXPECT_EQ(got.response.body_size, body.size());
    EXPECT_EQ(got.response.coding_error, "");
    EXPECT_FALSE(got.response.codings().empty());
  }
}

TEST_F(Client, TakesContentCodingsOffOnTheWayToASink) {
  const auto text = long_text();
  serve({coded("gzip", gzipped(text)), coded("gzip", "not gzip")});
  std::string taken;
  std::string other;
  const auto all =
      send({request("GET", "/").sink([&](std::string_view piece) { taken += piece; }),
            request("GET", "/").sink([&](std::string_view piece) { other += piece; })});
  EXPECT_EQ(taken, text);
  EXPECT_EQ(all.at(0).response.coding_error, "");
  EXPECT_THAT(all.at(1).response.coding_error,
              EndsWith("not coded as Content-Encoding says: gzip"));
}

TEST_F(Client, LeavesABodyAsItIsThatIsNotCodedAsItsHeaderSays) {
  const auto whole = gzipped("a body");
  for (const auto& [coding, body] :
       std::vector<std::pair<std::string, std::string>>{{"gzip", "a body"},
                                                        {"gzip", whole.substr(0, whole.size() - 3)},
                                                        {"gzip", whole + "and more"},
                                                        {"zstd", "a body"},
                                                        {"zstd", with_zstd("a body").substr(0, 8)},
                                                        {"br", "a body"}}) {
    auto& server = serve({coded(coding, body)});
    options.registry = server.url();
    const auto got = send_one(request("GET", "/"));
    EXPECT_EQ(got.error, "");
    EXPECT_EQ(got.response.body, body);
    EXPECT_NE(got.response.coding_error, "") << coding << ' ' << body.size();
  }
}

TEST_F(Client, DecodesNeitherNothingNorAPart) {
  serve({coded("gzip", "part of a coded body", 206), coded("gzip", ""),
         raw({"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n"})});
  const auto all = send({request("GET", "/"), request("GET", "/"), request("HEAD", "/")});
  EXPECT_EQ(all.at(0).response.body, "part of a coded body");
  for (const auto& got : all) EXPECT_EQ(got.response.coding_error, "");
}

TEST_F(Client, EndsABodyThatDecodesToMoreThanIsKept) {
  options.limits.body_bytes = 100'000;
  for (const bool zstd : {false, true}) {
    const std::string zeros(10'000'000, '\0');  // NOLINT(bugprone-string-constructor)
    auto& server = serve({coded(zstd ? "zstd" : "gzip", zstd ? with_zstd(zeros) : gzipped(zeros))});
    options.registry = server.url();
    EXPECT_EQ(send_one(request("GET", "/")).error,
              "read " + server.host() + ": the decoded body is over the limit of 100000 bytes");
  }
}

}  // namespace
}  // namespace plimsoll::http
