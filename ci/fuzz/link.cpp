#include "plimsoll/oci/link.hpp"

#include "property.hpp"

/// A next link is the target of one of the links, and can stand between < and > again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  if (const auto next = oci::next_link(text)) {
    fuzz::require(oci::next_link("<" + *next + ">; rel=\"next\"") == next);
  }
  return 0;
}
