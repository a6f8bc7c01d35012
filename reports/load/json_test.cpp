#include "plimsoll/load_reports/json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/load/example_load.hpp"

namespace plimsoll::load {
namespace {

using nlohmann::json;
using testing::HasSubstr;

std::string why_refused(std::string_view text) {
  const auto read = parse_load_result(text);
  return read.has_error() ? read.error().what() : "it was read";
}

TEST(LoadJson, WhatIsWrittenIsReadBack) {
  for (const load_result& run : {example_load(), load_result{}}) {
    const auto read = parse_load_result(to_json(run));
    ASSERT_TRUE(read.has_value()) << read.error().what();
    EXPECT_EQ(*read, run);
  }
}

TEST(LoadJson, SaysItsVersionAndKindFirst) {
  EXPECT_THAT(to_json({}), testing::StartsWith(R"({"plimsoll_load":{"version":1},"kind":"load",)"));
}

TEST(LoadJson, AHistogramIsSmall) {
  load_result run;
  run.lag = example_load().operations[0].latency;  // 20,000 samples over a doubling
  EXPECT_LT(to_json(run).size(), 2'000u);
}

TEST(LoadJson, WritesForeignBytesAsValidUtf8) {
  load_result run = example_load();
  run.examples = {{"status", "\xff\x01 \"quoted\""}};
  const auto read = parse_load_result(to_json(run));
  ASSERT_TRUE(read.has_value()) << read.error().what();
  EXPECT_EQ(read->examples[0].second, "\xef\xbf\xbd\x01 \"quoted\"");
}

TEST(LoadJson, PassesOverMembersThatItDoesNotKnow) {
  json document = json::parse(to_json(example_load()));
  document["added_later"] = {1, 2};
  document["operations"][0]["added_later"] = nullptr;
  EXPECT_EQ(parse_load_result(document.dump()).value(), example_load());
}

TEST(LoadJson, RefusesANewerVersionWhateverElseItHolds) {
  EXPECT_EQ(why_refused(R"({"plimsoll_load": {"version": 2}})"),
            "read load result: /plimsoll_load/version: 2 is newer than 1, the newest that this "
            "plimsoll reads");
}

TEST(LoadJson, RefusesTheResultOfAnotherKindOfRun) {
  EXPECT_EQ(why_refused(R"({"plimsoll_result": {"version": 1}})"),
            "read load result: /plimsoll_load: is missing");
}

TEST(LoadJson, RefusesEveryTruncation) {
  const std::string whole = to_json(example_load());
  for (std::size_t size = 0; size + 2 < whole.size(); size += 37) {
    EXPECT_THAT(why_refused(whole.substr(0, size)), HasSubstr("not JSON at byte")) << size;
  }
}

TEST(LoadJson, ReadsOrRefusesADamagedDocumentWithoutThrowing) {
  const std::string whole = to_json(example_load());
  std::size_t refused = 0;
  for (const char damage : {'\0', '"', '9', '-', '}', '\xff'}) {
    for (std::size_t offset = 0; offset < whole.size(); offset += 61) {
      std::string damaged = whole;
      damaged[offset] = damage;
      EXPECT_NO_THROW(refused += parse_load_result(damaged).has_error() ? 1 : 0)
          << damage << offset;
    }
  }
  EXPECT_GT(refused, 0u);
}

TEST(LoadJson, RefusesMoreKindsOfWorkThanThereCanBe) {
  json document = json::parse(to_json(example_load()));
  document["steps"] = json::array_t(1001, document["operations"][0]);
  EXPECT_EQ(why_refused(document.dump()),
            "read load result: /steps: expected at most 1000 elements, found 1001");
}

TEST(LoadJson, RefusesADocumentWithoutAnyOneMember) {
  const json whole = json::parse(to_json(example_load()));
  for (const auto& member : whole.items()) {
    if (member.key() == "kind") continue;   // the version's member tells it too
    if (member.key() == "rates") continue;  // of a search for the limit alone
    json document = whole;
    document.erase(member.key());
    EXPECT_EQ(why_refused(document.dump()), "read load result: /" + member.key() + ": is missing");
  }
}

struct changed {
  const char* name;
  const char* pointer;      // what is replaced in a good document
  const char* replacement;  // JSON
  const char* reason;
};

void PrintTo(const changed& row, std::ostream* out) {
  *out << row.pointer << " = " << row.replacement;
}

class LoadJsonRefuses : public testing::TestWithParam<changed> {};

TEST_P(LoadJsonRefuses, Member) {
  json document = json::parse(to_json(example_load()));
  document[json::json_pointer(GetParam().pointer)] = json::parse(GetParam().replacement);
  EXPECT_EQ(why_refused(document.dump()),
            std::string("read load result: ") + GetParam().pointer + GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    , LoadJsonRefuses,
    testing::Values(
        changed{"VersionZero", "/plimsoll_load/version", "0", ": there is no version 0"},
        changed{"NumberForText", "/run_id", "1", ": expected a string, found number"},
        changed{"NegativeCount", "/dropped", "-1",
                ": expected a whole number from 0, found number"},
        changed{"Fraction", "/measured_ns", "1.5",
                ": expected a whole number from 0, found number"},
        changed{"TimeTooLarge", "/measured_ns", "18446744073709551615",
                ": the number is too large"},
        changed{"ObjectForList", "/operations", "{}", ": expected an array, found object"},
        changed{"NullForWork", "/operations/1", "null", ": expected an object, found null"},
        changed{"NoSuchOutcome", "/objectives/0/outcome", "\"good\"", ": \"good\" is not known"},
        changed{"SeedIsNumber", "/conditions/seed", "7",
                ": expected a string of digits, found number"},
        changed{"SeedTooLarge", "/conditions/seed", "\"18446744073709551616\"",
                ": expected a decimal number of 64 bits"},
        changed{"OddBuckets", "/lag/buckets", "[1,2,3]",
                ": expected an array of pairs of index and count, found array"},
        changed{"BucketOutOfRange", "/lag", R"({"min_ns":1,"max_ns":1,"buckets":[9999,1]})",
                ": histogram: bucket 9999: expected an ascending index below 2345"},
        changed{"CountsOverflow", "/lag",
                R"({"min_ns":1,"max_ns":2,"buckets":[1,18446744073709551615,2,1]})",
                ": histogram: bucket 2: expected a count above 0, and 64 bits in all"}),
    [](const auto& row) { return row.param.name; });

class LoadJsonRefusesText : public testing::TestWithParam<std::string> {};

TEST_P(LoadJsonRefusesText, WithAnError) {
  EXPECT_THAT(why_refused(GetParam()), testing::StartsWith("read load result: "));
}

INSTANTIATE_TEST_SUITE_P(, LoadJsonRefusesText,
                         testing::Values("", "null", "[]", "{}", R"({"plimsoll_load": "1"})",
                                         R"({"plimsoll_load": 1e999})", std::string(3, '\0'),
                                         std::string(200'000, '[')));

}  // namespace
}  // namespace plimsoll::load
