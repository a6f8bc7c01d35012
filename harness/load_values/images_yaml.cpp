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
  if (sizes.least > sizes.most) return place.fault(node, "min is above max");
  if (sizes.median < static_cast<double>(sizes.least) ||
      sizes.median > static_cast<double>(sizes.most)) {
    return place.fault(node, "the median is not between min and max");
  }
  return {};
}

/// A count, or a distribution of counts.
yaml_reader layers_into(lognormal& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (node.IsScalar()) {
      std::uint64_t count = 0;
      if (auto done = count_into(count, 1, most_layers)(place, node); !done) return done;
      to = {static_cast<double>(count), 0, count, count};
      return {};
    }
    lognormal read{0, 0, 1, most_layers};
    auto done = read_mapping(place, node,
                             {{"median", number_into(read.median, 1, most_layers)},
                              {"sigma", number_into(read.sigma, 0, largest_exponent)},
                              {"min", count_into(read.least, 1, most_layers)},
                              {"max", count_into(read.most, 1, most_layers)}});
    if (!done) return done;
    to = read;
    return check_lognormal(place, node, read);
  };
}

result<void> read_bucket(const yaml_place& place, const YAML::Node& node, size_bucket& to) {
  auto done = read_mapping(place, node,
                           {{"share", number_into(to.share, 0, largest_weight)},
                            {"from", bytes_into(to.from_bytes)},
                            {"to", bytes_into(to.to_bytes)}});
  if (!done) return done;
  if (to.from_bytes > to.to_bytes) return place.fault(node, "from is above to");
  if (to.share == 0) return place.fault(node, "expected a share above 0");
  return {};
}

result<void> read_lognormal_bytes(const yaml_place& place, const YAML::Node& node, lognormal& to) {
  std::uint64_t median = 0;
  to = {0, 0, 1, largest_blob_bytes};
  auto done = read_mapping(place, node,
                           {{"median", bytes_into(median)},
                            {"sigma", number_into(to.sigma, 0, largest_exponent)},
                            {"min", bytes_into(to.least)},
                            {"max", bytes_into(to.most)}});
  if (!done) return done;
  to.median = static_cast<double>(median);
  return check_lognormal(place, node, to);
}

result<void> read_turns(const yaml_place& place, const YAML::Node& node, sizes_in_turn& to) {
  const auto each = [&to](const yaml_place& at, const YAML::Node& list) -> result<void> {
    if (!list.IsSequence() || list.size() == 0) return at.mismatch(list, "a list of sizes");
    for (const auto& one : list) {
      if (auto done = bytes_into(to.bytes.emplace_back())(at, one); !done) return done;
    }
    return {};
  };
  return read_mapping(place, node, {{"in-turn", each}});
}

/// One size, a list of buckets, sizes in turn, or a distribution.
yaml_reader sizes_into(size_distribution& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (node.IsMap() && node["in-turn"]) {
      sizes_in_turn sizes;
      if (auto done = read_turns(place, node, sizes); !done) return done;
      to = std::move(sizes);
      return {};
    }
    if (node.IsMap()) {
      lognormal sizes;
      if (auto done = read_lognormal_bytes(place, node, sizes); !done) return done;
      to = sizes;
      return {};
    }
    std::vector<size_bucket> buckets;
    if (!node.IsSequence()) {
      std::uint64_t bytes = 0;
      if (auto done = bytes_into(bytes)(place, node); !done) return done;
      buckets.push_back({1, bytes, bytes});
    }
    for (const auto& one : node) {
      if (auto done = read_bucket(place, one, buckets.emplace_back()); !done) return done;
    }
    if (buckets.empty()) return place.mismatch(node, "at least one bucket");
    to = std::move(buckets);
    return {};
  };
}

yaml_reader base_layers_into(population& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    auto done = read_mapping(place, node,
                             {{"pool", count_into(to.base_pool, 1, most_repositories)},
                              {"zipf", number_into(to.base_zipf, 0, largest_exponent)},
                              {"min", count_into(to.base_least, 0, most_layers)},
                              {"max", count_into(to.base_most, 0, most_layers)}});
    if (!done) return done;
    if (to.base_pool == 0) return place.fault(node, "expected a pool");
    if (to.base_least > to.base_most) return place.fault(node, "min is above max");
    return {};
  };
}

}  // namespace

yaml_reader images_into(population& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) {
    return read_mapping(place, node,
                        {{"repositories", count_into(to.repositories, 1, most_repositories)},
                         {"tags", count_into(to.tags, 1, most_tags)},
                         {"referrers", count_into(to.referrers, 0, most_tags)},
                         {"layers", layers_into(to.layers)},
                         {"layer-size", sizes_into(to.layer_bytes)},
                         {"config-size", bytes_into(to.config_bytes)},
                         {"index", switch_into(to.index)},
                         {"base-layers", base_layers_into(to)}});
  };
}

yaml_reader popularity_into(popularity& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) {
    return read_mapping(place, node,
                        {{"zipf", number_into(to.zipf, 0, largest_exponent)},
                         {"latest", number_into(to.latest, 0, 1)}});
  };
}

}  // namespace plimsoll::load
