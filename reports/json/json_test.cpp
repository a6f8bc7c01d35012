#include "plimsoll/reports/json.hpp"

#include <fstream>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/example_run.hpp"

namespace plimsoll::reports {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Each takes its struct apart, so that a member added there does not compile here until it is
// compared.

void expect_same(const recorded_exchange& left, const recorded_exchange& right) {
  const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = left;
  const auto& [p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc] = right;
  EXPECT_EQ(std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n),
            std::tie(p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc));
}

void expect_same(const check_result& left, const check_result& right) {
  const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = left;
  const auto& [p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc] = right;
  EXPECT_EQ(std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n),
            std::tie(p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc));
}

void expect_same(const category_result& left, const category_result& right) {
  const auto& [a, b, c, d] = left;
  const auto& [p, q, r, s] = right;
  EXPECT_EQ(std::tie(a, b, c, d), std::tie(p, q, r, s));
}

void expect_same(const scenario_result& left, const scenario_result& right);
void expect_same(const requirement_note& left, const requirement_note& right);

template <class Element>
void expect_same(const std::vector<Element>& left, const std::vector<Element>& right) {
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) expect_same(left[i], right[i]);
}

void expect_same(const scenario_result& left, const scenario_result& right) {
  const auto& [a, b, c, d, e, f, g, calls, checks, transcript, h, i] = left;
  const auto& [p, q, r, s, t, u, v, other_calls, other_checks, other_transcript, w, x] = right;
  EXPECT_EQ(std::tie(a, b, c, d, e, f, g, h, i), std::tie(p, q, r, s, t, u, v, w, x));
  EXPECT_EQ(calls, other_calls);
  expect_same(checks, other_checks);
  expect_same(transcript, other_transcript);
}

void expect_same(const requirement_note& left, const requirement_note& right) {
  const auto& [a, b, c] = left;
  const auto& [p, q, r] = right;
  EXPECT_EQ(std::tie(a, b, c), std::tie(p, q, r));
}

void expect_same(const run_result& left, const run_result& right) {
  const auto& [a, b, c, d, e, f, g, h, i, j, part, k, l, m, n, categories, scenarios, o, claims,
               coverage, stale] = left;
  const auto& [p, q, r, s, t, u, v, w, x, y, other_part, z, aa, bb, cc, other_categories,
               other_scenarios, dd, other_claims, other_coverage, other_stale] = right;
  EXPECT_EQ(part.has_value(), other_part.has_value());
  EXPECT_EQ(claims, other_claims);
  expect_same(coverage, other_coverage);
  EXPECT_EQ(std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o),
            std::tie(p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd));
  EXPECT_EQ(stale, other_stale);
  expect_same(categories, other_categories);
  expect_same(scenarios, other_scenarios);
}

std::string why_refused(std::string_view text) {
  const auto read = parse_result(text);
  return read.has_error() ? read.error().what() : "it was read";
}

TEST(ResultJson, WhatIsWrittenIsReadBack) {
  for (const run_result& run : {example_run(), run_result{}}) {
    const auto read = parse_result(to_json(run));
    ASSERT_TRUE(read.has_value()) << read.error().what();
    expect_same(*read, run);
  }
}

TEST(ResultJson, SaysItsVersionFirst) {
  EXPECT_EQ(json::parse(to_json(run_result{})).at("plimsoll_result").at("version"), json_version);
  EXPECT_THAT(to_json(run_result{}), testing::StartsWith("{\n  \"plimsoll_result\": {"));
}

TEST(ResultJson, WritesForeignBytesAsValidUtf8) {
  run_result run = example_run();
  run.scenarios[1].checks[1].received = hostile_bytes();
  run.scenarios[1].transcript[0].response_headers = {{hostile_bytes(), hostile_bytes()}};
  const auto read = parse_result(to_json(run));
  ASSERT_TRUE(read.has_value()) << read.error().what();
  EXPECT_THAT(read->scenarios[1].checks[1].received, HasSubstr("\xef\xbf\xbd"));
  EXPECT_EQ(to_json(*read), to_json(run));
}

TEST(ResultJson, PassesOverMembersThatItDoesNotKnow) {
  json document = json::parse(to_json(example_run()));
  document["added_later"] = {1, 2};
  document["scenarios"][0]["added_later"] = nullptr;
  const auto read = parse_result(document.dump());
  ASSERT_TRUE(read.has_value()) << read.error().what();
  expect_same(*read, example_run());
}

