#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include "harness/testing/scripted_server.hpp"
#include "plimsoll/oci/digest.hpp"
#include "running.hpp"

namespace plimsoll::load {
namespace {

using testing::scripted_answer;

/// A scripted server on a thread of its own.
class served {
 public:
  explicit served(std::vector<scripted_answer> answers) : server_(io_, std::move(answers)) {
    thread_ = std::thread([this] { io_.run(); });
  }
  served(const served&) = delete;
  served& operator=(const served&) = delete;
  ~served() { end(); }
  /// What it was asked; it is asked no more.
  [[nodiscard]] const std::vector<std::string>& requests() {
    end();
    return server_.requests();
  }
  [[nodiscard]] std::string url() const { return server_.url(); }

 private:
  void end() {
    io_.stop();
    if (thread_.joinable()) thread_.join();
  }

  boost::asio::io_context io_{1};
  testing::scripted_server server_;
  std::thread thread_;
};

const std::string blob_bytes = "what the registry holds";

scripted_answer says(std::string text, bool close = false) {
  scripted_answer out;
  out.pieces = {std::move(text)};
  out.close = close;
  return out;
}

std::string with_length(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

/// The blob is there (HEAD) and is read once (GET) before the clock starts; then comes `answer`
/// to the one operation.
load_result pull_answered_by(scripted_answer answer, std::chrono::milliseconds limit) {
  scripted_answer head = says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n");
  served server({head, says(with_length("200 OK", blob_bytes), true), std::move(answer)});
  run_options how = options_of(operation_kind::image_pull, server.url());
  how.existing.push_back({"repo", oci::digest_of(blob_bytes).str()});
  how.plan.pace = closed_loop{1};
  how.operations = 1;
  how.registry.timeouts.first_byte = limit;
  how.registry.timeouts.idle = limit;
  const auto ran = run(how);
  return ran ? *ran : load_result{};
}

struct one_failure {
  const char* name;
  const char* kind;
  scripted_answer answer;
};

scripted_answer silence() {
  scripted_answer out;
  out.silent = true;
  return out;
}

std::string interims(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "HTTP/1.1 100 Continue\r\n\r\n";
  return out;
}

class Failure : public ::testing::TestWithParam<one_failure> {};

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
        one_failure{"not_found", "status", says(with_length("404 Not Found", "{}"))},
        one_failure{"too_many", "429",
                    says("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\n"
                         "Content-Length: 0\r\n\r\n")},
        one_failure{"forbidden", "auth", says(with_length("403 Forbidden", ""))},
        one_failure{"closed", "reset", says("", true)},
        one_failure{"short_body", "short",
                    says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\nwhat the", true)},
        one_failure{"short_length", "short", says(with_length("200 OK", "what the"))},
        one_failure{"long_length", "corrupt", says(with_length("200 OK", blob_bytes + "."))},
        one_failure{"corrupt_body", "corrupt",
                    says(with_length("200 OK", "what the Registry holds"))},
        one_failure{"short_chunks", "short",
                    says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                         "4\r\nwhat\r\n0\r\n\r\n")},
        one_failure{"broken_chunks", "protocol",
                    says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nwhat\r\n")},
        one_failure{"endless_interims", "protocol", says(interims(17), true)},
        one_failure{"no_http", "protocol", says("220 smtp.example\r\n\r\n", true)},
        one_failure{"silence", "timeout.first-byte", silence()},
        one_failure{"stops_within", "timeout.idle",
                    says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\nwhat")}),
    [](const auto& of) { return std::string(of.param.name); });

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
  run_options how = options_of(operation_kind::image_pull, server.url());
  how.existing.push_back({"repo", oci::digest_of(std::string(size, 'a')).str()});
  how.plan.verify = verify_mode::size;
  how.plan.pace = closed_loop{1};
  how.operations = 1;
  how.registry.timeouts.idle = std::chrono::milliseconds(100);
  const auto ran = run(how);
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
  run_options how = options_of(operation_kind::image_pull, server.url());
  how.existing.push_back({"repo", digest});
  how.plan.pace = closed_loop{1};
  how.operations = 1;
  const auto ran = run(how);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
}

TEST(Pull, OfContentWhoseSizeHeadDoesNotTellReadsItOnce) {
  served server({says("HTTP/1.1 200 OK\r\n\r\n"), says(with_length("200 OK", blob_bytes)),
                 says(with_length("200 OK", blob_bytes))});
  run_options how = options_of(operation_kind::image_pull, server.url());
  how.existing.push_back({"repo", oci::digest_of(blob_bytes).str()});
  how.plan.verify = verify_mode::size;
  how.plan.pace = closed_loop{1};
  how.operations = 1;
  const auto ran = run(how);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
}

TEST(Pull, ThatIsCutOffIsInNoRate) {
  served server({says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n"),
                 says(with_length("200 OK", blob_bytes)), silence()});
  run_options how = options_of(operation_kind::image_pull, server.url());
  how.existing.push_back({"repo", oci::digest_of(blob_bytes).str()});
  how.plan.pace = closed_loop{1};
  how.plan.duration = std::chrono::milliseconds(50);
  how.operations = 0;
  const auto ran = run(how);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->measured, how.plan.duration);
}

TEST(Push, CountsTheBytesThatWentOut) {
  served server({says("HTTP/1.1 202 Accepted\r\nLocation: /upload\r\nContent-Length: 0\r\n\r\n"),
                 says(with_length("507 Insufficient Storage", ""), true)});
  run_options how = options_of(operation_kind::blob_push, server.url());
  constexpr std::uint64_t size = std::uint64_t{1} << 28u;  // no socket takes so much unread
  how.plan.content.layer_bytes = std::vector<size_bucket>{{1, size, size}};
  how.plan.pace = closed_loop{1};
  how.operations = 1;
  how.keep = true;
  const auto ran = run(how);
  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().failed.count(), 1u);
  EXPECT_LT(ran->operations.front().bytes_sent, size / 2);
}

TEST(Mount, AsksForATokenThatAllowsAPullFromItsSource) {
  const std::string challenge =
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"r\"\r\n"
      "Content-Length: 0\r\n\r\n";
  served server({says("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n"), says(challenge),
                 says(challenge),
                 says("HTTP/1.1 202 Accepted\r\nLocation: /upload\r\nContent-Length: 0\r\n\r\n"),
                 says("HTTP/1.1 204 No Content\r\n\r\n"), says(with_length("201 Created", ""))});
  run_options how = options_of(operation_kind::blob_mount, server.url());
  how.existing.push_back({"source", oci::digest_of(blob_bytes).str()});
  how.plan.verify = verify_mode::none;
  how.plan.pace = closed_loop{1};
  how.operations = 1;
  how.registry.login.emplace();
  how.registry.login->username = "user";

  const auto ran = run(how);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
  const auto& requests = server.requests();
  ASSERT_EQ(requests.size(), 6u);
  EXPECT_THAT(requests[2], ::testing::MatchesRegex("POST [^ ]*mount=sha256:0+&from=source HTTP.*"));
  EXPECT_THAT(requests[5], ::testing::HasSubstr("Authorization: Basic "));
}

TEST(Push, ShowsNoSignatureOfAnUploadUrl) {
  const std::string open =
      "HTTP/1.1 202 Accepted\r\nLocation: /upload?X-Amz-Signature=abcdef\r\n"
      "Content-Length: 0\r\n\r\n";
  scripted_answer refused = says(with_length("403 Forbidden", ""), true);
  refused.body = 3000;
  served server({says(open), refused});
  run_options how = options_of(operation_kind::blob_push, server.url());
  how.plan.pace = closed_loop{1};
  how.operations = 1;
  how.keep = true;
  const auto ran = run(how);
  ASSERT_TRUE(ran) << ran.error().what();
  ASSERT_EQ(ran->examples.size(), 1u);
  EXPECT_THAT(ran->examples.front().second, ::testing::StartsWith("PUT /upload?"));
  EXPECT_THAT(ran->examples.front().second, ::testing::Not(::testing::HasSubstr("abcdef")));
}

TEST(Pull, ReadsChunksThatComeInPieces) {
  scripted_answer answer;
  answer.pieces = {"HTTP/1.1 200 OK\r\nTransfer-", "Encoding: chunked\r\n\r\n4\r\nwhat\r", "\n1",
                   "3\r\n the registry holds\r\n0\r\nX: y\r\n", "\r\n"};
  const auto ran = pull_answered_by(answer, std::chrono::seconds(20));
  ASSERT_EQ(ran.operations.size(), 1u);
  EXPECT_EQ(ran.operations.front().latency.count(), 1u);
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
  run_options how = options_of(operation_kind::image_pull, server->url());
  how.existing.push_back({"repo", oci::digest_of(blob_bytes).str()});
  how.plan.pace = closed_loop{1};
  how.operations = 3;  // the third answer is for the first; then the script is at its end

  const auto ran = run(how);

  ASSERT_TRUE(ran) << ran.error().what();
  EXPECT_EQ(ran->operations.front().latency.count(), 1u);
  EXPECT_EQ(ran->operations.front().failed.count(), 2u);
}

}  // namespace
}  // namespace plimsoll::load
