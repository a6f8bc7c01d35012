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

std::uint64_t draw(const lognormal& from, seeded_bytes& random) {
  if (from.sigma == 0) return static_cast<std::uint64_t>(std::llround(from.median));
  const double drawn = from.median * std::exp(from.sigma * standard_normal(random));
  return static_cast<std::uint64_t>(std::llround(
      std::clamp(drawn, static_cast<double>(from.least), static_cast<double>(from.most))));
}

std::uint64_t draw(const sizes_in_turn& from, seeded_bytes& random) {
  return from.bytes[random.next() % from.bytes.size()];
}

std::uint64_t draw(const std::vector<size_bucket>& from, seeded_bytes& random) {
  double all = 0;
  for (const size_bucket& one : from) all += one.share;
  double left = random.fraction() * all;
  std::size_t chosen = 0;
  while (chosen + 1 < from.size() && left >= from[chosen].share) left -= from[chosen++].share;
  const auto low = static_cast<double>(from[chosen].from_bytes);
  const auto high = static_cast<double>(from[chosen].to_bytes);
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
  for (double& one : up_to_) one /= sum;
}

std::uint64_t zipf_ranks::at(double fraction) const noexcept {
  const auto found = std::upper_bound(up_to_.begin(), up_to_.end() - 1, fraction);
  return static_cast<std::uint64_t>(found - up_to_.begin());
}

std::uint64_t draw_bytes(const size_distribution& sizes, seeded_bytes& random) {
  return std::visit([&random](const auto& from) { return draw(from, random); }, sizes);
}

std::uint64_t draw_count(const lognormal& counts, seeded_bytes& random) {
  return draw(counts, random);
}

std::size_t layers_at_hand(std::size_t layers, double warm) noexcept {
  return static_cast<std::size_t>(std::llround(warm * static_cast<double>(layers)));
}

sampler::sampler(const workload& from, std::uint64_t seed)
    : content_(from.content),
      latest_(from.asked_for.latest),
      repositories_(from.content.repositories, from.asked_for.zipf),
      bases_(std::max<std::uint64_t>(1, from.content.base_pool), from.content.base_zipf),
      starts_seed_(derive_seed(seed, "starts")),
      images_seed_(derive_seed(seed, "images")),
      bases_seed_(derive_seed(seed, "bases")),
      pushes_seed_(derive_seed(seed, "pushes")) {
  double sum = 0;
  for (const operation& one : from.operations) {
    weight_up_to_.push_back(sum += one.weight);
    same_image_.push_back(one.same_image);
  }
}

planned_start sampler::start(std::uint64_t index) const {
  seeded_bytes random = stream(starts_seed_, index);
  const double weight = random.fraction() * weight_up_to_.back();
  const auto chosen = std::upper_bound(weight_up_to_.begin(), weight_up_to_.end() - 1, weight);
  planned_start made;
  made.operation = static_cast<std::size_t>(chosen - weight_up_to_.begin());
  made.tag = content_.tags - 1;
  if (!same_image_[made.operation]) {
    made.repository = repositories_.at(random.fraction());
    if (random.fraction() >= latest_) made.tag = random.next() % content_.tags;
  }
  made.seed = random.next();
  return made;
}

planned_blob sampler::layer(std::uint64_t id, std::uint64_t repository) const {
  seeded_bytes random = stream(images_seed_, id);
  return {id, size_for(content_.layer_bytes, repository, random)};
}

void sampler::add_base(planned_image& to, std::size_t layers, seeded_bytes& random) const {
  if (content_.base_pool == 0) return;
  const std::uint64_t base = bases_.at(random.fraction());
  const std::uint64_t range = content_.base_most - content_.base_least + 1;
  const std::uint64_t wanted = content_.base_least + random.next() % range;
  // The top layer is always the image's own.
  const std::uint64_t taken = std::min<std::uint64_t>(wanted, layers - 1);
  seeded_bytes ids = stream(bases_seed_, base);
  for (std::uint64_t i = 0; i < taken; ++i) to.layers.push_back(layer(ids.next(), base));
}

planned_image sampler::standing_image(std::uint64_t repository, std::uint64_t tag) const {
  seeded_bytes random = stream(images_seed_, repository * content_.tags + tag);
  planned_image made;
  made.config = {random.next(), content_.config_bytes};
  const std::uint64_t layers = draw_count(content_.layers, random);
  add_base(made, layers, random);
  while (made.layers.size() < layers) made.layers.push_back(layer(random.next(), repository));
  return made;
}

planned_image sampler::pushed_image(const planned_start& by) const {
  planned_image made = standing_image(by.repository, by.tag);
  seeded_bytes random = stream(pushes_seed_, by.seed);
  made.config.id = random.next();
  std::size_t kept = 0;
  if (content_.base_pool > 0) {
    const std::size_t renewed = 1 + random.next() % 2;
    kept = made.layers.size() - std::min(renewed, made.layers.size());
  }
  for (std::size_t i = kept; i < made.layers.size(); ++i)
    made.layers[i] = layer(random.next(), by.repository);
  return made;
}

planned_blob sampler::pushed_blob(const planned_start& by) const {
  return layer(stream(pushes_seed_, by.seed).next(), by.repository);
}

}  // namespace plimsoll::load
