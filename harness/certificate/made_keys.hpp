#pragma once

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "plimsoll/certificate/key.hpp"

namespace plimsoll::certificates {

/// A key made for one test, in PEM.
class made_key {
 public:
  static made_key ed25519() { return made_key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
  static made_key p256() { return on_curve("P-256"); }
  // NOLINTNEXTLINE(*-cstyle-cast): OpenSSL writes it
  static made_key on_curve(const char* name) { return made_key(EVP_EC_gen(name)); }
  static made_key rsa() { return made_key(EVP_RSA_gen(2048)); }

  [[nodiscard]] std::string pem() const { return written(nullptr); }
  [[nodiscard]] std::string pem_with_password() const { return written("secret"); }
  [[nodiscard]] std::string public_pem() const {
    const bio to(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PUBKEY(to.get(), key_.get());
    return text_of(to.get());
  }

  [[nodiscard]] private_key signer() const { return private_key::from_pem(pem(), "key").value(); }

 private:
  using bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

  explicit made_key(EVP_PKEY* key) : key_(key, &EVP_PKEY_free) {}

  [[nodiscard]] std::string written(const char* password) const {
    const bio to(BIO_new(BIO_s_mem()), &BIO_free);
    // NOLINTNEXTLINE(*-const-cast): it is only read
    char* const secret = const_cast<char*>(password);
    PEM_write_bio_PKCS8PrivateKey(to.get(), key_.get(),
                                  password == nullptr ? nullptr : EVP_aes_256_cbc(), nullptr, 0,
                                  nullptr, secret);
    return text_of(to.get());
  }

  static std::string text_of(BIO* from) {
    char* text = nullptr;
    const long size = BIO_get_mem_data(from, &text);  // NOLINT(*-cstyle-cast)
    return {text, static_cast<std::size_t>(size)};
  }

  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key_;
};

}  // namespace plimsoll::certificates
