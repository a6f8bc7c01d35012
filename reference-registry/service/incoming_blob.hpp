#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "plimsoll/oci/chunk_range.hpp"
#include "service/service.hpp"

namespace plimsoll::reference {

/// The body of an upload on its way into a session, piece by piece: of a single POST, of a
/// PATCH or of a PUT. What has come is forgotten where it does not end well.
class incoming_blob {
 public:
  /// Judges the head: the response says why the body is not taken.
  /// @param length the announced one; nothing where there is none
  [[nodiscard]] static std::variant<incoming_blob, response> begin(
      const call& at, std::optional<std::uint64_t> length);

  incoming_blob(incoming_blob&&) noexcept = default;
  incoming_blob& operator=(incoming_blob&&) = delete;
  ~incoming_blob();

  /// A response where the body goes beyond what is taken.
  [[nodiscard]] std::optional<response> take(std::string_view piece);
  /// The response to the whole body.
  [[nodiscard]] response finish();

 private:
  incoming_blob(const call& at, upload_hold hold, std::string id)
      : at_(at), hold_(std::move(hold)), id_(std::move(id)) {}

  [[nodiscard]] static std::variant<incoming_blob, response> begin_post(const call& at);
  [[nodiscard]] static std::variant<incoming_blob, response> begin_in_session(const call& at);
  [[nodiscard]] std::optional<response> bad_start();
  [[nodiscard]] std::optional<response> bad_length(std::uint64_t length) const;
  [[nodiscard]] response keep_chunk();
  [[nodiscard]] response make_blob();

  call at_;
  upload_hold hold_;
  std::string id_;
  std::optional<oci::chunk_range> range_;  ///< What Content-Range says.
  std::optional<oci::digest> digest_;      ///< Where the body ends the upload.
};

/// Whether the request's body is a blob or a part of one.
[[nodiscard]] bool has_blob_body(const request& head, const route& where);

/// Where the session stands: Location and, where bytes were received, their range.
void describe_session(const call& at, std::string_view id, std::uint64_t size, response& to);
/// 201 for a blob that the repository has now.
[[nodiscard]] response blob_created(const call& at, const oci::digest& digest);
[[nodiscard]] response unknown_session();

}  // namespace plimsoll::reference
