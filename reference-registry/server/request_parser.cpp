#include "server/request_parser.hpp"

namespace plimsoll::reference {
namespace {

constexpr std::uint32_t head_limit_bytes = 32 * 1024;

}  // namespace

request_parser::request_parser() {
  header_limit(head_limit_bytes);
  body_limit(boost::none);
}

boost::beast::error_code request_parser::read(boost::beast::flat_buffer& from) {
  error_code ec;
  while (from.size() != 0 && !is_done()) {
    const bool in_head = !is_header_done();
    from.consume(put(from.data(), ec));
    // The head decides what is to become of the body: the caller looks at it first.
    if (ec || in_head) return ec;
  }
  if (!is_done()) ec = boost::beast::http::error::need_more;
  return ec;
}

std::optional<std::uint64_t> request_parser::announced_length() const {
  const auto length = content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

void request_parser::on_request_impl(boost::beast::http::verb /*method*/, view method_text,
                                     view target, int /*version*/, error_code& /*ec*/) {
  head.method = std::string(method_text);
  head.target = std::string(target);
}

void request_parser::on_response_impl(int /*code*/, view /*reason*/, int /*version*/,
                                      error_code& /*ec*/) {}

void request_parser::on_field_impl(boost::beast::http::field /*name*/, view name_text, view value,
                                   error_code& /*ec*/) {
  // Fields behind a chunked body come too late to mean anything here.
  if (!is_header_done()) head.headers.emplace_back(name_text, value);
}

void request_parser::on_header_impl(error_code& /*ec*/) {}

void request_parser::on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                                       error_code& /*ec*/) {}

std::size_t request_parser::on_body_impl(view piece, error_code& /*ec*/) {
  body_bytes += piece.size();
  if (take && !refused) refused = take(std::string_view(piece.data(), piece.size()));
  return piece.size();
}

void request_parser::on_chunk_header_impl(std::uint64_t /*size*/, view /*extensions*/,
                                          error_code& /*ec*/) {}

std::size_t request_parser::on_chunk_body_impl(std::uint64_t /*remain*/, view piece,
                                               error_code& ec) {
  return on_body_impl(piece, ec);
}

void request_parser::on_finish_impl(error_code& /*ec*/) {}

}  // namespace plimsoll::reference
