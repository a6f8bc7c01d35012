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
std::uint64_t bytes_of(const logged_request& one) {
  return is_of_manifests(one.kind) ? std::min(one.body_bytes, largest_manifest_bytes)
                                   : one.body_bytes;
}

bool asks_for_content(const logged_request& one) {
  using enum logged_kind;
  const bool pushes = one.kind == blob_put || one.kind == manifest_put || one.kind == upload_start;
  return !pushes && !one.absent && one.kind != catalogue_list;
}

class script_writer {
 public:
  void take(const logged_request& one) {
    const std::uint64_t repository = repository_of(one.repository);
    open_uploads& uploads = uploads_[repository];
    if (one.kind == logged_kind::upload_part) {
      // A part of an upload that began before the log did has nowhere to go.
      if (!uploads.posts.empty()) ++uploads.parts;
      return;
    }
    if (one.kind == logged_kind::blob_put && !uploads.posts.empty()) {
      close_upload(uploads, one);
      return;
    }
    replayed_request made;
    made.kind = one.kind;
    made.repository = repository;
    made.bytes = one.body_bytes > 0 ? bytes_of(one) : assumed_bytes;
    made.absent = one.absent;
    if (asks_for_content(one)) made.content = content_for(one, repository);
    if (one.kind == logged_kind::upload_start) uploads.posts.push_back(out_.requests.size());
    out_.requests.push_back(made);
    out_.at.push_back(one.at);
  }

  script finish() {
    for (replayed_request& one : out_.requests) {
      const auto found = std::find(out_.operations.begin(), out_.operations.end(), one.kind);
      one.operation = static_cast<std::size_t>(found - out_.operations.begin());
      if (found == out_.operations.end()) out_.operations.push_back(one.kind);
    }
    for (replayed_content& one : out_.contents) {
      if (one.bytes == 0) one.bytes = assumed_bytes;
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
    replayed_request& made = out_.requests[uploads.posts.front()];
    made.kind = logged_kind::blob_put;
    made.bytes = end.body_bytes > 0 ? end.body_bytes : assumed_bytes;
    made.parts = (uploads.parts + uploads.posts.size() - 1) / uploads.posts.size();
    made.opened = true;
    uploads.parts -= made.parts;
    uploads.posts.pop_front();
  }

  std::size_t content_for(const logged_request& one, std::uint64_t repository) {
    using enum logged_kind;
    // What is mounted comes from elsewhere: the log does not say whence.
    const std::uint64_t place = one.kind == blob_mount ? repository_of("") : repository;
    const bool removed = one.kind == manifest_delete || one.kind == blob_delete;
    const std::string reference =
        removed ? "deleted " + std::to_string(out_.requests.size()) : one.reference;
    const bool manifest = is_of_manifests(one.kind);
    const auto [found, fresh] =
        known_.emplace(std::tuple(place, manifest, reference), out_.contents.size());
    if (fresh) {
      replayed_content& made = out_.contents.emplace_back();
      made.is_manifest = manifest;
      made.repository = place;
    }
    std::uint64_t& bytes = out_.contents[found->second].bytes;
    if (one.kind == blob_get || one.kind == manifest_get) bytes = std::max(bytes, bytes_of(one));
    return found->second;
  }

  script out_;
  std::map<std::string, std::uint64_t> repositories_;
  std::map<std::tuple<std::uint64_t, bool, std::string>, std::size_t> known_;
  std::map<std::uint64_t, open_uploads> uploads_;
};

}  // namespace

script make_script(const replay& log) {
  script_writer writer;
  for (const logged_request& one : log.requests) writer.take(one);
  return writer.finish();
}

double standing_bytes(const script& acts) noexcept {
  double sum = 0;
  for (const replayed_content& one : acts.contents) sum += static_cast<double>(one.bytes);
  return sum;
}

double held_bytes(const script& acts) noexcept {
  double sum = 0;
  for (const replayed_content& one : acts.contents) {
    if (one.is_manifest) sum += static_cast<double>(one.bytes);
  }
  return sum;
}

}  // namespace plimsoll::load
