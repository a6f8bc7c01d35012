#include "plimsoll/base/utc_time.hpp"

#include <ctime>

#include <fmt/chrono.h>

namespace plimsoll {

std::string utc_now() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

std::string utc_today() {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace plimsoll
