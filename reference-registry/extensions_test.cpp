#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* hello =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

class Extensions : public testing::Test {
 protected:
  void push_to(const std::string& repository) {
    const auto target = "/v2/" + repository + "/blobs/uploads/?digest=" + hello;
    EXPECT_EQ(client.ask("POST", target, "", "hello").status(), "201");
  }
  registry served = registry::start({}).value();
  raw_client client{served};
};

TEST_F(Extensions, OfTheRegistryAreListed) {
  const auto got = client.ask("GET", "/v2/_oci/ext/discover");
  EXPECT_EQ(got.status(), "200");
  EXPECT_EQ(got.header("Content-Type"), "application/json");
  for (const char* part : {R"("name":"_oci")", R"("endpoints":["_oci/ext/discover"])",
                           R"("name":"_catalog")", R"("endpoints":["_catalog"])"}) {
    EXPECT_NE(got.body.find(part), std::string::npos) << got.body;
  }
}

TEST_F(Extensions, OfARepositoryThatIsThereAreListed) {
  EXPECT_EQ(client.ask("GET", "/v2/a/b/_oci/ext/discover").status(), "404");
  push_to("a/b");
  const auto got = client.ask("GET", "/v2/a/b/_oci/ext/discover");
  EXPECT_EQ(got.status(), "200");
  EXPECT_NE(got.body.find(R"("name":"_oci")"), std::string::npos) << got.body;
  EXPECT_EQ(got.body.find("_catalog"), std::string::npos) << got.body;
}

TEST_F(Extensions, ThatAreUnknownAreNotFound) {
  for (const char* target : {"/v2/_other/a/b", "/v2/_oci/ext/other", "/v2/app/_oci/ext/other",
                             "/v2/app/_catalog", "/v2/_catalog/more"}) {
    const auto got = client.ask("GET", target);
    EXPECT_EQ(got.status(), "404") << target;
    EXPECT_NE(got.body.find("\"UNSUPPORTED\""), std::string::npos) << got.body;
  }
}

TEST_F(Extensions, CatalogIsEmptyBeforeAnythingIsPushed) {
  const auto got = client.ask("GET", "/v2/_catalog");
  EXPECT_EQ(got.status(), "200");
  EXPECT_EQ(got.header("Content-Type"), "application/json");
  EXPECT_EQ(got.body, R"({"repositories":[]})");
  EXPECT_EQ(client.ask("POST", "/v2/_catalog", "Content-Length: 0\r\n").status(), "405");
}

TEST_F(Extensions, CatalogIsReachedByTheLinksOfItsPages) {
  for (const char* name : {"b", "a/x", "c"}) push_to(name);
  const auto first = client.ask("GET", "/v2/_catalog?n=1");
  EXPECT_EQ(first.body, R"({"repositories":["a/x"]})");
  EXPECT_EQ(first.header("Link"), "</v2/_catalog?n=1&last=a%2Fx>; rel=\"next\"");
  const auto rest = client.ask("GET", "/v2/_catalog?n=2&last=a%2Fx");
  EXPECT_EQ(rest.body, R"({"repositories":["b","c"]})");
  EXPECT_EQ(rest.header("Link"), "");
  EXPECT_EQ(client.ask("GET", "/v2/_catalog?n=0").body, R"({"repositories":[]})");
  EXPECT_EQ(client.ask("GET", "/v2/_catalog?n=x").status(), "400");
}

}  // namespace
}  // namespace plimsoll::reference
