#pragma once

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace plimsoll::testing {

/// A certificate and its key, made for one test.
class certificate {
 public:
  struct wish {
    std::string name = "plimsoll test";
    std::string alternative_names;           ///< As OpenSSL writes them: "IP:127.0.0.1,DNS:r.test".
    bool authority = false;                  ///< May sign others.
    std::chrono::seconds valid_from{-3600};  ///< From now.
    std::chrono::seconds valid_until{3600};
  };

  /// Signed with its own key.
  explicit certificate(const wish& wanted) : certificate(wanted, nullptr) {}
  certificate(const wish& wanted, const certificate& issuer) : certificate(wanted, &issuer) {}

  [[nodiscard]] std::string pem() const {
    return written([this](BIO* to) { return PEM_write_bio_X509(to, made_.get()); });
  }
  [[nodiscard]] std::string key_pem() const {
    return written([this](BIO* to) {
      return PEM_write_bio_PrivateKey(to, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

 private:
  template <auto Free>
  struct freed_by {
    template <class T>
    void operator()(T* what) const {
      Free(what);
    }
  };
  using x509 = std::unique_ptr<X509, freed_by<X509_free>>;
  using key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

  certificate(const wish& wanted, const certificate* issuer)
      : key_(EVP_EC_gen("P-256")), made_(X509_new()) {  // NOLINT(*-cstyle-cast)
    X509* const made = made_.get();
    X509_set_version(made, X509_VERSION_3);
    static long serial = 0;
    ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made), wanted.valid_from.count());
    X509_gmtime_adj(X509_getm_notAfter(made), wanted.valid_until.count());
    X509_set_pubkey(made, key_.get());
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC,
                               // NOLINTNEXTLINE(*-reinterpret-cast): OpenSSL's own type of text.
                               reinterpret_cast<const unsigned char*>(wanted.name.c_str()), -1, -1,
                               0);
    const X509* const by = issuer == nullptr ? made : issuer->made_.get();
    X509_set_issuer_name(made, X509_get_subject_name(by));
    if (wanted.authority) add(NID_basic_constraints, "critical,CA:TRUE");
    if (!wanted.alternative_names.empty()) add(NID_subject_alt_name, wanted.alternative_names);
    EVP_PKEY* const with = issuer == nullptr ? key_.get() : issuer->key_.get();
    if (X509_sign(made, with, EVP_sha256()) == 0) throw std::runtime_error("X509_sign");
  }

  void add(int kind, const std::string& value) {
    X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no such extension: " + value);
    X509_add_ext(made_.get(), extension, -1);
    X509_EXTENSION_free(extension);
  }

  template <class Write>
  static std::string written(Write write) {
    const std::unique_ptr<BIO, freed_by<BIO_free>> memory(BIO_new(BIO_s_mem()));
    if (write(memory.get()) == 0) throw std::runtime_error("PEM_write_bio");
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);  // NOLINT(*-cstyle-cast)
    return {text, static_cast<std::size_t>(size)};
  }

  key key_;
  x509 made_;
};

/// What a server shakes hands with.
inline std::shared_ptr<boost::asio::ssl::context> server_with(const certificate& own) {
  auto made = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  const std::string pem = own.pem();
  const std::string key = own.key_pem();
  made->use_certificate(boost::asio::buffer(pem), boost::asio::ssl::context::pem);
  made->use_private_key(boost::asio::buffer(key), boost::asio::ssl::context::pem);
  return made;
}

}  // namespace plimsoll::testing
