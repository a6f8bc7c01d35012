#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/reference_registry/statistics.hpp"
#include "storage/open_file.hpp"
#include "storage/upload_session.hpp"

namespace plimsoll::reference {

/// Bytes that are kept; shared, so that a response sends them without a copy, also
/// where they are deleted meanwhile.
using content = std::shared_ptr<const std::string>;

/// A blob that is kept, in memory or in a file.
struct kept_blob {
  content bytes;                          ///< Null where it is in a file.
  std::shared_ptr<const open_file> file;  ///< Null where it is in memory.

  /// Whether there is one.
  [[nodiscard]] explicit operator bool() const noexcept { return bytes || file; }
};

struct stored_manifest {
  std::string media_type;  ///< As pushed, without parameters.
  content bytes;
  std::string subject;  ///< The digest that it refers to; empty where there is none.
};

/// What the registry keeps. The service reaches it through these functions only, from
/// several threads at once. They throw where the disk fails.
class store {
 public:
  store() = default;
  store(const store&) = delete;
  store& operator=(const store&) = delete;
  virtual ~store() = default;

  /// Those to which anything was ever pushed, in ASCII order.
  [[nodiscard]] virtual std::vector<std::string> repositories() const = 0;
  /// Whether anything was ever pushed to it.
  [[nodiscard]] virtual bool has_repository(std::string_view repository) const = 0;

  /// False where the repository has no such blob.
  [[nodiscard]] virtual kept_blob blob(std::string_view repository,
                                       const oci::digest& digest) const = 0;
  virtual void put_blob(std::string_view repository, const oci::digest& digest, content bytes) = 0;
  /// Gives the repository the blob of another one. Whether it was found there.
  [[nodiscard]] virtual bool mount_blob(std::string_view repository, const oci::digest& digest,
                                        std::string_view from) = 0;
  /// Whether there was one.
  [[nodiscard]] virtual bool remove_blob(std::string_view repository,
                                         const oci::digest& digest) = 0;

  [[nodiscard]] virtual std::optional<stored_manifest> manifest(
      std::string_view repository, const oci::digest& digest) const = 0;
  virtual void put_manifest(std::string_view repository, const oci::digest& digest,
                            stored_manifest made) = 0;
  /// Removes its tags with it.
  [[nodiscard]] virtual bool remove_manifest(std::string_view repository,
                                             const oci::digest& digest) = 0;
  /// The manifests with this subject, in the order of their digests.
  [[nodiscard]] virtual std::vector<std::pair<oci::digest, stored_manifest>> referrers(
      std::string_view repository, const oci::digest& subject) const = 0;

  [[nodiscard]] virtual std::optional<oci::digest> tagged(std::string_view repository,
                                                          std::string_view tag) const = 0;
  virtual void set_tag(std::string_view repository, std::string_view tag,
                       const oci::digest& digest) = 0;
  [[nodiscard]] virtual bool remove_tag(std::string_view repository, std::string_view tag) = 0;
  /// In ASCII order.
  [[nodiscard]] virtual std::vector<std::string> tags(std::string_view repository) const = 0;

  /// The new session's id, a UUID.
  /// @param algorithm what the blob will be named by; another one costs a second reading
  [[nodiscard]] virtual std::string open_upload(std::string_view repository,
                                                oci::hash_algorithm algorithm) = 0;
  /// Null where there is none.
  [[nodiscard]] virtual std::shared_ptr<upload_session> upload(std::string_view repository,
                                                               std::string_view id) const = 0;
  /// Makes what the session received a blob with this digest, and closes the session. False
  /// where it is closed already.
  [[nodiscard]] virtual bool finish_upload(std::string_view repository, std::string_view id,
                                           const oci::digest& digest) = 0;
  /// Throws away what it received. Who calls it has hold of the session.
  virtual void close_upload(std::string_view repository, std::string_view id) = 0;
  [[nodiscard]] virtual store_counts counts() const = 0;
  /// The largest upload that it takes.
  [[nodiscard]] virtual std::uint64_t largest_blob_bytes() const noexcept = 0;
};

}  // namespace plimsoll::reference
