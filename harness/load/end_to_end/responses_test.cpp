#include <string>

#include <gmock/gmock.h>

#include "served.hpp"

namespace plimsoll::load {
namespace {

using testing::silence;

TEST(Pull, SucceedsWhereTheBytesAreThoseThatAreKnown) {
  const auto ran =
      pull_answered_by(says(with_length("200 OK", blob_bytes)), std::chrono::seconds(20));
  ASSERT_EQ(ran.operations.size(), 1u);
  EXPECT_EQ(ran.operations.front().latency.count(), 1u);
  EXPECT_EQ(ran.operations.front().bytes_received, blob_bytes.size());
}

TEST(Pull, PassesOverSomeInterimResponses) {
  const auto ran = pull_answered_by(says(interims(16) + with_length("200 OK", blob_bytes)),
                                    std::chrono::seconds(20));
  ASSERT_EQ(ran.operations.size(), 1u);
  EXPECT_EQ(ran.operations.front().latency.count(), 1u);
}

/// A blob of 2 MiB of which the first MiB and some bytes come at once, and nothing behind `more`.
load_result pull_slowly(const std::string& more) {
  constexpr std::size_t size = std::size_t{2} << 20u;
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n";
  scripted_answer answer;
  answer.pieces = {head + std::string(size / 2, 'a'), std::string(1000, 'a'), more};
  served server({says(head), answer});
  run_options options = single_pull_options(server.url());
  options.existing.front().digest = oci::digest_of(std::string(size, 'a')).str();
  options.plan.verify = verify_mode::size;
  options.registry.timeouts.idle = std::chrono::milliseconds(100);
  const auto ran = run(options);
  return ran ? *ran : load_result{};
}

TEST(Pull, OfALongBodyEndsWithItsLastBytes) {
  const auto ran = pull_slowly(std::string((std::size_t{1} << 20u) - 1000, 'a'));
  ASSERT_EQ(ran.operations.size(), 1u);
  EXPECT_EQ(ran.operations.front().latency.count(), 1u);
  EXPECT_EQ(ran.operations.front().bytes_received, std::size_t{2} << 20u);
}

TEST(Pull, OfALongBodyThatStopsHasTakenWhatCame) {
  const auto ran = pull_slowly("aaa");
  ASSERT_EQ(ran.operations.size(), 1u);
  EXPECT_EQ(failures_by(ran.operations.front(), "timeout.idle"), 1u);
  EXPECT_EQ(ran.operations.front().bytes_received, (std::size_t{1} << 20u) + 1003);
}

TEST(Pull, OfContentThatIsThereKnowsSha512) {
  const std::string digest = oci::digest_of(oci::hash_algorithm::sha512, blob_bytes).str();
  served server({says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n"),
                 says(with_length("200 OK", blob_bytes)), says(with_length("200 OK", blob_bytes))});
  run_options options = single_pull_options(server.url());
  options.existing.front().digest = digest;
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
}

TEST(Pull, OfContentWhoseSizeHeadDoesNotTellReadsItOnce) {
  served server({says("HTTP/1.1 200 OK\r\n\r\n"), says(with_length("200 OK", blob_bytes)),
                 says(with_length("200 OK", blob_bytes))});
  run_options options = single_pull_options(server.url());
  options.plan.verify = verify_mode::size;
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
}

TEST(Pull, ThatIsCutOffIsInNoRate) {
  served server({says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n"),
                 says(with_length("200 OK", blob_bytes)), silence()});
  run_options options = single_pull_options(server.url());
  options.plan.duration = std::chrono::milliseconds(50);
  options.operations = 0;
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->measured, options.plan.duration);
}

TEST(Mount, AsksForATokenThatAllowsAPullFromItsSource) {
  const std::string challenge =
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
      "Content-Length: 0\r\n\r\n";
  served server({says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n"), says(challenge),
                 says(challenge),
                 says("HTTP/1.1 202 Accepted\r\nLocation: /upload\r\nContent-Length: 0\r\n\r\n"),
                 says("HTTP/1.1 204 No Content\r\n\r\n"), says(with_length("201 Created", ""))});
  run_options options = options_of(operation_kind::blob_mount, server.url());
  options.existing.push_back({"source", oci::digest_of(blob_bytes).str()});
  options.plan.verify = verify_mode::none;
  options.plan.pace = closed_loop{1};
  options.operations = 1;
  options.registry.login.emplace();
  options.registry.login->username = "user";

  const auto ran = run(options);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
  const auto& requests = server.requests();
  ASSERT_EQ(requests.size(), 6u);
  EXPECT_THAT(requests[2], ::testing::MatchesRegex("POST [^ ]*mount=sha256:0+&from=source HTTP.*"));
  EXPECT_THAT(requests[5], ::testing::HasSubstr("Authorization: Basic "));
}

TEST(Pull, ReadsChunksThatComeInPieces) {
  scripted_answer answer;
  answer.pieces = {"HTTP/1.1 200 OK\r\nTransfer-", "Encoding: chunked\r\n\r\n4\r\nwhat\r", "\n1",
                   "3\r\n the registry holds\r\n0\r\nX: y\r\n", "\r\n"};
  const auto ran = pull_answered_by(answer, std::chrono::seconds(20));
  ASSERT_EQ(ran.operations.size(), 1u);
  EXPECT_EQ(ran.operations.front().latency.count(), 1u);
}

}  // namespace
}  // namespace plimsoll::load
