#include "kept_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace plimsoll::load {

void kept_bytes::append(std::string_view bytes) {
  while (!bytes.empty() && !is_too_large()) {
    const std::size_t count = std::min(bytes.size(), piece_size - last_.size());
    last_.append(bytes.substr(0, count));
    bytes.remove_prefix(count);
    if (last_.size() == piece_size) close_piece();
  }
}

void kept_bytes::close_piece() {
  auto& known = by_digest_[oci::digest_of(last_).str()];
  if (!known) {
    distinct_ += last_.size();
    known = std::make_shared<const std::string>(std::move(last_));
  }
  pieces_.push_back(known);
  last_.clear();
  if (!is_too_large()) return;
  pieces_.clear();
  by_digest_.clear();
}

void kept_bytes::close() {
  if (!last_.empty()) close_piece();
  by_digest_.clear();
}

bool kept_bytes::matches(std::uint64_t offset, std::string_view bytes) const noexcept {
  while (!bytes.empty()) {
    const std::size_t index = offset / piece_size;
    if (index >= pieces_.size()) return false;
    const std::string& piece = *pieces_[index];
    const std::size_t within = offset % piece_size;
    if (within >= piece.size()) return false;
    const std::size_t count = std::min(bytes.size(), piece.size() - within);
    if (std::memcmp(piece.data() + within, bytes.data(), count) != 0) return false;
    bytes.remove_prefix(count);
    offset += count;
  }
  return true;
}

}  // namespace plimsoll::load
