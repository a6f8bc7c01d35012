#include "replay_plan.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

#include "manifest_builder.hpp"

namespace plimsoll::load {
namespace {

/// What a log does not tell the size of: HEAD has no body.
constexpr std::uint64_t assumed_bytes = 1024;

bool is_of_manifests(logged_kind kind) {
  using enum logged_kind;
  return kind == manifest_head || kind == manifest_get || kind == manifest_put ||
         kind == manifest_delete || kind == tag_list || kind == referrers_list;
}

/// Of what carries content; no manifest is larger than the spec asks a registry to take.
std::uint64_t bytes_of(const logged_request& request) {
  return is_of_manifests(request.kind) ? std::min(request.body_bytes, largest_manifest_bytes)
                                       : request.body_bytes;
}

bool asks_for_content(const logged_request& request) {
  using enum logged_kind;
  const bool pushes =
      request.kind == blob_put || request.kind == manifest_put || request.kind == upload_start;
  return !pushes && !request.absent && request.kind != catalogue_list;
}

class replay_plan_writer {
 public:
  void take(const logged_request& request) {
    const std::uint64_t repository = repository_of(request.repository);
    open_uploads& uploads = uploads_[repository];
    if (request.kind == logged_kind::upload_part) {
      // A part of an upload that began before the log did has nowhere to go.
      if (!uploads.posts.empty()) ++uploads.parts;
      return;
    }
    if (request.kind == logged_kind::blob_put && !uploads.posts.empty()) {
      close_upload(uploads, request);
      return;
    }
    replayed_request planned;
    planned.kind = request.kind;
    planned.repository = repository;
    planned.bytes = request.body_bytes > 0 ? bytes_of(request) : assumed_bytes;
    planned.absent = request.absent;
    if (asks_for_content(request)) planned.content = content_for(request, repository);
    if (request.kind == logged_kind::upload_start) uploads.posts.push_back(out_.requests.size());
    out_.requests.push_back(planned);
    out_.start_times.push_back(request.offset);
  }

  replay_plan finish() {
    for (replayed_request& request : out_.requests) {
      const auto operation =
          std::find(out_.operations.begin(), out_.operations.end(), request.kind);
      request.operation = static_cast<std::size_t>(operation - out_.operations.begin());
      if (operation == out_.operations.end()) out_.operations.push_back(request.kind);
    }
    for (replayed_content& item : out_.contents) {
      if (item.bytes == 0) item.bytes = assumed_bytes;
    }
    out_.repositories.resize(repositories_.size());
    return std::move(out_);
  }

 private:
  struct open_uploads {
    std::deque<std::size_t> posts;  ///< Among the requests, the oldest first.
    std::uint64_t parts = 0;
  };

  std::uint64_t repository_of(const std::string& name) {
    return repositories_.emplace(name, repositories_.size()).first->second;
  }

  /// The oldest open upload of the repository is the one that ends, with its share of the parts.
  void close_upload(open_uploads& uploads, const logged_request& end) {
    replayed_request& request = out_.requests[uploads.posts.front()];
    request.kind = logged_kind::blob_put;
    request.bytes = end.body_bytes > 0 ? end.body_bytes : assumed_bytes;
    request.parts = (uploads.parts + uploads.posts.size() - 1) / uploads.posts.size();
    request.opened = true;
    uploads.parts -= request.parts;
    uploads.posts.pop_front();
  }

  std::size_t content_for(const logged_request& request, std::uint64_t repository) {
    using enum logged_kind;
    // What is mounted comes from elsewhere: the log does not say whence.
    const std::uint64_t repository_index =
        request.kind == blob_mount ? repository_of("") : repository;
    const bool removed = request.kind == manifest_delete || request.kind == blob_delete;
    const std::string reference =
        removed ? "deleted " + std::to_string(out_.requests.size()) : request.reference;
    const bool manifest = is_of_manifests(request.kind);
    const auto [entry, fresh] =
        known_.emplace(std::tuple(repository_index, manifest, reference), out_.contents.size());
    if (fresh) {
      replayed_content& item = out_.contents.emplace_back();
      item.is_manifest = manifest;
      item.repository = repository_index;
    }
    std::uint64_t& bytes = out_.contents[entry->second].bytes;
    if (request.kind == blob_get || request.kind == manifest_get) {
      bytes = std::max(bytes, bytes_of(request));
    }
    return entry->second;
  }

  replay_plan out_;
  std::map<std::string, std::uint64_t> repositories_;
  std::map<std::tuple<std::uint64_t, bool, std::string>, std::size_t> known_;
  std::map<std::uint64_t, open_uploads> uploads_;
};

}  // namespace

replay_plan make_replay_plan(const replay& log) {
  replay_plan_writer writer;
  for (const logged_request& request : log.requests) writer.take(request);
  return writer.finish();
}

double prepared_bytes(const replay_plan& plan) noexcept {
  double sum = 0;
  for (const replayed_content& item : plan.contents) sum += static_cast<double>(item.bytes);
  return sum;
}

double held_bytes(const replay_plan& plan) noexcept {
  double sum = 0;
  for (const replayed_content& item : plan.contents) {
    if (item.is_manifest) sum += static_cast<double>(item.bytes);
  }
  return sum;
}

}  // namespace plimsoll::load
