#include "plimsoll/reports/console.hpp"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/base/text.hpp"
#include "reports/example_run.hpp"

namespace plimsoll::reports {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Summary, BeginsWithTheTableOfCategories) {
  EXPECT_THAT(summary(example_run()),
              StartsWith("category    verdict       pass   warn   fail  error  blocked  "
                         "not offered  skipped\n"
                         "pull        pass             1      -      -      -        -  "
                         "          -        -\n"
                         "push        fail             -      1      1      1        -  "
                         "          -        -\n"));
}

TEST(Summary, AddsUpTheCategories) {
  EXPECT_THAT(summary(example_run()),
              HasSubstr("\nall         fail             1      1      1      1        1  "
                        "          1        1\n"));
}

TEST(Summary, SaysOfEachClaimedCategoryWhetherItIsThereAsAWhole) {
  run_result run = example_run();
  run.claims = {"pull", "push", "management", "referrers"};
  EXPECT_THAT(summary(run), HasSubstr("\nclaimed      pull: holds\n"
                                      "claimed      push: does not hold\n"
                                      "claimed      management: not judged in full\n"
                                      "claimed      referrers: not judged in full\n"));
}

TEST(Summary, TellsAFindingWithAllThatIsNeededToSeeItAgain) {
  EXPECT_THAT(summary(example_run()),
              HasSubstr("\nfail  upload/out-of-order: Title of upload/out-of-order\n"
                        "      requirement  push.chunk.out-of-order (MUST)\n"
                        "      section      distribution-spec, \"Pushing a blob in chunks\"\n"
                        "      rule         A chunk out of order is refused.\n"
                        "      expected     status 416\n"
                        "      received     status 202\n"
                        "      known        being mended (allowed until 2026-12-31)\n"
                        "      repeat       curl -X PATCH "
                        "'http://localhost:5000/v2/a/blobs/uploads/1'\n"));
}

TEST(Summary, PutsFailuresBeforeWarningsBeforeWhatWasNotJudgedBeforeTheVerdict) {
  const std::string text = summary(example_run());
  std::size_t before = 0;
  for (const char* next : {"category ", "\nall ", "push.chunk.out-of-order (MUST)",
                           "push.chunk.status (SHOULD NOT)", "push.upload.min-length (SHOULD)",
                           "\nerror        upload/monolithic: connect: Connection refused\n",
                           "\nnot offered  referrers/filter: the API answers 404\n",
                           "\nblocked      tags/paging: blocked by push.manifest.201: no tag ",
                           "\nskipped      blob/delete: switched off by configuration\n",
                           "\nleft behind  a: manifest sha256:00\n", "\nverdict: "}) {
    const std::size_t at = text.find(next, before);
    ASSERT_NE(at, std::string::npos) << next << " is not behind the others in\n" << text;
    before = at;
  }
}

TEST(Summary, HasOneLineForAReasonThatManyScenariosShare) {
  run_result run;
  for (const char* id : {"a/1", "a/2", "a/3", "a/4", "b/1"}) {
    scenario_result refused;
    refused.id = id;
    refused.outcome = verdict::blocked;
    refused.reason = *id == 'a' ? "no pushes" : "no tags";
    run.scenarios.push_back(std::move(refused));
  }
  EXPECT_THAT(summary(run), HasSubstr("\nblocked      a/1 and 3 more: no pushes\n"
                                      "blocked      b/1: no tags\n"));
  run.scenarios.pop_back();
  run.scenarios.pop_back();
  EXPECT_THAT(summary(run), HasSubstr("\nblocked      a/1: no pushes\n"
                                      "blocked      a/2: no pushes\n"
                                      "blocked      a/3: no pushes\n"));
}

TEST(Summary, DoesNotTellWhatHeld) {
  EXPECT_THAT(summary(example_run()),
              AllOf(Not(HasSubstr("pull.blob.body")), Not(HasSubstr("push.upload.start"))));
}

TEST(Summary, ShowsAVerdictThatNoCheckExplains) {
  run_result run;
  run.scenarios.resize(2);
  run.scenarios[0].id = "a/b";
  run.scenarios[0].outcome = verdict::fail;
  run.scenarios[0].reason = "it did";
  run.scenarios[1].id = "a/c";
  run.scenarios[1].outcome = verdict::warn;
  EXPECT_THAT(summary(run), AllOf(HasSubstr("\nfail  a/b: it did\n"),
                                  HasSubstr("\nwarn  a/c: no reason was given\n")));
}

struct ending {
  verdict outcome;
  const char* line;
};

void PrintTo(const ending& row, std::ostream* out) {
  *out << row.line;
}

class SummaryEnds : public testing::TestWithParam<ending> {};

TEST_P(SummaryEnds, WithTheVerdictAndWhatItMeans) {
  run_result run;
  run.outcome = GetParam().outcome;
  EXPECT_THAT(summary(run), EndsWith(std::string("\nverdict: ") + GetParam().line + "\n"));
}

INSTANTIATE_TEST_SUITE_P(
    , SummaryEnds,
    testing::Values(
        ending{verdict::pass, "pass (conformant)"},
        ending{verdict::unsupported, "unsupported (conformant, without some optional features)"},
        ending{verdict::warn, "warn (conformant, but not all that is recommended is followed)"},
        ending{verdict::fail, "fail (not conformant)"},
        ending{verdict::blocked, "blocked (could not be judged)"},
        ending{verdict::error, "error (could not be judged)"},
        ending{verdict::skipped, "skipped (could not be judged)"}),
    [](const auto& row) { return std::string(to_string(row.param.outcome)); });

TEST(Summary, SaysWhichFailuresAreKnownAndWhichAllowancesAreStale) {
  const std::string text = summary(example_run());
  EXPECT_THAT(text, testing::HasSubstr("known        being mended (allowed until 2026-12-31)\n"));
  EXPECT_THAT(text, testing::HasSubstr("stale        tags.order: holds, and needs no allowance\n"));
}

TEST(Summary, SaysWhyTheRunCouldNotBeJudged) {
  run_result run;
  run.reason = "connect localhost:1: Connection refused";
  summarize(run);
  EXPECT_THAT(summary(run), EndsWith("\nverdict: error (could not be judged): "
                                     "connect localhost:1: Connection refused\n"));
}

TEST(Summary, SaysWhatTheRunTook) {
  EXPECT_THAT(summary(example_run()),
              HasSubstr("\n21 requests in 61.000001 s, 4.0 KiB sent, 8.0 PiB received\n"));
}

TEST(Summary, SendsNoForeignControlToTheTerminal) {
  run_result run = example_run();
  for (scenario_result& one : run.scenarios) {
    for (std::string* text : {&one.id, &one.title, &one.category, &one.reason, &one.blocked_by}) {
      *text += hostile_bytes();
    }
    for (check_result& check : one.checks) {
      for (std::string* text : {&check.requirement, &check.spec, &check.section, &check.statement,
                                &check.expected, &check.received, &check.curl}) {
        *text += hostile_bytes();
      }
    }
  }
  for (std::string* text : {&run.registry, &run.profile, &run.spec_version, &run.version,
                            &run.reason, run.left_behind.data()}) {
    *text += hostile_bytes();
  }
  summarize(run);
  const std::string text = summary(run);
  EXPECT_TRUE(is_utf8(text));
  EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n') || byte == 0x7f;
  }));
  EXPECT_THAT(text, Not(HasSubstr("\xe2\x80\xae")));
  const std::string clean = summary(example_run());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'),
            std::count(clean.begin(), clean.end(), '\n'));
}

}  // namespace
}  // namespace plimsoll::reports
