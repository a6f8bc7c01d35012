#include "harness/load/timer_wheel.hpp"

#include <vector>

#include <gmock/gmock.h>

namespace plimsoll::load {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::IsEmpty;

/// A timer that writes down that it has expired.
struct noted {
  noted(std::vector<int>& calls, int number)
      : list(calls),
        name(number),
        deadline([](void* self) { static_cast<noted*>(self)->note(); }, this) {}
  void note() const { list.push_back(name); }

  std::vector<int>& list;
  int name;
  timer deadline;
};

class Wheel : public testing::Test {
 protected:
  const instant start{std::chrono::hours(1)};
  timer_wheel wheel{start};
  std::vector<int> expired;
};

TEST_F(Wheel, MeetsADeadlineNeverEarlyAndAtMostTwoTicksLate) {
  noted call(expired, 1);
  wheel.set(call.deadline, start + milliseconds(10));
  wheel.advance(start + milliseconds(10));
  EXPECT_THAT(expired, IsEmpty());
  wheel.advance(start + milliseconds(10) + 2 * timer_wheel::tick);
  EXPECT_THAT(expired, ElementsAre(1));
  EXPECT_TRUE(wheel.empty());
}

TEST_F(Wheel, KeepsADeadlineThatIsSeveralTurnsAhead) {
  noted call(expired, 1);
  wheel.set(call.deadline, start + std::chrono::minutes(5));
  wheel.advance(start + std::chrono::minutes(4));
  EXPECT_THAT(expired, IsEmpty());
  wheel.advance(start + std::chrono::minutes(6));
  EXPECT_THAT(expired, ElementsAre(1));
}

TEST_F(Wheel, ForgetsATimerThatIsDroppedOrGone) {
  noted dropped(expired, 1);
  wheel.set(dropped.deadline, start + milliseconds(10));
  timer_wheel::drop(dropped.deadline);
  {
    noted gone(expired, 2);
    wheel.set(gone.deadline, start + milliseconds(10));
  }
  wheel.advance(start + std::chrono::seconds(1));
  EXPECT_THAT(expired, IsEmpty());
  EXPECT_TRUE(wheel.empty());
}

TEST_F(Wheel, MovesATimerThatIsSetAgain) {
  noted call(expired, 1);
  wheel.set(call.deadline, start + milliseconds(10));
  wheel.set(call.deadline, start + milliseconds(100));
  wheel.advance(start + milliseconds(50));
  EXPECT_THAT(expired, IsEmpty());
  wheel.advance(start + milliseconds(120));
  EXPECT_THAT(expired, ElementsAre(1));
}

class QuietWheel : public testing::TestWithParam<milliseconds> {};

TEST_P(QuietWheel, IsWokenAtTheDeadline) {
  const instant start{std::chrono::hours(1)};
  timer_wheel wheel(start);
  std::vector<int> expired;
  noted call(expired, 1);
  wheel.set(call.deadline, start + GetParam());
  const instant woken = wheel.quiet_until();
  EXPECT_GE(woken, start + GetParam());
  EXPECT_LE(woken, start + GetParam() + 2 * timer_wheel::tick);
  wheel.advance(woken);
  EXPECT_THAT(expired, ElementsAre(1));
}

INSTANTIATE_TEST_SUITE_P(, QuietWheel,
                         testing::Values(milliseconds(1), milliseconds(10), milliseconds(333),
                                         milliseconds(900)),
                         [](const auto& test_case) {
                           return std::to_string(test_case.param.count()) + "ms";
                         });

TEST_F(Wheel, IsNotQuietForLongerThanATurn) {
  noted call(expired, 1);
  wheel.set(call.deadline, start + std::chrono::hours(1));
  EXPECT_LE(wheel.quiet_until(), start + 256 * timer_wheel::tick);
}

}  // namespace
}  // namespace plimsoll::load
