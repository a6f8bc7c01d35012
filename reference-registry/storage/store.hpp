#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/random.hpp"
#include "plimsoll/oci/digest.hpp"

namespace plimsoll::reference {

/// Bytes that are kept; shared, so that a response sends them without a copy, also
/// where they are deleted meanwhile.
using content = std::shared_ptr<const std::string>;

struct stored_manifest {
  std::string media_type;  ///< As pushed.
  content bytes;
  std::string subject;  ///< The digest that it refers to; empty where there is none.
};

/// An upload that is not finished.
struct upload_session {
  std::string bytes;
};

/// What the registry keeps, in memory. The service reaches it through these functions
/// only, and one at a time: they do not lock.
class store {
 public:
  explicit store(std::uint64_t seed) : ids_(seed) {}

  /// Whether anything was ever pushed to it.
  [[nodiscard]] bool has_repository(std::string_view repository) const;

  /// Null where the repository has no such blob.
  [[nodiscard]] content blob(std::string_view repository, const oci::digest& digest) const;
  /// The blob from whichever repository has it; null where none does.
  [[nodiscard]] content blob_anywhere(const oci::digest& digest) const;
  void put_blob(std::string_view repository, const oci::digest& digest, content bytes);
  /// Whether there was one.
  [[nodiscard]] bool remove_blob(std::string_view repository, const oci::digest& digest);

  [[nodiscard]] std::optional<stored_manifest> manifest(std::string_view repository,
                                                        const oci::digest& digest) const;
  void put_manifest(std::string_view repository, const oci::digest& digest, stored_manifest made);
  /// Removes its tags with it.
  [[nodiscard]] bool remove_manifest(std::string_view repository, const oci::digest& digest);
  /// The manifests with this subject, in the order of their digests.
  [[nodiscard]] std::vector<std::pair<oci::digest, stored_manifest>> referrers(
      std::string_view repository, const oci::digest& subject) const;

  [[nodiscard]] std::optional<oci::digest> tagged(std::string_view repository,
                                                  std::string_view tag) const;
  void set_tag(std::string_view repository, std::string_view tag, const oci::digest& digest);
  [[nodiscard]] bool remove_tag(std::string_view repository, std::string_view tag);
  /// In ASCII order.
  [[nodiscard]] std::vector<std::string> tags(std::string_view repository) const;

  /// The new session's id.
  [[nodiscard]] std::string open_upload(std::string_view repository);
  /// Null where there is none; valid until the session is closed.
  [[nodiscard]] upload_session* upload(std::string_view repository, std::string_view id);
  void close_upload(std::string_view repository, std::string_view id);

 private:
  struct repository {
    std::map<oci::digest, content> blobs;
    std::map<oci::digest, stored_manifest> manifests;
    std::map<std::string, oci::digest, std::less<>> tags;
    std::map<std::string, upload_session, std::less<>> uploads;
    bool pushed = false;
  };
  [[nodiscard]] const repository* find(std::string_view name) const;
  [[nodiscard]] repository* find(std::string_view name);
  [[nodiscard]] repository& at(std::string_view name);

  std::map<std::string, repository, std::less<>> repositories_;
  seeded_bytes ids_;
};

}  // namespace plimsoll::reference
