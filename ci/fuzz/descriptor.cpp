#include "plimsoll/oci/manifest.hpp"
#include "property.hpp"

/// What is read of a descriptor is written so that it reads as equal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  if (const auto one = oci::parse_descriptor(text)) {
    const auto again = oci::parse_descriptor(oci::to_json(*one));
    fuzz::require(again.has_value() && *again == *one);
  }
  return 0;
}
