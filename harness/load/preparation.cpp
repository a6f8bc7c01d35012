#include "preparation.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "for_each_concurrent.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

constexpr std::size_t at_once = 8;
constexpr std::uint64_t most_kept_bytes = std::uint64_t{1} << 30u;

error failed(const session& client, std::string_view action, failure outcome) {
  const auto& examples = client.context().counts.examples;
  const auto example = examples.find(outcome);
  return error::of(fmt::format("{}: {}", action,
                               example == examples.end() ? to_string(outcome) : example->second));
}

bool needs_referrers(const workload& plan) {
  if (plan.content.referrers > 0) return true;
  return std::any_of(
      plan.operations.begin(), plan.operations.end(),
      [](const operation& operation) { return operation.kind == operation_kind::referrers_push; });
}

/// Whether any operation needs prepared content. A push of new content alone does not.
bool needs_content(const workload& plan) {
  const auto needs = [&plan](const operation& operation) {
    const bool is_new = operation.kind == operation_kind::image_push && plan.content.base_pool == 0;
    return !is_new && operation.kind != operation_kind::blob_push;
  };
  return std::any_of(plan.operations.begin(), plan.operations.end(), needs);
}

task<failure> push_empty_config(session& client, operation_context& context,
                                std::uint64_t repository) {
  const std::string name = repository_name(context.prefix, repository);
  const std::string text(oci::empty_content);
  const std::string digest = oci::digest_of(text).str();
  const failure outcome = co_await push_text(client, name, text, digest);
  if (may_exist(outcome)) {
    context.pushed.texts.push_back({static_cast<std::uint32_t>(repository), digest});
  }
  co_return outcome;
}

task<failure> push_referrers(session& client, operation_context& context, std::uint64_t repository,
                             stored_image& image) {
  for (std::uint64_t i = 0; i < context.plan.content.referrers; ++i) {
    const stored_manifest manifest = make_referrer(*image.top(), i);
    const failure outcome =
        co_await put_manifest(client, image.repository, manifest.digest, manifest);
    if (may_exist(outcome)) {
      context.pushed.manifests.push_back({static_cast<std::uint32_t>(repository), manifest.digest});
    }
    if (outcome != failure::none) co_return outcome;
    image.referrers.push_back(manifest.digest);
  }
  co_return failure::none;
}

task<failure> push_repository(session& client, operation_context& context, std::uint64_t index,
                              std::vector<stored_image>& images) {
  const std::string name = repository_name(context.prefix, index);
  const population& content = context.plan.content;
  const operation defaults;
  if (needs_referrers(context.plan)) {
    const failure outcome = co_await push_empty_config(client, context, index);
    if (outcome != failure::none) co_return outcome;
  }
  for (std::uint64_t tag = 0; tag < content.tags; ++tag) {
    const planned_image plan = context.draws.prepared_image(index, tag);
    const std::string text = "t" + std::to_string(tag);
    failure outcome =
        co_await push_image(client, context, plan, defaults, index, text, content.base_pool > 0);
    if (outcome != failure::none) co_return outcome;
    images.push_back(make_image(client.context().core.content, plan, content.index, name, text));
    outcome = co_await push_referrers(client, context, index, images.back());
    if (outcome != failure::none) co_return outcome;
  }
  co_return failure::none;
}

task<failure> push_content(session& client, operation_context& context,
                           const replayed_content& item) {
  const auto repository = static_cast<std::uint32_t>(item.repository);
  if (item.is_manifest) {
    const failure outcome = co_await put_manifest(client, item.name, item.tag, item.manifest);
    if (may_exist(outcome)) context.pushed.manifests.push_back({repository, item.manifest.digest});
    co_return outcome;
  }
  const blob content = *item.blob.ours;
  const failure outcome =
      co_await push_blob(client, item.name, content, item.blob.digest, upload_method::post_put, 0);
  if (may_exist(outcome)) context.pushed.blobs.push_back({repository, content});
  co_return outcome;
}

// --- Existing content -----------------------------------------------------------------------

