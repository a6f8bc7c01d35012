#pragma once

#include <string>

#include "plimsoll/reports/formats.hpp"

namespace plimsoll::reports {

/// One page that needs nothing beside it, to be opened from disk: its script, its style and its
/// data are in it, and its Content-Security-Policy lets nothing else run or load. Foreign text
/// stands in the data alone, from where the script makes text of it and never markup.
/// Stays under 2 MB: where a run's transcripts are larger, bodies are shortened, then exchanges
/// far from a finding are left out, and the page says so.
[[nodiscard]] std::string html(const report_source& source);

}  // namespace plimsoll::reports
