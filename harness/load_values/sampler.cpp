#include "plimsoll/load_values/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace plimsoll::load {
namespace {

/// A stream of its own for each number below a seed.
seeded_bytes stream(std::uint64_t seed, std::uint64_t number) noexcept {
  return seeded_bytes(seeded_bytes(seed ^ seeded_bytes(number).next()).next());
}

double standard_normal(seeded_bytes& random) noexcept {  // Box and Muller
  const double radius = std::sqrt(-2 * std::log1p(-random.fraction()));
  return radius * std::cos(2 * std::numbers::pi * random.fraction());
}

std::uint64_t draw(const lognormal& distribution, seeded_bytes& random) {
  if (distribution.sigma == 0) return static_cast<std::uint64_t>(std::llround(distribution.median));
  const double drawn = distribution.median * std::exp(distribution.sigma * standard_normal(random));
  return static_cast<std::uint64_t>(std::llround(std::clamp(
      drawn, static_cast<double>(distribution.least), static_cast<double>(distribution.most))));
}

std::uint64_t draw(const sizes_in_turn& sizes, seeded_bytes& random) {
  return sizes.bytes[random.next() % sizes.bytes.size()];
}

std::uint64_t draw(const std::vector<size_bucket>& buckets, seeded_bytes& random) {
  double all = 0;
  for (const size_bucket& bucket : buckets) all += bucket.share;
  double left = random.fraction() * all;
  std::size_t chosen = 0;
  while (chosen + 1 < buckets.size() && left >= buckets[chosen].share) {
    left -= buckets[chosen++].share;
  }
  const auto low = static_cast<double>(buckets[chosen].from_bytes);
  const auto high = static_cast<double>(buckets[chosen].to_bytes);
  return static_cast<std::uint64_t>(std::llround(low * std::pow(high / low, random.fraction())));
}

std::uint64_t size_for(const size_distribution& sizes, std::uint64_t repository,
                       seeded_bytes& random) {
  if (const auto* const turns = std::get_if<sizes_in_turn>(&sizes)) {
    return turns->bytes[repository % turns->bytes.size()];
  }
  return draw_bytes(sizes, random);
}

}  // namespace

zipf_ranks::zipf_ranks(std::uint64_t count, double exponent) {
  up_to_.reserve(count);
  double sum = 0;
  for (std::uint64_t rank = 1; rank <= count; ++rank) {
    sum += std::pow(static_cast<double>(rank), -exponent);
    up_to_.push_back(sum);
  }
  for (double& share : up_to_) share /= sum;
}

std::uint64_t zipf_ranks::at(double fraction) const noexcept {
  const auto rank = std::upper_bound(up_to_.begin(), up_to_.end() - 1, fraction);
  return static_cast<std::uint64_t>(rank - up_to_.begin());
}

std::uint64_t draw_bytes(const size_distribution& sizes, seeded_bytes& random) {
  return std::visit([&random](const auto& distribution) { return draw(distribution, random); },
                    sizes);
}

std::uint64_t draw_count(const lognormal& counts, seeded_bytes& random) {
  return draw(counts, random);
}

std::size_t layers_at_hand(std::size_t layers, double warm) noexcept {
  return static_cast<std::size_t>(std::llround(warm * static_cast<double>(layers)));
}

sampler::sampler(const workload& plan, std::uint64_t seed)
    : content_(plan.content),
      latest_(plan.demand.latest),
      repositories_(plan.content.repositories, plan.demand.zipf),
      bases_(std::max<std::uint64_t>(1, plan.content.base_pool), plan.content.base_zipf),
      starts_seed_(derive_seed(seed, "starts")),
      images_seed_(derive_seed(seed, "images")),
      bases_seed_(derive_seed(seed, "bases")),
      pushes_seed_(derive_seed(seed, "pushes")) {
  double sum = 0;
  for (const operation& operation : plan.operations) {
    weight_up_to_.push_back(sum += operation.weight);
    same_image_.push_back(operation.same_image);
  }
}

planned_start sampler::start(std::uint64_t index) const {
  seeded_bytes random = stream(starts_seed_, index);
  const double weight = random.fraction() * weight_up_to_.back();
  const auto chosen = std::upper_bound(weight_up_to_.begin(), weight_up_to_.end() - 1, weight);
  planned_start start;
  start.operation = static_cast<std::size_t>(chosen - weight_up_to_.begin());
  start.tag = content_.tags - 1;
  if (!same_image_[start.operation]) {
    start.repository = repositories_.at(random.fraction());
    if (random.fraction() >= latest_) start.tag = random.next() % content_.tags;
  }
  start.seed = random.next();
  return start;
}

planned_blob sampler::layer(std::uint64_t id, std::uint64_t repository) const {
  seeded_bytes random = stream(images_seed_, id);
  return {id, size_for(content_.layer_bytes, repository, random)};
}

void sampler::add_base(planned_image& image, std::size_t layers, seeded_bytes& random) const {
  if (content_.base_pool == 0) return;
  const std::uint64_t base = bases_.at(random.fraction());
  const std::uint64_t range = content_.base_most - content_.base_least + 1;
  const std::uint64_t wanted = content_.base_least + random.next() % range;
  // The top layer is always the image's own.
  const std::uint64_t base_layers = std::min<std::uint64_t>(wanted, layers - 1);
  seeded_bytes ids = stream(bases_seed_, base);
  for (std::uint64_t i = 0; i < base_layers; ++i) image.layers.push_back(layer(ids.next(), base));
}

planned_image sampler::prepared_image(std::uint64_t repository, std::uint64_t tag) const {
  seeded_bytes random = stream(images_seed_, repository * content_.tags + tag);
  planned_image image;
  image.config = {random.next(), content_.config_bytes};
  const std::uint64_t layers = draw_count(content_.layers, random);
  add_base(image, layers, random);
  while (image.layers.size() < layers) image.layers.push_back(layer(random.next(), repository));
  return image;
}

planned_image sampler::pushed_image(const planned_start& start) const {
  planned_image image = prepared_image(start.repository, start.tag);
  seeded_bytes random = stream(pushes_seed_, start.seed);
  image.config.id = random.next();
  std::size_t kept = 0;
  if (content_.base_pool > 0) {
    const std::size_t renewed = 1 + random.next() % 2;
    kept = image.layers.size() - std::min(renewed, image.layers.size());
  }
  for (std::size_t i = kept; i < image.layers.size(); ++i) {
    image.layers[i] = layer(random.next(), start.repository);
  }
  return image;
}

planned_blob sampler::pushed_blob(const planned_start& start) const {
  return layer(stream(pushes_seed_, start.seed).next(), start.repository);
}

}  // namespace plimsoll::load
