#include "operations.hpp"

#include <algorithm>
#include <utility>

#include "for_each_concurrent.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

const stored_image& image_of(const operation_context& context, const planned_start& start) {
  const auto& all = context.content.repositories;
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

task<failure> pull_manifests(session& client, const stored_image& image) {
  const stored_manifest* const top = image.top();
  const std::string reference = top_reference(image);
  failure outcome = co_await head_manifest(client, image.repository, reference, top, false);
  if (outcome == failure::none && image.index) {
    const stored_manifest* const index = &*image.index;
    outcome =
        co_await get_manifest(client, image.repository, index->digest, step::get_index, index);
  }
  if (outcome == failure::none) {
    const stored_manifest* const manifest = &*image.manifest;
    outcome = co_await get_manifest(client, image.repository, manifest->digest, step::get_manifest,
                                    manifest);
  }
  co_return outcome;
}

task<failure> head_and_pull_part(session& client, const std::string& repository,
                                 const stored_blob& layer, step kind) {
  const step_answer answer =
      co_await head_blob(client, repository, layer.target, layer.digest, layer.size, false);
  if (!answer.good()) co_return answer.outcome;
  co_return co_await get_blob(client, repository, layer, kind);
}

task<failure> pull_part(session& client, const operation& operation, const std::string& repository,
                        const stored_blob& layer, step kind) {
  if (operation.ask) return head_and_pull_part(client, repository, layer, kind);
  return get_blob(client, repository, layer, kind);
}

/// As containerd does: HEAD of the tag, the documents, then config and layers, some at a time.
/// Skips the first layers, as far as the client has them.
task<failure> pull_parts(session& client, const operation& operation, const stored_image& image) {
  if (image.manifest) {
    const failure outcome = co_await pull_manifests(client, image);
    if (outcome != failure::none) co_return outcome;
  }
  if (image.parts.size() == 1) {
    const stored_blob& config = image.parts.front();
    co_return co_await pull_part(client, operation, image.repository, config, step::get_config);
  }
  const std::size_t layers = image.parts.size() - 1;
  const std::size_t skipped = layers_at_hand(layers, operation.warm);
  const auto each = [&](std::size_t i) {
    const stored_blob& layer = image.parts[i == 0 ? 0 : i + skipped];
    const bool config = i == 0 && image.manifest.has_value();
    return pull_part(client, operation, image.repository, layer,
                     config ? step::get_config : step::get_layer);
  };
  auto all =
      for_each_concurrent(client.loop(), image.parts.size() - skipped, operation.parallel, each);
  co_return co_await std::move(all);
}

task<failure> pull_range(session& client, const operation& operation, const stored_image& image,
                         std::uint64_t seed) {
  seeded_bytes draw(seed);
  const stored_blob& layer = layer_of(image, draw.next());
  const std::uint64_t length = std::min(operation.part_bytes, layer.size);
  const std::uint64_t first = length == layer.size ? 0 : draw.next() % (layer.size - length + 1);
  co_return co_await get_range(client, image.repository, layer, first, length);
}

task<failure> head_layer(session& client, const stored_image& image, std::uint64_t seed) {
  const stored_blob& layer = layer_of(image, seed);
  const step_answer answer =
      co_await head_blob(client, image.repository, layer.target, layer.digest, layer.size, false);
  co_return answer.outcome;
}

task<failure> pull_image(session& client, const operation& operation, const stored_image& image) {
  // Existing content that is a single blob needs no coroutine around the pull.
  if (!image.manifest && image.parts.size() == 1) {
    return pull_part(client, operation, image.repository, image.parts.front(), step::get_layer);
  }
  return pull_parts(client, operation, image);
}

// --- pushes ---------------------------------------------------------------------------------

task<failure> push_new_blob(session& client, operation_context& context, const operation& operation,
                            planned_start start) {
  const blob content = load::layer_of(context.draws.pushed_blob(start));
  const std::string repository = repository_name(context.prefix, start.repository);
  const std::string digest = client.context().core.content.digest(content).str();
  const failure outcome = co_await push_blob(client, repository, content, digest, operation.upload,
                                             operation.part_bytes);
  if (may_exist(outcome)) {
    context.pushed.blobs.push_back({static_cast<std::uint32_t>(start.repository), content});
  }
  co_return outcome;
}

/// Pushes a layer of a planned image, unless the registry has it.
task<failure> push_layer_if_absent(session& client, operation_context& context,
                                   const operation& operation, std::uint64_t index,
                                   planned_blob layer, bool ask) {
  const blob content = load::layer_of(layer);
  const std::string repository = repository_name(context.prefix, index);
  const std::string digest = client.context().core.content.digest(content).str();
  if (ask) {
    const std::string target = blob_target(repository, digest);
    const step_answer answer =
        co_await head_blob(client, repository, target, digest, content.size, true);
    if (!answer.good() || answer.status == 200) co_return answer.outcome;
  }
  const failure outcome = co_await push_blob(client, repository, content, digest, operation.upload,
                                             operation.part_bytes);
  if (may_exist(outcome)) {
    context.pushed.blobs.push_back({static_cast<std::uint32_t>(index), content});
  }
  co_return outcome;
}

task<failure> push_config(session& client, operation_context& context, std::uint64_t index,
                          planned_blob config) {
  const std::string repository = repository_name(context.prefix, index);
  const std::string text = config_text(config);
  const std::string digest = oci::digest_of(text).str();
  const failure outcome = co_await push_text(client, repository, text, digest);
  if (may_exist(outcome)) {
    context.pushed.texts.push_back({static_cast<std::uint32_t>(index), digest});
  }
  co_return outcome;
}

task<failure> push_manifest(session& client, operation_context& context, std::uint64_t index,
                            const std::string& reference, const stored_manifest& manifest) {
  const std::string repository = repository_name(context.prefix, index);
  const failure outcome = co_await put_manifest(client, repository, reference, manifest);
  if (may_exist(outcome)) {
    context.pushed.manifests.push_back({static_cast<std::uint32_t>(index), manifest.digest});
  }
  co_return outcome;
}

task<failure> push_variant(session& client, operation_context& context, const stored_image& image,
                           planned_start start) {
  const stored_manifest manifest = make_variant(*image.manifest, start.seed);
  const std::string tag = "m" + std::to_string(start.seed);
  co_return co_await push_manifest(client, context, start.repository, tag, manifest);
}

task<failure> push_referrer(session& client, operation_context& context, const stored_image& image,
                            planned_start start) {
  const stored_manifest manifest = make_referrer(*image.top(), start.seed);
  co_return co_await push_manifest(client, context, start.repository, manifest.digest, manifest);
}

/// Pushes the manifest that it deletes, as a step of its own: no other client knows it.
task<failure> push_and_delete(session& client, const operation_context& context,
                              const stored_image& image, planned_start start) {
  const stored_manifest manifest = make_variant(*image.manifest, start.seed);
  const std::string repository = repository_name(context.prefix, start.repository);
  const failure outcome = co_await put_manifest(client, repository, manifest.digest, manifest);
  if (outcome != failure::none) co_return outcome;
  const std::string target = manifest_target(repository, manifest.digest);
  co_return co_await remove(client, repository, target, step::delete_manifest, false);
}

task<failure> mount_layer(session& client, const operation_context& context,
                          const stored_image& image, std::uint64_t seed) {
  const std::string repository = context.prefix + "/mounts";
  const stored_blob& layer = layer_of(image, seed);
  co_return co_await mount_blob(client, repository, image.repository, layer.digest);
}

task<failure> run_blob_operation(session& client, operation_context& context,
                                 const operation& operation, const stored_image& image,
                                 planned_start start) {
  switch (operation.kind) {
    case operation_kind::blob_pull: {
      const stored_blob& layer = layer_of(image, start.seed);
      return get_blob(client, image.repository, layer, step::get_blob);
    }
    case operation_kind::blob_pull_range:
      return pull_range(client, operation, image, start.seed);
    case operation_kind::blob_head:
      return head_layer(client, image, start.seed);
    case operation_kind::blob_mount:
      return mount_layer(client, context, image, start.seed);
    default:
      return push_new_blob(client, context, operation, start);
  }
}

task<failure> run_manifest_operation(session& client, operation_context& context,
                                     const operation& operation, const stored_image& image,
                                     planned_start start) {
  switch (operation.kind) {
    case operation_kind::manifest_head:
      return head_manifest(client, image.repository, image.tag, image.top(), false);
    case operation_kind::manifest_pull_tag:
      return get_manifest(client, image.repository, image.tag,
                          image.index ? step::get_index : step::get_manifest, image.top());
    case operation_kind::manifest_pull_digest:
      return get_manifest(client, image.repository, image.manifest->digest, step::get_manifest,
                          &*image.manifest);
    case operation_kind::manifest_push:
      return push_variant(client, context, image, start);
    case operation_kind::referrers_push:
      return push_referrer(client, context, image, start);
    default:
      return push_and_delete(client, context, image, start);
  }
}

task<failure> push_planned_image(session& client, operation_context& context,
                                 const operation& operation, planned_start start) {
  const planned_image plan = context.draws.pushed_image(start);
  const std::string tag = "p" + std::to_string(start.seed);
  // Above the index of any prepared repository: there are a million at most.
  constexpr std::uint64_t first_new = std::uint64_t{1} << 31u;
  const std::uint64_t repository =
      operation.new_repository ? first_new + start.seed % first_new : start.repository;
  co_return co_await push_image(client, context, plan, operation, repository, tag, operation.ask);
}

}  // namespace

