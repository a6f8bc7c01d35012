#include "reports/spec_link.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::reports {
namespace {

using entry = std::pair<std::string_view, std::string_view>;

/// The beginning of an id, and the document that the statement is from.
constexpr std::array distribution_documents{
    entry{"negotiation.", "content-negotiation.md"}, entry{"ext.discover.", "extensions/_oci.md"},
    entry{"ext.none-supported", "spec.md"}, entry{"ext.", "extensions/README.md"},
    entry{"", "spec.md"}};

constexpr std::array image_documents{
    entry{"image.manifest.", "manifest.md"},     entry{"image.empty.", "manifest.md"},
    entry{"image.artifact.", "manifest.md"},     entry{"image.index.", "image-index.md"},
    entry{"image.descriptor.", "descriptor.md"}, entry{"image.digest.", "descriptor.md"},
    entry{"image.verify.", "descriptor.md"},     entry{"image.data.", "descriptor.md"},
    entry{"image.layer.", "layer.md"},           entry{"image.config.", "config.md"},
    entry{"image.layout.", "image-layout.md"},   entry{"image.annotations.", "annotations.md"},
    entry{"image.conflict.", "media-types.md"},  entry{"image.compat.", "media-types.md"},
    entry{"image.", "considerations.md"},        entry{"", "spec.md"}};

template <std::size_t Count>
std::string_view document_of(const std::array<entry, Count>& documents, std::string_view id) {
  return std::find_if(documents.begin(), documents.end(),
                      [&](const entry& one) { return id.starts_with(one.first); })
      ->second;
}

std::string_view tag_of(std::string_view spec_version) {
  if (spec_version == "1.0") return "v1.0.1";
  return spec_version == "1.1" ? "v1.1.1" : "main";
}

/// As the page's own anchors are made from headings.
std::string anchor_of(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    const char small = to_lower(c);
    const bool kept =
        (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (kept) out += small;
    if (c == ' ') out += '-';
  }
  return out;
}

}  // namespace

std::string spec_link(std::string_view spec_version, std::string_view requirement,
                      std::string_view spec, std::string_view section) {
  const bool image = spec == "image";
  std::string_view document = image ? document_of(image_documents, requirement)
                                    : document_of(distribution_documents, requirement);
  if (image && section == "Guidance for Artifacts Authors") document = "artifacts-guidance.md";
  return fmt::format("https://github.com/opencontainers/{}-spec/blob/{}/{}#{}",
                     image ? "image" : "distribution", tag_of(spec_version), document,
                     anchor_of(section));
}

}  // namespace plimsoll::reports
