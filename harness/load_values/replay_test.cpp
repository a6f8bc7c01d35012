#include "plimsoll/load_values/replay.hpp"

#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::load {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::string file(const std::string& name) {
  std::ifstream in(PLIMSOLL_TEST_LOGS "/" + name);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::map<std::string, int> kinds(const replay& log) {
  std::map<std::string, int> counted;
  for (const logged_request& request : log.requests) {
    ++counted[std::string(to_string(request.kind))];
  }
  return counted;
}

/// The requests that both servers' logs were written for.
const std::map<std::string, int> sent{
    {"blob-get", 12},       {"blob-head", 6},    {"blob-put", 6},      {"blob-mount", 1},
    {"blob-delete", 1},     {"manifest-get", 8}, {"manifest-head", 5}, {"manifest-put", 2},
    {"manifest-delete", 1}, {"upload-start", 6}, {"upload-part", 6},   {"tag-list", 2},
    {"catalogue-list", 1}};

TEST(Replay, ReadsALogOfNginx) {
  const replay read = parse_log(file("nginx.log")).value();
  EXPECT_EQ(read.format, log_format::nginx);
  EXPECT_EQ(kinds(read), sent);
  EXPECT_EQ(read.ignored, 2u);  // GET /v2/, and a manifest that was not there
  EXPECT_EQ(read.unreadable, 0u);
  EXPECT_EQ(read.requests.front().offset, 0s);
  EXPECT_GE(read.requests.back().offset, 3s);
}

TEST(Replay, ReadsALogOfDockerRegistry) {
  const replay read = parse_log(file("docker-registry.jsonl")).value();
  EXPECT_EQ(read.format, log_format::docker_registry);
  EXPECT_EQ(read.unreadable, 0u);
  EXPECT_EQ(kinds(read), sent);
}

TEST(Replay, KnowsTheSizeOfAPushFromALaterPull) {
  for (const char* name : {"nginx.log", "docker-registry.jsonl"}) {
    int pushed = 0;
    for (const logged_request& request : parse_log(file(name)).value().requests) {
      if (request.kind != logged_kind::blob_put) continue;
      const bool config = request.body_bytes == 37;
      const bool layer = request.body_bytes == 711 || request.body_bytes == 40'011 ||
                         request.body_bytes == 710 || request.body_bytes == 40'010;
      EXPECT_TRUE(config || layer) << request.body_bytes;
      ++pushed;
    }
    EXPECT_EQ(pushed, 6) << name;
  }
}

constexpr const char* trace = R"([
{"host": "a", "http.request.duration": 0.7, "http.request.method": "GET",
 "http.request.remoteaddr": "x", "http.request.uri": "v2/4715bf52/437c49db/blobs/93c1c63b",
 "http.request.useragent": "docker/17.03", "http.response.status": 200,
 "http.response.written": 1518, "id": "1", "timestamp": "2017-06-20T02:41:18.399Z"},
{"http.request.method": "PUT", "http.request.uri": "v2/4715bf52/437c49db/manifests/d1b2a59f",
 "http.response.status": 201, "http.response.written": 950, "timestamp": "2017-06-20T02:41:17.9Z"}
])";

TEST(Replay, ReadsATraceOfFast2018) {
  const replay read = parse_log(trace).value();
  EXPECT_EQ(read.format, log_format::fast18);
  EXPECT_THAT(
      read.requests,
      ElementsAre(
          logged_request{0ns, logged_kind::manifest_put, "4715bf52/437c49db", "d1b2a59f", 950},
          logged_request{499ms, logged_kind::blob_get, "4715bf52/437c49db", "93c1c63b", 1518}));
}

std::string line(const std::string& request, const std::string& status_and_size = "200 7") {
  return "10.0.0.1 - - [02/Jan/2026:03:04:05 +0000] \"" + request + " HTTP/1.1\" " +
         status_and_size + " \"-\" \"x\"\n";
}

struct target {
  const char* name;
  const char* request;
  logged_request expected;
};

void PrintTo(const target& row, std::ostream* out) {
  *out << row.request;
}

class ReplayTarget : public testing::TestWithParam<target> {};

