#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/http/message.hpp"

/// What an operator's policy refuses. Such an answer breaks no rule of the spec: who may push, how
/// much, and to which repositories is outside of it.
namespace plimsoll {

/// What a policy is about.
enum class policy : std::uint8_t {
  access,       ///< Who may push, and what.
  quota,        ///< How much may be pushed.
  names,        ///< Which repositories there may be.
  tag_changes,  ///< Whether a tag may move to another manifest.
};

/// An answer by which a policy refused a request.
struct refusal {
  policy by = policy::access;
  std::string words;  ///< "403 DENIED: nobody pushes here": bounded, fit for a terminal.

  friend bool operator==(const refusal&, const refusal&) = default;
};

/// What a request asks a registry to do, as far as policies tell requests apart.
enum class request_kind : std::uint8_t {
  read,          ///< GET, HEAD, or no request of the API.
  open_upload,   ///< POST that only opens a session (end-4a, end-4c).
  blob_content,  ///< Single POST, PATCH or PUT of an upload (end-4b, end-5, end-6).
  mount,         ///< end-11
  put_manifest,  ///< end-7
  remove,        ///< DELETE of anything.
};

/// A request that was sent, and what is known about the tag that it names.
struct sent_request {
  request_kind kind = request_kind::read;
  std::uint64_t body_bytes = 0;
  /// Whether it pushes a manifest under a tag that is of another manifest already.
  bool moves_tag = false;
  /// Whether the registry has refused to move a tag before, and took that manifest by its digest.
  bool tags_are_fixed = false;
};

/// @param target path and query, or an absolute URL
[[nodiscard]] request_kind kind_of(std::string_view method, std::string_view target);

/// The repository that a path of the API names; empty where it names none.
/// @param target path and query, or an absolute URL
[[nodiscard]] std::string repository_in(std::string_view target);

/// The reference behind /manifests/ in a path of the API; empty where there is none.
[[nodiscard]] std::string reference_in(std::string_view target);

/// Whether a policy refused the request, by the status and the error document (distribution-spec,
/// "Error Codes"; RFC 9110, 15.5.4, 15.5.10, 15.5.14; RFC 4918, 11.3 and 11.5). A refusal has a
/// status that is no claim about the content: a valid manifest that is called invalid, or a 5XX, is
/// none. Deletions are left to those who judge them: the spec has statuses for them.
[[nodiscard]] std::optional<refusal> refusal_of(const sent_request& request,
                                                const http::response& answer);

/// The status, the first error's code and its message, or the beginning of a body in plain text.
[[nodiscard]] std::string words_of(const http::response& answer);

/// Whether the answer calls the repository's name unknown or not allowed.
[[nodiscard]] bool refuses_name(const http::response& answer);

/// The refusal as a reason, with the flags that help. Two refusals in the same words give the same
/// text, so that reports name the cause once.
[[nodiscard]] std::string reason_of(const refusal& refused);

/// The policies that a registry showed before the scenarios of a run.
struct registry_policies {
  std::optional<refusal> pushes;       ///< Set: nothing can be pushed.
  std::optional<refusal> tag_changes;  ///< Set: a tag stays with its first manifest.
  /// How many components a repository's name may have at most, 1 or 2; 0: no limit was seen.
  std::size_t name_components = 0;
  std::optional<refusal> names;  ///< How a longer name was refused.
};

}  // namespace plimsoll
