#include "content.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include <openssl/evp.h>

#include "plimsoll/base/random.hpp"

namespace plimsoll::load {
namespace {

constexpr std::size_t pool_size = 64UL * 1024 * 1024;
constexpr std::size_t kept_states = 4096;

std::string little_endian(std::uint64_t number) {
  std::string out(8, '\0');
  for (char& byte : out) {
    byte = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  return out;
}

/// An empty gzip member whose extra field has 42 bytes: RFC 1952, 2.3.1.
std::string gzip_trailer(std::uint64_t seed, std::uint64_t serial) {
  using namespace std::string_literals;
  std::string extra = "PL"s + "\x26\x00"s + little_endian(seed) + little_endian(serial);
  extra.resize(42, '\0');
  return "\x1f\x8b\x08\x04\0\0\0\0\0\xff"s + "\x2a\x00"s + extra + "\x03\x00"s +
         std::string(8, '\0');
}

}  // namespace

/// AES-128 in counter mode: 64 KiB of it at a time.
struct content_source::key_stream {
  static constexpr std::size_t block = std::size_t{64} * 1024;
  std::unique_ptr<EVP_CIPHER_CTX, void (*)(EVP_CIPHER_CTX*)> cipher{EVP_CIPHER_CTX_new(),
                                                                    EVP_CIPHER_CTX_free};
  std::string zeros = std::string(block, '\0');
  std::string bytes = std::string(block, '\0');

  void make(std::uint64_t seed, std::uint64_t serial, std::uint64_t block_index) {
    const std::string key = little_endian(seed) + little_endian(serial);
    std::array<unsigned char, 16> counter{};
    const std::uint64_t first = block_index * (block / 16);
    for (std::size_t i = 0; i < 8; ++i) {
      counter.at(15 - i) = static_cast<unsigned char>(first >> (8 * i));
    }
    int ignored = 0;
    const auto* const plaintext = reinterpret_cast<const unsigned char*>(zeros.data());
    auto* const ciphertext = reinterpret_cast<unsigned char*>(bytes.data());
    const bool good = EVP_EncryptInit_ex(cipher.get(), EVP_aes_128_ctr(), nullptr,
                                         reinterpret_cast<const unsigned char*>(key.data()),
                                         counter.data()) == 1 &&
                      EVP_EncryptUpdate(cipher.get(), ciphertext, &ignored, plaintext,
                                        static_cast<int>(block)) == 1;
    if (!good) throw std::runtime_error("OpenSSL has no AES-128 in counter mode");
  }
};

std::shared_ptr<const content_seed> make_content(content_mode mode, std::uint64_t seed) {
  auto content = std::make_shared<content_seed>();
  content->mode = mode;
  content->seed = seed;
  if (mode != content_mode::random) {
    content->bytes = seeded_bytes(seed).bytes(mode == content_mode::tile ? content_source::tile_size
                                                                         : pool_size);
  }
  return content;
}

content_source::content_source(std::shared_ptr<const content_seed> seed)
    : seed_(std::move(seed)), stream_(std::make_unique<key_stream>()) {}
content_source::content_source(content_source&&) noexcept = default;
content_source& content_source::operator=(content_source&&) noexcept = default;
content_source::~content_source() = default;

std::uint64_t content_source::body_size(const blob& blob) const noexcept {
  return blob.size < trailer_size ? 0 : blob.size - trailer_size;
}

std::string_view content_source::trailer(const blob& blob) {
  if (trailer_of_ != blob.serial) {
    trailer_ = gzip_trailer(seed_->seed, blob.serial);
    trailer_of_ = blob.serial;
  }
  if (blob.size >= trailer_size) return trailer_;
  // What is too small for all of it begins no later than at the serial.
  constexpr std::size_t serial_at = 10 + 2 + 4 + 8;
  const auto first = std::min<std::size_t>(serial_at, trailer_size - blob.size);
  return std::string_view(trailer_).substr(first, blob.size);
}

std::string_view content_source::piece(const blob& blob, std::uint64_t offset) {
  const std::uint64_t body = body_size(blob);
  if (offset >= body) return trailer(blob).substr(offset - body);
  std::string_view bytes;
  if (seed_->mode == content_mode::random) {
    stream_->make(seed_->seed, blob.serial, offset / key_stream::block);
    bytes = std::string_view(stream_->bytes).substr(offset % key_stream::block);
  } else {
    bytes = std::string_view(seed_->bytes).substr(offset % seed_->bytes.size());
  }
  return bytes.substr(0, std::min<std::uint64_t>(bytes.size(), body - offset));
}

std::size_t content_source::pieces(const blob& blob, std::uint64_t offset, std::uint64_t end,
                                   std::span<iovec> out) {
  std::size_t filled = 0;
  // A key stream has one block in memory at a time.
  const std::size_t most = seed_->mode == content_mode::random ? 1 : out.size();
  while (filled < most && offset < end) {
    std::string_view part = piece(blob, offset);
    part = part.substr(0, std::min<std::uint64_t>(part.size(), end - offset));
    out[filled++] = {const_cast<char*>(part.data()), part.size()};  // NOLINT: only read
    offset += part.size();
  }
  return filled;
}

bool content_source::matches(const blob& blob, std::uint64_t offset, std::string_view bytes) {
  if (offset > blob.size || bytes.size() > blob.size - offset) return false;
  while (!bytes.empty()) {
    const std::string_view part = piece(blob, offset);
    const std::size_t count = std::min(part.size(), bytes.size());
    if (std::memcmp(part.data(), bytes.data(), count) != 0) return false;
    bytes.remove_prefix(count);
    offset += count;
  }
  return true;
}

const oci::hasher& content_source::state_of(std::uint64_t body) {
  const auto known = states_.find(body);
  if (known != states_.end()) return known->second;
  const std::string_view tile = seed_->bytes;
  const std::size_t whole = body / tile.size();
  if (tiles_.empty()) tiles_.emplace_back(oci::hash_algorithm::sha256);
  while (tiles_.size() <= whole) {
    tiles_.push_back(tiles_.back());
    tiles_.back().update(tile);
  }
  oci::hasher state = tiles_[whole];
  state.update(tile.substr(0, body % tile.size()));
  if (states_.size() >= kept_states) states_.clear();
  return states_.emplace(body, std::move(state)).first->second;
}

oci::digest content_source::digest(const blob& blob) {
  if (seed_->mode == content_mode::random) {
    oci::hasher whole(oci::hash_algorithm::sha256);
    for (std::uint64_t offset = 0; offset < blob.size;) {
      const std::string_view part = piece(blob, offset);
      whole.update(part);
      offset += part.size();
    }
    return whole.finish();
  }
  oci::hasher state = state_of(body_size(blob));
  state.update(trailer(blob));
  return state.finish();
}

}  // namespace plimsoll::load
