#include "plimsoll/http/tls.hpp"

#include <string>

namespace plimsoll::http {
namespace {

namespace ssl = boost::asio::ssl;

error cannot_use(const std::string& what, const std::string& file,
                 const boost::system::error_code& why) {
  return error::of(what + " " + file + ": " + why.message());
}

result<void> load_certificate(ssl::context& context, const tls_options& options) {
  if (options.client_certificate.empty() != options.client_key.empty()) {
    return error::of("tls: a client certificate needs its key, and a key its certificate");
  }
  if (options.client_certificate.empty()) return {};
  boost::system::error_code why;
  context.use_certificate_chain_file(options.client_certificate, why);
  if (why) return cannot_use("client certificate", options.client_certificate, why);
  context.use_private_key_file(options.client_key, ssl::context::pem, why);
  if (why) return cannot_use("client key", options.client_key, why);
  return {};
}

}  // namespace

result<std::shared_ptr<ssl::context>> make_tls_context(const tls_options& options) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code why;
  context->set_options(
      ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, why);
  if (why) return error::of("tls: " + why.message());
  if (!options.ca_file.empty()) {
    context->load_verify_file(options.ca_file, why);
    if (why) return cannot_use("CA file", options.ca_file, why);
  }
  const auto certificate = load_certificate(*context, options);
  if (!certificate) return certificate.error();
  context->set_verify_mode(options.insecure ? ssl::verify_none : ssl::verify_peer, why);
  if (why) return error::of("tls: " + why.message());
  return context;
}

void trust_system(ssl::context& context) {
  // A machine without a store of CAs can still use a file of its own or none at all.
  boost::system::error_code no_store;
  context.set_default_verify_paths(no_store);
}

}  // namespace plimsoll::http