/// Reads an existing blob once, checks its digest, and keeps its bytes.
task<failure> learn(session& client, const std::string& repository, stored_blob& stored) {
  auto kept = std::make_shared<kept_bytes>(most_kept_bytes);
  step_request get;
  get.target = stored.target;
  get.repository = repository;
  get.follows = true;
  get.digest = stored.digest;
  get.exchange.use = body_use::learn;
  get.exchange.algorithm = algorithm_of(stored.digest);
  get.exchange.learned = kept.get();
  const step_answer answer = co_await client.perform(get);
  if (!answer.good()) co_return answer.outcome;
  kept->close();
  stored.size = answer.response->received_bytes;
  if (!kept->is_too_large()) stored.kept = std::move(kept);
  co_return failure::none;
}

stored_blob part_of(const std::string& repository, const oci::descriptor& descriptor) {
  return {blob_target(repository, descriptor.digest.str()),
          descriptor.digest.str(),
          descriptor.size,
          {},
          {}};
}

/// GET of a document that is known by its digest alone.
task<result<stored_manifest>> fetch_manifest(session& client, std::string repository,
                                             std::string digest) {
  const std::string target = manifest_target(repository, digest);
  const std::string fields = fmt::format("Accept: {}, {}, {}, {}\r\n", index_type, manifest_type,
                                         docker_list_type, docker_manifest_type);
  step_request get;
  get.kind = step::get_manifest;
  get.target = target;
  get.repository = repository;
  get.fields = fields;
  get.follows = true;
  get.digest = digest;
  get.exchange.use = body_use::keep;
  const step_answer answer = co_await client.perform(get);
  if (!answer.good()) co_return failed(client, repository + '@' + digest, answer.outcome);
  stored_manifest out{digest, answer.response->content_type, answer.response->body};
  if (oci::digest_of(algorithm_of(digest), out.text).str() != digest) {
    co_return error::of(repository + '@' + digest + ": the manifest has a different digest");
  }
  co_return out;
}

/// An image by the digest of its manifest, or of an index, of which the first is taken.
task<result<void>> fetch_existing_image(session& client, const existing_content& wanted,
                                        stored_image& image) {
  auto top = co_await fetch_manifest(client, wanted.repository, wanted.digest);
  if (!top) co_return top.error();
  auto read = oci::summarize(top->text, top->media_type);
  if (read && read->is_index) {
    if (read->references.empty()) co_return error::of(wanted.digest + ": an empty index");
    const std::string first = read->references.front().digest.str();
    image.index = std::move(*top);
    top = co_await fetch_manifest(client, wanted.repository, first);
    if (!top) co_return top.error();
    read = oci::summarize(top->text, top->media_type);
  }
  if (!read) co_return read.error();
  image.manifest = std::move(*top);
  for (const auto& reference : read->references) {
    image.parts.push_back(part_of(wanted.repository, reference));
  }
  co_return result<void>();
}

task<result<void>> find_content(session& client, const existing_content& wanted,
                                stored_image& image) {
  image.repository = wanted.repository;
  stored_blob stored{blob_target(wanted.repository, wanted.digest), wanted.digest, 0, {}, {}};
  const std::optional<std::uint64_t> unknown;
  const step_answer answer =
      co_await head_blob(client, wanted.repository, stored.target, stored.digest, unknown, true);
  if (!answer.good()) {
    co_return failed(client, wanted.repository + '@' + wanted.digest, answer.outcome);
  }
  bool sizes_are_known = true;
  if (answer.status == 200) {
    sizes_are_known = answer.response->content_length.has_value();
    stored.size = answer.response->content_length.value_or(0);
    image.parts.push_back(std::move(stored));
  } else {
    const auto fetched = co_await fetch_existing_image(client, wanted, image);
    if (!fetched) co_return fetched;
  }
  if (client.context().verify != verify_mode::full && sizes_are_known) co_return result<void>();
  for (stored_blob& part : image.parts) {
    const failure outcome = co_await learn(client, wanted.repository, part);
    if (outcome != failure::none) co_return failed(client, "GET " + part.target, outcome);
  }
  co_return result<void>();
}

