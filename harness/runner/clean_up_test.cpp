#include "clean_up.hpp"

#include <chrono>
#include <memory>
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
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
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
cleaned clean(std::vector<testing::scripted_answer> answers, std::vector<pushed_content> pushed,
              clean_up_limits limits = {}) {
  boost::asio::io_context io;
  const testing::scripted_server server(io, std::move(answers));
  http::client_options how;
  how.registry = server.url();
  how.connections = 1;
  auto client = http::client::make(io.get_executor(), how);
  EXPECT_TRUE(client.has_value());
  cleaned made;
  testing::run_coroutine(io, [&]() -> boost::asio::awaitable<void> {
    clean_up_state state(std::move(limits));
    const auto kept = co_await clean_up(*client, std::move(pushed), state);
    for (const kept_content& some : kept) made.kept.push_back(to_text(some));
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

/// One blob in each of so many repositories.
std::vector<pushed_content> blobs_in(std::size_t repositories) {
  std::vector<pushed_content> made;
  for (std::size_t i = 0; i < repositories; ++i) {
    made.push_back({kind::blob, "app" + std::to_string(i), "sha256:b"});
  }
  return made;
}

TEST(CleanUp, SendsNothingMoreWhereADeletionIsNotAnswered) {
  clean_up_limits limits;
  limits.answer = std::chrono::milliseconds(30);
  const auto made = clean({testing::silence()}, an_image, limits);
  EXPECT_THAT(made.asked, ElementsAre("DELETE /v2/app/manifests/sha256:m"));
  EXPECT_THAT(made.kept, ElementsAre("app: 2 tags (DELETE is not answered in 30 ms)",
                                     "app: 1 manifests (DELETE is not answered in 30 ms)",
                                     "app: 1 blobs (DELETE is not answered in 30 ms)"));
}

TEST(CleanUpState, EndsAfterThreeRequestsInARowWithoutAnAnswer) {
  clean_up_state state;
  const auto began = state.limits().now();
  http::exchange refused;
  refused.error = "connect 127.0.0.1:5000: Connection refused";
  for (int i = 0; i < 2; ++i) state.record_deletion(kind::blob, refused);
  state.record_deletion(kind::blob, http::exchange());
  for (int i = 0; i < 2; ++i) state.record_deletion(kind::tag, refused);
  EXPECT_EQ(state.reason_to_end(began), "");
  state.record_deletion(kind::manifest, refused);
  EXPECT_EQ(state.reason_to_end(began), refused.error);
}

TEST(CleanUp, AsksNoMoreRepositoriesWhereAKindIsRefused) {
  const auto made = clean(std::vector<testing::scripted_answer>(40, answer(405)), blobs_in(40));
  EXPECT_LE(made.asked.size(), 10u);
  EXPECT_EQ(made.kept.size(), 40u);
  EXPECT_THAT(made.kept, Each(HasSubstr("1 blobs (DELETE is answered with 405)")));
}

TEST(CleanUp, EndsWhenItsTimeIsOver) {
  clean_up_limits limits;
  auto now = std::make_shared<clean_up_state::time_point>();
  // Each look at the clock is ten seconds later.
  limits.now = [now] { return *now += std::chrono::seconds(10); };
  const auto made =
      clean(std::vector<testing::scripted_answer>(40, answer(202)), blobs_in(40), limits);
  EXPECT_LE(made.asked.size(), 6u);
  EXPECT_THAT(made.kept, Contains(HasSubstr("not deleted: the clean-up ended after 60 s")));
}

TEST(CleanUpState, CountsTheTimeOfWorkersSideBySideOnce) {
  using std::chrono::seconds;
  clean_up_state::time_point now;
  clean_up_limits limits;
  limits.now = [&now] { return now; };
  clean_up_state state(limits, 4);
  const auto began = now;
  now += seconds(59);
  for (int i = 0; i < 4; ++i) state.add_time_since(began);
  EXPECT_EQ(state.reason_to_end(now), "");
  state.add_time_since(now - seconds(4));
  EXPECT_NE(state.reason_to_end(now), "");
}

}  // namespace
}  // namespace plimsoll
