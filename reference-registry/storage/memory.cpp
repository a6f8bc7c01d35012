#include "storage/memory.hpp"

#include <mutex>

#include "storage/memory_file.hpp"
#include "storage/session_id.hpp"

namespace plimsoll::reference {

class memory_store::session final : public upload_session {
 public:
  using upload_session::upload_session;

  [[nodiscard]] content take() {
    close();
    return std::make_shared<const std::string>(std::move(bytes_));
  }

 private:
  void write(std::uint64_t /*offset*/, std::string_view piece) override { bytes_ += piece; }
  void sync(std::uint64_t /*size*/) override {}
  void cut(std::uint64_t size) override { bytes_.resize(size); }
  void read(const std::function<void(std::string_view)>& take) override { take(bytes_); }

  std::string bytes_;
};

const memory_store::repository* memory_store::find(std::string_view name) const {
  const auto found = repositories_.find(name);
  return found == repositories_.end() ? nullptr : &found->second;
}

memory_store::repository* memory_store::find(std::string_view name) {
  const auto found = repositories_.find(name);
  return found == repositories_.end() ? nullptr : &found->second;
}

memory_store::repository& memory_store::at(std::string_view name) {
  if (auto* const in = find(name)) return *in;
  return repositories_[std::string(name)];
}

kept_blob memory_store::blob_in(const repository* in, const oci::digest& digest) {
  if (in == nullptr) return {};
  const auto found = in->blobs.find(digest);
  return found == in->blobs.end() ? kept_blob() : found->second;
}

kept_blob memory_store::placed(content bytes) {
  constexpr std::size_t large_bytes = std::size_t{256} * 1024;
  constexpr std::size_t most_files = 256;
  kept_blob made;
  if (how_ == blobs_as::files_where_large && bytes->size() >= large_bytes && *files_ < most_files) {
    if (auto file = memory_file(*bytes)) {
      ++*files_;
      const auto close = [counted = files_](const open_file* one) {
        delete one;  // NOLINT(*-owning-memory): the deleter of a shared_ptr
        --*counted;
      };
      made.file = std::shared_ptr<const open_file>(new open_file(std::move(file)), close);
      return made;
    }
  }
  made.bytes = std::move(bytes);
  return made;
}

std::vector<std::string> memory_store::repositories() const {
  const std::shared_lock lock(guard_);
  std::vector<std::string> list;
  for (const auto& [name, in] : repositories_) {
    if (in.pushed) list.push_back(name);
  }
  return list;
}

bool memory_store::has_repository(std::string_view name) const {
  const std::shared_lock lock(guard_);
  const auto* in = find(name);
  return in != nullptr && in->pushed;
}

kept_blob memory_store::blob(std::string_view name, const oci::digest& digest) const {
  const std::shared_lock lock(guard_);
  return blob_in(find(name), digest);
}

void memory_store::put_blob(std::string_view name, const oci::digest& digest, content bytes) {
  auto made = placed(std::move(bytes));
  const std::unique_lock lock(guard_);
  auto& in = at(name);
  in.pushed = true;
  in.blobs[digest] = std::move(made);
}

bool memory_store::mount_blob(std::string_view name, const oci::digest& digest,
                              std::string_view from) {
  const std::unique_lock lock(guard_);
  kept_blob found = blob_in(find(from), digest);
  if (!found) return false;
  auto& in = at(name);
  in.pushed = true;
  in.blobs[digest] = std::move(found);
  return true;
}

bool memory_store::remove_blob(std::string_view name, const oci::digest& digest) {
  const std::unique_lock lock(guard_);
  auto* in = find(name);
  return in != nullptr && in->blobs.erase(digest) != 0;
}

std::optional<stored_manifest> memory_store::manifest(std::string_view name,
                                                      const oci::digest& digest) const {
  const std::shared_lock lock(guard_);
  const auto* in = find(name);
  if (in == nullptr) return std::nullopt;
  const auto found = in->manifests.find(digest);
  if (found == in->manifests.end()) return std::nullopt;
  return found->second;
}

void memory_store::put_manifest(std::string_view name, const oci::digest& digest,
                                stored_manifest made) {
  const std::unique_lock lock(guard_);
  auto& in = at(name);
  in.pushed = true;
  in.manifests[digest] = std::move(made);
}

bool memory_store::remove_manifest(std::string_view name, const oci::digest& digest) {
  const std::unique_lock lock(guard_);
  auto* in = find(name);
  if (in == nullptr || in->manifests.erase(digest) == 0) return false;
  for (auto at = in->tags.begin(); at != in->tags.end();) {
    at = at->second == digest ? in->tags.erase(at) : std::next(at);
  }
  return true;
}

std::vector<std::pair<oci::digest, stored_manifest>> memory_store::referrers(
    std::string_view name, const oci::digest& subject) const {
  const std::shared_lock lock(guard_);
  std::vector<std::pair<oci::digest, stored_manifest>> list;
  const auto* in = find(name);
  if (in == nullptr) return list;
  for (const auto& one : in->manifests) {
    if (one.second.subject == subject.str()) list.emplace_back(one);
  }
  return list;
}

std::optional<oci::digest> memory_store::tagged(std::string_view name, std::string_view tag) const {
  const std::shared_lock lock(guard_);
  const auto* in = find(name);
  if (in == nullptr) return std::nullopt;
  const auto found = in->tags.find(tag);
  if (found == in->tags.end()) return std::nullopt;
  return found->second;
}

void memory_store::set_tag(std::string_view name, std::string_view tag, const oci::digest& digest) {
  const std::unique_lock lock(guard_);
  at(name).tags[std::string(tag)] = digest;
}

bool memory_store::remove_tag(std::string_view name, std::string_view tag) {
  const std::unique_lock lock(guard_);
  auto* in = find(name);
  return in != nullptr && in->tags.erase(std::string(tag)) != 0;
}

std::vector<std::string> memory_store::tags(std::string_view name) const {
  const std::shared_lock lock(guard_);
  std::vector<std::string> list;
  const auto* in = find(name);
  if (in == nullptr) return list;
  for (const auto& one : in->tags) list.push_back(one.first);
  return list;
}

std::string memory_store::open_upload(std::string_view name, oci::hash_algorithm algorithm) {
  const std::unique_lock lock(guard_);
  auto id = new_session_id(ids_);
  at(name).uploads[id] = std::make_shared<session>(algorithm);
  return id;
}

std::shared_ptr<upload_session> memory_store::upload(std::string_view name,
                                                     std::string_view id) const {
  const std::shared_lock lock(guard_);
  const auto* in = find(name);
  if (in == nullptr) return nullptr;
  const auto found = in->uploads.find(id);
  return found == in->uploads.end() ? nullptr : found->second;
}

bool memory_store::finish_upload(std::string_view name, std::string_view id,
                                 const oci::digest& digest) {
  std::shared_ptr<session> ended;
  {
    const std::unique_lock lock(guard_);
    auto& in = at(name);
    const auto found = in.uploads.find(id);
    if (found == in.uploads.end()) return false;
    ended = std::move(found->second);
    in.uploads.erase(found);
  }
  put_blob(name, digest, ended->take());
  return true;
}

void memory_store::close_upload(std::string_view name, std::string_view id) {
  const std::unique_lock lock(guard_);
  auto& in = at(name);
  const auto found = in.uploads.find(id);
  if (found == in.uploads.end()) return;
  found->second->close();
  in.uploads.erase(found);
}

store_counts memory_store::counts() const {
  const std::shared_lock lock(guard_);
  store_counts sum;
  for (const auto& [name, in] : repositories_) {
    if (in.pushed) ++sum.repositories;
    sum.blobs += in.blobs.size();
    sum.manifests += in.manifests.size();
    sum.tags += in.tags.size();
    sum.open_uploads += in.uploads.size();
  }
  return sum;
}

std::uint64_t memory_store::largest_blob_bytes() const noexcept {
  return std::uint64_t{1} << 30U;
}

}  // namespace plimsoll::reference
