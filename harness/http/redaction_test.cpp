#include "plimsoll/http/redaction.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll::http {
namespace {

using testing::HasSubstr;
using testing::Not;

struct field_case {
  const char* name;
  const char* field;
  const char* value;
  const char* expected;
};

void PrintTo(const field_case& row, std::ostream* out) {
  *out << row.field << ": " << row.value;
}

constexpr auto row_name = [](const auto& row) { return row.param.name; };

class RedactedField : public testing::TestWithParam<field_case> {};

TEST_P(RedactedField, Is) {
  header_fields fields;
  fields.add(GetParam().field, GetParam().value);
  EXPECT_EQ(redact(fields).get(GetParam().field), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    , RedactedField,
    testing::Values(field_case{"Basic", "Authorization", "Basic dTpw", "Basic [redacted]"},
                    field_case{"Bearer", "authorization", "bearer ey.J", "bearer [redacted]"},
                    field_case{"UnknownScheme", "Authorization", "hunter2 x", "[redacted]"},
                    field_case{"Proxy", "Proxy-Authorization", "Basic dTpw", "Basic [redacted]"},
                    field_case{"Cookie", "Cookie", "a=b", "[redacted]"},
                    field_case{"SetCookie", "Set-Cookie", "a=b; Path=/", "[redacted]"},
                    field_case{"Auth", "X-Registry-Auth", "e30", "[redacted]"},
                    field_case{"Token", "X-Amz-Security-Token", "x", "[redacted]"},
                    field_case{"Key", "X-Api-Key", "x", "[redacted]"},
                    field_case{"PrivateToken", "PRIVATE-TOKEN", "x", "[redacted]"},
                    field_case{"Challenge", "WWW-Authenticate", "Bearer realm=\"https://a/t\"",
                               "Bearer realm=\"https://a/t\""},
                    field_case{"Digest", "Docker-Content-Digest", "sha256:0f", "sha256:0f"},
                    field_case{"Location", "Location", "https://u:p@h/a?sig=x&n=1",
                               "https://h/a?sig=[redacted]&n=1"},
                    field_case{"Link", "Link",
                               "</a?token=x>; rel=\"next\", <http://u@h/b>; rel=prev",
                               "</a?token=[redacted]>; rel=\"next\", <http://h/b>; rel=prev"},
                    field_case{"OpenLink", "Link", "</a?n=1&token=x", "</a?n=1&token=[redacted]"}),
    row_name);

TEST(RedactedFields, KeepTheirOrderAndSpelling) {
  header_fields fields;
  fields.add("accept", "a");
  fields.add("COOKIE", "b");
  fields.add("Accept", "c");
  using testing::ElementsAre;
  using testing::Pair;
  EXPECT_THAT(redact(fields).fields(),
              ElementsAre(Pair("accept", "a"), Pair("COOKIE", redacted), Pair("Accept", "c")));
}

struct text_case {
  const char* name;
  const char* text;
  const char* expected;
};

void PrintTo(const text_case& row, std::ostream* out) {
  *out << '"' << row.text << '"';
}

class RedactedUrl : public testing::TestWithParam<text_case> {};

TEST_P(RedactedUrl, Is) {
  EXPECT_EQ(redact_url(GetParam().text), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    , RedactedUrl,
    testing::Values(
        text_case{"Empty", "", ""}, text_case{"Path", "/v2/a/tags/list", "/v2/a/tags/list"},
        text_case{"Harmless", "http://h/a?n=1&digest=sha256:0f", "http://h/a?n=1&digest=sha256:0f"},
        text_case{"Userinfo", "https://u:p@h:5000/a", "https://h:5000/a"},
        text_case{"UserinfoWithAt", "https://u@x:p@h/a", "https://h/a"},
        text_case{"UserinfoWithoutScheme", "//u:p@h/a", "//h/a"},
        text_case{"AtInThePath", "http://h/a@b", "http://h/a@b"},
        text_case{"UrlInThePath", "/a//b@c", "/a//b@c"},
        text_case{"SignedByAws",
                  "/?X-Amz-Credential=A%2Fb&X-Amz-Date=1&X-Amz-SignedHeaders=host;range&"
                  "X-Amz-Signature=0f",
                  "/?X-Amz-Credential=[redacted]&X-Amz-Date=1&X-Amz-SignedHeaders=host;range&"
                  "X-Amz-Signature=[redacted]"},
        text_case{"SignedByAzure", "/?sv=1&sig=a%2B", "/?sv=1&sig=[redacted]"},
        text_case{"SignedByGoogle", "/?GoogleAccessId=a&Signature=b&Expires=1",
                  "/?GoogleAccessId=[redacted]&Signature=[redacted]&Expires=1"},
        text_case{"SignedByCloudFront", "/?Policy=a&Key-Pair-Id=b",
                  "/?Policy=[redacted]&Key-Pair-Id=[redacted]"},
        text_case{"EncodedName", "/?%74oken=x", "/?%74oken=[redacted]"},
        text_case{"CamelCase", "/?accessToken=x", "/?accessToken=[redacted]"},
        text_case{"Semicolons", "/?a=b;token=c;d=e&f=g", "/?a=b;token=[redacted]&f=g"},
        text_case{"ValueWithEquals", "/?token=a=b==", "/?token=[redacted]"},
        text_case{"ValueWithQuestionMark", "/?a=b?token=c", "/?a=b?token=[redacted]"},
        text_case{"NoValue", "/?token=&sig", "/?token=&sig"},
        text_case{"Fragment", "/#access_token=x", "/#access_token=[redacted]"}),
    row_name);

class RedactedJson : public testing::TestWithParam<text_case> {};

TEST_P(RedactedJson, Is) {
  EXPECT_EQ(redact_body(GetParam().text, "application/json; charset=utf-8", 1000),
            GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    , RedactedJson,
    testing::Values(
        text_case{"Token", R"({"token":"ey","expires_in":60})",
                  R"({"token":"[redacted]","expires_in":60})"},
        text_case{"SpaceStays", "{ \"access_token\" :\n \"ey\" }",
                  "{ \"access_token\" :\n \"[redacted]\" }"},
        text_case{"Password", R"({"a":[{"Password":"p\"q"}]})",
                  R"({"a":[{"Password":"[redacted]"}]})"},
        text_case{"EscapedName", R"({"\u0074oken":"x"})", R"({"\u0074oken":"[redacted]"})"},
        text_case{"Number", R"({"password":123 ,"a":1})", R"({"password":"[redacted]","a":1})"},
        text_case{"Nested", R"({"tokens":["a",{"b":"]"}],"c":"d"})",
                  R"({"tokens":"[redacted]","c":"d"})"},
        text_case{"EmptyAndNull", R"({"token":"","refresh_token":null})",
                  R"({"token":"","refresh_token":null})"},
        text_case{"Cut", R"({"token":"eyJh)", R"({"token":"[redacted]")"},
        text_case{"CutBehindColon", R"({"token":)", R"({"token":)"},
        text_case{"NameAsValue", R"({"a":"token","b":"c"})", R"({"a":"token","b":"c"})"},
        text_case{"ErrorDocument", R"({"errors":[{"code":"DENIED","message":"no","detail":null}]})",
                  R"({"errors":[{"code":"DENIED","message":"no","detail":null}]})"},
        text_case{"Descriptor", R"({"mediaType":"a/b","digest":"sha256:0f","size":2})",
                  R"({"mediaType":"a/b","digest":"sha256:0f","size":2})"},
        text_case{"NotJson", "404 page not found\n", "404 page not found\n"}),
    row_name);

