#include "plimsoll/oci/challenge.hpp"

#include <gtest/gtest.h>

namespace plimsoll::oci {
namespace {

/// One line a challenge, "|" between them: scheme, token68, and each [name=value].
std::string shape_of(std::string_view value) {
  std::string shape;
  for (const challenge& one : parse_challenges(value)) {
    if (!shape.empty()) shape += '|';
    shape += one.scheme;
    if (!one.token68.empty()) shape += ' ' + one.token68;
    for (const auto& [name, text] : one.parameters)
      shape.append("[").append(name).append("=").append(text).append("]");
  }
  return shape;
}

struct header {
  const char* name;
  const char* value;
  const char* shape;
};

void PrintTo(const header& row, std::ostream* out) {
  *out << row.value;
}

class Challenges : public testing::TestWithParam<header> {};

TEST_P(Challenges, AreReadAs) {
  EXPECT_EQ(shape_of(GetParam().value), GetParam().shape);
}

INSTANTIATE_TEST_SUITE_P(
    WellFormed, Challenges,
    testing::Values(
        header{"SchemeOnly", "Negotiate", "negotiate"},
        header{"Basic", R"(Basic realm="a b")", "basic[realm=a b]"},
        header{
            "Bearer",
            R"(Bearer realm="https://auth.test/token",service="r",scope="repository:a/b:pull,push")",
            "bearer[realm=https://auth.test/token][service=r][scope=repository:a/b:pull,push]"},
        header{"TokenValue", "Bearer service=r, scope = x", "bearer[service=r][scope=x]"},
        header{"UpperCaseName", "Basic REALM=X", "basic[realm=X]"},
        header{"EscapedQuote", R"(Basic realm="a\"b\\")", R"(basic[realm=a"b\])"},
        header{"Token68", "Negotiate a-b._~+/9==", "negotiate a-b._~+/9=="},
        header{"SeveralChallenges",
               R"(Basic realm="x", charset="UTF-8", Bearer realm="y", service=z)",
               "basic[realm=x][charset=UTF-8]|bearer[realm=y][service=z]"},
        header{"Token68BetweenOthers", R"(Negotiate, Custom abc==, Basic realm="x")",
               "negotiate|custom abc==|basic[realm=x]"},
        header{"EmptyElements", R"(, ,Basic ,realm="x",,)", "basic[realm=x]"},
        header{"EmptyValue", R"(Basic realm="")", "basic[realm=]"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Broken, Challenges,
    testing::Values(
        header{"Empty", "", ""}, header{"Commas", ",,,", ""},
        header{"ParameterOfNothing", R"(realm="x")", ""},
        header{"OpenQuotes", R"(Basic realm="x, Bearer realm="y")", ""},
        header{"OpenQuotesBehindAGoodOne", R"(Bearer realm="y", Basic realm="x)",
               "bearer[realm=y]"},
        header{"NoSchemeThenAGoodOne", R"("x, y" z, Basic realm="x")", "basic[realm=x]"},
        header{"TextBehindTheValue", R"(Custom a="x" b="y", Basic realm="x")", "basic[realm=x]"},
        header{"ParametersOfTheUnreadable", R"(Custom a=@, b=c, Basic realm="x")",
               "basic[realm=x]"},
        header{"ParameterBehindToken68", "Custom abc==, a=b, Basic", "basic"},
        header{"SchemeWithSlash", R"(a/b realm="x", Basic)", "basic"}),
    [](const auto& row) { return row.param.name; });

TEST(Challenge, FindsAParameterByNameInAnyCase) {
  const auto challenges = parse_challenges(R"(Bearer realm="a", realm="b")");
  ASSERT_EQ(challenges.size(), 1u);
  EXPECT_EQ(challenges.front().parameter("Realm"), "a");
  EXPECT_EQ(challenges.front().parameter("service"), std::nullopt);
}

}  // namespace
}  // namespace plimsoll::oci
