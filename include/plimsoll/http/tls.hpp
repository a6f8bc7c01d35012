#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"

namespace plimsoll::http {

/// A client's context with the CA file and the certificate of `options`; the error names the
/// file that cannot be used. The system's CAs come with `trust_system`.
[[nodiscard]] result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(
    const tls_options& options);

/// Adds the system's CAs. To read them all takes many times as long as a small exchange, so
/// it waits until there is a handshake.
void trust_system(boost::asio::ssl::context& context);

}  // namespace plimsoll::http
