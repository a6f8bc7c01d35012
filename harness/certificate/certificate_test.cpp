#include "plimsoll/certificate/certificate.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "made_keys.hpp"
#include "plimsoll/certificate/envelope.hpp"

namespace plimsoll::certificates {
namespace {

using testing::HasSubstr;

scenario_result scenario(std::string id, std::string category, verdict outcome) {
  scenario_result one;
  one.id = std::move(id);
  one.category = std::move(category);
  one.outcome = outcome;
  if (outcome == verdict::skipped) one.reason = "judges nothing that distribution-spec 1.1 has";
  return one;
}

run_result good_run() {
  run_result run;
  run.version = "0.1.0";
  run.run_id = "1a2b";
  run.registry = "https://registry.example";
  run.spec_version = "1.1";
  run.profile = "certification";
  run.started = "2026-01-02T03:04:05Z";
  run.configuration = {{"registry", "https://registry.example"}, {"spec", "1.1"}};
  run.scenarios = {scenario("pull/blob", "pull", verdict::pass),
                   scenario("push/mount", "push", verdict::warn),
                   scenario("discovery/tags", "discovery", verdict::pass),
                   scenario("discovery/given-tags", "discovery", verdict::skipped),
                   scenario("management/deletion", "management", verdict::pass)};
  summarize(run);
  return run;
}

certificate good_certificate() {
  certificate made = certificate_of(good_run());
  made.product = {"harbour", "2.1", oci::digest_of("the image")};
  made.issued = "2026-01-02T03:05:00Z";
  made.result = oci::digest_of("the result");
  made.proof = {2, 2, 1, 1, oci::digest_of("the proof")};
  return made;
}

evidence all_evidence() {
  evidence beside;
  beside.result = oci::digest_of("the result");
  beside.proof = oci::digest_of("the proof");
  beside.product = oci::digest_of("the image");
  beside.suite_version = "0.1.0";
  beside.scenarios = {"pull/blob", "push/mount", "discovery/tags", "discovery/given-tags",
                      "management/deletion"};
  return beside;
}

class Certificate : public testing::Test {
 protected:
  judgement judged(const certificate& what, const evidence& beside = all_evidence()) {
    return judge(issue(what, key_.signer()).value(), key_.signer().verifier(), beside);
  }

