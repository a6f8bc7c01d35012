#pragma once

#include <string>

#include "rules/rule.hpp"

/// What the rules of deletion ask of a request.
namespace plimsoll::reference {

[[nodiscard]] bool deletes_tag(const call& at);
/// A manifest by its digest.
[[nodiscard]] bool deletes_manifest(const call& at);
[[nodiscard]] bool deletes_blob(const call& at);
/// Of a tag, a manifest or a blob; not of an upload.
[[nodiscard]] bool deletes_content(const call& at);

/// Whether the repository has what the path names: the tag, the manifest or the blob.
[[nodiscard]] bool is_kept(const call& at);

/// The repository and what stands last in the path: a key to remember.
[[nodiscard]] std::string place_of(const call& at);

[[nodiscard]] response accepted_deletion();

}  // namespace plimsoll::reference
