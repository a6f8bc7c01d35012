#pragma once

#include "plimsoll/load_values/workload.hpp"
#include "yaml_keys.hpp"

namespace plimsoll::load {

// Readers of the registry's content in a workload's YAML. The objects that they fill outlive them.

/// `images`: how many repositories, tags and layers there are, and how large.
[[nodiscard]] yaml_reader images_into(population& images);
/// `popularity`: which of them are asked for.
[[nodiscard]] yaml_reader popularity_into(popularity& popularity);

}  // namespace plimsoll::load
