#include "replay_requests.hpp"

#include "manifest_builder.hpp"
#include "plimsoll/oci/digest.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

/// Serials of what stands, and of what is pushed while the clock runs.
constexpr std::uint64_t standing_serials = std::uint64_t{1} << 62u;
constexpr std::uint64_t pushed_serials = std::uint64_t{1} << 61u;
constexpr unsigned page = 100;

upload_method method_of(const replayed_request& one) {
  if (one.parts > 0) return upload_method::chunked;
  return one.opened ? upload_method::post_put : upload_method::single_post;
}

blob pushed_blob(const replayed_request& one, std::uint64_t index) {
  return {one.bytes, pushed_serials + index};
}

task<failure> push_replayed_blob(session& who, surroundings& where, const std::string& repository,
                                 const replayed_request& one, std::uint64_t index) {
  const blob content = pushed_blob(one, index);
  const std::uint64_t part = one.parts == 0 ? one.bytes : (one.bytes + one.parts - 1) / one.parts;
  const failure why =
      co_await push_blob(who, repository, content, one.digest, method_of(one), part);
  if (may_stand(why)) {
    where.left.blobs.push_back({static_cast<std::uint32_t>(one.repository), content});
  }
  co_return why;
}

task<failure> push_replayed_manifest(session& who, surroundings& where,
                                     const std::string& repository, const replayed_request& one,
                                     std::uint64_t index) {
  const stored_manifest made = make_padded_manifest(one.bytes, pushed_serials + index);
  const std::string tag = "p" + std::to_string(index);
  const failure why = co_await put_manifest(who, repository, tag, made);
  if (may_stand(why)) {
    where.left.manifests.push_back({static_cast<std::uint32_t>(one.repository), made.digest});
  }
  co_return why;
}

task<failure> head_replayed_blob(session& who, const replayed_content& on) {
  const answer got =
      co_await head_blob(who, on.name, on.blob.target, on.blob.digest, on.blob.size, false);
  co_return got.why;
}

task<failure> head_absent_blob(session& who, const std::string& repository, std::uint64_t index) {
  const std::string digest = oci::digest_of(repository + " has no " + std::to_string(index)).str();
  const std::string target = blob_target(repository, digest);
  const std::optional<std::uint64_t> unknown;
  const answer got = co_await head_blob(who, repository, target, digest, unknown, true);
  co_return got.why;
}

task<failure> head_absent_manifest(session& who, const std::string& repository,
                                   std::uint64_t index) {
  const std::string tag = "absent" + std::to_string(index);
  co_return co_await head_manifest(who, repository, tag, nullptr, true);
}

/// A request that names what stands.
task<failure> replay_on(session& who, const std::string& repository, logged_kind kind,
                        const replayed_content& on) {
  using enum logged_kind;
  switch (kind) {
    case manifest_head:
      return head_manifest(who, on.name, on.tag, &on.manifest, false);
    case manifest_get:
      return get_manifest(who, on.name, on.tag, step::get_manifest, &on.manifest);
    case manifest_delete:
      return remove(who, on.name, on.target, step::delete_manifest, false);
    case blob_head:
      return head_replayed_blob(who, on);
    case blob_delete:
      return remove(who, on.name, on.blob.target, step::delete_blob, false);
    case blob_mount:
      return mount_blob(who, repository, on.name, on.blob.digest);
    case tag_list:
      return list_tags(who, repository, page);
    case referrers_list:
      return list_referrers(who, repository, on.manifest.digest);
    default:
      return get_blob(who, on.name, on.blob, step::get_blob);
  }
}

}  // namespace

void fill_script(script& acts, const std::string& prefix, content_source& content) {
  // Hashed here, not while the clock runs: a digest takes time for the first blob of its size.
  for (std::size_t i = 0; i < acts.requests.size(); ++i) {
    replayed_request& one = acts.requests[i];
    if (one.kind == logged_kind::blob_put) one.digest = content.digest(pushed_blob(one, i)).str();
  }
  for (std::size_t i = 0; i < acts.repositories.size(); ++i) {
    acts.repositories[i] = repository_name(prefix, i);
  }
  for (std::size_t i = 0; i < acts.contents.size(); ++i) {
    replayed_content& one = acts.contents[i];
    one.name = acts.repositories[one.repository];
    if (one.is_manifest) {
      one.manifest = make_padded_manifest(one.bytes, standing_serials + i);
      one.tag = "s" + std::to_string(i);
      one.target = manifest_target(one.name, one.manifest.digest);
      continue;
    }
    const blob ours{one.bytes, standing_serials + i};
    const std::string digest = content.digest(ours).str();
    one.blob = {blob_target(one.name, digest), digest, ours.size, ours, {}};
  }
}

task<failure> replay_one(session& who, surroundings& where, const script& acts,
                         std::uint64_t index) {
  using enum logged_kind;
  const replayed_request& one = acts.requests[index];
  const std::string& repository = acts.repositories[one.repository];
  switch (one.kind) {
    case catalogue_list:
      return list_repositories(who, page);
    case upload_start:
      return open_upload(who, repository);
    case manifest_put:
      return push_replayed_manifest(who, where, repository, one, index);
    case blob_put:
      return push_replayed_blob(who, where, repository, one, index);
    default:
      break;
  }
  if (!one.absent) return replay_on(who, repository, one.kind, acts.contents[one.content]);
  if (one.kind == blob_head) return head_absent_blob(who, repository, index);
  return head_absent_manifest(who, repository, index);
}

}  // namespace plimsoll::load
