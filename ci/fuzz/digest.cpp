#include "plimsoll/oci/digest.hpp"

#include "property.hpp"

/// A digest is the text that it was parsed from, and its parts make that text up.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  if (const auto one = oci::digest::parse(text)) {
    fuzz::require(one->str() == text);
    fuzz::require(std::string(one->algorithm()) + ":" + std::string(one->encoded()) == text);
  }
  return 0;
}
