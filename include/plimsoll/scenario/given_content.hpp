#pragma once

#include <string>
#include <vector>

namespace plimsoll {

/// What a user says already lies in a repository and may be read, in a run that pushes nothing
/// too.
struct given_content {
  std::vector<std::string> tags;
  std::vector<std::string> manifests;  ///< Digests.
  std::vector<std::string> blobs;      ///< Digests.
  std::vector<std::string> referrers;  ///< Digests of subjects.
};

}  // namespace plimsoll
