#include "plimsoll/oci/error_document.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

TEST(ErrorDocument, WhatIsWrittenIsReadBack) {
  error_document one;
  one.errors = {{"NAME_UNKNOWN", "no such repository", R"({"name":"a"})", true},
                {"DENIED", "", "", true}};
  const std::string text = to_json(one);
  EXPECT_EQ(text, R"({"errors":[{"code":"NAME_UNKNOWN","message":"no such repository",)"
                  R"("detail":{"name":"a"}},{"code":"DENIED"}]})");
  const auto parsed = parse_error_document(text);
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(to_json(*parsed), text);
  EXPECT_TRUE(parsed->has_code("DENIED"));
  EXPECT_FALSE(parsed->has_code("denied"));
}

TEST(ErrorDocument, WritesADetailThatIsNoJsonAsAString) {
  error_document one;
  one.errors = {{"DENIED", "", "not \"JSON\"", true}};
  EXPECT_EQ(to_json(one), R"({"errors":[{"code":"DENIED","detail":"not \"JSON\""}]})");
}

struct broken {
  const char* name;
  const char* text;
  const char* why;
};

void PrintTo(const broken& row, std::ostream* out) {
  *out << row.text;
}

class ErrorDocumentNames : public testing::TestWithParam<broken> {};

TEST_P(ErrorDocumentNames, WhatIsWrongAndWhere) {
  const auto parsed = parse_error_document(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().what(), GetParam().why);
}

INSTANTIATE_TEST_SUITE_P(
    , ErrorDocumentNames,
    testing::Values(broken{"Html", "<html>", "JSON: broken at byte 1 of 6"},
                    broken{"NoErrors", "{}", "errors: missing"},
                    broken{"OneObject", R"({"errors":{}})",
                           "errors: expected an array, found an object"},
                    broken{"TextAsEntry", R"({"errors":["x"]})",
                           "errors[0]: expected an object, found a string"},
                    broken{"NoCode", R"({"errors":[{"code":"A"},{}]})", "errors[1].code: missing"},
                    broken{"NumberAsCode", R"({"errors":[{"code":1}]})",
                           "errors[0].code: expected a string, found an unsigned number"}),
    [](const auto& row) { return row.param.name; });

TEST(ErrorDocument, TellsAMessageThatIsNoText) {
  const auto parsed = parse_error_document(R"({"errors":[{"code":"A","message":1},{"code":"B"}]})");
  ASSERT_TRUE(parsed);
  EXPECT_FALSE(parsed->errors[0].message_is_text);
  EXPECT_EQ(parsed->errors[0].message, "");
  EXPECT_TRUE(parsed->errors[1].message_is_text);
}

TEST(ErrorCode, IsUpperCaseLettersAndUnderscores) {
  EXPECT_TRUE(is_error_code_text("A_B"));
  EXPECT_FALSE(is_error_code_text("denied"));
  EXPECT_FALSE(is_error_code_text(""));
}

TEST(ErrorCode, IsRegisteredAsTheSpecWritesIt) {
  EXPECT_TRUE(is_registered_error_code("TOOMANYREQUESTS"));
  EXPECT_TRUE(is_registered_error_code("BLOB_UNKNOWN"));
  EXPECT_FALSE(is_registered_error_code("TOO_MANY_REQUESTS"));
  EXPECT_FALSE(is_registered_error_code(""));
}

TEST(FiltersApplied, AreSplitAndTrimmed) {
  EXPECT_EQ(parse_filters_applied(" artifactType ,, other"),
            (std::vector<std::string>{"artifactType", "other"}));
  EXPECT_TRUE(parse_filters_applied("").empty());
}

}  // namespace
}  // namespace plimsoll::oci
