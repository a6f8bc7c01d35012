#pragma once

#include <memory>

#include <boost/asio/ssl/context.hpp>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"

namespace plimsoll::http {

/// A client's context with the CAs and the certificate of `options`; the error names the
/// file that cannot be used.
[[nodiscard]] result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(
    const tls_options& options);

}  // namespace plimsoll::http
