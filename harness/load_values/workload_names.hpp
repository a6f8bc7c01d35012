#pragma once

#include "names.hpp"

// The enumerations' names in workload files and in results.
namespace plimsoll::load {

inline constexpr name_table<16> operation_names{
    "image-pull",     "image-push", "blob-pull",      "blob-pull-range",   "blob-head",
    "blob-push",      "blob-mount", "manifest-head",  "manifest-pull-tag", "manifest-pull-digest",
    "manifest-push",  "tag-list",   "catalogue-list", "referrers-list",    "referrers-push",
    "manifest-delete"};

inline constexpr name_table<3> upload_names{"post-put", "single-post", "chunked"};
inline constexpr name_table<3> verify_names{"none", "size", "full"};
inline constexpr name_table<3> content_names{"tile", "pool", "random"};
inline constexpr name_table<2> spacing_names{"even", "random"};

}  // namespace plimsoll::load