TEST(RedactedBody, IsReadAsJsonWhateverItsType) {
  EXPECT_EQ(redact_body(R"({"token":"x"})", "text/plain", 100), R"({"token":"[redacted]"})");
}

TEST(RedactedBody, LosesSecretsOfAForm) {
  EXPECT_EQ(redact_body("grant_type=password&username=u&password=p%26&scope=a:b:c",
                        "Application/X-WWW-Form-Urlencoded ; charset=utf-8", 100),
            "grant_type=password&username=u&password=[redacted]&scope=a:b:c");
}

TEST(RedactedBody, IsEmptyForWhatIsNotText) {
  EXPECT_EQ(redact_body(std::string_view("a\0b", 3), "text/plain", 100), "");
  EXPECT_EQ(redact_body("\x1f\x8b\x08", "application/gzip", 100), "");
  EXPECT_EQ(redact_body("\xff\xfe", "", 100), "");
}

TEST(RedactedBody, IsCutToTheLimitBetweenCharacters) {
  EXPECT_EQ(redact_body("abcdef", "text/plain", 4), "abcd");
  EXPECT_EQ(redact_body("ab\xe2\x82\xac", "text/plain", 4), "ab");
  EXPECT_EQ(redact_body("ab\xe2\x82\xac", "text/plain", 5), "ab\xe2\x82\xac");
  EXPECT_EQ(redact_body("abc", "text/plain", 0), "");
}

TEST(RedactedBody, ShowsNoPartOfASecretAtAnyLimit) {
  const std::string body = R"({"a":"b","token":"QQQQQQQQ","c":{"password":"QQQQ"}})";
  for (std::size_t limit = 0; limit <= body.size(); ++limit) {
    const std::string kept = redact_body(body, "application/json", limit);
    EXPECT_LE(kept.size(), limit);
    EXPECT_THAT(kept, Not(HasSubstr("Q"))) << "limit " << limit;
  }
}

}  // namespace
}  // namespace plimsoll::http
