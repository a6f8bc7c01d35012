#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plimsoll::reference {

enum class endpoint : std::uint8_t {
  unknown,
  base,
  discover,             ///< The registry's extensions.
  repository_discover,  ///< Those of one repository.
  catalog,              ///< The registry's repositories.
  blob,
  uploads,  ///< Where a session is opened.
  upload,   ///< One session.
  manifest,
  tags,
  referrers
};

/// What a target names; all texts percent-decoded.
struct route {
  endpoint kind = endpoint::unknown;
  std::string repository;
  std::string last;  ///< The reference, digest or session id.
  std::vector<std::pair<std::string, std::string>> query;

  /// The first parameter of that name.
  [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
  void remove_parameter(std::string_view name);
};

/// The route of a path with query or of an absolute URL. A plus sign in a query stays
/// one: media types and digest algorithms have it.
[[nodiscard]] route route_of(std::string_view target);

}  // namespace plimsoll::reference
