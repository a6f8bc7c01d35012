#include <charconv>
#include <exception>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "storage/directory.hpp"
#include "storage/files.hpp"

namespace plimsoll::reference {
namespace {

namespace fs = std::filesystem;

/// The id and the acknowledged size that the name of an upload's file has.
std::optional<std::pair<std::string, std::uint64_t>> parts_of(const std::string& name) {
  const auto dot = name.find('.');
  if (dot == std::string::npos) return std::nullopt;
  std::uint64_t size = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, ec] = std::from_chars(name.data() + dot + 1, end, size);
  if (ec != std::errc() || stop != end) return std::nullopt;
  return std::pair(name.substr(0, dot), size);
}

/// Completes an entry by what its manifest says; false where its file is not there. Throws
/// where the bytes are not those of the digest.
bool read_subject(const std::string& folder, const oci::digest& digest, layout_index::entry& entry,
                  std::vector<oci::descriptor>& children) {
  const auto path = folder + path_of_blob(digest);
  const auto bytes = read_file(path);
  if (!bytes) return false;
  if (oci::digest_of(oci::hash_algorithm_of(digest.algorithm()).value(), *bytes) != digest) {
    throw std::runtime_error(path + " does not have the digest of its name");
  }
  const auto summary = oci::summarize(*bytes, entry.media_type);
  if (!summary) return true;  // of a media type that is not the specs'
  if (summary->subject) entry.subject = summary->subject->digest.str();
  if (summary->is_index) children = summary->references;
  return true;
}

}  // namespace

/// An index that other tools wrote lists no manifests but those with a name: the ones that
/// are listed in those are found through them. Each of those is a blob too, as it may have been
/// pushed as one. Where the store wrote an entry down, it has all manifests already, and what
/// that one lists beside them are blobs.
void directory_store::load_index(repository& into) {
  const auto path = into.folder + "/index.json";
  const auto json = read_file(path);
  if (!json) throw std::runtime_error(path + " is not there");
  auto parsed = parse_layout_index(*json);
  if (!parsed) throw std::runtime_error(path + ": " + parsed.error().what());
  std::vector<oci::digest> left;
  for (const auto& one : parsed->manifests) left.push_back(one.first);
  while (!left.empty()) {
    const auto digest = std::move(left.back());
    left.pop_back();
    std::vector<oci::descriptor> children;
    auto& entry = parsed->manifests.at(digest);
    if (!read_subject(into.folder, digest, entry, children)) {
      throw std::runtime_error(path + " lists " + digest.str() + ", which is not there");
    }
    if (!entry.is_of_others) continue;
    for (const auto& child : children) {
      if (!child.digest.is_registered() || parsed->manifests.contains(child.digest)) continue;
      if (!open_file::open(into.folder + path_of_blob(child.digest), O_RDONLY)) continue;
      layout_index::entry found;
      found.media_type = child.media_type;
      found.size = child.size;
      found.is_blob_too = true;
      found.is_of_others = true;
      parsed->manifests.emplace(child.digest, std::move(found));
      left.push_back(child.digest);
    }
  }
  into.index = std::make_shared<const layout_index>(std::move(*parsed));
}

void directory_store::load_uploads(repository& into) {
  const auto folder = into.folder + "/_uploads";
  std::vector<std::string> names;
  for (const auto& one : fs::directory_iterator(folder)) {
    names.push_back(one.path().filename().string());
  }
  for (const auto& name : names) {
    const auto parts = parts_of(name);
    if (!parts) {
      // What was being written when the process died, and was not acknowledged.
      static_cast<void>(remove_file(fmt::format("{}/{}", folder, name)));
      continue;
    }
    into.uploads[parts->first] =
        std::make_shared<file_session>(folder, parts->first, parts->second);
  }
}

/// Loads the repository of a folder, where it is one's, and those below it.
void directory_store::load(const std::string& folder, const std::string& name) {
  const bool is_layout = fs::exists(folder + "/oci-layout");
  const bool has_uploads = fs::exists(folder + "/_uploads");
  if (!name.empty() && (is_layout || has_uploads)) {
    auto made = std::make_unique<repository>();
    made->folder = folder;
    if (is_layout) load_index(*made);
    if (has_uploads) load_uploads(*made);
    repositories_[name] = std::move(made);
  }
  for (const auto& one : fs::directory_iterator(folder)) {
    const auto component = one.path().filename().string();
    if (!one.is_directory() || component == "blobs" || component.front() == '_') continue;
    load(one.path().string(),
         name.empty() ? component_of(component) : name + '/' + component_of(component));
  }
}

result<std::unique_ptr<directory_store>> directory_store::open(const fs::path& root,
                                                               std::uint64_t seed) {
  try {
    const auto path = fs::absolute(root).lexically_normal().string();
    std::unique_ptr<directory_store> made(new directory_store(path, seed));
    make_folder(path);
    made->lock_ = open_file::open(path + "/_lock", O_RDWR | O_CREAT);
    if (::flock(made->lock_.descriptor(), LOCK_EX | LOCK_NB) != 0) {
      return error::of(fmt::format("store {}: another process has it open", root.string()));
    }
    made->load(path, "");
    return made;
  } catch (const std::exception& why) {
    return error::of(fmt::format("store {}: {}", root.string(), printable(why.what(), 1000)));
  }
}

}  // namespace plimsoll::reference
