#pragma once

#include <string>
#include <string_view>

namespace plimsoll::reports {

/// Where a requirement stands on the specs' public pages: the document at the tag of that
/// version of the distribution-spec ("1.0", "1.1"; any other text: the branch main), and in it
/// the heading.
/// @param spec "distribution" or "image", whose version of the same time is linked
[[nodiscard]] std::string spec_link(std::string_view spec_version, std::string_view requirement,
                                    std::string_view spec, std::string_view section);

}  // namespace plimsoll::reports
