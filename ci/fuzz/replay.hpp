#pragma once

#include <algorithm>

#include "plimsoll/load_values/replay.hpp"
#include "property.hpp"

namespace plimsoll::fuzz {

/// What is read of a log is in order from zero, and complaints are bounded.
inline void replay_any(const std::string& log) {
  const auto read = load::parse_log(log);
  if (!read) return;
  require(!read->requests.empty());
  require(read->requests.front().offset.count() == 0);
  require(std::is_sorted(read->requests.begin(), read->requests.end(),
                         [](const auto& a, const auto& b) { return a.offset < b.offset; }));
  require(read->complaints.size() <= load::most_complaints);
  require(read->complaints.size() <= read->unreadable);
}

}  // namespace plimsoll::fuzz
