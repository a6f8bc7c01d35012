#include "operations.hpp"

#include <algorithm>
#include <utility>

#include "for_each_concurrent.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

const stored_image& image_of(const surroundings& where, const planned_start& start) {
  const auto& all = where.goods.repositories;
  const auto& tags = all[start.repository % all.size()];
  return tags[start.tag % tags.size()];
}

/// One of the image's layers; its config where it has none.
const stored_blob& layer_of(const stored_image& image, std::uint64_t draw) {
  const std::size_t first = image.manifest && image.parts.size() > 1 ? 1 : 0;
  return image.parts[first + draw % (image.parts.size() - first)];
}

std::string top_reference(const stored_image& image) {
  if (!image.tag.empty()) return image.tag;
  return image.top() == nullptr ? std::string() : image.top()->digest;
}

// --- pulls ----------------------------------------------------------------------------------

task<failure> pull_manifests(session& who, const stored_image& image) {
  const stored_manifest* const top = image.top();
  const std::string reference = top_reference(image);
  failure why = co_await head_manifest(who, image.repository, reference, top, false);
  if (why == failure::none && image.index) {
    const stored_manifest* const index = &*image.index;
    why = co_await get_manifest(who, image.repository, index->digest, step::get_index, index);
  }
  if (why == failure::none) {
    const stored_manifest* const manifest = &*image.manifest;
    why = co_await get_manifest(who, image.repository, manifest->digest, step::get_manifest,
                                manifest);
  }
  co_return why;
}

task<failure> ask_and_pull_part(session& who, const std::string& repository,
                                const stored_blob& part, step kind) {
  const answer there =
      co_await head_blob(who, repository, part.target, part.digest, part.size, false);
  if (!there.good()) co_return there.why;
  co_return co_await get_blob(who, repository, part, kind);
}

task<failure> pull_part(session& who, const operation& how, const std::string& repository,
                        const stored_blob& part, step kind) {
  if (how.ask) return ask_and_pull_part(who, repository, part, kind);
  return get_blob(who, repository, part, kind);
}

/// HEAD of the tag, the documents, then config and layers, some of them at a time: what
/// containerd does. The first layers are left out as far as the client has them.
task<failure> pull_parts(session& who, const operation& how, const stored_image& image) {
  if (image.manifest) {
    const failure why = co_await pull_manifests(who, image);
    if (why != failure::none) co_return why;
  }
  if (image.parts.size() == 1) {
    const stored_blob& config = image.parts.front();
    co_return co_await pull_part(who, how, image.repository, config, step::get_config);
  }
  const std::size_t layers = image.parts.size() - 1;
  const std::size_t skipped = layers_at_hand(layers, how.warm);
  const auto each = [&](std::size_t i) {
    const stored_blob& part = image.parts[i == 0 ? 0 : i + skipped];
    const bool config = i == 0 && image.manifest.has_value();
    return pull_part(who, how, image.repository, part, config ? step::get_config : step::get_layer);
  };
  auto all = together(who.loop(), image.parts.size() - skipped, how.parallel, each);
  co_return co_await std::move(all);
}

task<failure> pull_range(session& who, const operation& how, const stored_image& image,
                         std::uint64_t seed) {
  seeded_bytes draw(seed);
  const stored_blob& part = layer_of(image, draw.next());
  const std::uint64_t length = std::min(how.part_bytes, part.size);
  const std::uint64_t first = length == part.size ? 0 : draw.next() % (part.size - length + 1);
  co_return co_await get_range(who, image.repository, part, first, length);
}

task<failure> head_layer(session& who, const stored_image& image, std::uint64_t seed) {
  const stored_blob& part = layer_of(image, seed);
  const answer got =
      co_await head_blob(who, image.repository, part.target, part.digest, part.size, false);
  co_return got.why;
}

task<failure> pull_image(session& who, const operation& how, const stored_image& image) {
  // A blob that is there already, by itself: without a coroutine around the one that pulls it.
  if (!image.manifest && image.parts.size() == 1) {
    return pull_part(who, how, image.repository, image.parts.front(), step::get_layer);
  }
  return pull_parts(who, how, image);
}

