#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/load_values/arrival.hpp"

namespace plimsoll::load {

/// What a client does in one go, in the words of workload files.
enum class operation_kind : std::uint8_t {
  image_pull,            ///< HEAD tag, manifest, config and layers, some of them at a time.
  image_push,            ///< Existence checks, uploads, the manifest last.
  blob_pull,             ///< The whole blob.
  blob_pull_range,       ///< `part_bytes` of it, somewhere.
  blob_head,             ///< Whether it is there.
  blob_push,             ///< A blob that nobody has seen.
  blob_mount,            ///< A blob of another repository.
  manifest_head,         ///< By tag: the poll of a deployment that asks for news.
  manifest_pull_tag,     ///< GET by tag.
  manifest_pull_digest,  ///< GET by digest.
  manifest_push,         ///< Of content that is there already.
  tag_list,              ///< All pages of a repository's tags.
  catalogue_list,        ///< One page of `_catalog`.
  referrers_list,        ///< Of one image.
  referrers_push,        ///< A manifest with a subject.
  manifest_delete,       ///< Of a manifest that was pushed for it.
};

/// The name in files and results, for example "image-pull".
[[nodiscard]] std::string_view to_string(operation_kind kind) noexcept;

/// How a blob is uploaded.
enum class upload_method : std::uint8_t {
  post_put,     ///< POST for a session, then one PUT.
  single_post,  ///< One POST with the digest.
  chunked,      ///< POST, PATCHes of `part_bytes`, PUT.
};

[[nodiscard]] std::string_view to_string(upload_method method) noexcept;

/// One kind of work in a mix.
struct operation {
  std::string name;  ///< In results and objectives: letters, digits and dashes.
  operation_kind kind = operation_kind::image_pull;
  double weight = 1;  ///< Its part of all starts, against the others' weights; above 0.
  upload_method upload = upload_method::post_put;  ///< For what uploads blobs.
  std::uint64_t part_bytes = 5u << 20u;            ///< A chunk's or a range's length; above 0.
  double warm = 0;        ///< Share of an image's layers that the pulling client has, 0 to 1.
  unsigned parallel = 3;  ///< Transfers at once within an image pull or push; 1 to 64.
  /// Always the newest tag of the most popular repository: a roll-out to many nodes.
  bool same_image = false;
  /// An image pull or push asks for each blob by HEAD before it pulls or pushes it. Files have it
  /// on for pushes, as clients do.
  bool ask = false;
  bool new_repository = false;  ///< An image push goes to a repository of its own.
  unsigned page = 100;          ///< Entries that a list asks for at once; 0: does not say.

  friend bool operator==(const operation&, const operation&) = default;
};

/// Sizes between two bounds, as many in each doubling.
struct size_bucket {
  double share = 1;  ///< Against the other buckets' shares; above 0.
  std::uint64_t from_bytes = 1;
  std::uint64_t to_bytes = 1;  ///< At least `from_bytes`.

  friend bool operator==(const size_bucket&, const size_bucket&) = default;
};

/// Sizes whose logarithm is normal, cut off at both ends.
struct lognormal {
  double median = 1;
  double sigma = 0;  ///< Of the natural logarithm. Zero: always the median.
  std::uint64_t least = 1;
  std::uint64_t most = 1;

  friend bool operator==(const lognormal&, const lognormal&) = default;
};

/// All layers of one repository, and of what is pushed to it, have one size: that of the first
/// for the first repository, and so on, over and over. Shares are kept exactly, not on average.
struct sizes_in_turn {
  std::vector<std::uint64_t> bytes;  ///< At least one.

  friend bool operator==(const sizes_in_turn&, const sizes_in_turn&) = default;
};

/// How large a layer is: one bucket of one size where it is fixed.
using size_distribution = std::variant<std::vector<size_bucket>, lognormal, sizes_in_turn>;

/// The registry's content before the clock starts.
struct population {
  std::uint64_t repositories = 1;
  std::uint64_t tags = 1;        ///< For each repository; each its own image.
  std::uint64_t referrers = 0;   ///< For each image.
  lognormal layers{1, 0, 1, 1};  ///< For each image.
  size_distribution layer_bytes = std::vector<size_bucket>{{1, 1u << 20u, 1u << 20u}};
  std::uint64_t config_bytes = 4096;
  /// An image takes its first layers from a pool that all images share; a pool of 0: none.
  std::uint64_t base_pool = 0;
  double base_zipf = 1;          ///< Popularity of a pool's bases.
  std::uint64_t base_least = 0;  ///< Layers of an image that come from its base.
  std::uint64_t base_most = 0;
  bool index = true;  ///< A tag refers to an index of one manifest, as builders push it.

  friend bool operator==(const population&, const population&) = default;
};

/// Which repositories and tags are asked for.
struct popularity {
  double zipf = 0;    ///< Exponent over repositories; 0: all alike.
  double latest = 0;  ///< Share of requests for the newest tag; the rest goes to all tags alike.

  friend bool operator==(const popularity&, const popularity&) = default;
};

/// So many clients, each starting its next operation once the last one is done.
struct closed_loop {
  unsigned clients = 1;

  friend bool operator==(const closed_loop&, const closed_loop&) = default;
};

using pacing = std::variant<closed_loop, rate_plan, burst_plan, listed_plan>;

enum class verify_mode : std::uint8_t { none, size, full };
[[nodiscard]] std::string_view to_string(verify_mode mode) noexcept;

enum class content_mode : std::uint8_t { tile, pool, random };
[[nodiscard]] std::string_view to_string(content_mode mode) noexcept;

/// What a load run does; complete and valid once parsed.
struct workload {
  std::string name;
  std::string description;
  std::vector<operation> operations;  ///< At least one; names are unique.
  population content;
  popularity demand;
  pacing pace = closed_loop{16};
  /// A burst goes on until all of it is done; this is its limit.
  std::chrono::nanoseconds duration = std::chrono::seconds(60);
  verify_mode verify = verify_mode::full;
  content_mode bytes = content_mode::tile;
  std::vector<std::string> objectives;  ///< As `parse_objective` reads them.

  friend bool operator==(const workload&, const workload&) = default;
};

/// Bytes of a layer on average, about.
[[nodiscard]] double mean_bytes(const size_distribution& sizes) noexcept;

/// Bounds beyond which a workload is refused as impossible.
inline constexpr double highest_rate_per_second = 1e6;
inline constexpr unsigned most_clients = 1'000'000;
inline constexpr std::chrono::nanoseconds longest_run = std::chrono::hours(24 * 7);
inline constexpr std::uint64_t largest_blob_bytes = std::uint64_t{1} << 40u;

/// Reads a workload file. An error names file and line, what was expected and what came, and
/// for an unknown key the nearest known one.
///
/// @param yaml the text, at most 1 MiB
/// @param file what messages call it; its last part without ".yaml" is the workload's name
[[nodiscard]] result<workload> parse_workload(const std::string& yaml, const std::string& file);

/// The names of the built-in workloads, in the order in which they are listed.
[[nodiscard]] const std::vector<std::string_view>& built_in_workloads();

/// The text of a built-in workload's file; empty where there is none of that name.
[[nodiscard]] std::string_view built_in_workload_text(std::string_view name) noexcept;

/// A built-in workload; an error suggests the nearest name.
[[nodiscard]] result<workload> built_in_workload(std::string_view name);

/// The same mix on a smaller scale, for a try or a test: sizes, repositories, tags, referrers
/// and base layers times `factor` (above 0, at most 1), but never below one.
[[nodiscard]] workload scaled(workload whole, double factor);

}  // namespace plimsoll::load
