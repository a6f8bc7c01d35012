#include "step.hpp"

#include <array>

namespace plimsoll::load {

std::string_view to_string(step kind) noexcept {
  constexpr std::array<std::string_view, step_kinds> names{
      "token",      "head-blob",      "get-blob",          "get-blob-range",  "start-upload",
      "push-chunk", "finish-upload",  "push-blob-at-once", "mount-blob",      "head-manifest",
      "get-index",  "get-manifest",   "get-config",        "get-layer",       "push-manifest",
      "list-tags",  "list-referrers", "list-repositories", "delete-manifest", "delete-tag",
      "delete-blob"};
  return names.at(static_cast<std::size_t>(kind));
}

}  // namespace plimsoll::load
