#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/certificate/key.hpp"

namespace plimsoll::certificates {

/// One signature of an envelope.
struct signature {
  std::string key_id;  ///< A hint at the key, which nothing authenticates; may be empty.
  std::string bytes;
  friend bool operator==(const signature&, const signature&) = default;
};

/// A signed document: DSSE 1.0's envelope, whose parts are kept in base64 in its JSON form.
struct envelope {
  std::string payload_type;
  std::string payload;
  std::vector<signature> signatures;
  friend bool operator==(const envelope&, const envelope&) = default;
};

/// What is signed: DSSE 1.0, "Signature Definition", PAE.
[[nodiscard]] std::string pre_authentication_encoding(std::string_view payload_type,
                                                      std::string_view payload);

/// The payload with one signature.
[[nodiscard]] result<envelope> sign(std::string payload_type, std::string payload,
                                    const private_key& key);

/// Whether one of the signatures is that of the key. A signature with another key's id is not
/// tried.
[[nodiscard]] result<void> verify(const envelope& signed_document, const public_key& key);

/// One line of JSON.
[[nodiscard]] std::string to_json(const envelope& one);

/// Reads foreign JSON. The standard and the URL-safe alphabet of base64 are both taken, but in
/// one form each, with padding. A member that is not known is refused: nothing in a certificate
/// can be altered unnoticed.
[[nodiscard]] result<envelope> parse_envelope(std::string_view json);

}  // namespace plimsoll::certificates
