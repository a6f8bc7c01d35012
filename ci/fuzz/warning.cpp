#include "plimsoll/oci/warning.hpp"

#include "property.hpp"

/// Any text can be sent as a warning, and what was received can be sent on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  fuzz::require(oci::parse_warnings(oci::to_warning_value(text)).has_value());
  if (const auto warnings = oci::parse_warnings(text)) {
    for (const auto& one : *warnings) {
      fuzz::require(oci::parse_warnings(oci::to_warning_value(one.text)).has_value());
      fuzz::require(one.code >= 0 && one.code <= 999);
    }
  }
  return 0;
}
