#include "plimsoll/base/random.hpp"

#include <algorithm>
#include <cstring>

namespace plimsoll {

// SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014).
std::uint64_t seeded_bytes::next() noexcept {
  state_ += 0x9e3779b97f4a7c15u;
  std::uint64_t mixed = state_;
  mixed = (mixed ^ (mixed >> 30u)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27u)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31u);
}

double seeded_bytes::fraction() noexcept {
  return static_cast<double>(next() >> 11u) * 0x1p-53;
}

std::string seeded_bytes::bytes(std::size_t count) {
  std::string out(count, '\0');
  for (std::size_t at = 0; at < count; at += sizeof(std::uint64_t)) {
    const std::uint64_t word = next();
    std::memcpy(out.data() + at, &word, std::min(sizeof word, count - at));
  }
  return out;
}

std::string seeded_bytes::hex(std::size_t count) {
  std::string out(count, '0');
  for (char& digit : out) digit = "0123456789abcdef"[next() & 0xfu];
  return out;
}

std::uint64_t derive_seed(std::uint64_t seed, std::string_view part) noexcept {
  std::uint64_t mixed = seed ^ 0xcbf29ce484222325u;  // FNV-1a over the name
  for (const char c : part) mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return seeded_bytes(mixed).next();
}

}  // namespace plimsoll
