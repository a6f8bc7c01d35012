#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plimsoll/http/message.hpp"

/// How the scenarios of extensions read the document that lists them; extensions/_oci.md.
namespace plimsoll::suite {

/// The document of the answer; nothing where it is no JSON object.
[[nodiscard]] std::optional<nlohmann::json> document_of(const http::exchange& seen);

/// The entries of the document; nothing where `extensions` is no array of objects.
[[nodiscard]] std::optional<std::vector<nlohmann::json>> entries_of(const nlohmann::json& document);

/// The member where it is a string; empty otherwise.
[[nodiscard]] std::string text_in(const nlohmann::json& entry, std::string_view member);

/// One endpoint of an entry. The spec does not say how it is written: as a path below /v2/ or
/// below the extension's name, as a path from the root, or as a URL.
struct listed_endpoint {
  std::string text;                   ///< As listed.
  bool is_from_root = false;          ///< Whether all of the path stands there.
  bool is_in_api = false;             ///< Whether that path begins with /v2/.
  std::vector<std::string> scope;     ///< What stands before the extension's name: a repository.
  std::string name;                   ///< With its underscore; empty where there is none.
  std::vector<std::string> segments;  ///< Behind the name: component and module.
};

[[nodiscard]] listed_endpoint read_endpoint(std::string_view text);

/// All endpoints of the entry that are strings.
[[nodiscard]] std::vector<listed_endpoint> endpoints_of(const nlohmann::json& entry);

/// Whether the segment stands for any, as `{name}` does.
[[nodiscard]] bool is_placeholder(std::string_view segment) noexcept;

/// Whether an extension, component or module may be called that: letters in lower case and
/// digits, with single separators `.`, `_` or `-` between them. As printed the expression
/// demands one separator, which `oci`, `ext` and `discover` do not have.
[[nodiscard]] bool is_segment(std::string_view text) noexcept;

}  // namespace plimsoll::suite
