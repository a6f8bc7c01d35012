#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <shared_mutex>

#include "plimsoll/base/random.hpp"
#include "storage/store.hpp"

namespace plimsoll::reference {

/// Keeps all in memory; nothing outlives it.
class memory_store final : public store {
 public:
  /// How blobs lie there. A file of the memory is sent without a copy (sendfile), and costs a
  /// descriptor; a string can be read.
  enum class blobs_as : std::uint8_t { strings, files_where_large };

  /// @param seed decides the sessions' ids
  memory_store(std::uint64_t seed, blobs_as how) : how_(how), ids_(seed) {}

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
  class session;
  struct repository {
    std::map<oci::digest, kept_blob> blobs;
    std::map<oci::digest, stored_manifest> manifests;
    std::map<std::string, oci::digest, std::less<>> tags;
    std::map<std::string, std::shared_ptr<session>, std::less<>> uploads;
    bool pushed = false;
  };
  // They expect the lock to be held.
  [[nodiscard]] const repository* find(std::string_view name) const;
  [[nodiscard]] repository* find(std::string_view name);
  [[nodiscard]] repository& at(std::string_view name);
  [[nodiscard]] static kept_blob blob_in(const repository* in, const oci::digest& digest);
  /// The blob as it is to be kept.
  [[nodiscard]] kept_blob placed(content bytes);

  mutable std::shared_mutex guard_;
  std::map<std::string, repository, std::less<>> repositories_;
  blobs_as how_;
  /// Blobs that are files; responses on their way may outlive the store.
  std::shared_ptr<std::atomic<std::size_t>> files_ = std::make_shared<std::atomic<std::size_t>>(0);
  seeded_bytes ids_;
};

}  // namespace plimsoll::reference
