#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "response_head.hpp"

namespace plimsoll::load {

/// Decodes a response's body: RFC 9112, section 6. Gets the received bytes and returns their
/// content.
class body_reader {
 public:
  enum class state : std::uint8_t { more, whole, broken };

  body_reader() = default;
  /// @param has_no_body a response to HEAD, or 1xx, 204 and 304
  body_reader(const response_head& head, bool has_no_body) noexcept;

  [[nodiscard]] state now() const noexcept { return state_; }

  /// Removes the next piece of content from the front of `bytes`; empty where the bytes are used
  /// up, or the body has ended or is broken.
  [[nodiscard]] std::string_view next(std::string_view& bytes) noexcept;

  /// Bytes that are missing, where the body has a length.
  [[nodiscard]] std::optional<std::uint64_t> left() const noexcept;
  /// Notes that `bytes` of a body with a length were discarded elsewhere.
  void skip(std::uint64_t bytes) noexcept;
  /// The connection has ended. True where that is the end of the body.
  [[nodiscard]] bool end_of_input() noexcept;

 private:
  enum class framing : std::uint8_t { length, chunked, until_end };
  enum class place : std::uint8_t { size, extension, size_end, data, data_cr, data_lf, trailer };

  void frame(char c) noexcept;
  void size_digit(char c) noexcept;
  void size_is_known() noexcept;
  void trailer(char c) noexcept;
  void expect(char c, char wanted, place next) noexcept;

  framing framing_ = framing::length;
  state state_ = state::whole;
  place place_ = place::size;
  std::uint64_t left_ = 0;  ///< Of the body, or of the chunk.
  unsigned digits_ = 0;
  unsigned line_ = 0;      ///< Characters of the trailer's line so far, CR not counted.
  unsigned overhead_ = 0;  ///< Characters of extensions and trailers: bounded.
};

}  // namespace plimsoll::load
