#include "plimsoll/oci/name.hpp"
#include "property.hpp"

/// The parts of a reference make up its text, and each referrers tag is a tag.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  if (const auto one = oci::parse_reference(text)) {
    std::string again = one->registry.empty() ? "" : one->registry + "/";
    again += one->repository;
    if (one->tag) again += ":" + *one->tag;
    if (one->digest) again += "@" + one->digest->str();
    fuzz::require(again == text);
    if (one->digest) fuzz::require(oci::is_tag(oci::referrers_tag(*one->digest)));
  }
  return 0;
}
