#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "plimsoll/base/random.hpp"
#include "storage/file_session.hpp"
#include "storage/layout.hpp"
#include "storage/store.hpp"

namespace plimsoll::reference {

/// Keeps all in a folder, each repository as an image layout (image-spec 1.1.1) that other
/// tools can read; what was acknowledged outlives the process and the machine. Uploads lie in
/// `_uploads` beside the blobs.
///
/// Readers never wait for a writer's disk: they see the index as it was last written. Writers
/// of one repository wait for one another.
class directory_store final : public store {
 public:
  /// Opens the folder, or makes it. The error says what in it is broken, or that another
  /// process has it open.
  /// @param seed decides the sessions' ids
  [[nodiscard]] static result<std::unique_ptr<directory_store>> open(
      const std::filesystem::path& root, std::uint64_t seed);

  [[nodiscard]] std::vector<std::string> repositories() const override;
  [[nodiscard]] bool has_repository(std::string_view name) const override;
  [[nodiscard]] kept_blob blob(std::string_view name, const oci::digest& digest) const override;
  void put_blob(std::string_view name, const oci::digest& digest, content bytes) override;
  [[nodiscard]] bool mount_blob(std::string_view name, const oci::digest& digest,
                                std::string_view from) override;
  [[nodiscard]] bool remove_blob(std::string_view name, const oci::digest& digest) override;
  [[nodiscard]] std::optional<stored_manifest> manifest(std::string_view name,
                                                        const oci::digest& digest) const override;
  void put_manifest(std::string_view name, const oci::digest& digest,
                    stored_manifest made) override;
  [[nodiscard]] bool remove_manifest(std::string_view name, const oci::digest& digest) override;
  [[nodiscard]] std::vector<std::pair<oci::digest, stored_manifest>> referrers(
      std::string_view name, const oci::digest& subject) const override;
  [[nodiscard]] std::optional<oci::digest> tagged(std::string_view name,
                                                  std::string_view tag) const override;
  void set_tag(std::string_view name, std::string_view tag, const oci::digest& digest) override;
  [[nodiscard]] bool remove_tag(std::string_view name, std::string_view tag) override;
  [[nodiscard]] std::vector<std::string> tags(std::string_view name) const override;
  [[nodiscard]] std::string open_upload(std::string_view name,
                                        oci::hash_algorithm algorithm) override;
  [[nodiscard]] std::shared_ptr<upload_session> upload(std::string_view name,
                                                       std::string_view id) const override;
  [[nodiscard]] bool finish_upload(std::string_view name, std::string_view id,
                                   const oci::digest& digest) override;
  void close_upload(std::string_view name, std::string_view id) override;
  [[nodiscard]] store_counts counts() const override;
  [[nodiscard]] std::uint64_t largest_blob_bytes() const noexcept override;

 private:
  using snapshot = std::shared_ptr<const layout_index>;
  struct repository {
    std::string folder;
    std::mutex writing;        ///< Held by who changes the files below `folder`.
    mutable std::mutex guard;  ///< Of what follows; never held while the disk works.
    snapshot index;            ///< Null: nothing was pushed yet.
    std::map<std::string, std::shared_ptr<file_session>, std::less<>> uploads;

    [[nodiscard]] snapshot present() const;
    [[nodiscard]] std::shared_ptr<file_session> session(std::string_view id) const;
    [[nodiscard]] std::shared_ptr<file_session> take_session(std::string_view id);
    [[nodiscard]] std::string temporary() const { return folder + "/_uploads/temporary"; }
    // These expect `writing` to be held.
    void make_layout();
    void replace_index(layout_index next);
    void show_index(layout_index next);
    [[nodiscard]] std::string make_blob_folder(const oci::digest& digest) const;
    void note_blob(const oci::digest& digest);
  };

  explicit directory_store(std::string root, std::uint64_t seed)
      : root_(std::move(root)), ids_(seed) {}

  void load(const std::string& folder, const std::string& name);
  static void load_uploads(repository& into);
  static void load_index(repository& into);

  [[nodiscard]] repository* find(std::string_view name) const;
  [[nodiscard]] repository& at(std::string_view name);
  [[nodiscard]] snapshot index_of(std::string_view name) const;
  [[nodiscard]] std::vector<repository*> all() const;

  std::string root_;
  open_file lock_;
  mutable std::shared_mutex guard_;  ///< Of the two below; never held while the disk works.
  std::map<std::string, std::unique_ptr<repository>, std::less<>> repositories_;
  seeded_bytes ids_;
};

}  // namespace plimsoll::reference
