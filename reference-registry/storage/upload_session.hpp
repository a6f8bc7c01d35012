#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "plimsoll/oci/digest.hpp"

namespace plimsoll::reference {

/// An upload that is not finished. A request that writes to it takes hold of it first;
/// what it adds counts once it is kept.
class upload_session {
 public:
  explicit upload_session(oci::hash_algorithm algorithm) : algorithm_(algorithm) {}
  upload_session(const upload_session&) = delete;
  upload_session& operator=(const upload_session&) = delete;
  virtual ~upload_session() = default;

  /// The bytes that were acknowledged.
  [[nodiscard]] std::uint64_t size() const noexcept { return kept_; }
  /// With those that the present request has added.
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }

  /// What the blob will be named by, where nothing was received yet.
  void name_by(oci::hash_algorithm algorithm) noexcept {
    if (received_ == 0) algorithm_ = algorithm;
  }
  void append(std::string_view piece);
  /// Acknowledges what was added: it is there when the process dies.
  void keep();
  /// Forgets what was added since.
  void roll_back();
  /// Nothing is left to roll back, and no request takes hold of it again.
  void close() noexcept {
    kept_ = received_;
    is_closed_ = true;
  }
  /// The digest of all that was received.
  [[nodiscard]] oci::digest digest_by(oci::hash_algorithm algorithm);

  /// Whether a chunk was shorter than the registry allows any but the last to be.
  bool has_short_chunk = false;

 protected:
  /// One that has `size` bytes already.
  upload_session(oci::hash_algorithm algorithm, std::uint64_t size)
      : algorithm_(algorithm), kept_(size), received_(size) {}

 private:
  virtual void write(std::uint64_t offset, std::string_view piece) = 0;
  virtual void sync(std::uint64_t size) = 0;
  virtual void cut(std::uint64_t size) = 0;
  virtual void read(const std::function<void(std::string_view)>& take) = 0;

  oci::hash_algorithm algorithm_;
  std::optional<oci::hasher> hashed_;  ///< Over all that was received; nothing: not known.
  std::atomic<std::uint64_t> kept_ = 0;
  std::uint64_t received_ = 0;
  std::atomic_flag is_held_;
  bool is_closed_ = false;

  friend class upload_hold;
};

/// A request's hold on a session, so that no other one writes to it meanwhile. What was not
/// kept when it ends is rolled back.
class upload_hold {
 public:
  /// Nothing where another request has it.
  [[nodiscard]] static std::optional<upload_hold> take(std::shared_ptr<upload_session> session);

  upload_hold(upload_hold&&) noexcept = default;
  upload_hold& operator=(upload_hold&&) = delete;
  ~upload_hold();

  /// Whether it was not moved away.
  [[nodiscard]] explicit operator bool() const noexcept { return session_ != nullptr; }

  [[nodiscard]] upload_session* operator->() const noexcept { return session_.get(); }

 private:
  explicit upload_hold(std::shared_ptr<upload_session> session) : session_(std::move(session)) {}
  std::shared_ptr<upload_session> session_;
};

}  // namespace plimsoll::reference
