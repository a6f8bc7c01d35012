#include "replay_requests.hpp"

#include "manifest_builder.hpp"
#include "plimsoll/oci/digest.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

/// Serials of content that is pushed before the clock starts, and while it runs.
constexpr std::uint64_t prepared_serials = std::uint64_t{1} << 62u;
constexpr std::uint64_t pushed_serials = std::uint64_t{1} << 61u;
constexpr unsigned page = 100;

upload_method method_of(const replayed_request& request) {
  if (request.parts > 0) return upload_method::chunked;
  return request.opened ? upload_method::post_put : upload_method::single_post;
}

blob pushed_blob(const replayed_request& request, std::uint64_t index) {
  return {request.bytes, pushed_serials + index};
}

task<failure> push_replayed_blob(session& client, operation_context& context,
                                 const std::string& repository, const replayed_request& request,
                                 std::uint64_t index) {
  const blob content = pushed_blob(request, index);
  const std::uint64_t part =
      request.parts == 0 ? request.bytes : (request.bytes + request.parts - 1) / request.parts;
  const failure outcome =
      co_await push_blob(client, repository, content, request.digest, method_of(request), part);
  if (may_exist(outcome)) {
    context.pushed.blobs.push_back({static_cast<std::uint32_t>(request.repository), content});
  }
  co_return outcome;
}

task<failure> push_replayed_manifest(session& client, operation_context& context,
                                     const std::string& repository, const replayed_request& request,
                                     std::uint64_t index) {
  const stored_manifest manifest = make_padded_manifest(request.bytes, pushed_serials + index);
  const std::string tag = "p" + std::to_string(index);
  const failure outcome = co_await put_manifest(client, repository, tag, manifest);
  if (may_exist(outcome)) {
    context.pushed.manifests.push_back(
        {static_cast<std::uint32_t>(request.repository), manifest.digest});
  }
  co_return outcome;
}

task<failure> head_replayed_blob(session& client, const replayed_content& item) {
  const step_answer answer = co_await head_blob(client, item.name, item.blob.target,
                                                item.blob.digest, item.blob.size, false);
  co_return answer.outcome;
}

task<failure> head_absent_blob(session& client, const std::string& repository,
                               std::uint64_t index) {
  const std::string digest = oci::digest_of(repository + " has no " + std::to_string(index)).str();
  const std::string target = blob_target(repository, digest);
  const std::optional<std::uint64_t> unknown;
  const step_answer answer = co_await head_blob(client, repository, target, digest, unknown, true);
  co_return answer.outcome;
}

task<failure> head_absent_manifest(session& client, const std::string& repository,
                                   std::uint64_t index) {
  const std::string tag = "absent" + std::to_string(index);
  co_return co_await head_manifest(client, repository, tag, nullptr, true);
}

/// A request for content that is in the registry.
task<failure> replay_existing(session& client, const std::string& repository, logged_kind kind,
                              const replayed_content& item) {
  using enum logged_kind;
  switch (kind) {
    case manifest_head:
      return head_manifest(client, item.name, item.tag, &item.manifest, false);
    case manifest_get:
      return get_manifest(client, item.name, item.tag, step::get_manifest, &item.manifest);
    case manifest_delete:
      return remove(client, item.name, item.target, step::delete_manifest, false);
    case blob_head:
      return head_replayed_blob(client, item);
    case blob_delete:
      return remove(client, item.name, item.blob.target, step::delete_blob, false);
    case blob_mount:
      return mount_blob(client, repository, item.name, item.blob.digest);
    case tag_list:
      return list_tags(client, repository, page);
    case referrers_list:
      return list_referrers(client, repository, item.manifest.digest);
    default:
      return get_blob(client, item.name, item.blob, step::get_blob);
  }
}

}  // namespace

void fill_replay_plan(replay_plan& plan, const std::string& prefix, content_source& content) {
  // Hashed here, not while the clock runs: a digest takes time for the first blob of its size.
  for (std::size_t i = 0; i < plan.requests.size(); ++i) {
    replayed_request& request = plan.requests[i];
    if (request.kind == logged_kind::blob_put) {
      request.digest = content.digest(pushed_blob(request, i)).str();
    }
  }
  for (std::size_t i = 0; i < plan.repositories.size(); ++i) {
    plan.repositories[i] = repository_name(prefix, i);
  }
  for (std::size_t i = 0; i < plan.contents.size(); ++i) {
    replayed_content& item = plan.contents[i];
    item.name = plan.repositories[item.repository];
    if (item.is_manifest) {
      item.manifest = make_padded_manifest(item.bytes, prepared_serials + i);
      item.tag = "s" + std::to_string(i);
      item.target = manifest_target(item.name, item.manifest.digest);
      continue;
    }
    const blob ours{item.bytes, prepared_serials + i};
    const std::string digest = content.digest(ours).str();
    item.blob = {blob_target(item.name, digest), digest, ours.size, ours, {}};
  }
}

task<failure> replay_request(session& client, operation_context& context, const replay_plan& plan,
                             std::uint64_t index) {
  using enum logged_kind;
  const replayed_request& request = plan.requests[index];
  const std::string& repository = plan.repositories[request.repository];
  switch (request.kind) {
    case catalogue_list:
      return list_repositories(client, page);
    case upload_start:
      return open_upload(client, repository);
    case manifest_put:
      return push_replayed_manifest(client, context, repository, request, index);
    case blob_put:
      return push_replayed_blob(client, context, repository, request, index);
    default:
      break;
  }
  if (!request.absent) {
    return replay_existing(client, repository, request.kind, plan.contents[request.content]);
  }
  if (request.kind == blob_head) return head_absent_blob(client, repository, index);
  return head_absent_manifest(client, repository, index);
}

}  // namespace plimsoll::load
