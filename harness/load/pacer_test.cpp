#include "harness/load/pacer.hpp"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>

#include "plimsoll/load_values/histogram.hpp"

namespace plimsoll::load {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

const instant begin{std::chrono::hours(1)};

pacer even(double per_second, nanoseconds lasting, std::size_t most_waiting = 1'000'000) {
  const rate_plan plan{{{per_second, per_second, lasting}}, spacing::even};
  return {arrivals(plan, 1), begin, most_waiting};
}

TEST(Pacer, GivesEachStartAtItsTimeAndInOrder) {
  pacer pace = even(10, seconds(1));
  EXPECT_FALSE(pace.take_due(*pace.next() - nanoseconds(1)));
  std::vector<std::uint64_t> order;
  while (const auto due = pace.take_due(begin + seconds(1))) order.push_back(due->index);
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
  EXPECT_FALSE(pace.next());
}

TEST(Pacer, CountsWhatItHasNoPlaceFor) {
  pacer pace = even(10, seconds(1), 3);
  while (const auto due = pace.take_due(begin + seconds(1))) pace.wait(*due);
  EXPECT_EQ(pace.waiting(), 3u);
  EXPECT_EQ(pace.dropped(), 7u);
  EXPECT_EQ(pace.take_waiting()->index, 0u);
}

/// When a server that does nothing in the last second of each ten answers a request sent at `sent`.
instant answered(instant sent) {
  const nanoseconds into = (sent - begin) % seconds(10);
  return into < seconds(9) ? sent : sent + (seconds(10) - into);
}

/// What so many clients measure of that server in `lasting`, on a clock of its own.
histogram measured(pacer pace, std::size_t clients) {
  histogram latency;
  std::vector<instant> idle_from(clients, begin);
  const auto serve = [&](const due_start& start, instant now) {
    const instant ended = answered(now);
    latency.record(ended - start.intended);
    *std::min_element(idle_from.begin(), idle_from.end()) = ended;
  };
  const auto first_idle = [&] { return *std::min_element(idle_from.begin(), idle_from.end()); };
  while (pace.next() || pace.waiting() > 0) {
    if (pace.waiting() > 0 && (!pace.next() || first_idle() <= *pace.next())) {
      const instant now = first_idle();
      serve(*pace.take_waiting(), now);
      continue;
    }
    const instant now = *pace.next();
    const due_start due = *pace.take_due(now);
    if (first_idle() <= now) {
      serve(due, now);
    } else {
      pace.wait(due);
    }
  }
  return latency;
}

class Stall : public testing::TestWithParam<std::size_t> {};

TEST_P(Stall, IsInThePercentilesAsItIsOnPaper) {
  const histogram latency = measured(even(1000, seconds(120)), GetParam());
  EXPECT_EQ(latency.count(), 120'000u);
  // A tenth of all starts meets the stall, at any point of its second alike.
  for (const double q : {0.92, 0.95, 0.99, 0.999}) {
    const double paper = (q - 0.9) / 0.1;
    const double observed = std::chrono::duration<double>(latency.quantile(q)->value).count();
    EXPECT_NEAR(observed, paper, paper * 0.02) << q;
  }
  EXPECT_LT(latency.quantile(0.89)->value, milliseconds(1));
}

INSTANTIATE_TEST_SUITE_P(, Stall, testing::Values(1, 16, 200), testing::PrintToStringParamName());

}  // namespace
}  // namespace plimsoll::load
