#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plimsoll/base/random.hpp"
#include "plimsoll/load_values/workload.hpp"

namespace plimsoll::load {

/// Ranks with Zipf's distribution: the probability of the i-th, from 1, is proportional to
/// 1 / i^exponent.
class zipf_ranks {
 public:
  /// @param count at least 1
  /// @param exponent 0: all ranks alike
  zipf_ranks(std::uint64_t count, double exponent);

  /// The rank, from 0 (the most popular) to below `count`, at a fraction in [0, 1).
  [[nodiscard]] std::uint64_t at(double fraction) const noexcept;

 private:
  std::vector<double> up_to_;  // shares of each rank and those before it
};

[[nodiscard]] std::uint64_t draw_bytes(const size_distribution& sizes, seeded_bytes& random);
[[nodiscard]] std::uint64_t draw_count(const lognormal& counts, seeded_bytes& random);

/// A layer or a config. Blobs with the same id have the same bytes; others differ.
struct planned_blob {
  std::uint64_t id = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const planned_blob&, const planned_blob&) = default;
};

struct planned_image {
  planned_blob config;
  std::vector<planned_blob> layers;  ///< Those of the base first.

  friend bool operator==(const planned_image&, const planned_image&) = default;
};

/// How many of an image's first layers a client has that is `warm`, 0 to 1.
[[nodiscard]] std::size_t layers_at_hand(std::size_t layers, double warm) noexcept;

/// The operation of one start.
struct planned_start {
  std::size_t operation = 0;     ///< Index into the workload's operations.
  std::uint64_t repository = 0;  ///< From 0, the most popular.
  std::uint64_t tag = 0;         ///< From 0; the last one is the newest.
  std::uint64_t seed = 0;        ///< For all else that the operation draws.

  friend bool operator==(const planned_start&, const planned_start&) = default;
};

/// Draws a workload's operations and the registry's content from a seed. Each answer
/// depends on its arguments alone: threads and processes that share a schedule by the starts'
/// indices need not share anything else.
class sampler {
 public:
  sampler(const workload& plan, std::uint64_t seed);

  /// The operation of the start with this index.
  [[nodiscard]] planned_start start(std::uint64_t index) const;

  /// An image that is in the registry before the clock starts.
  [[nodiscard]] planned_image prepared_image(std::uint64_t repository, std::uint64_t tag) const;

  /// The image of a push. Where images share base layers it is the next build of the prepared
  /// image, with another config and other layers in its last one or two places; else it is
  /// new throughout.
  [[nodiscard]] planned_image pushed_image(const planned_start& start) const;

  /// A new blob of a layer's size.
  [[nodiscard]] planned_blob pushed_blob(const planned_start& start) const;

 private:
  [[nodiscard]] planned_blob layer(std::uint64_t id, std::uint64_t repository) const;
  void add_base(planned_image& image, std::size_t layers, seeded_bytes& random) const;

  std::vector<double> weight_up_to_;
  std::vector<bool> same_image_;
  population content_;
  double latest_;
  zipf_ranks repositories_;
  zipf_ranks bases_;
  std::uint64_t starts_seed_;
  std::uint64_t images_seed_;
  std::uint64_t bases_seed_;
  std::uint64_t pushes_seed_;
};

}  // namespace plimsoll::load
