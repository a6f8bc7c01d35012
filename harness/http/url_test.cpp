#include "plimsoll/http/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::http {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Url, IsTakenApart) {
  const auto parsed = parse_url("https://user:pass@Registry.Example:5000/v2/a?n=1#part");
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_TRUE(parsed->tls);
  EXPECT_EQ(parsed->userinfo, "user:pass");
  EXPECT_EQ(parsed->host, "registry.example");
  EXPECT_EQ(parsed->port, "5000");
  EXPECT_EQ(parsed->target, "/v2/a?n=1");
  EXPECT_EQ(parsed->origin(), "https://registry.example:5000");
  EXPECT_EQ(parsed->host_field(), "registry.example:5000");
}

struct case_of {
  const char* name;
  const char* text;
  const char* expected;
};

void PrintTo(const case_of& row, std::ostream* out) {
  *out << '"' << row.text << '"';
}

constexpr auto row_name = [](const auto& row) { return row.param.name; };

class UrlIsWrittenAs : public testing::TestWithParam<case_of> {};

TEST_P(UrlIsWrittenAs, Text) {
  const auto parsed = parse_url(GetParam().text);
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->str(), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    , UrlIsWrittenAs,
    testing::Values(
        case_of{"NoPath", "http://h", "http://h/"},
        case_of{"QueryWithoutPath", "http://h?a=b", "http://h/?a=b"},
        case_of{"FragmentWithoutPath", "http://h#a", "http://h/"},
        case_of{"SchemesOwnPort", "https://h:443/a", "https://h/a"},
        case_of{"OtherSchemesPort", "https://h:80/a", "https://h:80/a"},
        case_of{"EmptyPort", "http://h:/a", "http://h/a"},
        case_of{"PortWithZeros", "http://h:05000/", "http://h:5000/"},
        case_of{"UpperCase", "HTTP://HOST/Path", "http://host/Path"},
        case_of{"Ipv6", "http://[::1]:5000/v2/", "http://[::1]:5000/v2/"},
        case_of{"Ipv6WithoutPort", "https://[FE80::1]", "https://[fe80::1]/"},
        case_of{"RawColonInQuery", "http://h/a?digest=sha256:0f", "http://h/a?digest=sha256:0f"},
        case_of{"RawUrlInQuery", "http://h/a?to=http://u@b/c?d", "http://h/a?to=http://u@b/c?d"},
        case_of{"PercentStays", "http://h/a%2fb?c=%3A", "http://h/a%2fb?c=%3A"},
        case_of{"DotsStay", "http://h/a/../b", "http://h/a/../b"},
        case_of{"UserinfoIsNotShown", "http://u:p@h/", "http://h/"}),
    row_name);

class UrlRejects : public testing::TestWithParam<case_of> {};