TEST_P(ReplayTarget, IsRead) {
  EXPECT_THAT(parse_log(line(GetParam().request)).value().requests,
              ElementsAre(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    , ReplayTarget,
    testing::Values(target{"RepositoryNamedLikeAnEndpoint",
                           "GET /v2/blobs/manifests/blobs/sha256:00",
                           {0ns, logged_kind::blob_get, "blobs/manifests", "sha256:00", 7}},
                    target{"SinglePost",
                           "POST /v2/r/blobs/uploads/?digest=sha256%3A00",
                           {0ns, logged_kind::blob_put, "r", "sha256:00", 7}},
                    target{"Mount",
                           "POST /v2/r/blobs/uploads/?from=o&mount=sha256:00",
                           {0ns, logged_kind::blob_mount, "r", "sha256:00", 0}},
                    target{"Referrers",
                           "GET /v2/r/s/referrers/sha256:00?artifactType=a",
                           {0ns, logged_kind::referrers_list, "r/s", "sha256:00", 7}},
                    target{"WithHost",
                           "GET http://h:1/v2/r/tags/list?n=3",
                           {0ns, logged_kind::tag_list, "r", "", 7}},
                    target{"HeadHasNoBody",
                           "HEAD /v2/r/manifests/latest",
                           {0ns, logged_kind::manifest_head, "r", "latest", 0}}),
    [](const auto& row) { return row.param.name; });

TEST(Replay, TimesAreInTheZoneTheyName) {
  const std::string west =
      "h - - [01/Jan/2026:22:04:06 -0500] \"GET /v2/r/blobs/b HTTP/1.1\" 200 1\n";
  const replay read = parse_log(line("GET /v2/r/blobs/a") + west).value();
  EXPECT_EQ(read.requests[1].offset, 1s);
  EXPECT_EQ(read.requests[1].reference, "b");
}

TEST(Replay, AHeadThatWasAnsweredWith404AskedForWhatIsNotThere) {
  const replay read =
      parse_log(line("HEAD /v2/r/blobs/a", "404 0") + line("HEAD /v2/r/blobs/b")).value();
  ASSERT_EQ(read.requests.size(), 2u);
  EXPECT_TRUE(read.requests[0].absent);
  EXPECT_FALSE(read.requests[1].absent);
}

TEST(Replay, ScaledKeepsWhatHasNoContentEmpty) {
  const replay read =
      scaled(parse_log(line("GET /v2/r/blobs/a", "200 1000") + line("GET /v2/r/blobs/b", "200 1") +
                       line("HEAD /v2/r/blobs/c", "200 0"))
                 .value(),
             0.25);
  EXPECT_EQ(read.requests[0].body_bytes, 250u);
  EXPECT_EQ(read.requests[1].body_bytes, 1u);
  EXPECT_EQ(read.requests[2].body_bytes, 0u);
}

TEST(Replay, RequestsOfOneSecondAreSpreadOverIt) {
  std::string log;
  for (const char* second : {"05", "06", "05", "05", "05"}) {
    log += "h - - [02/Jan/2026:03:04:" + std::string(second) +
           " +0000] \"GET /v2/r/blobs/b HTTP/1.1\" 200 1\n";
  }
  std::vector<std::chrono::nanoseconds> offsets;
  for (const logged_request& request : parse_log(log).value().requests) {
    offsets.push_back(request.offset);
  }
  EXPECT_THAT(offsets, ElementsAre(0ms, 250ms, 500ms, 750ms, 1000ms));
}

TEST(Replay, CountsWhatItCannotRead) {
  std::string log = line("GET /v2/r/blobs/a");
  log += "nonsense\n" + line("GET /v2/r/blobs/b", "500 1") + line("GET /index.html");
  log += "h - - [31/Feb/2026:03:04:05 +0000] \"GET /v2/r/blobs/a HTTP/1.1\" 200 1\n";
  log += std::string(longest_log_line + 1, 'x') + "\n\n";
  const replay read = parse_log(log).value();
  EXPECT_EQ(read.requests.size(), 1u);
  EXPECT_EQ(read.ignored, 2u);
  EXPECT_EQ(read.unreadable, 3u);
  EXPECT_THAT(read.complaints, ElementsAre(Pair(2, HasSubstr("no line of an access log")),
                                           Pair(5, HasSubstr("no line of an access log")),
                                           Pair(6, "the line is too long")));
}

TEST(Replay, KeepsTheFirstComplaintsAlone) {
  std::string log = line("GET /v2/r/blobs/a");
  for (int i = 0; i < 100; ++i) log += "nonsense\n";
  const replay read = parse_log(log).value();
  EXPECT_EQ(read.unreadable, 100u);
  EXPECT_EQ(read.complaints.size(), most_complaints);
}

TEST(Replay, ABrokenEntryOfATraceIsOneEntry) {
  std::string broken = trace;
  broken.replace(broken.find("1518"), 4, "15 8");
  const replay read = parse_log(broken).value();
  EXPECT_EQ(read.requests.size(), 1u);
  EXPECT_EQ(read.unreadable, 1u);
}

TEST(Replay, ReadsOrRefusesATruncatedLogWithoutThrowing) {
  for (const std::string& log :
       {file("nginx.log"), file("docker-registry.jsonl"), std::string(trace)}) {
    for (std::size_t size = 0; size < log.size(); size += 997) {
      EXPECT_NO_THROW(static_cast<void>(parse_log(std::string_view(log).substr(0, size))));
    }
  }
}

TEST(Replay, RefusesWhatHoldsNoRequest) {
  EXPECT_THAT(parse_log("").error().what(), HasSubstr("no known format"));
  EXPECT_THAT(parse_log("a,b\n1,2\n").error().what(), HasSubstr("no known format"));
  EXPECT_THAT(parse_log("{\"a\": 1}").error().what(), HasSubstr("no known format"));
  EXPECT_EQ(parse_log(line("GET /index.html")).error().what(),
            "no request in the log can be replayed: 0 entries are none of an access log "
            "(combined), 1 are of other things or failed");
}

}  // namespace
}  // namespace plimsoll::load