task<failure> push_image(session& client, operation_context& context, const planned_image& plan,
                         const operation& operation, std::uint64_t repository, std::string tag,
                         bool ask) {
  const auto each = [&](std::size_t i) {
    if (i == 0) return push_config(client, context, repository, plan.config);
    return push_layer_if_absent(client, context, operation, repository, plan.layers[i - 1], ask);
  };
  auto all = for_each_concurrent(client.loop(), plan.layers.size() + 1, operation.parallel, each);
  failure outcome = co_await std::move(all);
  if (outcome != failure::none) co_return outcome;
  const stored_manifest manifest = make_manifest(client.context().core.content, plan);
  if (!context.plan.content.index) {
    co_return co_await push_manifest(client, context, repository, tag, manifest);
  }
  outcome = co_await push_manifest(client, context, repository, manifest.digest, manifest);
  if (outcome != failure::none) co_return outcome;
  const stored_manifest index = make_index(manifest);
  co_return co_await push_manifest(client, context, repository, tag, index);
}

task<failure> run_operation(session& client, operation_context& context, planned_start start) {
  const operation& operation = context.plan.operations[start.operation];
  if (operation.kind == operation_kind::image_push) {
    return push_planned_image(client, context, operation, start);
  }
  if (operation.kind == operation_kind::catalogue_list) {
    return list_repositories(client, operation.page);
  }
  if (operation.kind == operation_kind::blob_push) {
    return push_new_blob(client, context, operation, start);
  }
  const stored_image& image = image_of(context, start);
  switch (operation.kind) {
    case operation_kind::image_pull:
      return pull_image(client, operation, image);
    case operation_kind::tag_list:
      return list_tags(client, image.repository, operation.page);
    case operation_kind::referrers_list:
      return list_referrers(client, image.repository, image.top()->digest);
    case operation_kind::manifest_head:
    case operation_kind::manifest_pull_tag:
    case operation_kind::manifest_pull_digest:
    case operation_kind::manifest_push:
    case operation_kind::manifest_delete:
    case operation_kind::referrers_push:
      return run_manifest_operation(client, context, operation, image, start);
    default:
      return run_blob_operation(client, context, operation, image, start);
  }
}

}  // namespace plimsoll::load
