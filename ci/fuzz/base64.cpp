#include "plimsoll/oci/manifest.hpp"
#include "property.hpp"

/// Text that is base64 has one form, and all bytes have a form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  if (const auto bytes = oci::base64_decode(text)) {
    fuzz::require(oci::base64_encode(*bytes) == text);
  }
  fuzz::require(oci::base64_decode(oci::base64_encode(text)) == text);
  return 0;
}
