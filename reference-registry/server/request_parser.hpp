#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

#include "service/message.hpp"

namespace plimsoll::reference {

/// Reads one HTTP/1.1 request from the bytes that it is fed: the head into a `request`, the
/// body piece by piece to whoever takes it.
class request_parser final : public boost::beast::http::basic_parser<true> {
 public:
  request_parser();

  request head;  ///< Without its body.
  /// Gets each piece of the body; without one they are thrown away. What it returns is kept
  /// as `refused`, and it is not called again.
  std::function<std::optional<response>(std::string_view)> take;
  std::optional<response> refused;
  std::uint64_t body_bytes = 0;  ///< That came so far, without the framing of chunks.

  /// Reads on in the buffer, and removes what it has read. An error where the request is
  /// broken; `need_more` where it ends too early.
  [[nodiscard]] boost::beast::error_code read(boost::beast::flat_buffer& from);
  /// The length that the head announces.
  [[nodiscard]] std::optional<std::uint64_t> announced_length() const;

 private:
  using error_code = boost::beast::error_code;
  using view = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb method, view method_text, view target, int version,
                       error_code& ec) override;
  void on_response_impl(int code, view reason, int version, error_code& ec) override;
  void on_field_impl(boost::beast::http::field name, view name_text, view value,
                     error_code& ec) override;
  void on_header_impl(error_code& ec) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& ec) override;
  std::size_t on_body_impl(view piece, error_code& ec) override;
  void on_chunk_header_impl(std::uint64_t size, view extensions, error_code& ec) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, view piece, error_code& ec) override;
  void on_finish_impl(error_code& ec) override;
};

}  // namespace plimsoll::reference
