#pragma once

#include <string>

#include "rules/rule.hpp"

/// The steps of pushing a blob, as the rules about them tell them apart.
namespace plimsoll::reference {

/// The POST that opens a session (end-4a, end-4c).
[[nodiscard]] bool is_open(const call& at);
/// The POST that brings a whole blob (end-4b).
[[nodiscard]] bool is_single_post(const call& at);
/// The POST that mounts a blob (end-11).
[[nodiscard]] bool is_mount(const call& at);
/// The PATCH that brings a chunk (end-5).
[[nodiscard]] bool is_chunk(const call& at);
/// The PUT that closes a session (end-6).
[[nodiscard]] bool is_close(const call& at);
/// The PUT that brings a blob whole.
[[nodiscard]] bool is_whole_put(const call& at);
/// The PUT that closes a session of chunks.
[[nodiscard]] bool is_close_of_chunks(const call& at);
/// The GET of a session (end-13).
[[nodiscard]] bool is_status(const call& at);
/// The DELETE of a session (end-14).
[[nodiscard]] bool is_cancel(const call& at);

/// The bytes that the session has; 0 where it is not open.
[[nodiscard]] std::uint64_t session_bytes(const call& at);

/// The request's parameter `digest`, where it is a digest.
[[nodiscard]] std::optional<oci::digest> asked_digest(const call& at);

/// A blob's path that leads nowhere.
[[nodiscard]] std::string absent_blob(const call& at);
/// A session's path that leads nowhere.
[[nodiscard]] std::string absent_session(const call& at);

/// Puts another code into the error document.
void replace_code(response& to, std::string_view code, std::string_view other);

/// Keeps the bytes as the blob with this digest, whatever theirs is.
void keep_blob(const call& at, const oci::digest& digest, std::string bytes);

}  // namespace plimsoll::reference
