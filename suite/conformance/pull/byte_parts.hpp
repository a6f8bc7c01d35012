#pragma once

#include <string_view>
#include <vector>

#include "plimsoll/http/message.hpp"
#include "plimsoll/oci/byte_range.hpp"

namespace plimsoll::suite {

/// One part of a 206, and where it belongs.
struct byte_part {
  oci::byte_span place;
  std::string_view bytes;  ///< Of the response's body.
};

/// The parts of a 206: the one that Content-Range tells, or those of a multipart/byteranges
/// body (RFC 9110, 14.6). None where the form is broken anywhere.
[[nodiscard]] std::vector<byte_part> byte_parts_of(const http::response& partial);

}  // namespace plimsoll::suite
