#include "response_reader.hpp"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include <boost/asio/error.hpp>

#include "plimsoll/base/text.hpp"

namespace plimsoll::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr unsigned most_interim_responses = 16;
constexpr char tls_alert = 21;
constexpr std::chrono::milliseconds silence_behind{1000};

}  // namespace

response_reader::response_reader(connection& over, const client_options& options, bool no_body,
                                 const body_sink& sink, beast::flat_buffer begun)
    : over_(over), options_(options), no_body_(no_body), sink_(sink), buffer_(std::move(begun)) {
  look_for_tls();
}

asio::awaitable<response_reader::outcome> response_reader::read() {
  for (unsigned interim = 0;; ++interim) {
    start_parser();
    const bool head = co_await read_head();
    if (!head) co_return std::move(made_);
    const int status = made_.response.status;
    if (status >= 200 || status == 101) break;
    if (interim == most_interim_responses) {
      fail("more than " + std::to_string(most_interim_responses) + " interim responses");
      co_return std::move(made_);
    }
  }
  bool whole = co_await read_body();
  if (whole && decoder_) whole = decode_body();
  made_.reusable =
      whole && parser_->keep_alive() && buffer_.size() == 0 && made_.response.status != 101;
  co_return std::move(made_);
}

asio::awaitable<void> response_reader::read_behind(outcome& made) {
  made.reusable = false;
  for (;;) {
    const auto came = buffer_.data();
    made.response.body.append(static_cast<const char*>(came.data()), came.size());
    made.response.body_size += came.size();
    buffer_.consume(came.size());
    if (made.response.body_size > options_.limits.body_bytes) co_return;
    const auto got = co_await over_.read(buffer_, "read", silence_behind);
    if (got.code) co_return;
  }
}

void response_reader::start_parser() {
  made_.response = {};
  parser_.emplace();
  const std::size_t most = std::numeric_limits<std::uint32_t>::max();
  parser_->header_limit(static_cast<std::uint32_t>(std::min(options_.limits.header_bytes, most)));
  parser_->body_limit(boost::none);
  parser_->skip(no_body_);
  parser_->get().body() = [this](std::string_view piece) { return take(piece); };
}

asio::awaitable<bool> response_reader::read_head() {
  wants_more_ = buffer_.size() == 0;
  bool first = wants_more_;
  while (!parser_->is_header_done()) {
    if (wants_more_ && first) {
      const bool came = co_await more("first byte", options_.timeouts.first_byte);
      if (!came) co_return false;
    } else if (wants_more_) {
      const bool came = co_await more("read", options_.timeouts.idle);
      if (!came) co_return false;
    }
    first = false;
    const bool well = parse();
    if (!well) co_return false;
  }
  co_return accept_head();
}

asio::awaitable<bool> response_reader::read_body() {
  parser_->eager(true);
  wants_more_ = buffer_.size() == 0;
  while (!parser_->is_done()) {
    if (wants_more_) {
      const bool came = co_await more("read", options_.timeouts.idle);
      if (!came) co_return false;
      if (parser_->is_done()) break;
    }
    const bool well = parse();
    if (!well) co_return false;
  }
  co_return true;
}

/// Reads more bytes; at the connection's end, decides whether the response may end there too.
asio::awaitable<bool> response_reader::more(std::string_view phase,
                                            std::chrono::milliseconds limit) {
  const bool first = made_.response.status == 0 && buffer_.size() == 0;
  const auto got = co_await over_.read(buffer_, phase, limit);
  if (first) look_for_tls();
  if (!got.code) co_return true;
  made_.code = got.code;
  made_.error = got.why;
  if (got.code == asio::error::eof) co_return at_end();
  co_return false;
}

/// An alert is what a TLS server says to a plain request (RFC 8446, 5.1).
void response_reader::look_for_tls() {
  if (buffer_.size() == 0) return;
  answers_in_tls_ = *static_cast<const char*>(buffer_.data().data()) == tls_alert;
}

