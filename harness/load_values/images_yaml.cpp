#include "images_yaml.hpp"

namespace plimsoll::load {
namespace {

constexpr std::uint64_t most_repositories = 1'000'000;
constexpr std::uint64_t most_tags = 1'000'000;
constexpr std::uint64_t most_layers = 1'000;
constexpr double largest_weight = 1e9;
constexpr double largest_exponent = 10;

result<void> check_lognormal(const yaml_place& place, const YAML::Node& node,
                             const lognormal& sizes) {
  if (sizes.least > sizes.most) return place.error_at(node, "min is above max");
  if (sizes.median < static_cast<double>(sizes.least) ||
      sizes.median > static_cast<double>(sizes.most)) {
    return place.error_at(node, "the median is not between min and max");
  }
  return {};
}

/// A count, or a distribution of counts.
yaml_reader layers_into(lognormal& distribution) {
  return [&distribution](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (node.IsScalar()) {
      std::uint64_t count = 0;
      if (auto done = count_into(count, 1, most_layers)(place, node); !done) return done;
      distribution = {static_cast<double>(count), 0, count, count};
      return {};
    }
    lognormal read{0, 0, 1, most_layers};
    auto done = read_mapping(place, node,
                             {{"median", number_into(read.median, 1, most_layers)},
                              {"sigma", number_into(read.sigma, 0, largest_exponent)},
                              {"min", count_into(read.least, 1, most_layers)},
                              {"max", count_into(read.most, 1, most_layers)}});
    if (!done) return done;
    distribution = read;
    return check_lognormal(place, node, read);
  };
}

result<void> read_bucket(const yaml_place& place, const YAML::Node& node, size_bucket& bucket) {
  auto done = read_mapping(place, node,
                           {{"share", number_into(bucket.share, 0, largest_weight)},
                            {"from", bytes_into(bucket.from_bytes)},
                            {"to", bytes_into(bucket.to_bytes)}});
  if (!done) return done;
  if (bucket.from_bytes > bucket.to_bytes) return place.error_at(node, "from is above to");
  if (bucket.share == 0) return place.error_at(node, "expected a share above 0");
  return {};
}

result<void> read_lognormal_bytes(const yaml_place& place, const YAML::Node& node,
                                  lognormal& distribution) {
  std::uint64_t median = 0;
  distribution = {0, 0, 1, largest_blob_bytes};
  auto done = read_mapping(place, node,
                           {{"median", bytes_into(median)},
                            {"sigma", number_into(distribution.sigma, 0, largest_exponent)},
                            {"min", bytes_into(distribution.least)},
                            {"max", bytes_into(distribution.most)}});
  if (!done) return done;
  distribution.median = static_cast<double>(median);
  return check_lognormal(place, node, distribution);
}

result<void> read_turns(const yaml_place& place, const YAML::Node& node, sizes_in_turn& sizes) {
  const auto each = [&sizes](const yaml_place& list_place, const YAML::Node& list) -> result<void> {
    if (!list.IsSequence() || list.size() == 0) return list_place.mismatch(list, "a list of sizes");
    for (const auto& size : list) {
      if (auto done = bytes_into(sizes.bytes.emplace_back())(list_place, size); !done) return done;
    }
    return {};
  };
  return read_mapping(place, node, {{"in-turn", each}});
}

/// One size, a list of buckets, sizes in turn, or a distribution.
yaml_reader sizes_into(size_distribution& distribution) {
  return [&distribution](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (node.IsMap() && node["in-turn"]) {
      sizes_in_turn sizes;
      if (auto done = read_turns(place, node, sizes); !done) return done;
      distribution = std::move(sizes);
      return {};
    }
    if (node.IsMap()) {
      lognormal sizes;
      if (auto done = read_lognormal_bytes(place, node, sizes); !done) return done;
      distribution = sizes;
      return {};
    }
    std::vector<size_bucket> buckets;
    if (!node.IsSequence()) {
      std::uint64_t bytes = 0;
      if (auto done = bytes_into(bytes)(place, node); !done) return done;
      buckets.push_back({1, bytes, bytes});
    }
    for (const auto& bucket : node) {
      if (auto done = read_bucket(place, bucket, buckets.emplace_back()); !done) return done;
    }
    if (buckets.empty()) return place.mismatch(node, "at least one bucket");
    distribution = std::move(buckets);
    return {};
  };
}

yaml_reader base_layers_into(population& images) {
  return [&images](const yaml_place& place, const YAML::Node& node) -> result<void> {
    auto done = read_mapping(place, node,
                             {{"pool", count_into(images.base_pool, 1, most_repositories)},
                              {"zipf", number_into(images.base_zipf, 0, largest_exponent)},
                              {"min", count_into(images.base_least, 0, most_layers)},
                              {"max", count_into(images.base_most, 0, most_layers)}});
    if (!done) return done;
    if (images.base_pool == 0) return place.error_at(node, "expected a pool");
    if (images.base_least > images.base_most) return place.error_at(node, "min is above max");
    return {};
  };
}

}  // namespace

yaml_reader images_into(population& images) {
  return [&images](const yaml_place& place, const YAML::Node& node) {
    return read_mapping(place, node,
                        {{"repositories", count_into(images.repositories, 1, most_repositories)},
                         {"tags", count_into(images.tags, 1, most_tags)},
                         {"referrers", count_into(images.referrers, 0, most_tags)},
                         {"layers", layers_into(images.layers)},
                         {"layer-size", sizes_into(images.layer_bytes)},
                         {"config-size", bytes_into(images.config_bytes)},
                         {"index", switch_into(images.index)},
                         {"base-layers", base_layers_into(images)}});
  };
}

yaml_reader popularity_into(popularity& popularity) {
  return [&popularity](const yaml_place& place, const YAML::Node& node) {
    return read_mapping(place, node,
                        {{"zipf", number_into(popularity.zipf, 0, largest_exponent)},
                         {"latest", number_into(popularity.latest, 0, 1)}});
  };
}

}  // namespace plimsoll::load
