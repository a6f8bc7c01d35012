#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include "served.hpp"

namespace plimsoll::load {
namespace {

using testing::silence;

struct failure_case {
  const char* name;
  const char* kind;
  scripted_answer answer;
};

class Failure : public ::testing::TestWithParam<failure_case> {};

TEST_P(Failure, IsCountedByItsKindAndNeverAsSuccess) {
  const bool waits = std::string_view(GetParam().kind).starts_with("timeout");
  const auto limit = waits ? std::chrono::milliseconds(100) : std::chrono::milliseconds(20'000);

  const load_result ran = pull_answered_by(GetParam().answer, limit);

  ASSERT_EQ(ran.operations.size(), 1u);
  const measured_work& work = ran.operations.front();
  EXPECT_EQ(work.latency.count(), 0u);
  EXPECT_EQ(work.failed.count(), 1u);
  EXPECT_EQ(failures_by(work, GetParam().kind), 1u) << work.failures.front().first;
  EXPECT_EQ(exit_code(ran), 3);
}

INSTANTIATE_TEST_SUITE_P(
    Each, Failure,
    ::testing::Values(
        failure_case{"not_found", "status", says(with_length("404 Not Found", "{}"))},
        failure_case{"too_many", "429",
                     says("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\n"
                          "Content-Length: 0\r\n\r\n")},
        failure_case{"forbidden", "auth", says(with_length("403 Forbidden", ""))},
        failure_case{"closed", "reset", says("", true)},
        failure_case{"short_body", "short",
                     says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\nwhat the", true)},
        failure_case{"short_length", "short", says(with_length("200 OK", "what the"))},
        failure_case{"long_length", "corrupt",
                     says(with_length("200 OK", std::string(blob_bytes) + "."))},
        failure_case{"corrupt_body", "corrupt",
                     says(with_length("200 OK", "what the Registry holds"))},
        failure_case{"short_chunks", "short",
                     says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                          "4\r\nwhat\r\n0\r\n\r\n")},
        failure_case{"broken_chunks", "protocol",
                     says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat\r\n")},
        failure_case{"endless_interims", "protocol", says(interims(17), true)},
        failure_case{"no_http", "protocol", says("220 smtp.example\r\n\r\n", true)},
        failure_case{"silence", "timeout.first-byte", silence()},
        failure_case{"stops_within", "timeout.idle",
                     says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\nwhat")}),
    [](const auto& test_case) { return std::string(test_case.param.name); });

TEST(Push, CountsTheBytesThatWentOut) {
  served server({says("HTTP/1.1 202 Accepted\r\nLocation: /upload\r\nContent-Length: 0\r\n\r\n"),
                 says(with_length("507 Insufficient Storage", ""), true)});
  run_options options = options_of(operation_kind::blob_push, server.url());
  constexpr std::uint64_t size = std::uint64_t{1} << 28u;  // no socket takes so much unread
  options.plan.content.layer_bytes = std::vector<size_bucket>{{1, size, size}};
  options.plan.pace = closed_loop{1};
  options.operations = 1;
  options.keep = true;
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().failed.count(), 1u);
  EXPECT_LT(ran->operations.front().bytes_sent, size / 2);
}

TEST(Push, ShowsNoSignatureOfAnUploadUrl) {
  const std::string open =
      "HTTP/1.1 202 Accepted\r\nLocation: /upload?X-Amz-Signature=abcdef\r\n"
      "Content-Length: 0\r\n\r\n";
  scripted_answer refused = says(with_length("403 Forbidden", ""), true);
  refused.body = 3000;
  served server({says(open), refused});
  run_options options = options_of(operation_kind::blob_push, server.url());
  options.plan.pace = closed_loop{1};
  options.operations = 1;
  options.keep = true;
  const auto ran = run(options);
  ASSERT_TRUE(ran) << ran.error().what();
  ASSERT_EQ(ran->examples.size(), 1u);
  EXPECT_THAT(ran->examples.front().second, ::testing::StartsWith("PUT /upload?"));
  EXPECT_THAT(ran->examples.front().second, ::testing::Not(::testing::HasSubstr("abcdef")));
}

TEST(Run, SaysThatNobodyListens) {
  std::string url;
  { url = served({}).url(); }
  const auto ran = run(options_of(operation_kind::image_pull, url));
  ASSERT_FALSE(ran);
  EXPECT_THAT(ran.error().what(), ::testing::HasSubstr("Connection refused"));
}

TEST(Run, GoesOnWhereTheRegistryDiesWithin) {
  scripted_answer head = says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n");
  auto server = std::make_unique<served>(std::vector<scripted_answer>{
      head, says(with_length("200 OK", blob_bytes)), says(with_length("200 OK", blob_bytes))});
  run_options options = single_pull_options(server->url());
  options.operations = 3;  // the third answer is for the first; then the server has no more

  const auto ran = run(options);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
  EXPECT_EQ(ran->operations.front().failed.count(), 2u);
}

}  // namespace
}  // namespace plimsoll::load