// --- Clean-up -------------------------------------------------------------------------------

/// What to delete, in order; after one refusal the registry is sent no more of it.
struct removal {
  std::string label;
  step kind;
  std::vector<std::pair<std::string, std::string>> targets;  ///< Repository and path.
};

task<void> remove_all(session& client, const removal& removal, std::vector<std::string>& left) {
  client.context().counts.examples.clear();  // what was refused before says nothing of these
  std::size_t done = 0;
  const auto each = [&](std::size_t i) -> task<failure> {
    const auto& target = removal.targets[removal.targets.size() - 1 - i];
    const failure outcome =
        co_await remove(client, target.first, target.second, removal.kind, true);
    if (outcome == failure::none) ++done;
    co_return outcome;
  };
  auto all = for_each_concurrent(client.loop(), removal.targets.size(), at_once, each);
  const failure outcome = co_await std::move(all);
  if (outcome == failure::none) co_return;
  left.push_back(
      failed(client, fmt::format("{} {}", removal.label, removal.targets.size() - done), outcome)
          .what());
}

}  // namespace

task<result<void>> push_workload_content(session& client, operation_context& context,
                                         prepared_content& content) {
  if (!needs_content(context.plan)) co_return result<void>();
  content.repositories.resize(context.plan.content.repositories);
  const auto each = [&](std::size_t i) {
    return push_repository(client, context, i, content.repositories[i]);
  };
  auto all = for_each_concurrent(client.loop(), content.repositories.size(), at_once, each);
  const failure outcome = co_await std::move(all);
  if (outcome != failure::none) {
    co_return failed(client, "the workload's images cannot be pushed", outcome);
  }
  co_return result<void>();
}

task<result<void>> push_replay_content(session& client, operation_context& context,
                                       const replay_plan& plan) {
  const auto config = [&](std::size_t i) { return push_empty_config(client, context, i); };
  auto configs = for_each_concurrent(client.loop(), plan.repositories.size(), at_once, config);
  failure outcome = co_await std::move(configs);
  if (outcome == failure::none) {
    const auto each = [&](std::size_t i) {
      return push_content(client, context, plan.contents[i]);
    };
    auto all = for_each_concurrent(client.loop(), plan.contents.size(), at_once, each);
    outcome = co_await std::move(all);
  }
  if (outcome != failure::none) {
    co_return failed(client, "the log's content cannot be pushed", outcome);
  }
  co_return result<void>();
}

task<result<void>> find_existing_content(session& client,
                                         const std::vector<existing_content>& wanted,
                                         prepared_content& content) {
  for (const existing_content& entry : wanted) {
    auto& images = content.repositories.emplace_back();
    const auto existing = co_await find_content(client, entry, images.emplace_back());
    if (!existing) co_return existing;
  }
  co_return result<void>();
}

task<std::vector<std::string>> delete_pushed_content(
    session& client, const std::string& prefix, const std::vector<const pushed_content*>& pushed) {
  removal manifests{"manifests left:", step::delete_manifest, {}};
  removal blobs{"blobs left:", step::delete_blob, {}};
  content_source& content = client.context().core.content;
  for (const pushed_content* run_part : pushed) {
    for (const auto& text : run_part->manifests) {
      const std::string name = repository_name(prefix, text.repository);
      manifests.targets.emplace_back(name, manifest_target(name, text.digest));
    }
    for (const auto& text : run_part->texts) {
      const std::string name = repository_name(prefix, text.repository);
      blobs.targets.emplace_back(name, blob_target(name, text.digest));
    }
    for (const auto& pushed_blob : run_part->blobs) {
      const std::string name = repository_name(prefix, pushed_blob.repository);
      const std::string digest = content.digest(pushed_blob.content).str();
      blobs.targets.emplace_back(name, blob_target(name, digest));
    }
  }
  std::vector<std::string> left;
  co_await remove_all(client, manifests, left);
  co_await remove_all(client, blobs, left);
  co_return left;
}

}  // namespace plimsoll::load
