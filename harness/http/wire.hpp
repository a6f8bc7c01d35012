#pragma once

#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "connection.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"

namespace plimsoll::http {

/// What goes over a connection as one request.
struct outgoing {
  std::string method;
  std::string target;      ///< As the request line has it.
  header_fields fields;    ///< All of them.
  bool with_body = false;  ///< Whether the request's body goes along.
};

/// What came of it.
struct outcome {
  http::response response;  ///< As far as it came.
  std::string error;        ///< Empty where the response is whole.
  std::uint64_t sent = 0;   ///< Bytes of the body that went out.
  bool reusable = false;    ///< The connection can take another request.
  bool lost = false;        ///< The peer ended the connection before it answered.
  bool cut_short = false;   ///< It did so within the answer.
};

/// Sends `what`, with the body of `message`, over an open connection and reads the response.
[[nodiscard]] boost::asio::awaitable<outcome> transact(connection& over, const outgoing& what,
                                                       const request& message,
                                                       const client_options& options);

}  // namespace plimsoll::http