TEST(ResultJson, ReadsWhatWasWrittenBeforeAMemberWasAdded) {
  json document = json::parse(to_json(example_run()));
  for (json& scenario : document["scenarios"]) {
    scenario.erase("judges");
    for (json& check : scenario["checks"]) check.erase("allowed");
  }
  for (const char* name : {"stale", "claims", "coverage"}) document.erase(name);
  const auto read = parse_result(document.dump());
  ASSERT_TRUE(read.has_value()) << read.error().what();
  run_result wanted = example_run();
  for (scenario_result& scenario : wanted.scenarios) {
    scenario.judges.clear();
    for (check_result& check : scenario.checks) check.allowed.clear();
  }
  wanted.stale.clear();
  wanted.claims.clear();
  wanted.coverage.clear();
  expect_same(*read, wanted);
}

TEST(ResultJson, SaysWhenAFileWasCutAndWhenItIsNotUtf8) {
  const std::string whole = to_json(example_run());
  EXPECT_THAT(why_refused(whole.substr(0, 1000)),
              "read result: not JSON at byte 1001 of 1000: the file ends too early");
  EXPECT_THAT(why_refused("{\"plimsoll_result\": \"\xc0\xaf\"}"),
              "read result: not JSON at byte 22 of 25: the file is not UTF-8");
}

TEST(ResultJson, RefusesANewerVersionWhateverElseItHolds) {
  EXPECT_EQ(why_refused(R"({"plimsoll_result": {"version": 2}})"),
            "read result: /plimsoll_result/version: 2 is newer than 1, "
            "the newest that this plimsoll reads");
}

TEST(ResultJson, RefusesEveryTruncation) {
  run_result run = example_run();
  run.scenarios.resize(2);
  const std::string whole = to_json(run);
  const std::size_t last = whole.rfind('}');
  for (std::size_t size = 0; size <= last; size += 7) {
    EXPECT_THAT(why_refused(whole.substr(0, size)), HasSubstr("not JSON at byte")) << size;
  }
}

TEST(ResultJson, ReadsOrRefusesADamagedDocumentWithoutThrowing) {
  const std::string whole = to_json(example_run());
  std::size_t refused = 0;
  for (const char damage : {'\0', '"', '9', '-', '}', '\xff'}) {
    for (std::size_t at = 0; at < whole.size(); at += 61) {
      std::string damaged = whole;
      damaged[at] = damage;
      EXPECT_NO_THROW(refused += parse_result(damaged).has_error() ? 1 : 0) << damage << at;
    }
  }
  EXPECT_GT(refused, 0u);
}

TEST(ResultJson, RefusesDeepNesting) {
  EXPECT_THAT(why_refused(std::string(200000, '[')), HasSubstr("not JSON"));
  EXPECT_THAT(why_refused(std::string(200000, '[') + std::string(200000, ']')),
              HasSubstr("expected an object"));
}

TEST(ResultJson, RefusesADocumentWithoutAnyOneMember) {
  const json whole = json::parse(to_json(example_run()));
  for (const auto& member : whole.items()) {
    const std::set<std::string> added_later{"stale", "claims", "coverage"};
    if (added_later.contains(member.key())) continue;
    json document = whole;
    document.erase(member.key());
    EXPECT_EQ(why_refused(document.dump()), "read result: /" + member.key() + ": is missing");
  }
}

struct changed {
  const char* name;
  const char* pointer;  // what is replaced in a good document
  const char* by;       // JSON
  const char* why;
};

void PrintTo(const changed& row, std::ostream* out) {
  *out << row.pointer << " = " << row.by;
}

class ResultJsonRefuses : public testing::TestWithParam<changed> {};