TEST_P(UrlRejects, Text) {
  const auto parsed = parse_url(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().what(), HasSubstr(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(
    , UrlRejects,
    testing::Values(case_of{"Empty", "", "neither http"},                   //
                    case_of{"NoScheme", "host:5000/v2/", "neither http"},   //
                    case_of{"OtherScheme", "ftp://host/", "neither http"},  //
                    case_of{"NoHost", "http:///v2/", "host"},               //
                    case_of{"OnlyPort", "http://:5000/", "host"},           //
                    case_of{"OnlyUserinfo", "http://u@/", "host"},          //
                    case_of{"PortZero", "http://h:0/", "port"},             //
                    case_of{"PortTooLarge", "http://h:65536/", "port"},     //
                    case_of{"PortOver64Bits", "http://h:18446744073709551617/", "port"},
                    case_of{"PortNotDigits", "http://h:80a/", "port"},          //
                    case_of{"PortWithSign", "http://h:+80/", "port"},           //
                    case_of{"OpenBracket", "http://[::1/", "]"},                //
                    case_of{"BracketedName", "http://[host]/", "host"},         //
                    case_of{"TextBehindBracket", "http://[::1]x/", "port"},     //
                    case_of{"Backslash", "http://good\\@evil\\/", "host"},      //
                    case_of{"LineBreak", "http://h/\r\nX: y", "control"},       //
                    case_of{"LineBreakInFragment", "http://h/#\n", "control"},  //
                    case_of{"Space", "http://h/a b", "space"}),
    row_name);

TEST(Url, IsNotShownWithItsSecretsInAnError) {
  const auto parsed = parse_url("https://user:hunter2@host:99999/a?token=hunter3");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error().what(), HasSubstr("host:99999/a"));
  EXPECT_THAT(parsed.error().what(), Not(HasSubstr("hunter")));
}

class UrlResolves : public testing::TestWithParam<case_of> {};

TEST_P(UrlResolves, Reference) {
  const auto out = resolve(parse_url("http://a:81/b/c/d;p?q").value(), GetParam().text);
  ASSERT_TRUE(out) << out.error().what();
  EXPECT_EQ(out->str(), GetParam().expected);
}

// The forms of RFC 3986, 5.4, and what registries send.
INSTANTIATE_TEST_SUITE_P(
    , UrlResolves,
    testing::Values(
        case_of{"Empty", "", "http://a:81/b/c/d;p?q"},
        case_of{"Fragment", "#s", "http://a:81/b/c/d;p?q"},
        case_of{"Query", "?y", "http://a:81/b/c/d;p?y"}, case_of{"Name", "g", "http://a:81/b/c/g"},
        case_of{"NameWithSlash", "g/", "http://a:81/b/c/g/"},
        case_of{"NameAndQuery", "g?y/./x", "http://a:81/b/c/g?y/./x"},
        case_of{"Here", ".", "http://a:81/b/c/"},
        case_of{"HereAndName", "./g:h", "http://a:81/b/c/g:h"},
        case_of{"Up", "..", "http://a:81/b/"}, case_of{"UpAndName", "../g", "http://a:81/b/g"},
        case_of{"UpTooFar", "../../../../g", "http://a:81/g"},
        case_of{"DotsInside", "/./g/../h", "http://a:81/h"},
        case_of{"DotsInNames", "..g/g..", "http://a:81/b/c/..g/g.."},
        case_of{"Root", "/", "http://a:81/"},
        case_of{"UploadLocation", "/v2/x/blobs/uploads/1?_state=a:b/c==",
                "http://a:81/v2/x/blobs/uploads/1?_state=a:b/c=="},
        case_of{"ColonBehindSlash", "x/sha256:0f", "http://a:81/b/c/x/sha256:0f"},
        case_of{"OtherHost", "//other/x", "http://other/x"},
        case_of{"Absolute", "https://cdn:8443/x/../y?s=a/../b", "https://cdn:8443/y?s=a/../b"}),
    row_name);

TEST(Url, OfATlsBaseStaysTlsForAReferenceWithoutScheme) {
  EXPECT_EQ(resolve(parse_url("https://a/").value(), "//b:444/c")->str(), "https://b:444/c");
}

TEST(Url, ResolvesNoOtherSchemeAndNoLineBreak) {
  const url base = parse_url("http://a/").value();
  EXPECT_FALSE(resolve(base, "file:///etc/passwd"));
  EXPECT_FALSE(resolve(base, "http:g"));
  EXPECT_FALSE(resolve(base, "/a\r\nHost: b"));
}

struct query_case {
  const char* name;
  const char* target;
  const char* value;
  const char* expected;
};

void PrintTo(const query_case& row, std::ostream* out) {
  *out << '"' << row.target << "\" and \"" << row.value << '"';
}

class UrlQuery : public testing::TestWithParam<query_case> {};

TEST_P(UrlQuery, IsAppended) {
  EXPECT_EQ(with_query(GetParam().target, "digest", GetParam().value), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    , UrlQuery,
    testing::Values(query_case{"First", "/a", "sha256:0f", "/a?digest=sha256:0f"},
                    query_case{"Second", "/a?b=c:d%3A", "x", "/a?b=c:d%3A&digest=x"},
                    query_case{"BehindQuestionMark", "/a?", "x", "/a?digest=x"},
                    query_case{"BehindAmpersand", "/a?b&", "x", "/a?b&digest=x"},
                    query_case{"Encoded", "/a", "a&b=c+d e;#", "/a?digest=a%26b%3Dc%2Bd%20e%3B%23"},
                    query_case{"BeforeFragment", "/a#f?g", "x", "/a?digest=x#f?g"},
                    query_case{"AbsoluteUrl", "http://h/a", "x/y", "http://h/a?digest=x/y"},
                    query_case{"EmptyValue", "/a", "", "/a?digest="}),
    row_name);

}  // namespace
}  // namespace plimsoll::http