// --- pushes ---------------------------------------------------------------------------------

task<failure> push_new_blob(session& who, surroundings& where, const operation& how,
                            planned_start start) {
  const blob content = load::layer_of(where.choose.pushed_blob(start));
  const std::string repository = repository_name(where.prefix, start.repository);
  const std::string digest = who.at().machine.content.digest(content).str();
  const failure why =
      co_await push_blob(who, repository, content, digest, how.upload, how.part_bytes);
  if (may_stand(why)) {
    where.left.blobs.push_back({static_cast<std::uint32_t>(start.repository), content});
  }
  co_return why;
}

/// The layer of a planned image, where it is not there.
task<failure> bring_layer(session& who, surroundings& where, const operation& how,
                          std::uint64_t index, planned_blob layer, bool ask) {
  const blob content = load::layer_of(layer);
  const std::string repository = repository_name(where.prefix, index);
  const std::string digest = who.at().machine.content.digest(content).str();
  if (ask) {
    const std::string target = blob_target(repository, digest);
    const answer there = co_await head_blob(who, repository, target, digest, content.size, true);
    if (!there.good() || there.status == 200) co_return there.why;
  }
  const failure why =
      co_await push_blob(who, repository, content, digest, how.upload, how.part_bytes);
  if (may_stand(why)) {
    where.left.blobs.push_back({static_cast<std::uint32_t>(index), content});
  }
  co_return why;
}

task<failure> bring_config(session& who, surroundings& where, std::uint64_t index,
                           planned_blob config) {
  const std::string repository = repository_name(where.prefix, index);
  const std::string text = config_text(config);
  const std::string digest = oci::digest_of(text).str();
  const failure why = co_await push_text(who, repository, text, digest);
  if (may_stand(why)) {
    where.left.texts.push_back({static_cast<std::uint32_t>(index), digest});
  }
  co_return why;
}

task<failure> bring_manifest(session& who, surroundings& where, std::uint64_t index,
                             const std::string& reference, const stored_manifest& one) {
  const std::string repository = repository_name(where.prefix, index);
  const failure why = co_await put_manifest(who, repository, reference, one);
  if (may_stand(why)) {
    where.left.manifests.push_back({static_cast<std::uint32_t>(index), one.digest});
  }
  co_return why;
}

task<failure> push_variant(session& who, surroundings& where, const stored_image& image,
                           planned_start start) {
  const stored_manifest made = make_variant(*image.manifest, start.seed);
  const std::string tag = "m" + std::to_string(start.seed);
  co_return co_await bring_manifest(who, where, start.repository, tag, made);
}

task<failure> push_referrer(session& who, surroundings& where, const stored_image& image,
                            planned_start start) {
  const stored_manifest made = make_referrer(*image.top(), start.seed);
  co_return co_await bring_manifest(who, where, start.repository, made.digest, made);
}

/// What is deleted is pushed before, as another step: nobody else knows it.
task<failure> push_and_delete(session& who, const surroundings& where, const stored_image& image,
                              planned_start start) {
  const stored_manifest made = make_variant(*image.manifest, start.seed);
  const std::string repository = repository_name(where.prefix, start.repository);
  const failure why = co_await put_manifest(who, repository, made.digest, made);
  if (why != failure::none) co_return why;
  const std::string target = manifest_target(repository, made.digest);
  co_return co_await remove(who, repository, target, step::delete_manifest, false);
}

task<failure> mount_layer(session& who, const surroundings& where, const stored_image& image,
                          std::uint64_t seed) {
  const std::string to = where.prefix + "/mounts";
  const stored_blob& part = layer_of(image, seed);
  co_return co_await mount_blob(who, to, image.repository, part.digest);
}

