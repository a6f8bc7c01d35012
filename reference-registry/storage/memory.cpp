#include "storage/store.hpp"

namespace plimsoll::reference {

const store::repository* store::find(std::string_view name) const {
  const auto found = repositories_.find(name);
  return found == repositories_.end() ? nullptr : &found->second;
}

store::repository* store::find(std::string_view name) {
  const auto found = repositories_.find(name);
  return found == repositories_.end() ? nullptr : &found->second;
}

store::repository& store::at(std::string_view name) {
  return repositories_[std::string(name)];
}

bool store::has_repository(std::string_view name) const {
  const auto* in = find(name);
  return in != nullptr && in->pushed;
}

content store::blob(std::string_view name, const oci::digest& digest) const {
  const auto* in = find(name);
  if (in == nullptr) return nullptr;
  const auto found = in->blobs.find(digest);
  return found == in->blobs.end() ? nullptr : found->second;
}

content store::blob_anywhere(const oci::digest& digest) const {
  for (const auto& [name, in] : repositories_) {
    const auto found = in.blobs.find(digest);
    if (found != in.blobs.end()) return found->second;
  }
  return nullptr;
}

void store::put_blob(std::string_view name, const oci::digest& digest, content bytes) {
  auto& in = at(name);
  in.pushed = true;
  in.blobs[digest] = std::move(bytes);
}

bool store::remove_blob(std::string_view name, const oci::digest& digest) {
  auto* in = find(name);
  return in != nullptr && in->blobs.erase(digest) != 0;
}

std::optional<stored_manifest> store::manifest(std::string_view name,
                                               const oci::digest& digest) const {
  const auto* in = find(name);
  if (in == nullptr) return std::nullopt;
  const auto found = in->manifests.find(digest);
  if (found == in->manifests.end()) return std::nullopt;
  return found->second;
}

void store::put_manifest(std::string_view name, const oci::digest& digest, stored_manifest made) {
  auto& in = at(name);
  in.pushed = true;
  in.manifests[digest] = std::move(made);
}

bool store::remove_manifest(std::string_view name, const oci::digest& digest) {
  auto* in = find(name);
  if (in == nullptr || in->manifests.erase(digest) == 0) return false;
  for (auto at = in->tags.begin(); at != in->tags.end();) {
    at = at->second == digest ? in->tags.erase(at) : std::next(at);
  }
  return true;
}

std::vector<std::pair<oci::digest, stored_manifest>> store::referrers(
    std::string_view name, const oci::digest& subject) const {
  std::vector<std::pair<oci::digest, stored_manifest>> list;
  const auto* in = find(name);
  if (in == nullptr) return list;
  for (const auto& one : in->manifests) {
    if (one.second.subject == subject.str()) list.emplace_back(one);
  }
  return list;
}

std::optional<oci::digest> store::tagged(std::string_view name, std::string_view tag) const {
  const auto* in = find(name);
  if (in == nullptr) return std::nullopt;
  const auto found = in->tags.find(tag);
  if (found == in->tags.end()) return std::nullopt;
  return found->second;
}

void store::set_tag(std::string_view name, std::string_view tag, const oci::digest& digest) {
  at(name).tags[std::string(tag)] = digest;
}

bool store::remove_tag(std::string_view name, std::string_view tag) {
  auto* in = find(name);
  return in != nullptr && in->tags.erase(std::string(tag)) != 0;
}

std::vector<std::string> store::tags(std::string_view name) const {
  std::vector<std::string> list;
  const auto* in = find(name);
  if (in == nullptr) return list;
  for (const auto& one : in->tags) list.push_back(one.first);
  return list;
}

std::string store::open_upload(std::string_view name) {
  auto id = ids_.hex(32);
  at(name).uploads[id];
  return id;
}

upload_session* store::upload(std::string_view name, std::string_view id) {
  auto* in = find(name);
  if (in == nullptr) return nullptr;
  const auto found = in->uploads.find(id);
  return found == in->uploads.end() ? nullptr : &found->second;
}

void store::close_upload(std::string_view name, std::string_view id) {
  if (auto* in = find(name); in != nullptr) in->uploads.erase(std::string(id));
}

}  // namespace plimsoll::reference
