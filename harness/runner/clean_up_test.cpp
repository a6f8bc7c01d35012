#include "clean_up.hpp"

#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "harness/testing/scripted_server.hpp"

namespace plimsoll {
namespace {

using kind = pushed_content::kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

testing::scripted_answer answer(int status, const std::string& body = "") {
  testing::scripted_answer made;
  made.pieces = {"HTTP/1.1 " + std::to_string(status) +
                 " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
  return made;
}

struct cleaned {
  std::vector<std::string> kept;
  std::vector<std::string> asked;  ///< "DELETE /v2/..."
};

/// What is asked and told where the registry gives these answers, one after the other.
cleaned clean(std::vector<testing::scripted_answer> answers, std::vector<pushed_content> pushed) {
  boost::asio::io_context io;
  const testing::scripted_server server(io, std::move(answers));
  http::client_options how;
  how.registry = server.url();
  how.connections = 1;
  auto client = http::client::make(io.get_executor(), how);
  EXPECT_TRUE(client.has_value());
  cleaned made;
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    made.kept = co_await clean_up(*client, std::move(pushed));
  });
  for (const std::string& one : server.requests()) {
    made.asked.push_back(one.substr(0, one.find(" HTTP/1.1")));
  }
  return made;
}

const std::vector<pushed_content> an_image{{kind::blob, "app", "sha256:b"},
                                           {kind::tag, "app", "v1"},
                                           {kind::manifest, "app", "sha256:m"},
                                           {kind::tag, "app", "v2"},
                                           {kind::manifest, "app", "sha256:m"}};

TEST(CleanUp, OfNothingAsksNothing) {
  const auto made = clean({}, {});
  EXPECT_THAT(made.asked, IsEmpty());
  EXPECT_THAT(made.kept, IsEmpty());
}

TEST(CleanUp, LeavesTagsAloneThatWentWithTheirManifest) {
  for (const auto& none : {answer(200, R"({"name":"app","tags":[]})"),
                           answer(200, R"({"name":"app","tags":null})"), answer(404)}) {
    const auto made = clean({answer(202), none, answer(202)}, an_image);
    EXPECT_THAT(made.asked, ElementsAre("DELETE /v2/app/manifests/sha256:m",
                                        "GET /v2/app/tags/list", "DELETE /v2/app/blobs/sha256:b"));
    EXPECT_THAT(made.kept, IsEmpty());
  }
}

TEST(CleanUp, DeletesTagsThatAreStillThere) {
  const auto made = clean({answer(202), answer(200, R"({"name":"app","tags":["v1","v2"]})"),
                           answer(202), answer(404), answer(202)},
                          an_image);
  EXPECT_THAT(made.asked, ElementsAre("DELETE /v2/app/manifests/sha256:m", "GET /v2/app/tags/list",
                                      "DELETE /v2/app/manifests/v2", "DELETE /v2/app/manifests/v1",
                                      "DELETE /v2/app/blobs/sha256:b"));
  EXPECT_THAT(made.kept, IsEmpty());
}

TEST(CleanUp, DeletesAManifestOnceMoreWhenItsTagsAreGone) {
  const auto made =
      clean({answer(409), answer(202), answer(202), answer(202), answer(202)}, an_image);
  EXPECT_THAT(made.asked,
              ElementsAre("DELETE /v2/app/manifests/sha256:m", "DELETE /v2/app/manifests/v2",
                          "DELETE /v2/app/manifests/v1", "DELETE /v2/app/manifests/sha256:m",
                          "DELETE /v2/app/blobs/sha256:b"));
  EXPECT_THAT(made.kept, IsEmpty());
}

TEST(CleanUp, OfARegistryThatDeletesNothingAsksOnceAKind) {
  const auto made = clean({answer(405), answer(405), answer(401)}, an_image);
  EXPECT_THAT(made.asked,
              ElementsAre("DELETE /v2/app/manifests/sha256:m", "DELETE /v2/app/manifests/v2",
                          "DELETE /v2/app/blobs/sha256:b"));
  EXPECT_THAT(made.kept, ElementsAre("app: 2 tags (DELETE is answered with 405)",
                                     "app: 1 manifests (DELETE is answered with 405)",
                                     "app: 1 blobs (DELETE is answered with 401)"));
}

TEST(CleanUp, DeletesWhatWasPushedLastFirst) {
  const auto made =
      clean({answer(202), answer(202), answer(202)}, {{kind::manifest, "app", "sha256:layer"},
                                                      {kind::manifest, "app", "sha256:image"},
                                                      {kind::manifest, "app", "sha256:index"}});
  EXPECT_THAT(made.asked, ElementsAre("DELETE /v2/app/manifests/sha256:index",
                                      "DELETE /v2/app/manifests/sha256:image",
                                      "DELETE /v2/app/manifests/sha256:layer"));
}

}  // namespace
}  // namespace plimsoll