task<failure> of_blobs(session& who, surroundings& where, const operation& how,
                       const stored_image& image, planned_start start) {
  switch (how.kind) {
    case operation_kind::blob_pull: {
      const stored_blob& part = layer_of(image, start.seed);
      return get_blob(who, image.repository, part, step::get_blob);
    }
    case operation_kind::blob_pull_range:
      return pull_range(who, how, image, start.seed);
    case operation_kind::blob_head:
      return head_layer(who, image, start.seed);
    case operation_kind::blob_mount:
      return mount_layer(who, where, image, start.seed);
    default:
      return push_new_blob(who, where, how, start);
  }
}

task<failure> of_manifests(session& who, surroundings& where, const operation& how,
                           const stored_image& image, planned_start start) {
  switch (how.kind) {
    case operation_kind::manifest_head:
      return head_manifest(who, image.repository, image.tag, image.top(), false);
    case operation_kind::manifest_pull_tag:
      return get_manifest(who, image.repository, image.tag,
                          image.index ? step::get_index : step::get_manifest, image.top());
    case operation_kind::manifest_pull_digest:
      return get_manifest(who, image.repository, image.manifest->digest, step::get_manifest,
                          &*image.manifest);
    case operation_kind::manifest_push:
      return push_variant(who, where, image, start);
    case operation_kind::referrers_push:
      return push_referrer(who, where, image, start);
    default:
      return push_and_delete(who, where, image, start);
  }
}

task<failure> push_planned_image(session& who, surroundings& where, const operation& how,
                                 planned_start start) {
  const planned_image plan = where.choose.pushed_image(start);
  const std::string tag = "p" + std::to_string(start.seed);
  // Behind all that can stand: numbers of repositories go up to a million.
  constexpr std::uint64_t first_new = std::uint64_t{1} << 31u;
  const std::uint64_t repository =
      how.new_repository ? first_new + start.seed % first_new : start.repository;
  co_return co_await push_image(who, where, plan, how, repository, tag, how.ask);
}

}  // namespace

task<failure> push_image(session& who, surroundings& where, const planned_image& plan,
                         const operation& how, std::uint64_t repository, std::string tag,
                         bool ask) {
  const auto each = [&](std::size_t i) {
    if (i == 0) return bring_config(who, where, repository, plan.config);
    return bring_layer(who, where, how, repository, plan.layers[i - 1], ask);
  };
  auto all = together(who.loop(), plan.layers.size() + 1, how.parallel, each);
  failure why = co_await std::move(all);
  if (why != failure::none) co_return why;
  const stored_manifest manifest = make_manifest(who.at().machine.content, plan);
  if (!where.plan.content.index) {
    co_return co_await bring_manifest(who, where, repository, tag, manifest);
  }
  why = co_await bring_manifest(who, where, repository, manifest.digest, manifest);
  if (why != failure::none) co_return why;
  const stored_manifest index = make_index(manifest);
  co_return co_await bring_manifest(who, where, repository, tag, index);
}

task<failure> operate(session& who, surroundings& where, planned_start start) {
  const operation& how = where.plan.operations[start.operation];
  if (how.kind == operation_kind::image_push) return push_planned_image(who, where, how, start);
  if (how.kind == operation_kind::catalogue_list) return list_repositories(who, how.page);
  if (how.kind == operation_kind::blob_push) return push_new_blob(who, where, how, start);
  const stored_image& image = image_of(where, start);
  switch (how.kind) {
    case operation_kind::image_pull:
      return pull_image(who, how, image);
    case operation_kind::tag_list:
      return list_tags(who, image.repository, how.page);
    case operation_kind::referrers_list:
      return list_referrers(who, image.repository, image.top()->digest);
    case operation_kind::manifest_head:
    case operation_kind::manifest_pull_tag:
    case operation_kind::manifest_pull_digest:
    case operation_kind::manifest_push:
    case operation_kind::manifest_delete:
    case operation_kind::referrers_push:
      return of_manifests(who, where, how, image, start);
    default:
      return of_blobs(who, where, how, image, start);
  }
}

}  // namespace plimsoll::load
