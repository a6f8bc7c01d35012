#pragma once

#include "plimsoll/load_values/workload.hpp"
#include "yaml_keys.hpp"

namespace plimsoll::load {

// What stands in the registry, as a workload's YAML says it. What is written to outlives the
// readers.

/// `images`: how many repositories, tags and layers there are, and how large.
[[nodiscard]] yaml_reader images_into(population& to);
/// `popularity`: which of them are asked for.
[[nodiscard]] yaml_reader popularity_into(popularity& to);

}  // namespace plimsoll::load
