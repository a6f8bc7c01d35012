#include "plimsoll/reports/junit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/example_run.hpp"

namespace plimsoll::reports {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// The case of one scenario of the run, from its beginning to its end.
std::string case_of(const run_result& run, const std::string& id) {
  const std::string xml = junit(run);
  const std::size_t name = xml.find(" name=\"" + id + "\"");
  if (name == std::string::npos) return "no case named " + id;
  const std::size_t begin = xml.rfind("<testcase", name);
  return xml.substr(begin, xml.find("</testcase>", begin) - begin);
}

TEST(Junit, CountsCasesByWhatBecameOfThem) {
  run_result run = example_run();
  run.reason.clear();
  EXPECT_THAT(junit(run), AllOf(HasSubstr("<testsuites name=\"plimsoll 0.1.0\" tests=\"7\" "
                                          "failures=\"1\" errors=\"1\" time=\"61.000001\">"),
                                HasSubstr("<testsuite name=\"push\" tests=\"3\" failures=\"1\" "
                                          "errors=\"1\" time=\"3.750000\" skipped=\"0\"")));
}

TEST(Junit, NamesACaseByItsIdAndItsClassByTheTopic) {
  EXPECT_THAT(case_of(example_run(), "upload/headers"),
              HasSubstr("<testcase classname=\"upload\" name=\"upload/headers\" "
                        "time=\"1.250000\">"));
}

TEST(Junit, KeepsNamesApartWhereIdsAreNot) {
  run_result run;
  run.scenarios.resize(4);
  for (scenario_result& one : run.scenarios) one.id = "a/b";
  run.scenarios[1].id = "a/b #2";
  const std::string xml = junit(run);
  EXPECT_THAT(xml, AllOf(HasSubstr("name=\"a/b\""), HasSubstr("name=\"a/b #2\""),
                         HasSubstr("name=\"a/b #2 #2\""), HasSubstr("name=\"a/b #3\"")));
}

TEST(Junit, TellsAFailureWithAllThatIsNeededToSeeItAgain) {
  EXPECT_THAT(case_of(example_run(), "upload/out-of-order"),
              AllOf(HasSubstr("<failure type=\"push.chunk.out-of-order\" "
                              "message=\"push.chunk.out-of-order: expected status 416, "
                              "received status 202\">"),
                    HasSubstr("expected     status 416\nreceived     status 202\n"),
                    HasSubstr("distribution-spec, &quot;Pushing a blob in chunks&quot;"),
                    HasSubstr("repeat       curl -X PATCH ")));
}

TEST(Junit, ShowsTheTranscriptOfWhatFailedAndOfNothingElse) {
  EXPECT_THAT(
      case_of(example_run(), "upload/out-of-order"),
      AllOf(
          HasSubstr("\ntranscript:\n#4 PATCH http://localhost:5000/v2/a/blobs/uploads/1 (retry)\n"),
          HasSubstr("&gt; Content-Range: 5-9\n"),
          HasSubstr("&lt;   &lt;b&gt;accepted&lt;/b&gt;\n&lt;   ok\n"),
          HasSubstr("! body: closed early\n")));
  EXPECT_THAT(case_of(example_run(), "upload/headers"), Not(HasSubstr("transcript:")));
}

TEST(Junit, ShowsAWarningThatIsNoFailure) {
  EXPECT_THAT(case_of(example_run(), "upload/headers"),
              AllOf(HasSubstr("<system-out>\nwarn: "),
                    HasSubstr("requirement  push.upload.min-length (SHOULD)"),
                    Not(HasSubstr("<failure")), Not(HasSubstr("<skipped"))));
}

TEST(Junit, GivesTheReasonOfWhatWasNotJudged) {
  const run_result run = example_run();
  EXPECT_THAT(case_of(run, "upload/monolithic"),
              HasSubstr("<error type=\"error\" message=\"connect: Connection refused\"/>"));
  EXPECT_THAT(case_of(run, "tags/paging"),
              HasSubstr("<skipped message=\"blocked: blocked by push.manifest.201: "
                        "no tag could be pushed\"/>"));
  EXPECT_THAT(case_of(run, "referrers/filter"),
              HasSubstr("<skipped message=\"not offered: the API answers 404\"/>"));
  EXPECT_THAT(case_of(run, "blob/delete"),
              HasSubstr("<skipped message=\"skipped: switched off by configuration\"/>"));
}

TEST(Junit, ListsRequirementsWithTheirLevels) {
  EXPECT_THAT(
      junit(example_run()),
      AllOf(HasSubstr("<property name=\"verdict:upload/out-of-order\" value=\"fail\"/>"),
            HasSubstr("<property name=\"requirements:upload/out-of-order\" "
                      "value=\"push.upload.start, push.chunk.out-of-order, push.chunk.status\"/>"),
            HasSubstr("<property name=\"levels:upload/out-of-order\" "
                      "value=\"MUST, MUST, SHOULD NOT\"/>")));
}

TEST(Junit, NeverShowsARunThatWasNotJudgedAsSuccess) {
  EXPECT_THAT(junit({}), AllOf(HasSubstr("tests=\"1\" failures=\"0\" errors=\"1\""),
                               HasSubstr("message=\"no scenario was run\"")));
  EXPECT_THAT(case_of(example_run(), "run/judged"),
              HasSubstr("message=\"one scenario could not reach the registry\""));
}

TEST(Junit, EscapesWhatXmlCannotSay) {
  run_result run = example_run();
  run.scenarios[3].reason = hostile_bytes();
  EXPECT_THAT(case_of(run, "upload/monolithic"),
              HasSubstr("message=\"\\x1B[31m]]&gt;&lt;&amp;&quot;'\\x0D\\x0A\\x09\\x00\\x08"
                        "\\xC0\\xAF\\xFF\\xED\\xA0\\x80\\xEF\\xBF\\xBF\\xE2\\x80\\xAE"
                        "\xf0\x9f\x9a\xa2\""));
}

}  // namespace
}  // namespace plimsoll::reports
