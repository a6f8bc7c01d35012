#include "plimsoll/scenario/body_digest.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

namespace plimsoll::api {

oci::digest digest_of(const http::body_source& content) {
  constexpr std::size_t piece_bytes = std::size_t{64} * 1024;
  oci::hasher hashed(oci::hash_algorithm::sha256);
  std::string piece;
  for (std::uint64_t offset = 0; offset < content.size; offset += piece.size()) {
    const auto left = content.size - offset;
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, left)));
    content.read(offset, piece);
    hashed.update(piece);
  }
  return hashed.finish();
}

}  // namespace plimsoll::api
