#pragma once

#include <string>

#include "plimsoll/http/message.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll::suite {

/// Why the answer's Content-Type is not the type of the manifest in its body: it is missing, is
/// the type of no format of manifests, is not the document's `mediaType`, or calls an index an
/// image or an image an index. Empty where it is none of these. Parameters and case do not count.
[[nodiscard]] std::string false_manifest_type(const http::exchange& answer);

/// The Content-Type of a GET with 200 is that of its body ("Pulling manifests"), by
/// pull.manifest.content-type-present. Other answers are not judged.
void expect_manifest_type(context& ctx, const http::exchange& answer);

}  // namespace plimsoll::suite
