#include "plimsoll/oci/error_document.hpp"

#include "property.hpp"

/// What is read of an error document is written so that it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  if (const auto one = oci::parse_error_document(text)) {
    const std::string written = oci::to_json(*one);
    const auto again = oci::parse_error_document(written);
    fuzz::require(again.has_value() && oci::to_json(*again) == written);
  }
  return 0;
}
