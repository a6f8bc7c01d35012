#include "storage/directory.hpp"

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <limits>

#include <fcntl.h>
#include <unistd.h>

#include "storage/files.hpp"
#include "storage/session_id.hpp"

namespace plimsoll::reference {
namespace {

/// Whether the repository has these bytes as a blob, and not as a manifest alone.
bool may_be_blob(const layout_index& index, const oci::digest& digest) {
  const auto found = index.manifests.find(digest);
  return found == index.manifests.end() || found->second.is_blob_too;
}

std::optional<stored_manifest> read_manifest(const std::string& folder, const oci::digest& digest,
                                             const layout_index::entry& entry) {
  auto bytes = read_file(folder + path_of_blob(digest));
  if (!bytes) return std::nullopt;
  stored_manifest made;
  made.media_type = entry.media_type;
  made.subject = entry.subject;
  made.bytes = std::make_shared<const std::string>(std::move(*bytes));
  return made;
}

/// The files among the blobs, without those that are manifests alone.
std::uint64_t blobs_in(const std::string& folder, const layout_index& index) {
  const auto alone = std::count_if(index.manifests.begin(), index.manifests.end(),
                                   [](const auto& one) { return !one.second.is_blob_too; });
  std::int64_t files = 0;
  for (const auto& algorithm : std::filesystem::directory_iterator(folder + "/blobs")) {
    const std::filesystem::directory_iterator in(algorithm.path());
    files += std::distance(begin(in), end(in));
  }
  // The index may be older than the listing.
  return static_cast<std::uint64_t>(std::max<std::int64_t>(files - alone, 0));
}

}  // namespace

directory_store::snapshot directory_store::repository::present() const {
  const std::lock_guard lock(guard);
  return index;
}

std::shared_ptr<file_session> directory_store::repository::session(std::string_view id) const {
  const std::lock_guard lock(guard);
  const auto found = uploads.find(id);
  return found == uploads.end() ? nullptr : found->second;
}

std::shared_ptr<file_session> directory_store::repository::take_session(std::string_view id) {
  const std::lock_guard lock(guard);
  const auto found = uploads.find(id);
  if (found == uploads.end()) return nullptr;
  auto taken = std::move(found->second);
  uploads.erase(found);
  return taken;
}

/// `oci-layout` comes last: a folder without it has no index that counts. Only then is the index
/// shown, as who sees one takes the layout for whole.
void directory_store::repository::make_layout() {
  if (present()) return;
  make_folder(folder + "/blobs");
  make_folder(folder + "/_uploads");
  replace_file(folder + "/index.json", temporary(), to_json(layout_index()));
  replace_file(folder + "/oci-layout", temporary(), oci_layout_content);
  show_index({});
}

void directory_store::repository::replace_index(layout_index next) {
  replace_file(folder + "/index.json", temporary(), to_json(next));
  show_index(std::move(next));
}

void directory_store::repository::show_index(layout_index next) {
  auto made = std::make_shared<const layout_index>(std::move(next));
  const std::lock_guard lock(guard);
  index = std::move(made);
}

std::string directory_store::repository::make_blob_folder(const oci::digest& digest) const {
  auto made = folder + "/blobs/" + std::string(digest.algorithm());
  make_folder(made);
  return made;
}

/// A blob's file came: where it is a manifest's too, that is written down.
void directory_store::repository::note_blob(const oci::digest& digest) {
  const auto now = present();
  if (may_be_blob(*now, digest)) return;
  auto next = *now;
  next.manifests.at(digest).is_blob_too = true;
  replace_index(std::move(next));
}

directory_store::repository* directory_store::find(std::string_view name) const {
  const std::shared_lock lock(guard_);
  const auto found = repositories_.find(name);
  return found == repositories_.end() ? nullptr : found->second.get();
}

directory_store::repository& directory_store::at(std::string_view name) {
  if (auto* const in = find(name)) return *in;
  const std::unique_lock lock(guard_);
  auto& made = repositories_[std::string(name)];
  if (!made) {
    made = std::make_unique<repository>();
    made->folder = root_ + folder_of(name);
  }
  return *made;
}

std::vector<directory_store::repository*> directory_store::all() const {
  const std::shared_lock lock(guard_);
  std::vector<repository*> list;
  for (const auto& one : repositories_) list.push_back(one.second.get());
  return list;
}

directory_store::snapshot directory_store::index_of(std::string_view name) const {
  const auto* const in = find(name);
  return in == nullptr ? nullptr : in->present();
}

std::vector<std::string> directory_store::repositories() const {
  const std::shared_lock lock(guard_);
  std::vector<std::string> list;
  for (const auto& [name, in] : repositories_) {
    if (in->present()) list.push_back(name);
  }
  return list;
}

bool directory_store::has_repository(std::string_view name) const {
  return index_of(name) != nullptr;
}

kept_blob directory_store::blob(std::string_view name, const oci::digest& digest) const {
  kept_blob found;
  const auto* const in = find(name);
  if (in == nullptr) return found;
  const auto index = in->present();
  if (!index || !may_be_blob(*index, digest)) return found;
  auto file = open_file::open(in->folder + path_of_blob(digest), O_RDONLY);
  if (file) found.file = std::make_shared<const open_file>(std::move(file));
  return found;
}

void directory_store::put_blob(std::string_view name, const oci::digest& digest, content bytes) {
  auto& in = at(name);
  const std::lock_guard lock(in.writing);
  in.make_layout();
  static_cast<void>(in.make_blob_folder(digest));
  replace_file(in.folder + path_of_blob(digest), in.temporary(), *bytes);
  in.note_blob(digest);
}

bool directory_store::mount_blob(std::string_view name, const oci::digest& digest,
                                 std::string_view from) {
  const auto* const source = find(from);
  const auto index = source == nullptr ? nullptr : source->present();
  if (!index || !may_be_blob(*index, digest)) return false;
  const auto path = source->folder + path_of_blob(digest);
  if (::access(path.c_str(), F_OK) != 0) return false;
  auto& in = at(name);
  const std::lock_guard lock(in.writing);
  in.make_layout();
  const auto folder = in.make_blob_folder(digest);
  const auto to = in.folder + path_of_blob(digest);
  if (::link(path.c_str(), to.c_str()) != 0 && errno != EEXIST) {
    if (errno == ENOENT) return false;  // deleted meanwhile
    throw_disk_error("link", path);
  }
  sync_folder(folder);
  in.note_blob(digest);
  return true;
}

bool directory_store::remove_blob(std::string_view name, const oci::digest& digest) {
  auto* const in = find(name);
  if (in == nullptr) return false;
  const std::lock_guard lock(in->writing);
  const auto index = in->present();
  if (!index || !may_be_blob(*index, digest)) return false;
  if (index->manifests.contains(digest)) {
    auto next = *index;
    next.manifests.at(digest).is_blob_too = false;
    in->replace_index(std::move(next));
    return true;
  }
  if (!remove_file(in->folder + path_of_blob(digest))) return false;
  sync_folder(in->folder + "/blobs/" + std::string(digest.algorithm()));
  return true;
}

std::optional<stored_manifest> directory_store::manifest(std::string_view name,
                                                         const oci::digest& digest) const {
  const auto* const in = find(name);
  if (in == nullptr) return std::nullopt;
  const auto index = in->present();
  if (!index) return std::nullopt;
  const auto found = index->manifests.find(digest);
  if (found == index->manifests.end()) return std::nullopt;
  return read_manifest(in->folder, digest, found->second);
}

void directory_store::put_manifest(std::string_view name, const oci::digest& digest,
                                   stored_manifest made) {
  auto& in = at(name);
  const std::lock_guard lock(in.writing);
  in.make_layout();
  auto next = *in.present();
  const auto path = in.folder + path_of_blob(digest);
  const auto known = next.manifests.find(digest);
  layout_index::entry entry;
  entry.media_type = std::move(made.media_type);
  entry.size = made.bytes->size();
  entry.subject = std::move(made.subject);
  if (known != next.manifests.end()) {
    entry.is_blob_too = known->second.is_blob_too;
  } else if (open_file::open(path, O_RDONLY)) {
    entry.is_blob_too = true;
  } else {
    static_cast<void>(in.make_blob_folder(digest));
    replace_file(path, in.temporary(), *made.bytes);
  }
  next.manifests[digest] = std::move(entry);
  in.replace_index(std::move(next));
}

/// The file goes last: an index never lists one that is not there.
bool directory_store::remove_manifest(std::string_view name, const oci::digest& digest) {
  auto* const in = find(name);
  if (in == nullptr) return false;
  const std::lock_guard lock(in->writing);
  const auto index = in->present();
  if (!index || !index->manifests.contains(digest)) return false;
  const bool is_blob_too = index->manifests.at(digest).is_blob_too;
  auto next = *index;
  next.manifests.erase(digest);
  for (auto tag = next.tags.begin(); tag != next.tags.end();) {
    tag = tag->second == digest ? next.tags.erase(tag) : std::next(tag);
  }
  in->replace_index(std::move(next));
  if (!is_blob_too && remove_file(in->folder + path_of_blob(digest))) {
    sync_folder(in->folder + "/blobs/" + std::string(digest.algorithm()));
  }
  return true;
}

std::vector<std::pair<oci::digest, stored_manifest>> directory_store::referrers(
    std::string_view name, const oci::digest& subject) const {
  std::vector<std::pair<oci::digest, stored_manifest>> list;
  const auto* const in = find(name);
  if (in == nullptr) return list;
  const auto index = in->present();
  if (!index) return list;
  for (const auto& [digest, entry] : index->manifests) {
    if (entry.subject != subject.str()) continue;
    if (auto one = read_manifest(in->folder, digest, entry)) {
      list.emplace_back(digest, std::move(*one));
    }
  }
  return list;
}

std::optional<oci::digest> directory_store::tagged(std::string_view name,
                                                   std::string_view tag) const {
  const auto index = index_of(name);
  if (!index) return std::nullopt;
  const auto found = index->tags.find(tag);
  if (found == index->tags.end()) return std::nullopt;
  return found->second;
}

void directory_store::set_tag(std::string_view name, std::string_view tag,
                              const oci::digest& digest) {
  auto& in = at(name);
  const std::lock_guard lock(in.writing);
  in.make_layout();
  auto next = *in.present();
  // Deleted since it was pushed: a tag of nothing is none.
  if (!next.manifests.contains(digest)) return;
  next.tags[std::string(tag)] = digest;
  in.replace_index(std::move(next));
}

bool directory_store::remove_tag(std::string_view name, std::string_view tag) {
  auto* const in = find(name);
  if (in == nullptr) return false;
  const std::lock_guard lock(in->writing);
  const auto index = in->present();
  if (!index) return false;
  auto next = *index;
  if (next.tags.erase(std::string(tag)) == 0) return false;
  in->replace_index(std::move(next));
  return true;
}

std::vector<std::string> directory_store::tags(std::string_view name) const {
  std::vector<std::string> list;
  const auto index = index_of(name);
  if (!index) return list;
  for (const auto& one : index->tags) list.push_back(one.first);
  return list;
}

std::string directory_store::open_upload(std::string_view name, oci::hash_algorithm algorithm) {
  auto& in = at(name);
  std::string id;
  {
    const std::unique_lock lock(guard_);
    id = new_session_id(ids_);
  }
  const auto folder = in.folder + "/_uploads";
  make_folder(folder);
  auto made = std::make_shared<file_session>(folder, id, algorithm);
  const std::lock_guard lock(in.guard);
  in.uploads[id] = std::move(made);
  return id;
}

std::shared_ptr<upload_session> directory_store::upload(std::string_view name,
                                                        std::string_view id) const {
  const auto* const in = find(name);
  return in == nullptr ? nullptr : in->session(id);
}

bool directory_store::finish_upload(std::string_view name, std::string_view id,
                                    const oci::digest& digest) {
  auto& in = at(name);
  const auto session = in.take_session(id);
  if (!session) return false;
  session->sync_received();
  const std::lock_guard lock(in.writing);
  in.make_layout();
  const auto folder = in.make_blob_folder(digest);
  session->move_to(in.folder + path_of_blob(digest));
  sync_folder(folder);
  in.note_blob(digest);
  return true;
}

void directory_store::close_upload(std::string_view name, std::string_view id) {
  auto* const in = find(name);
  if (in == nullptr) return;
  if (const auto session = in->take_session(id)) session->remove();
}

store_counts directory_store::counts() const {
  store_counts sum;
  for (const auto* in : all()) {
    {
      const std::lock_guard lock(in->guard);
      sum.open_uploads += in->uploads.size();
    }
    const auto index = in->present();
    if (!index) continue;
    ++sum.repositories;
    sum.manifests += index->manifests.size();
    sum.tags += index->tags.size();
    sum.blobs += blobs_in(in->folder, *index);
  }
  return sum;
}

std::uint64_t directory_store::largest_blob_bytes() const noexcept {
  return std::numeric_limits<std::int64_t>::max();
}

}  // namespace plimsoll::reference
