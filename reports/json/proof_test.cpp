#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/reports/json.hpp"
#include "reports/example_run.hpp"

namespace plimsoll::reports {
namespace {

TEST(ProofJson, WhatIsWrittenIsReadBack) {
  const std::string written = to_json(example_proof());
  const auto read = parse_proof(written);
  ASSERT_TRUE(read.has_value()) << read.error().what();
  EXPECT_EQ(to_json(*read), written);
  EXPECT_EQ(read->seed, 7u);
  ASSERT_EQ(read->faults.size(), 2u);
  EXPECT_TRUE(read->faults[0].caught);
  EXPECT_THAT(read->faults[0].failed,
              testing::ElementsAre("push.chunk.out-of-order", "push.upload.status"));
  ASSERT_EQ(read->variants.size(), 2u);
  EXPECT_FALSE(read->variants[1].clean);
  EXPECT_THAT(read->variants[1].complaints, testing::ElementsAre("pull.digest"));
}

TEST(ProofJson, SaysWhatIsWrongInOneLine) {
  std::string damaged = to_json(example_proof());
  damaged.replace(damaged.find("true"), 4, "1234");
  EXPECT_EQ(parse_proof(damaged).error().what(),
            "read proof: /faults/0/caught: expected true or false, found number");
  EXPECT_EQ(parse_proof(R"({"plimsoll_proof": {"version": 2}})").error().what(),
            "read proof: /plimsoll_proof/version: 2 is newer than 1, "
            "the newest that this plimsoll reads");
}

TEST(AnyDocument, IsTakenForWhatItSaysThatItIs) {
  const auto run = parse_document(to_json(example_run()));
  ASSERT_TRUE(run.has_value());
  EXPECT_TRUE(std::holds_alternative<run_result>(*run));
  const auto proof = parse_document(to_json(example_proof()));
  ASSERT_TRUE(proof.has_value());
  EXPECT_TRUE(std::holds_alternative<proof_result>(*proof));
}

TEST(AnyDocument, IsRefusedWhereItIsNeither) {
  EXPECT_EQ(parse_document(R"({"something": "else"})").error().what(),
            "read result: /plimsoll_result: is missing");
  EXPECT_EQ(parse_document(R"({"plimsoll_proof": 1})").error().what(),
            "read proof: /plimsoll_proof/version: is missing");
}

}  // namespace
}  // namespace plimsoll::reports
