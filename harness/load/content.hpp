#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <sys/uio.h>

#include "plimsoll/load_values/workload.hpp"
#include "plimsoll/oci/digest.hpp"

namespace plimsoll::load {

/// A blob of the run. Its bytes follow from these members and the run's seed, so that any part of
/// it can be generated again, to send or to compare.
struct blob {
  std::uint64_t size = 0;
  std::uint64_t serial = 0;  ///< No two blobs of one run have the same.
};

/// The random bytes of a run's seed: shared by all cores, and only read.
struct content_seed {
  content_mode mode = content_mode::tile;
  std::uint64_t seed = 0;
  std::string bytes;  ///< The tile, or the pool.
};

[[nodiscard]] std::shared_ptr<const content_seed> make_content(content_mode mode,
                                                               std::uint64_t seed);

/// Generates the bytes of blobs, for one core, by content mode:
/// - tile: 128 KiB of random bytes again and again. The cheapest; a registry that compresses or
///   looks for equal blocks finds them within a blob and between blobs.
/// - pool: 64 MiB of random bytes, again and again: equal blocks between blobs only, below that.
/// - random: a key stream of the blob's own: nothing to find; it is hashed whole.
///
/// The last 64 bytes are the blob's own and what is before them follows from the size alone (but
/// for `random`): the hash of that is kept for each size, cloned, and finished with the rest, so
/// that a new digest costs under two microseconds however large the blob is. Those 64 bytes are
/// an empty gzip member (RFC 1952) that has the serial in an extra field: behind a gzip stream
/// they leave it a gzip stream of the same content.
class content_source {
 public:
  static constexpr std::size_t trailer_size = 64;
  static constexpr std::size_t tile_size = std::size_t{128} * 1024;

  explicit content_source(std::shared_ptr<const content_seed> seed);
  content_source(content_source&&) noexcept;
  content_source& operator=(content_source&&) noexcept;
  ~content_source();

  /// Fills `out` from the front with pieces of the blob, in order from `offset` and at most up
  /// to `end`. @return how many are filled. They stay as they are until the next call.
  [[nodiscard]] std::size_t pieces(const blob& blob, std::uint64_t offset, std::uint64_t end,
                                   std::span<iovec> out);

  /// Whether `bytes` are those of the blob at `offset`. False beyond its end.
  [[nodiscard]] bool matches(const blob& blob, std::uint64_t offset, std::string_view bytes);

  [[nodiscard]] oci::digest digest(const blob& blob);

 private:
  struct key_stream;

  [[nodiscard]] std::uint64_t body_size(const blob& blob) const noexcept;
  [[nodiscard]] std::string_view piece(const blob& blob, std::uint64_t offset);
  [[nodiscard]] std::string_view trailer(const blob& blob);
  [[nodiscard]] const oci::hasher& state_of(std::uint64_t body);

  std::shared_ptr<const content_seed> seed_;
  std::unique_ptr<key_stream> stream_;
  std::uint64_t trailer_of_ = ~std::uint64_t{0};
  std::string trailer_;
  std::vector<oci::hasher> tiles_;  ///< The state behind each whole tile.
  std::unordered_map<std::uint64_t, oci::hasher> states_;
};

}  // namespace plimsoll::load
