#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client_fixture.hpp"
#include "harness/testing/certificates.hpp"
#include "harness/testing/temporary_folder.hpp"

namespace plimsoll::http {
namespace {

namespace ssl = boost::asio::ssl;
using std::chrono::seconds;
using testing::certificate;
using ::testing::HasSubstr;
using testing::server_with;
using ::testing::StartsWith;

certificate::wish authority() {
  certificate::wish wanted;
  wanted.name = "plimsoll test CA";
  wanted.authority = true;
  return wanted;
}

certificate::wish leaf(std::string names = "IP:127.0.0.1") {
  certificate::wish wanted;
  wanted.name = "plimsoll test server";
  wanted.alternative_names = std::move(names);
  return wanted;
}

/// A client that knows a CA of the test's own.
class Tls : public Client {
 protected:
  Tls() {
    options.retries = 0;
    options.tls.ca_file = folder_.write("ca.pem", ca_.pem()).string();
  }

  exchange ask(const certificate& own) {
    options.registry = serve({ok("in")}, server_with(own)).url();
    return send_one(request("GET", "/v2/"));
  }

  testing::temporary_folder folder_;
  certificate ca_{authority()};
};

TEST_F(Tls, TakesACertificateOfTheGivenCa) {
  const auto got = ask(certificate(leaf(), ca_));
  EXPECT_EQ(got.error, "");
  EXPECT_EQ(got.response.body, "in");
}

TEST_F(Tls, TakesARefusalOfABodyThatIsNotRead) {
  const auto refusal = raw({"HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nfull"});
  const certificate own(leaf(), ca_);
  auto& server = serve({deaf_behind(refusal), ok("next")}, server_with(own));
  options.registry = server.url();
  body_source endless;
  endless.size = 1U << 30U;
  endless.read = [](std::uint64_t /*offset*/, std::span<char> /*out*/) {};
  const auto all = send({request("PUT", "/b").body(endless), request("GET", "/")});
  EXPECT_EQ(all.at(0).error, "");
  EXPECT_EQ(all.at(0).response.status, 413);
  EXPECT_EQ(all.at(0).response.body, "full");
  EXPECT_EQ(all.at(1).response.body, "next");
  EXPECT_EQ(server.connections(), 2u);
}

TEST_F(Tls, KeepsItsConnectionBehindALongBody) {
  constexpr std::size_t size = 1U << 20U;
  const certificate own(leaf(), ca_);
  auto& server = serve({after_body(size, ok("taken")), ok("next")}, server_with(own));
  options.registry = server.url();
  const auto all = send({request("PUT", "/b").body(std::string(size, 'x')), request("GET", "/")});
  EXPECT_EQ(all.at(0).response.body, "taken");
  EXPECT_EQ(all.at(1).response.body, "next");
  EXPECT_EQ(server.connections(), 1u);
}

TEST_F(Tls, KeepsTheConnectionForTheNextRequest) {
  auto& server = serve({ok("one"), ok("two")}, server_with(certificate(leaf(), ca_)));
  options.registry = server.url();
  const auto all = send({request("GET", "/1"), request("GET", "/2")});
  EXPECT_EQ(all.at(1).response.body, "two");
  EXPECT_EQ(server.connections(), 1u);
}

struct refused {
  const char* name;
  certificate::wish server;
  bool signed_by_ca;
  const char* reason;
};

void PrintTo(const refused& row, std::ostream* out) {
  *out << row.reason;
}

certificate::wish valid_between(seconds from, seconds until) {
  auto wanted = leaf();
  wanted.valid_from = from;
  wanted.valid_until = until;
  return wanted;
}

class TlsRefuses : public Tls, public ::testing::WithParamInterface<refused> {
 protected:
  certificate server() const {
    const auto& row = GetParam();
    return row.signed_by_ca ? certificate(row.server, ca_) : certificate(row.server);
  }
};

TEST_P(TlsRefuses, AndSaysWhy) {
  const auto got = ask(server());
  const auto host = options.registry.substr(std::string("https://").size());
  EXPECT_EQ(got.error,
            "tls " + host + ": the certificate is refused: " + std::string(GetParam().reason));
  EXPECT_EQ(got.response.status, 0);
}

TEST_P(TlsRefuses, ButNotWhereAnyCertificateIsTaken) {
  options.tls.insecure = true;
  EXPECT_EQ(ask(server()).response.body, "in");
}

INSTANTIATE_TEST_SUITE_P(
    , TlsRefuses,
    ::testing::Values(refused{"SelfSigned", leaf(), false, "self-signed certificate"},
                      refused{"Expired", valid_between(seconds(-7200), seconds(-3600)), true,
                              "certificate has expired"},
                      refused{"NotYetValid", valid_between(seconds(3600), seconds(7200)), true,
                              "certificate is not yet valid"},
                      refused{"OtherAddress", leaf("IP:127.0.0.2"), true, "IP address mismatch"},
                      refused{"OtherName", leaf("DNS:r.test"), true, "IP address mismatch"}),
    [](const auto& row) { return row.param.name; });

TEST_F(Tls, ComparesANameWithTheCertificate) {
  const auto server = server_with(certificate(leaf("DNS:other.test"), ca_));
  options.registry = "https://localhost:" + serve({ok("in")}, server).port();
  EXPECT_THAT(send_one(request("GET", "/")).error,
              HasSubstr("the certificate is refused: hostname mismatch"));
  const auto right = server_with(certificate(leaf("DNS:localhost"), ca_));
  options.registry = "https://localhost:" + serve({ok("in")}, right).port();
  EXPECT_EQ(send_one(request("GET", "/")).response.body, "in");
}

TEST_F(Tls, RefusesACertificateOfAnUnknownCa) {
  const certificate other(authority());
  EXPECT_THAT(ask(certificate(leaf(), other)).error, HasSubstr("the certificate is refused: "));
}

/// A server that takes only clients with a certificate of the CA.
std::shared_ptr<ssl::context> demanding(const certificate& own, const certificate& ca) {
  auto made = server_with(own);
  const std::string pem = ca.pem();
  made->add_certificate_authority(boost::asio::buffer(pem));
  made->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);
  return made;
}

TEST_F(Tls, ShowsItsOwnCertificate) {
  const certificate own(leaf(), ca_);
  options.tls.client_certificate = folder_.write("client.pem", own.pem()).string();
  options.tls.client_key = folder_.write("client.key", own.key_pem()).string();
  options.registry = serve({ok("in")}, demanding(certificate(leaf(), ca_), ca_)).url();
  EXPECT_EQ(send_one(request("GET", "/")).response.body, "in");
}

TEST_F(Tls, SaysThatTheServerWantsACertificate) {
  options.registry = serve({ok("in")}, demanding(certificate(leaf(), ca_), ca_)).url();
  EXPECT_THAT(send_one(request("GET", "/")).error, HasSubstr("certificate required"));
}

TEST_F(Tls, NamesTheKeyThatDoesNotFitTheCertificate) {
  options.tls.client_certificate = folder_.write("a.pem", ca_.pem()).string();
  options.tls.client_key = folder_.write("b.key", certificate(leaf()).key_pem()).string();
  options.registry = "https://127.0.0.1:1";
  const auto made = client::make(io.get_executor(), options);
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what(), StartsWith("client key " + options.tls.client_key + ": "));
}

