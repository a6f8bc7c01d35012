#pragma once

#include <nlohmann/json_fwd.hpp>

#include "rules/rule.hpp"

/// What the faults and the variants of extensions have in common.
namespace plimsoll::reference {

[[nodiscard]] inline bool asks_extensions(const call& at) {
  return at.where.kind == endpoint::discover || at.where.kind == endpoint::repository_discover;
}

[[nodiscard]] inline bool lists_extensions(const call& at, const response& to) {
  return asks_extensions(at) && to.status == 200;
}

[[nodiscard]] inline bool lists_repositories(const call& at, const response& to) {
  return at.where.kind == endpoint::catalog && to.status == 200;
}

/// Changes each entry of a good answer.
void change_extensions(const call& at, response& to, void (*change)(nlohmann::json& entry));

}  // namespace plimsoll::reference
