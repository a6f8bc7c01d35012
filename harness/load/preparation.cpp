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

error failed(const session& who, std::string_view what, failure why) {
  const auto& examples = who.at().counts.examples;
  const auto example = examples.find(why);
  return error::of(
      fmt::format("{}: {}", what, example == examples.end() ? to_string(why) : example->second));
}

bool needs_referrers(const workload& plan) {
  if (plan.content.referrers > 0) return true;
  return std::any_of(plan.operations.begin(), plan.operations.end(), [](const operation& one) {
    return one.kind == operation_kind::referrers_push;
  });
}

/// Whether any operation asks for what stands. A push of what is new throughout does not.
bool needs_stock(const workload& plan) {
  const auto needs = [&plan](const operation& one) {
    const bool is_new = one.kind == operation_kind::image_push && plan.content.base_pool == 0;
    return !is_new && one.kind != operation_kind::blob_push;
  };
  return std::any_of(plan.operations.begin(), plan.operations.end(), needs);
}

task<failure> push_empty_config(session& who, surroundings& where, std::uint64_t repository) {
  const std::string name = repository_name(where.prefix, repository);
  const std::string text(oci::empty_content);
  const std::string digest = oci::digest_of(text).str();
  const failure why = co_await push_text(who, name, text, digest);
  if (may_stand(why)) {
    where.left.texts.push_back({static_cast<std::uint32_t>(repository), digest});
  }
  co_return why;
}

task<failure> push_referrers(session& who, surroundings& where, std::uint64_t repository,
                             stored_image& of) {
  for (std::uint64_t i = 0; i < where.plan.content.referrers; ++i) {
    const stored_manifest one = make_referrer(*of.top(), i);
    const failure why = co_await put_manifest(who, of.repository, one.digest, one);
    if (may_stand(why)) {
      where.left.manifests.push_back({static_cast<std::uint32_t>(repository), one.digest});
    }
    if (why != failure::none) co_return why;
    of.referrers.push_back(one.digest);
  }
  co_return failure::none;
}

task<failure> push_repository(session& who, surroundings& where, std::uint64_t index,
                              std::vector<stored_image>& made) {
  const std::string name = repository_name(where.prefix, index);
  const population& content = where.plan.content;
  const operation how;
  if (needs_referrers(where.plan)) {
    const failure why = co_await push_empty_config(who, where, index);
    if (why != failure::none) co_return why;
  }
  for (std::uint64_t tag = 0; tag < content.tags; ++tag) {
    const planned_image plan = where.choose.standing_image(index, tag);
    const std::string text = "t" + std::to_string(tag);
    failure why = co_await push_image(who, where, plan, how, index, text, content.base_pool > 0);
    if (why != failure::none) co_return why;
    made.push_back(make_image(who.at().machine.content, plan, content.index, name, text));
    why = co_await push_referrers(who, where, index, made.back());
    if (why != failure::none) co_return why;
  }
  co_return failure::none;
}

task<failure> push_content(session& who, surroundings& where, const replayed_content& one) {
  const auto repository = static_cast<std::uint32_t>(one.repository);
  if (one.is_manifest) {
    const failure why = co_await put_manifest(who, one.name, one.tag, one.manifest);
    if (may_stand(why)) where.left.manifests.push_back({repository, one.manifest.digest});
    co_return why;
  }
  const blob content = *one.blob.ours;
  const failure why =
      co_await push_blob(who, one.name, content, one.blob.digest, upload_method::post_put, 0);
  if (may_stand(why)) where.left.blobs.push_back({repository, content});
  co_return why;
}

// --- What is there already ------------------------------------------------------------------

/// Reads a foreign blob once, checks its digest, and keeps what it holds.
task<failure> learn(session& who, const std::string& repository, stored_blob& one) {
  auto kept = std::make_shared<kept_bytes>(most_kept_bytes);
  call get;
  get.target = one.target;
  get.repository = repository;
  get.follows = true;
  get.digest = one.digest;
  get.what.use = body_use::learn;
  get.what.algorithm = algorithm_of(one.digest);
  get.what.learned = kept.get();
  const answer got = co_await who.perform(get);
  if (!got.good()) co_return got.why;
  kept->close();
  one.size = got.got->received_bytes;
  if (!kept->is_too_large()) one.kept = std::move(kept);
  co_return failure::none;
}

stored_blob part_of(const std::string& repository, const oci::descriptor& one) {
  return {blob_target(repository, one.digest.str()), one.digest.str(), one.size, {}, {}};
}

/// GET of a document that is known by its digest alone.
task<result<stored_manifest>> fetch_manifest(session& who, std::string repository,
                                             std::string digest) {
  const std::string target = manifest_target(repository, digest);
  const std::string fields = fmt::format("Accept: {}, {}, {}, {}\r\n", index_type, manifest_type,
                                         docker_list_type, docker_manifest_type);
  call get;
  get.kind = step::get_manifest;
  get.target = target;
  get.repository = repository;
  get.fields = fields;
  get.follows = true;
  get.digest = digest;
  get.what.use = body_use::keep;
  const answer got = co_await who.perform(get);
  if (!got.good()) co_return failed(who, repository + '@' + digest, got.why);
  stored_manifest out{digest, got.got->content_type, got.got->body};
  if (oci::digest_of(algorithm_of(digest), out.text).str() != digest) {
    co_return error::of(repository + '@' + digest + ": the manifest has another digest");
  }
  co_return out;
}

