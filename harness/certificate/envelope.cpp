#include "plimsoll/certificate/envelope.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "json_members.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::certificates {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// RFC 4648, 5: the alphabet whose last two characters are safe in URLs.
std::optional<std::string> either_base64(std::string text) {
  const bool is_standard = text.find_first_of("+/") != std::string::npos;
  if (!is_standard) {
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
  }
  return oci::base64_decode(text);
}

std::string bytes(members& from, const char* name) {
  auto decoded = either_base64(from.text(name));
  if (!decoded) from.fail(name, "is not base64");
  return decoded.value_or("");
}

error not_read(std::string_view why) {
  return error::of(fmt::format("no signed envelope: {}", why));
}

}  // namespace

std::string pre_authentication_encoding(std::string_view payload_type, std::string_view payload) {
  return fmt::format("DSSEv1 {} {} {} {}", payload_type.size(), payload_type, payload.size(),
                     payload);
}

result<envelope> sign(std::string payload_type, std::string payload, const private_key& key) {
  auto made = key.sign(pre_authentication_encoding(payload_type, payload));
  if (!made) return made.error();
  envelope out;
  out.payload_type = std::move(payload_type);
  out.payload = std::move(payload);
  out.signatures.push_back({key.verifier().id(), std::move(*made)});
  return out;
}

result<void> verify(const envelope& signed_document, const public_key& key) {
  const std::string what =
      pre_authentication_encoding(signed_document.payload_type, signed_document.payload);
  bool tried = false;
  for (const signature& one : signed_document.signatures) {
    if (!one.key_id.empty() && one.key_id != key.id()) continue;
    if (key.verifies(what, one.bytes)) return {};
    tried = true;
  }
  if (tried) {
    return error::of(
        "the signature does not fit: the certificate was altered, or the key is "
        "not the one that signed it");
  }
  std::string signers;
  for (const signature& one : signed_document.signatures) {
    signers += (signers.empty() ? "" : ", ") + printable(one.key_id, 64);
  }
  return error::of(
      fmt::format("no signature is that of the key {}; signed by {}", key.id(), signers));
}

std::string to_json(const envelope& one) {
  ordered_json signatures = ordered_json::array();
  for (const signature& made : one.signatures) {
    ordered_json entry;
    if (!made.key_id.empty()) entry["keyid"] = made.key_id;
    entry["sig"] = oci::base64_encode(made.bytes);
    signatures.push_back(std::move(entry));
  }
  ordered_json out;
  out["payloadType"] = one.payload_type;
  out["payload"] = oci::base64_encode(one.payload);
  out["signatures"] = std::move(signatures);
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

result<envelope> parse_envelope(std::string_view text) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return not_read("it is not JSON, or was cut short");
  std::string wrong;
  members root(document, "", wrong);
  root.allow_only({"payload", "payloadType", "signatures"});
  envelope out;
  out.payload_type = root.text("payloadType");
  out.payload = bytes(root, "payload");
  for (members& one : root.objects("signatures")) {
    one.allow_only({"keyid", "sig"});
    out.signatures.push_back({one.optional_text("keyid"), bytes(one, "sig")});
  }
  if (out.signatures.empty()) root.fail("signatures", "nobody signed it");
  if (!wrong.empty()) return not_read(wrong);
  return out;
}

}  // namespace plimsoll::certificates