TEST_P(ResultJsonRefuses, Member) {
  json document = json::parse(to_json(example_run()));
  document[json::json_pointer(GetParam().pointer)] = json::parse(GetParam().by);
  EXPECT_THAT(why_refused(document.dump()),
              testing::StrEq(std::string("read result: ") + GetParam().pointer + GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    , ResultJsonRefuses,
    testing::Values(
        changed{"VersionZero", "/plimsoll_result/version", "0", ": there is no version 0"},
        changed{"VersionText", "/plimsoll_result/version", "\"1\"",
                ": expected an integer, found string"},
        changed{"NumberForText", "/run_id", "1", ": expected a string, found number"},
        changed{"TextForNumber", "/requests", "\"1\"", ": expected an integer, found string"},
        changed{"NegativeCount", "/requests", "-1", ": the number is out of range"},
        changed{"Fraction", "/bytes_sent", "1.5", ": expected an integer, found number"},
        changed{"TimeTooLarge", "/took_us", "9223372036854775808", ": the number is out of range"},
        changed{"SeedOver64Bits", "/seed", "\"18446744073709551616\"",
                ": expected a decimal number of 64 bits"},
        changed{"SeedWithTail", "/seed", "\"1 \"", ": expected a decimal number of 64 bits"},
        changed{"NoSuchVerdict", "/scenarios/0/verdict", "\"Pass\"", ": \"Pass\" is not known"},
        changed{"NoSuchLevel", "/scenarios/1/checks/1/level", "\"must\"",
                ": \"must\" is not known"},
        changed{"ObjectForArray", "/scenarios/1/checks", "{}", ": expected an array, found object"},
        changed{"NullExchange", "/scenarios/1/checks/1/exchange", "null",
                ": expected an integer, found null"},
        changed{"StatusTooLarge", "/scenarios/1/transcript/0/status", "2147483648",
                ": the number is out of range"},
        changed{"ArrayForCounts", "/categories/0/scenarios", "[]",
                ": expected an object, found array"},
        changed{"TextInList", "/left_behind/0", "7", ": expected a string, found number"}),
    [](const auto& row) { return row.param.name; });

struct not_json {
  const char* name;
  std::string text;
};

void PrintTo(const not_json& row, std::ostream* out) {
  *out << row.name;
}

class ResultJsonRefusesText : public testing::TestWithParam<not_json> {};

TEST_P(ResultJsonRefusesText, WithAnError) {
  EXPECT_THAT(why_refused(GetParam().text), testing::StartsWith("read result: "));
}

INSTANTIATE_TEST_SUITE_P(
    , ResultJsonRefusesText,
    testing::Values(not_json{"Empty", ""}, not_json{"Null", "null"}, not_json{"Array", "[]"},
                    not_json{"NoHeader", "{}"},
                    not_json{"HeaderIsText", R"({"plimsoll_result": "1"})"},
                    not_json{"InvalidUtf8", "{\"plimsoll_result\": \"\xc0\xaf\"}"},
                    not_json{"LoneSurrogate", R"({"plimsoll_result": "\ud800"})"},
                    not_json{"HugeNumber", R"({"plimsoll_result": 1e999})"},
                    not_json{"Nul", std::string(3, '\0')},
                    not_json{"TwoDocuments", to_json(run_result{}) + to_json(run_result{})}),
    [](const auto& row) { return row.param.name; });

json schema() {
  std::ifstream file(PLIMSOLL_RESULT_SCHEMA);
  return json::parse(file);
}

/// Walks a document along its schema; every member must be named there, and required too,
/// but for those that a document may leave out.
void expect_described(const json& value, json rule, const json& root, const std::string& place) {
  if (rule.contains("$ref")) {
    rule = root.at(json::json_pointer(rule.at("$ref").get<std::string>().substr(1)));
  }
  if (value.is_object()) {
    ASSERT_EQ(rule.value("type", ""), "object") << place;
    for (const auto& [name, member] : value.items()) {
      ASSERT_TRUE(rule.at("properties").contains(name)) << place << '/' << name;
      expect_described(member, rule["properties"][name], root, fmt::format("{}/{}", place, name));
    }
    for (const json& name : rule.value("required", json::array())) {
      EXPECT_TRUE(value.contains(name.get<std::string>())) << place << '/' << name;
    }
  } else if (value.is_array()) {
    ASSERT_EQ(rule.value("type", ""), "array") << place;
    for (const json& one : value) expect_described(one, rule.at("items"), root, place + "/*");
  } else if (rule.contains("enum")) {
    EXPECT_TRUE(std::count(rule["enum"].begin(), rule["enum"].end(), value)) << place << value;
  } else if (rule.contains("const")) {
    EXPECT_EQ(value, rule["const"]) << place;
  } else {
    EXPECT_EQ(rule.value("type", ""), value.is_string() ? "string" : "integer") << place;
  }
}

TEST(ResultSchema, NamesEveryMemberThatIsWritten) {
  const json root = schema();
  expect_described(json::parse(to_json(example_run())), root, root, "");
  expect_described(json::parse(to_json(run_result{})), root, root, "");
}

TEST(ResultSchema, NamesNothingThatIsNeverWritten) {
  const json check = json::parse(to_json(example_run())).at("scenarios").at(1).at("checks").at(1);
  const json root = schema();
  for (const auto& named : root.at("$defs").at("check").at("properties").items()) {
    EXPECT_TRUE(check.contains(named.key())) << named.key();
  }
}

TEST(ResultSchema, KnowsEveryVerdict) {
  const json root = schema();
  std::set<std::string> written;
  for (const scenario_result& one : example_run().scenarios) {
    written.emplace(to_string(one.outcome));
  }
  EXPECT_EQ(root.at("$defs").at("verdict").at("enum").get<std::set<std::string>>(), written);
}

}  // namespace
}  // namespace plimsoll::reports
