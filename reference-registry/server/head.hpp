#pragma once

#include <cstdint>
#include <string>

#include "service/message.hpp"

namespace plimsoll::reference {

/// How a response goes on the wire.
struct reply_shape {
  bool keep_alive = false;
  bool without_body = false;  ///< To HEAD: Content-Length is that of the body left out.
};

/// Status line and headers, with the empty line behind them.
[[nodiscard]] std::string head_of(const response& reply, const reply_shape& shape);

/// The line before a chunk of that many bytes.
[[nodiscard]] std::string chunk_head(std::uint64_t bytes);

[[nodiscard]] bool expects_continue(const request& asked);

}  // namespace plimsoll::reference
