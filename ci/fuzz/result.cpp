#include "plimsoll/reports/json.hpp"
#include "property.hpp"

/// What is read of a result is written so that it reads the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  if (const auto read = reports::parse_result(fuzz::text_of(data, size))) {
    const std::string written = reports::to_json(*read);
    const auto again = reports::parse_result(written);
    fuzz::require(again.has_value() && reports::to_json(*again) == written);
  }
  return 0;
}
