#include "plimsoll/oci/byte_range.hpp"

#include "property.hpp"

/// A range that is resolved lies within its representation; a Content-Range reads back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  const std::uint64_t length = text.size();
  if (const auto ranges = oci::parse_byte_ranges(text)) {
    fuzz::require(!ranges->empty());
    for (const auto& range : *ranges) {
      const auto span = oci::resolve(range, length);
      fuzz::require(!span || (span->first <= span->last && span->last < length));
    }
  }
  if (const auto one = oci::parse_content_range(text)) {
    fuzz::require(oci::parse_content_range(oci::to_string(*one)) == one);
  }
  return 0;
}
