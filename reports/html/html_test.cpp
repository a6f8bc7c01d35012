#include "plimsoll/reports/html.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/example_run.hpp"
#include "reports/load/example_load.hpp"

namespace plimsoll::reports {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

report_source of(std::optional<run_result> run, std::optional<proof_result> proof = {}) {
  report_source source;
  source.run = std::move(run);
  source.proof = std::move(proof);
  return source;
}

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

std::string data_text(const std::string& page) {
  const std::string begin = "id=\"data\">";
  const std::size_t from = page.find(begin) + begin.size();
  return page.substr(from, page.find("</script>", from) - from);
}

run_result with_bodies(std::size_t scenarios, std::size_t exchanges, std::size_t body) {
  run_result run = example_run();
  const scenario_result failed = run.scenarios[1];
  for (std::size_t i = 0; i < scenarios; ++i) {
    scenario_result& one = run.scenarios.emplace_back(failed);
    one.id += std::to_string(i);
    for (std::size_t j = 0; j < exchanges; ++j) {
      recorded_exchange& added = one.transcript.emplace_back(failed.transcript[0]);
      added.index = 5 + j;
      added.response_body.assign(body, 'b');
    }
  }
  return run;
}

TEST(Html, HasOneScriptOneStyleAndNothingThatLoads) {
  const std::string page = html(of(example_run(), example_proof()));
  EXPECT_EQ(times(page, "<script"), 2u);  // the data, and what draws it
  EXPECT_EQ(times(page, "</script"), 2u);
  EXPECT_EQ(times(page, "<style"), 1u);
  EXPECT_EQ(times(page, "</style"), 1u);
  EXPECT_EQ(times(page, "<link"), 0u);
  EXPECT_EQ(times(page, " src="), 0u);
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-")));
}

TEST(Html, KeepsForeignMarkupInsideTheData) {
  run_result run = hostile_run();
  run.registry = "</script><script>alert(1)</script><!--";
  const std::string page = html(of(run));
  EXPECT_EQ(times(page, "<script"), 2u);
  EXPECT_EQ(times(page, "<!--"), 0u);
  EXPECT_THAT(data_text(page), Not(HasSubstr("<")));
  EXPECT_EQ(json::parse(data_text(page)).at("run").at("registry"), run.registry);
}

TEST(Html, IsMadeOfAProofAlone) {
  const json data = json::parse(data_text(html(of({}, example_proof()))));
  EXPECT_FALSE(data.contains("run"));
  EXPECT_EQ(data.at("proof").at("faults").size(), 2u);
}

TEST(Html, StaysUnderTwoMegabytesWhateverARegistrySends) {
  const std::string page = html(of(with_bodies(200, 12, 4096)));
  EXPECT_LT(page.size(), 2'000'000u);
  const json data = json::parse(data_text(page));
  const json& transcript = data.at("run").at("scenarios").back().at("transcript");
  EXPECT_EQ(transcript.at(0).at("index"), 4) << "the exchange that decided the finding is kept";
}

TEST(Html, ShowsWholeTranscriptsWhereTheyFit) {
  const json data = json::parse(data_text(html(of(with_bodies(2, 12, 4096)))));
  const json& transcript = data.at("run").at("scenarios").back().at("transcript");
  EXPECT_EQ(transcript.size(), 13u);
  EXPECT_EQ(transcript.back().at("response_body").get<std::string>().size(), 4096u);
}

std::vector<load::past_load> nights(std::size_t count, std::size_t steps) {
  load::load_result run = load::example_load();
  run.invalid.clear();
  std::vector<load::past_load> out(count, load::past_load_of("a.json", run));
  for (std::size_t i = 0; i < count; ++i) {
    out[i].started = "night " + std::to_string(1'000'000 + i);
    out[i].steps.resize(steps, out[i].steps.front());
    for (std::size_t j = 0; j < steps; ++j) out[i].steps[j].name = std::to_string(j);
    out[i].operations[0].figures[0] = 1e6 + static_cast<double>(i);
  }
  return out;
}

TEST(Html, DrawsAThousandNightsOfLoad) {
  report_source source;
  source.load_history = nights(1'000, 10);
  const std::string page = html(source);
  EXPECT_LT(page.size(), 2'000'000u);
  const json test = json::parse(data_text(page)).at("load_history").at("tests").at(0);
  EXPECT_EQ(test.at("runs").size(), 1'000u);
  EXPECT_EQ(test.at("left_out"), 0);
  EXPECT_EQ(test.at("work").at(1).at("figures").at("p50").at(999), 1'001'000) << "four digits";
}

TEST(Html, SaysHowManyNightsFoundNoRoom) {
  report_source source;
  source.load_history = nights(1'000, 60);
  const std::string page = html(source);
  EXPECT_LT(page.size(), 2'000'000u);
  const json test = json::parse(data_text(page)).at("load_history").at("tests").at(0);
  EXPECT_EQ(test.at("left_out").get<std::size_t>() + test.at("runs").size(), 1'000u);
  EXPECT_EQ(test.at("runs").back().at("started"), "night 1000999") << "the newest are kept";
  const json& median = test.at("standings").at(0);
  EXPECT_EQ(median.at("runs"), load::baseline_runs);
}

TEST(Html, HasNoFigureOfARunThatIsNoMeasurement) {
  report_source source;
  source.load_history = nights(3, 1);
  source.load_history[1].invalid = {"the generator was the limit"};
  const json test = json::parse(data_text(html(source))).at("load_history").at("tests").at(0);
  for (const json& work : test.at("work")) {
    for (const json& values : work.at("figures")) EXPECT_TRUE(values.at(1).is_null());
  }
  for (const json& objective : test.at("objectives")) {
    EXPECT_EQ(objective.at("letters").get<std::string>().at(1), '.');
  }
  EXPECT_EQ(test.at("runs").at(1).at("invalid"), "the generator was the limit");
}

TEST(Formats, HaveUniqueNames) {
  std::vector<std::string_view> names;
  for (const report_format& one : all_formats()) names.push_back(one.name);
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
}

TEST(Formats, AreAllMadeOfRunsAndSayWhatIsMissingForAProofAlone) {
  report_source runs = of(example_run());
  runs.load_history = {load::past_load_of("a.json", load::example_load())};
  runs.load_history.front().invalid.clear();
  for (const report_format& one : all_formats()) {
    const auto made = one.write(runs);
    ASSERT_TRUE(made.has_value()) << one.name;
    EXPECT_THAT(*made, Not(testing::IsEmpty())) << one.name;
    const auto without = one.write(of({}, example_proof()));
    EXPECT_EQ(without.has_value(), one.name == "html") << one.name;
  }
}

}  // namespace
}  // namespace plimsoll::reports
