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

/// What one core has pushed, for its deletion, in as little memory as that takes.
class pushed_content {
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

/// What the operations of one core read, and where they note what they push.
struct operation_context {
  const workload& plan;
  const sampler& draws;
  const prepared_content& content;
  std::string prefix;  ///< Of the run's repositories.
  pushed_content& pushed;
};

/// Runs one operation: the steps that `start` plans. @return the first failure of a step
[[nodiscard]] task<failure> run_operation(session& client, operation_context& context,
                                          planned_start start);

/// Pushes a whole image: blobs that are not there, then manifest and index.
/// @param ask whether a HEAD for each blob comes first
[[nodiscard]] task<failure> push_image(session& client, operation_context& context,
                                       const planned_image& plan, const operation& operation,
                                       std::uint64_t repository, std::string tag, bool ask);

}  // namespace plimsoll::load