  made_key key_ = made_key::ed25519();
};

TEST_F(Certificate, SaysWhatTheRunSaid) {
  const judgement found = judged(good_certificate());
  EXPECT_EQ(found.why, "");
  ASSERT_EQ(found.outcome, standing::certified);
  EXPECT_EQ(to_statement(*found.what), to_statement(good_certificate()));
  EXPECT_EQ(found.what->product.name, "harbour");
  EXPECT_EQ(found.what->warned, std::vector<std::string>{"push/mount"});
  EXPECT_EQ(found.what->skipped.front().first, "discovery/given-tags");
  EXPECT_TRUE(agrees(*found.what, good_run()));
}

TEST_F(Certificate, DoesNotAgreeWithAnotherRun) {
  run_result other = good_run();
  other.scenarios[1].outcome = verdict::pass;
  EXPECT_FALSE(agrees(good_certificate(), other));
  other = good_run();
  other.configuration[1].second = "1.0";
  EXPECT_FALSE(agrees(good_certificate(), other));
}

TEST_F(Certificate, IsTestResultOfInToto) {
  certificate clean = good_certificate();
  EXPECT_THAT(to_statement(clean), HasSubstr(R"("result":"WARNED")"));
  clean.warned.clear();
  EXPECT_THAT(to_statement(clean), HasSubstr(R"("result":"PASSED")"));
  clean.failed = {"pull/blob"};
  EXPECT_THAT(to_statement(clean), HasSubstr(R"("result":"FAILED")"));
  EXPECT_THAT(to_statement(clean), HasSubstr(R"({"_type":"https://in-toto.io/Statement/v1",)"));
}

TEST_F(Certificate, AlteredInAnyByteIsRefused) {
  for (const made_key& key : {made_key::ed25519(), made_key::p256()}) {
    const std::string file = issue(good_certificate(), key.signer()).value();
    const public_key reader = key.signer().verifier();
    ASSERT_EQ(judge(file, reader, all_evidence()).outcome, standing::certified);
    for (std::size_t at = 0; at < file.size(); ++at) {
      std::string altered = file;
      altered[at] = static_cast<char>(altered[at] ^ (1 << (at % 8)));
      const judgement found = judge(altered, reader, all_evidence());
      EXPECT_EQ(found.outcome, standing::not_certified) << "byte " << at << " of " << file;
      EXPECT_NE(found.why, "");
    }
  }
}

TEST_F(Certificate, WhosePayloadOrSignatureIsAlteredIsRefused) {
  const made_key key = made_key::p256();
  const envelope good = parse_envelope(issue(good_certificate(), key.signer()).value()).value();
  const auto refused = [&](const envelope& altered) {
    return judge(to_json(altered), key.signer().verifier(), {}).outcome == standing::not_certified;
  };
  for (std::size_t at = 0; at < good.payload.size(); ++at) {
    envelope altered = good;
    altered.payload[at] = static_cast<char>(altered.payload[at] ^ 1);
    EXPECT_TRUE(refused(altered)) << "payload, byte " << at;
  }
  for (std::size_t bit = 0; bit < good.signatures[0].bytes.size() * 8; ++bit) {
    envelope altered = good;
    char& byte = altered.signatures[0].bytes[bit / 8];
    byte = static_cast<char>(byte ^ (1 << (bit % 8)));
    EXPECT_TRUE(refused(altered)) << "signature, bit " << bit;
  }
}

TEST_F(Certificate, CutAnywhereIsRefused) {
  const std::string file = issue(good_certificate(), key_.signer()).value();
  for (std::size_t length = 0; length + 1 < file.size(); ++length) {
    const judgement found = judge(file.substr(0, length), key_.signer().verifier(), all_evidence());
    EXPECT_EQ(found.why, "no signed envelope: it is not JSON, or was cut short") << length;
    EXPECT_EQ(found.outcome, standing::not_certified);
  }
}

TEST_F(Certificate, AboutSomethingElseIsRefused) {
  evidence beside = all_evidence();
  beside.result = oci::digest_of("another result");
  EXPECT_THAT(judged(good_certificate(), beside).why, HasSubstr("it is about another result: "));
  beside = all_evidence();
  beside.proof = oci::digest_of("another proof");
  EXPECT_THAT(judged(good_certificate(), beside).why, HasSubstr("it is about another proof: "));
  beside = all_evidence();
  beside.product = oci::digest_of("another image");
  EXPECT_THAT(judged(good_certificate(), beside).why, HasSubstr("it is about another artifact: "));
  certificate unattached = good_certificate();
  unattached.product.digest = {};
  EXPECT_THAT(judged(unattached).why, HasSubstr("it is about another artifact: none"));
}

struct lacking {
  const char* name;
  std::function<void(certificate&)> spoil;
  const char* why;
};

void PrintTo(const lacking& row, std::ostream* out) {
  *out << row.name;
}

class CertificateLacks : public testing::TestWithParam<lacking> {};

TEST_P(CertificateLacks, Something) {
  certificate made = good_certificate();
  GetParam().spoil(made);
  const made_key key = made_key::ed25519();
  const judgement found =
      judge(issue(made, key.signer()).value(), key.signer().verifier(), all_evidence());
  EXPECT_EQ(found.outcome, standing::not_certified);
  EXPECT_THAT(found.why, HasSubstr(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    , CertificateLacks,
    testing::Values(
        lacking{"Profile", [](certificate& c) { c.profile = "spec"; }, "by the profile spec"},
        lacking{"Category", [](certificate& c) { c.categories.pop_back(); },
                "nothing of management was judged"},
        lacking{"GoodCategory", [](certificate& c) { c.categories[0].outcome = verdict::blocked; },
                "the verdict on pull is blocked"},
        lacking{"GoodScenario", [](certificate& c) { c.failed = c.passed; },
                "3 scenarios fail, the first is pull/blob"},
        lacking{"NamedScenario", [](certificate& c) { c.passed.pop_back(); },
                "2 scenarios are named with the verdict pass, and 3 are counted"},
        lacking{"JudgedScenario",
                [](certificate& c) { c.categories[0].scenarios.emplace_back(verdict::blocked, 1); },
                "1 scenarios are blocked"},
        lacking{"ScenarioOfTheSuite", [](certificate& c) { c.passed[0] = "pull/other"; },
                "it says nothing of the scenario pull/blob"},
        lacking{"CaughtFault", [](certificate& c) { c.proof.caught = 1; },
                "the suite's proof does not hold: 1 of 2 faults, 1 of 1 variants"},
        lacking{"Proof", [](certificate& c) { c.proof.faults = c.proof.caught = 0; },
                "the suite's proof does not hold"},
        lacking{"ConfigurationDigest", [](certificate& c) { c.configuration = {}; },
                "a digest is missing"},
        lacking{"Product", [](certificate& c) { c.product.version.clear(); },
                "it does not say which product is certified"}),
    [](const auto& row) { return row.param.name; });

/// A good certificate's statement with one text in place of another, signed again.
judgement judged_with(const std::string& text, const std::string& replacement) {
  std::string statement = to_statement(good_certificate());
  const std::size_t at = statement.find(text);
  EXPECT_NE(at, std::string::npos);
  statement.replace(at, text.size(), replacement);
  const made_key key = made_key::ed25519();
  const auto made = sign(std::string(statement_type), statement, key.signer()).value();
  return judge(to_json(made), key.signer().verifier(), all_evidence());
}

TEST(CertificateStatement, OfANewerFormIsNotJudged) {
  const judgement found = judged_with(R"("plimsoll_certificate":{"version":1)",
                                      R"("plimsoll_certificate":{"version":2)");
  EXPECT_EQ(found.outcome, standing::not_judged);
  EXPECT_EQ(found.why, "the certificate is of form 2, and this plimsoll reads up to 1");
}

TEST(CertificateStatement, WithMembersThatAreNotKnownIsTaken) {
  EXPECT_EQ(judged_with(R"("product":)", R"("colour":"blue","product":)").outcome,
            standing::certified);
}

TEST(CertificateStatement, ThatIsNoneIsRefusedWithThePlace) {
  EXPECT_EQ(judged_with("Statement/v1", "Statement/v0.1").why,
            "/_type: is not in-toto's Statement v1");
  EXPECT_EQ(judged_with("test-result/v0.1", "test-result/v9").why,
            "/predicateType: is not test-result v0.1");
  EXPECT_EQ(judged_with(R"("result":"WARNED")", R"("result":"PASSED")").why,
            "/predicate/result: is not what the tests came to");
  EXPECT_EQ(judged_with(R"("faults":2)", R"("faults":"2")").why,
            "/predicate/plimsoll_certificate/proof/faults: expected a number, found string");
  EXPECT_EQ(judged_with(R"("verdict":"warn")", R"("verdict":"fine")").why,
            "/predicate/plimsoll_certificate/categories/1/verdict: \"fine\" is no verdict");
}

TEST(CertificateStatement, OfAnotherTypeIsRefused) {
  const made_key key = made_key::ed25519();
  const auto made = sign("text/plain", "hello", key.signer()).value();
  EXPECT_EQ(judge(to_json(made), key.signer().verifier(), {}).why,
            "what was signed is no in-toto statement, but text/plain");
}

TEST(ProofSummary, CountsWhatWasCaughtAndClean) {
  proof_result proof;
  proof.faults = {{"a", "r.a", "", true, {}}, {"b", "r.b", "", false, {}}};
  proof.variants = {{"v", "", true, {}}};
  const proof_summary found = summary_of(proof, "the proof");
  EXPECT_EQ(found.faults, 2u);
  EXPECT_EQ(found.caught, 1u);
  EXPECT_EQ(found.variants, 1u);
  EXPECT_EQ(found.clean, 1u);
  EXPECT_EQ(found.digest, oci::digest_of("the proof"));
}

}  // namespace
}  // namespace plimsoll::certificates
