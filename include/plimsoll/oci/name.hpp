#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/oci/digest.hpp"

namespace plimsoll::oci {

/// Whether the text is a repository name: distribution-spec 1.1.1, "Pulling manifests",
/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*`.
/// No limit on the length: the spec names 255 for host and name together as the
/// limit of many clients, not as a rule.
[[nodiscard]] bool is_repository_name(std::string_view text) noexcept;

/// Whether the text is a tag: `[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}`.
[[nodiscard]] bool is_tag(std::string_view text) noexcept;

/// A registry, a repository in it, and what is meant there: `host[:port]/name[:tag][@digest]`.
struct reference {
  std::string registry;  ///< "localhost:5000"; empty where the text had none
  std::string repository;
  std::optional<std::string> tag;
  std::optional<oci::digest> digest;
};

/// The first component is a registry where it has a dot or a colon, or is "localhost";
/// no default registry is assumed.
[[nodiscard]] result<reference> parse_reference(std::string_view text);

/// The tag under which the referrers of `subject` are listed where a registry lacks
/// the referrers API: distribution-spec 1.1.1, "Referrers Tag Schema". The algorithm
/// is cut to 32 characters and the encoded part to 64, each character that no tag may
/// have becomes a '-'.
[[nodiscard]] std::string referrers_tag(const oci::digest& subject);

}  // namespace plimsoll::oci
