#include "plimsoll/scenario/own_content.hpp"

#include <algorithm>
#include <cstddef>

namespace plimsoll {
namespace {

/// As many as nobody else has by chance.
constexpr std::size_t recognized_bytes = 16;

}  // namespace

void own_content::add_random(std::string_view bytes) {
  if (bytes.size() < recognized_bytes) return;
  random_.emplace_back(bytes.substr(0, recognized_bytes));
}

bool own_content::holds_own(std::string_view content) const {
  const auto is_there = [content](const std::string& part) {
    return content.find(part) != std::string_view::npos;
  };
  return is_there(mark_) || std::any_of(random_.begin(), random_.end(), is_there) ||
         std::any_of(digests_.begin(), digests_.end(), is_there);
}

}  // namespace plimsoll
