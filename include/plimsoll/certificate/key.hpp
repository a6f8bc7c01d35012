#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"

/// Certificates: what a run says of a registry, signed so that anyone can check it offline.
namespace plimsoll::certificates {

/// A key to check signatures with: Ed25519, or ECDSA on P-256 with SHA-256.
class public_key {
 public:
  /// @param pem a SubjectPublicKeyInfo in PEM ("PUBLIC KEY")
  /// @param from how errors call it, a file for example; they never hold a part of the key
  [[nodiscard]] static result<public_key> from_pem(const std::string& pem, const std::string& from);

  /// The SHA-256 of the key's DER form, in hexadecimal.
  [[nodiscard]] const std::string& id() const noexcept { return id_; }

  /// @param signature as `private_key::sign` makes it
  [[nodiscard]] bool verifies(std::string_view bytes, std::string_view signature) const;

 private:
  friend class private_key;
  explicit public_key(std::shared_ptr<void> key);

  std::shared_ptr<void> key_;  ///< OpenSSL's EVP_PKEY, never changed.
  std::string id_;
};

/// A key to sign with, of the same two kinds.
class private_key {
 public:
  /// @param pem a key that no password protects, PKCS #8 or SEC 1 in PEM
  [[nodiscard]] static result<private_key> from_pem(const std::string& pem,
                                                    const std::string& from);

  /// Ed25519: the 64 bytes of RFC 8032; ECDSA: the DER form of r and s.
  [[nodiscard]] result<std::string> sign(std::string_view bytes) const;

  /// Its other half.
  [[nodiscard]] const public_key& verifier() const noexcept { return verifier_; }

 private:
  explicit private_key(std::shared_ptr<void> key);

  std::shared_ptr<void> key_;
  public_key verifier_;
};

}  // namespace plimsoll::certificates
