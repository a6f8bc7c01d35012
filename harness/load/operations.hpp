#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "failure.hpp"
#include "manifest_builder.hpp"
#include "plimsoll/load_values/sampler.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "prepared_content.hpp"
#include "session.hpp"
#include "task.hpp"

namespace plimsoll::load {

/// What one core has left in the registry, in as little memory as it can be found again from.
class ledger {
 public:
  struct pushed_blob {
    std::uint32_t repository = 0;
    blob content;
  };
  struct pushed_text {
    std::uint32_t repository = 0;
    std::string digest;
  };

  std::vector<pushed_blob> blobs;
  std::vector<pushed_text> texts;      ///< Configs.
  std::vector<pushed_text> manifests;  ///< In the order in which they were pushed.
};

/// What the operations of one core know and leave behind. The others' are not touched.
struct surroundings {
  const workload& plan;
  const sampler& choose;
  const stock& goods;
  std::string prefix;  ///< Of the run's repositories.
  ledger& left;
};

/// Does one operation: the steps that `start` plans. @return the first step's failure
[[nodiscard]] task<failure> operate(session& who, surroundings& where, planned_start start);

/// Pushes a whole image: blobs that are not there, then manifest and index.
/// @param ask whether each blob is asked for first
[[nodiscard]] task<failure> push_image(session& who, surroundings& where, const planned_image& plan,
                                       const operation& how, std::uint64_t repository,
                                       std::string tag, bool ask);

}  // namespace plimsoll::load