TEST_F(Tls, SaysThatThePeerAnswersInPlainText) {
  // A server that takes the ClientHello for a bad request, and one that waits for its end.
  auto answer = raw({"HTTP/1.1 400 Bad Request\r\n\r\n"});
  answer.unasked = true;
  auto& hasty = serve({answer});
  options.registry = "https://" + hasty.host();
  EXPECT_EQ(send_one(request("GET", "/")).error, "tls " + hasty.host() + ": the answer is not TLS");
  auto& patient = serve({ok("")});
  options.registry = "https://" + patient.host();
  options.timeouts.tls = std::chrono::milliseconds(50);
  EXPECT_EQ(send_one(request("GET", "/")).error,
            "tls " + patient.host() + ": timed out after 50 ms");
}

TEST_F(Tls, SaysThatThePeerAnswersAPlainRequestInTls) {
  auto& server = serve({ending(raw({std::string("\x15\x03\x03\x00\x02\x02\x16", 7)}))});
  options.registry = server.url();
  EXPECT_EQ(send_one(request("GET", "/")).error,
            "read " + server.host() + ": the answer is TLS, to a request without");
}

TEST_F(Tls, ReachesTheTargetThroughAProxysTunnel) {
  auto connected = raw({"HTTP/1.1 200 Connected\r\n\r\n"});
  connected.then_tls = true;
  auto& relay = serve({connected, ok("in"), ok("again")},
                      server_with(certificate(leaf("DNS:registry.test"), ca_)));
  options.registry = "https://registry.test";
  options.proxy.https = relay.host();
  const auto all = send({request("GET", "/1"), request("GET", "/2")});
  EXPECT_EQ(all.at(0).error, "");
  EXPECT_EQ(all.at(1).response.body, "again");
  EXPECT_THAT(relay.requests().at(0), StartsWith("CONNECT registry.test:443 HTTP/1.1\r\n"));
  EXPECT_THAT(relay.requests().at(1), StartsWith("GET /1 HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace plimsoll::http
