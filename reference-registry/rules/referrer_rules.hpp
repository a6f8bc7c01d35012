#pragma once

#include <optional>
#include <string>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "rules/rule.hpp"

/// What the faults and the variants of referrers lists have in common.
namespace plimsoll::reference {

[[nodiscard]] inline bool asks_referrers(const call& at) {
  return at.where.kind == endpoint::referrers;
}

[[nodiscard]] inline bool lists_referrers(const call& at, const response& to) {
  return asks_referrers(at) && to.status == 200;
}

/// Changes the index of a good answer.
void change_index(call& at, response& to, void (*change)(call&, oci::image_index&));

/// Whether an entry is an index.
[[nodiscard]] bool is_index(const oci::descriptor& one);

}  // namespace plimsoll::reference
