#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

class Tags : public testing::Test {
 protected:
  Tags() {
    for (const char* tag : {"b", "a", "C", "d"}) {
      const auto got = client.ask("PUT", std::string("/v2/app/manifests/") + tag,
                                  "Content-Type: application/vnd.oci.image.index.v1+json\r\n",
                                  R"({"schemaVersion":2,"manifests":[]})");
      EXPECT_EQ(got.status(), "201") << got.body;
    }
  }
  registry served = registry::start({}).value();
  raw_client client{served};
};

TEST_F(Tags, OfNoRepositoryAreNotFound) {
  const auto got = client.ask("GET", "/v2/other/tags/list");
  EXPECT_EQ(got.status(), "404");
  EXPECT_NE(got.body.find("\"NAME_UNKNOWN\""), std::string::npos) << got.body;
}

TEST_F(Tags, AreAllReachedByTheLinksOfTheirPages) {
  const auto first = client.ask("GET", "/v2/app/tags/list?n=3");
  EXPECT_EQ(first.body, R"({"name":"app","tags":["C","a","b"]})");
  EXPECT_EQ(first.header("Link"), "</v2/app/tags/list?n=3&last=b>; rel=\"next\"");
  const auto second = client.ask("GET", "/v2/app/tags/list?n=3&last=b");
  EXPECT_EQ(second.body, R"({"name":"app","tags":["d"]})");
  EXPECT_EQ(second.header("Link"), "");
}

struct listed {
  const char* name;
  const char* query;
  const char* tags;
};

void PrintTo(const listed& row, std::ostream* out) {
  *out << row.query;
}

class TagList : public Tags, public testing::WithParamInterface<listed> {};

TEST_P(TagList, HasNoLinkAndIsInAsciiOrder) {
  const auto got = client.ask("GET", std::string("/v2/app/tags/list") + GetParam().query);
  EXPECT_EQ(got.status(), "200");
  EXPECT_EQ(got.body, std::string(R"({"name":"app","tags":)") + GetParam().tags + "}");
  EXPECT_EQ(got.header("Link"), "");
}

INSTANTIATE_TEST_SUITE_P(, TagList,
                         testing::Values(listed{"All", "", R"(["C","a","b","d"])"},          //
                                         listed{"JustAll", "?n=4", R"(["C","a","b","d"])"},  //
                                         listed{"None", "?n=0", "[]"},                       //
                                         listed{"BehindAbsent", "?last=aa", R"(["b","d"])"},
                                         listed{"BehindTheLast", "?last=d", "[]"}),
                         [](const auto& row) { return row.param.name; });

TEST_F(Tags, RefuseACountThatIsNoNumber) {
  EXPECT_EQ(client.ask("GET", "/v2/app/tags/list?n=-1").status(), "400");
}

}  // namespace
}  // namespace plimsoll::reference
