#pragma once

#include <string>
#include <vector>

#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/pushed_content.hpp"

namespace plimsoll {

/// The part of `pushed` whose deletion the configuration does not forbid, in the same order. Adds a
/// line to `left_behind` for each repository and kind of what stays; tags are not among them where
/// their manifests may be deleted, since they go with these.
[[nodiscard]] std::vector<pushed_content> deletable(std::vector<pushed_content> pushed,
                                                    const request_filter& why_not_sent,
                                                    std::vector<std::string>& left_behind);

}  // namespace plimsoll
