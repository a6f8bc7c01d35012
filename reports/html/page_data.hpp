#pragma once

#include <string>

#include "plimsoll/reports/formats.hpp"

namespace plimsoll::reports {

/// What the page's script draws: the run, the causes of what did not hold, each entry of the
/// catalogue with what became of it, and the suite's proof. JSON that is safe inside a `script`
/// element: it has no `<`. Transcripts are shortened as far as `most_bytes` asks for.
[[nodiscard]] std::string page_data(const report_source& source, std::size_t most_bytes);

}  // namespace plimsoll::reports
