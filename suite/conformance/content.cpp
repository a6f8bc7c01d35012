#include "content.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace plimsoll::suite {
namespace {

/// Fills `out` with what `text`, again and again, has from `offset` on.
void repeat(std::string_view text, std::uint64_t offset, std::span<char> out) {
  if (text.size() == 1) {
    std::fill(out.begin(), out.end(), text.front());
    return;
  }
  auto within = static_cast<std::size_t>(offset % text.size());
  while (!out.empty()) {
    const std::size_t count = std::min(out.size(), text.size() - within);
    std::copy_n(text.data() + within, count, out.data());
    out = out.subspan(count);
    within = 0;
  }
}

void read(const std::vector<repeated>& parts, std::uint64_t offset, std::span<char> out) {
  for (const repeated& part : parts) {
    if (out.empty()) return;
    const std::uint64_t size = part.text.size() * part.times;
    if (offset >= size) {
      offset -= size;
      continue;
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), size - offset));
    repeat(part.text, offset, out.first(count));
    out = out.subspan(count);
    offset = 0;
  }
}

}  // namespace

http::body_source content_of(std::vector<repeated> parts) {
  http::body_source made;
  for (const repeated& part : parts) made.size += part.text.size() * part.times;
  // It is copied with the request that it goes in.
  const auto shared = std::make_shared<const std::vector<repeated>>(std::move(parts));
  made.read = [shared](std::uint64_t offset, std::span<char> out) { read(*shared, offset, out); };
  return made;
}

void comparison::take(std::string_view piece) {
  if (same_ && piece.size() <= wanted_.size - received_) {
    piece_.resize(piece.size());
    wanted_.read(received_, piece_);
    same_ = piece_ == piece;
  } else {
    same_ = false;
  }
  received_ += piece.size();
}

std::string comparison::expected() const {
  return fmt::format("the {} bytes that were pushed", wanted_.size);
}

std::string comparison::received() const {
  return fmt::format("{} bytes{}", received_, same_ ? "" : " with others among them");
}

}  // namespace plimsoll::suite
