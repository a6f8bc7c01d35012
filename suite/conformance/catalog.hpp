#pragma once

#include "plimsoll/scenario/scenario.hpp"

/// One line a scenario, in the spec's order; `scenarios.cpp` lists them for the runner.
namespace plimsoll::suite {

extern const scenario pull_blob;
extern const scenario pull_manifest;
extern const scenario pull_absent;
extern const scenario blob_post_put;
extern const scenario blob_in_chunks;
extern const scenario manifest_with_subject;
extern const scenario list_of_tags;
extern const scenario list_of_referrers;
extern const scenario deletion;

}  // namespace plimsoll::suite
