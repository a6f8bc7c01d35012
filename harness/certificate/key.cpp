#include "plimsoll/certificate/key.hpp"

#include <array>
#include <vector>

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "plimsoll/oci/digest.hpp"

namespace plimsoll::certificates {
namespace {

using bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using digest_context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

EVP_PKEY* of(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

std::shared_ptr<void> held(EVP_PKEY* key) {
  return {key, [](void* what) { EVP_PKEY_free(static_cast<EVP_PKEY*>(what)); }};
}

// NOLINTNEXTLINE(*-reinterpret-cast): OpenSSL's own type of bytes.
const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// The kind that signatures are made with here, or what it is instead.
std::string wrong_kind(const EVP_PKEY* key) {
  const int kind = EVP_PKEY_get_base_id(key);
  if (kind == EVP_PKEY_ED25519) return {};
  if (kind != EVP_PKEY_EC) {
    const char* const name = EVP_PKEY_get0_type_name(key);
    return fmt::format("a key of the kind {}", name == nullptr ? "unknown" : name);
  }
  std::array<char, 64> curve{};
  std::size_t length = 0;
  EVP_PKEY_get_group_name(key, curve.data(), curve.size(), &length);
  const std::string_view name(curve.data(), length);
  return name == "prime256v1" ? std::string() : fmt::format("a key on the curve {}", name);
}

/// What the text is, where it is not the key that was wanted.
std::string kind_of_pem(std::string_view pem) {
  const auto has = [&](std::string_view label) {
    return pem.find(label) != std::string_view::npos;
  };
  if (has("-----BEGIN ENCRYPTED PRIVATE KEY") || has("Proc-Type: 4,ENCRYPTED")) {
    return "a private key that a password protects";
  }
  if (has("PRIVATE KEY-----")) return "a private key";
  if (has("-----BEGIN PUBLIC KEY")) return "a public key";
  if (has("-----BEGIN CERTIFICATE")) return "an X.509 certificate";
  return pem.empty() ? "nothing" : "no PEM";
}

error not_usable(const std::string& from, std::string_view wanted, std::string_view found) {
  return error::of(fmt::format("{}: expected {}, Ed25519 or ECDSA P-256, in PEM; found {}", from,
                               wanted, found));
}

/// Without a terminal nobody can be asked.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*given*/) {
  return -1;
}

using reader = EVP_PKEY*(BIO*, EVP_PKEY**, pem_password_cb*, void*);

result<std::shared_ptr<void>> read(const std::string& pem, const std::string& from, reader* read_as,
                                   std::string_view wanted) {
  const bio memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  const auto key = held(read_as(memory.get(), nullptr, no_password, nullptr));
  if (!key) return not_usable(from, wanted, kind_of_pem(pem));
  const std::string other = wrong_kind(of(key));
  if (!other.empty()) return not_usable(from, wanted, other);
  return key;
}

/// Ed25519 hashes by itself.
const EVP_MD* hash_for(const EVP_PKEY* key) {
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519 ? nullptr : EVP_sha256();
}

}  // namespace

public_key::public_key(std::shared_ptr<void> key) : key_(std::move(key)) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(of(key_), &der);
  // NOLINTNEXTLINE(*-reinterpret-cast): OpenSSL's own type of bytes.
  const std::string_view bytes(reinterpret_cast<char*>(der),
                               size < 0 ? 0 : static_cast<std::size_t>(size));
  id_ = oci::digest_of(bytes).encoded();
  OPENSSL_free(der);
}

result<public_key> public_key::from_pem(const std::string& pem, const std::string& from) {
  auto key = read(pem, from, &PEM_read_bio_PUBKEY, "a public key");
  if (!key) return key.error();
  return public_key(std::move(*key));
}

bool public_key::verifies(std::string_view bytes, std::string_view signature) const {
  const digest_context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_PKEY* const key = of(key_);
  return EVP_DigestVerifyInit(context.get(), nullptr, hash_for(key), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(bytes),
                          bytes.size()) == 1;
}

private_key::private_key(std::shared_ptr<void> key) : key_(std::move(key)), verifier_(key_) {}

result<private_key> private_key::from_pem(const std::string& pem, const std::string& from) {
  auto key = read(pem, from, &PEM_read_bio_PrivateKey, "a private key without a password");
  if (!key) return key.error();
  return private_key(std::move(*key));
}

result<std::string> private_key::sign(std::string_view bytes) const {
  const digest_context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  EVP_PKEY* const key = of(key_);
  std::vector<unsigned char> made(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = made.size();
  if (EVP_DigestSignInit(context.get(), nullptr, hash_for(key), nullptr, key) != 1 ||
      EVP_DigestSign(context.get(), made.data(), &size, bytes_of(bytes), bytes.size()) != 1) {
    return error::of("sign: OpenSSL refuses the key");
  }
  return std::string(made.begin(), made.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace plimsoll::certificates
