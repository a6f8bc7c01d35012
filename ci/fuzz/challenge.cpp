#include "plimsoll/oci/challenge.hpp"

#include "property.hpp"

/// Each challenge has a scheme, and either token68 or parameters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  for (const auto& one : oci::parse_challenges(text)) {
    fuzz::require(!one.scheme.empty());
    fuzz::require(one.token68.empty() || one.parameters.empty());
    for (const auto& [name, value] : one.parameters) fuzz::require(one.parameter(name).has_value());
  }
  return 0;
}
