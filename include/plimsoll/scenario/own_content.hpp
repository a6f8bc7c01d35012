#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace plimsoll {

/// Tells content that only one scenario of one run pushes from content that others push as well,
/// such as `{}`. On a registry with one store for all repositories, deleting the latter takes it
/// from the others.
///
/// Content is a scenario's own where it holds the scenario's mark, random bytes of the scenario, or
/// the digest of other content of its own. What is not recognized counts as shared.
class own_content {
 public:
  /// @param mark hexadecimal digits that no other scenario has
  explicit own_content(std::string mark) : mark_(std::move(mark)) {}

  /// Random bytes that the scenario was given; fewer than 16 are too few to recognize.
  void add_random(std::string_view bytes);
  /// The digest of content of its own.
  void add_digest(std::string digest) { digests_.insert(std::move(digest)); }

  [[nodiscard]] bool has_digest(const std::string& digest) const {
    return digests_.contains(digest);
  }
  [[nodiscard]] bool holds_own(std::string_view content) const;

 private:
  std::string mark_;
  std::vector<std::string> random_;  ///< The first bytes of each block.
  std::set<std::string> digests_;
};

}  // namespace plimsoll
