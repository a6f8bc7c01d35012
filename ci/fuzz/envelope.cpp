#include "plimsoll/certificate/envelope.hpp"

#include "property.hpp"

/// What is read of a signed envelope is written so that it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  if (const auto read = certificates::parse_envelope(fuzz::text_of(data, size))) {
    const auto again = certificates::parse_envelope(certificates::to_json(*read));
    fuzz::require(again.has_value() && *again == *read);
  }
  return 0;
}
