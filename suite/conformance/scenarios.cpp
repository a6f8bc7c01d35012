#include "plimsoll/suite/scenarios.hpp"

#include <array>

#include "catalog.hpp"

namespace plimsoll::suite {
namespace {

constexpr std::array<const scenario*, 9> scenarios{
    &pull_blob,     &pull_manifest,     &pull_absent,
    &blob_post_put, &blob_in_chunks,    &manifest_with_subject,
    &list_of_tags,  &list_of_referrers, &deletion,
};

}  // namespace

std::span<const scenario* const> all_scenarios() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
