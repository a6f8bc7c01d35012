#include "plimsoll/oci/manifest.hpp"

#include "property.hpp"

/// What is read of a manifest or an index is written so that it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  if (const auto one = oci::parse_image_manifest(text)) {
    const std::string written = oci::to_json(*one);
    const auto again = oci::parse_image_manifest(written);
    fuzz::require(again.has_value() && oci::to_json(*again) == written);
  }
  if (const auto one = oci::parse_image_index(text)) {
    const std::string written = oci::to_json(*one);
    const auto again = oci::parse_image_index(written);
    fuzz::require(again.has_value() && oci::to_json(*again) == written);
  }
  return 0;
}