/// An image by the digest of its manifest, or of an index, of which the first is taken.
task<result<void>> find_image(session& who, const existing_content& wanted, stored_image& found) {
  auto top = co_await fetch_manifest(who, wanted.repository, wanted.digest);
  if (!top) co_return top.error();
  auto read = oci::summarize(top->text, top->media_type);
  if (read && read->is_index) {
    if (read->references.empty()) co_return error::of(wanted.digest + ": an empty index");
    const std::string first = read->references.front().digest.str();
    found.index = std::move(*top);
    top = co_await fetch_manifest(who, wanted.repository, first);
    if (!top) co_return top.error();
    read = oci::summarize(top->text, top->media_type);
  }
  if (!read) co_return read.error();
  found.manifest = std::move(*top);
  for (const auto& one : read->references) {
    found.parts.push_back(part_of(wanted.repository, one));
  }
  co_return result<void>();
}

task<result<void>> find_one(session& who, const existing_content& wanted, stored_image& found) {
  found.repository = wanted.repository;
  stored_blob one{blob_target(wanted.repository, wanted.digest), wanted.digest, 0, {}, {}};
  const std::optional<std::uint64_t> unknown;
  const answer got =
      co_await head_blob(who, wanted.repository, one.target, one.digest, unknown, true);
  if (!got.good()) co_return failed(who, wanted.repository + '@' + wanted.digest, got.why);
  bool sizes_are_known = true;
  if (got.status == 200) {
    sizes_are_known = got.got->content_length.has_value();
    one.size = got.got->content_length.value_or(0);
    found.parts.push_back(std::move(one));
  } else {
    const auto image = co_await find_image(who, wanted, found);
    if (!image) co_return image;
  }
  if (who.at().verify != verify_mode::full && sizes_are_known) co_return result<void>();
  for (stored_blob& part : found.parts) {
    const failure why = co_await learn(who, wanted.repository, part);
    if (why != failure::none) co_return failed(who, "GET " + part.target, why);
  }
  co_return result<void>();
}

// --- Taking back ----------------------------------------------------------------------------

/// What is to be deleted, one after the other; a registry that refuses once is not asked again.
struct removal {
  std::string what;
  step kind;
  std::vector<std::pair<std::string, std::string>> targets;  ///< Repository and path.
};

task<void> remove_all(session& who, const removal& these, std::vector<std::string>& left) {
  who.at().counts.examples.clear();  // what was refused before says nothing of these
  std::size_t done = 0;
  const auto each = [&](std::size_t i) -> task<failure> {
    const auto& target = these.targets[these.targets.size() - 1 - i];
    const failure why = co_await remove(who, target.first, target.second, these.kind, true);
    if (why == failure::none) ++done;
    co_return why;
  };
  auto all = together(who.loop(), these.targets.size(), at_once, each);
  const failure why = co_await std::move(all);
  if (why == failure::none) co_return;
  left.push_back(
      failed(who, fmt::format("{} {}", these.what, these.targets.size() - done), why).what());
}

}  // namespace

task<result<void>> push_stock(session& who, surroundings& where, stock& made) {
  if (!needs_stock(where.plan)) co_return result<void>();
  made.repositories.resize(where.plan.content.repositories);
  const auto each = [&](std::size_t i) {
    return push_repository(who, where, i, made.repositories[i]);
  };
  auto all = together(who.loop(), made.repositories.size(), at_once, each);
  const failure why = co_await std::move(all);
  if (why != failure::none) {
    co_return failed(who, "the workload's images cannot be pushed", why);
  }
  co_return result<void>();
}

task<result<void>> push_script(session& who, surroundings& where, const script& acts) {
  const auto config = [&](std::size_t i) { return push_empty_config(who, where, i); };
  auto configs = together(who.loop(), acts.repositories.size(), at_once, config);
  failure why = co_await std::move(configs);
  if (why == failure::none) {
    const auto each = [&](std::size_t i) { return push_content(who, where, acts.contents[i]); };
    auto all = together(who.loop(), acts.contents.size(), at_once, each);
    why = co_await std::move(all);
  }
  if (why != failure::none) co_return failed(who, "what the log asks for cannot be pushed", why);
  co_return result<void>();
}

task<result<void>> find_stock(session& who, const std::vector<existing_content>& wanted,
                              stock& found) {
  for (const existing_content& one : wanted) {
    auto& images = found.repositories.emplace_back();
    const auto there = co_await find_one(who, one, images.emplace_back());
    if (!there) co_return there;
  }
  co_return result<void>();
}

task<std::vector<std::string>> take_back(session& who, const std::string& prefix,
                                         const std::vector<const ledger*>& pushed) {
  removal manifests{"manifests left:", step::delete_manifest, {}};
  removal blobs{"blobs left:", step::delete_blob, {}};
  content_source& content = who.at().machine.content;
  for (const ledger* one : pushed) {
    for (const auto& text : one->manifests) {
      const std::string name = repository_name(prefix, text.repository);
      manifests.targets.emplace_back(name, manifest_target(name, text.digest));
    }
    for (const auto& text : one->texts) {
      const std::string name = repository_name(prefix, text.repository);
      blobs.targets.emplace_back(name, blob_target(name, text.digest));
    }
    for (const auto& pushed_blob : one->blobs) {
      const std::string name = repository_name(prefix, pushed_blob.repository);
      const std::string digest = content.digest(pushed_blob.content).str();
      blobs.targets.emplace_back(name, blob_target(name, digest));
    }
  }
  std::vector<std::string> left;
  co_await remove_all(who, manifests, left);
  co_await remove_all(who, blobs, left);
  co_return left;
}

}  // namespace plimsoll::load
