#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

constexpr const char* hello =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

class Server : public testing::Test {
 protected:
  registry served = registry::start({}).value();
  raw_client client{served};
};

TEST_F(Server, SaysThatItHasTheApi) {
  EXPECT_EQ(client.ask("GET", "/v2/").status(), "200");
}

TEST_F(Server, AnswersPipelinedRequestsInOrder) {
  client.send("GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.receive().status(), "200");
  EXPECT_EQ(client.receive().status(), "404");
}

TEST_F(Server, ClosesWhenAskedTo) {
  EXPECT_EQ(client.ask("GET", "/v2/", "Connection: close\r\n").header("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Server, TellsToContinueBeforeTheBody) {
  client.send(std::string("POST /v2/app/blobs/uploads/?digest=") + hello +
              " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().head, "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  EXPECT_EQ(client.receive().status(), "201");
}

TEST_F(Server, RefusesATooLargeManifestInsteadOfTellingToContinue) {
  client.send(
      "PUT /v2/app/manifests/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.receive().status(), "413");
}

TEST_F(Server, GoesOnBehindARefusedBody) {
  const std::string body(std::size_t{100} * 1024, 'x');
  EXPECT_EQ(client.ask("POST", "/v2/", "", body).status(), "413");
  EXPECT_EQ(client.ask("GET", "/v2/").status(), "200");
}

TEST_F(Server, RefusesAStreamedBodyAtItsLimit) {
  client.send("POST /v2/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n19000\r\n" +
              std::string(0x19000, 'x') + "\r\n");
  const auto got = client.receive();
  EXPECT_EQ(got.status(), "413");
  EXPECT_EQ(got.header("Connection"), "close");
}

TEST_F(Server, ClosesAtATlsHandshake) {
  client.send(std::string("\x16\x03\x01\x00\x05hello", 10));
  EXPECT_TRUE(client.is_closed());
}

TEST_F(Server, RefusesWhatIsNotHttp) {
  client.send("nonsense\r\n\r\n");
  EXPECT_EQ(client.receive().status(), "400");
}

TEST_F(Server, RefusesABrokenChunk) {
  client.send("POST /v2/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  EXPECT_EQ(client.receive().status(), "400");
}

TEST_F(Server, AnswersATargetThatIsNotUtf8) {
  const auto got = client.ask("GET", "/v2/app/blobs/sha256:%FF%FE");
  EXPECT_EQ(got.status(), "404");
  EXPECT_NE(got.body.find("\"DIGEST_INVALID\""), std::string::npos) << got.body;
  EXPECT_EQ(client.ask("GET", "/v2/app/tags/list?n=%F").status(), "404");
  EXPECT_EQ(client.ask("GET", "/v2/%FF/tags/list").status(), "404");
}

TEST_F(Server, RefusesATooLongHead) {
  const auto header = "X-Long: " + std::string(std::size_t{40} * 1024, 'x') + "\r\n";
  EXPECT_EQ(client.ask("GET", "/v2/", header).status(), "431");
}

TEST_F(Server, ServesOnWhenAClientLeavesInTheMiddleOfABody) {
  {
    raw_client leaves(served);
    leaves.send("POST /v2/app/blobs/uploads/ HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nabc");
  }
  EXPECT_EQ(client.ask("GET", "/v2/").status(), "200");
}

TEST_F(Server, EndsItsConnectionsWhenItStops) {
  EXPECT_EQ(client.ask("GET", "/v2/").status(), "200");
  served.stop();
  EXPECT_TRUE(client.is_closed());
}

}  // namespace
}  // namespace plimsoll::reference