bool response_reader::at_end() {
  if (!parser_->is_header_done()) {
    return fail(parser_->got_some() || buffer_.size() > 0
                    ? "the connection was closed within the response's header"
                    : "the connection was closed without a response");
  }
  boost::system::error_code code;
  parser_->put_eof(code);
  if (!code) return true;
  std::string missing = "the connection was closed after " +
                        std::to_string(made_.response.body_size) + " bytes of the body";
  if (const auto size = parser_->content_length()) missing += " of " + std::to_string(*size);
  return fail(missing);
}

bool response_reader::parse() {
  boost::system::error_code code;
  buffer_.consume(parser_->put(buffer_.data(), code));
  wants_more_ = code == beast::http::error::need_more || buffer_.size() == 0;
  // Beast bounds the header alone, not what stands around the chunks.
  const bool waits = code == beast::http::error::need_more && parser_->is_header_done();
  if (waits && buffer_.size() > options_.limits.header_bytes) {
    return fail("a chunk's extension or the trailer is over the limit of " +
                std::to_string(options_.limits.header_bytes) + " bytes");
  }
  if (!code || code == beast::http::error::need_more) return true;
  if (code == beast::http::error::header_limit) {
    return fail("the header is over the limit of " + std::to_string(options_.limits.header_bytes) +
                " bytes");
  }
  if (code == beast::http::error::body_limit) {
    return fail("the body is over the limit of " + std::to_string(options_.limits.body_bytes) +
                " bytes");
  }
  return fail(code.message());
}

bool response_reader::accept_head() {
  const auto& head = parser_->get();
  const auto status = static_cast<int>(head.result_int());
  if (status < 100 || status > 599) return fail("a status of " + std::to_string(status));
  made_.response.status = status;
  for (const auto& field : head) {
    const auto name = field.name_string();
    const auto value = field.value();
    made_.response.headers.add(std::string(name.data(), name.size()),
                               std::string(value.data(), value.size()));
  }
  to_sink_ = sink_ && status >= 200 && status < 300;
  prepare_decoder();
  return true;
}

/// A part of a representation is a part of its coded bytes (RFC 9110, 14.2), and cannot be decoded.
void response_reader::prepare_decoder() {
  decoder_.reset();
  const int status = made_.response.status;
  const auto codings = made_.response.codings();
  if (no_body_ || codings.empty() || status < 200 || status == 206) return;
  decoder_ = content_decoder::make(codings);
  if (decoder_) return;
  made_.response.coding_error = "the coding is not known here: " + printable(codings);
}

bool response_reader::take(std::string_view piece) {
  auto& response = made_.response;
  response.body_size += piece.size();
  if (to_sink_ && (!decoder_ || !response.coding_error.empty())) {
    sink_(piece);
    return true;
  }
  if (to_sink_) {
    const auto came = decoder_->take(piece, [this](std::string_view decoded) {
      sink_(decoded);
      return true;
    });
    if (came != content_decoder::state::good) response.coding_error = not_so_coded();
    return true;
  }
  if (response.body_size > options_.limits.body_bytes) return false;
  response.body += piece;
  return true;
}

std::string response_reader::not_so_coded() const {
  return "the body is not coded as Content-Encoding says: " + printable(made_.response.codings());
}

/// Once the body is whole: takes its codings off, or says that it has none.
bool response_reader::decode_body() {
  auto& response = made_.response;
  if (response.body_size == 0 || !response.coding_error.empty()) return true;
  auto came = content_decoder::state::good;
  std::string decoded;
  if (!to_sink_) {
    const auto most = options_.limits.body_bytes;
    came = decoder_->take(response.body, [&](std::string_view piece) {
      if (decoded.size() + piece.size() > most) return false;
      decoded += piece;
      return true;
    });
    if (came == content_decoder::state::stopped) {
      return fail("the decoded body is over the limit of " + std::to_string(most) + " bytes");
    }
  }
  const bool good = came == content_decoder::state::good && decoder_->is_complete();
  if (!good) response.coding_error = not_so_coded();
  if (good && !to_sink_) response.body = std::move(decoded);
  return true;
}

bool response_reader::fail(const std::string& reason) {
  const bool in_tls = answers_in_tls_ && made_.response.status == 0;
  made_.error = "read " + over_.to().name() + ": " +
                (in_tls ? "the answer is TLS, to a request without" : reason);
  return false;
}

}  // namespace plimsoll::http
