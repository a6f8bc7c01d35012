#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/system/error_code.hpp>

#include "connection.hpp"
#include "content_decoder.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"

namespace plimsoll::http {

/// A Beast body that hands each piece on and keeps none.
struct piece_body {
  /// Returns false where no more is wanted.
  using value_type = std::function<bool(std::string_view piece)>;

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>& /*head*/, value_type& take)
        : take_(take) {}

    void init(const boost::optional<std::uint64_t>& /*size*/, boost::system::error_code& code) {
      code = {};
    }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::system::error_code& code) {
      code = {};
      std::size_t taken = 0;
      for (const auto piece : boost::beast::buffers_range_ref(buffers)) {
        const std::string_view text(static_cast<const char*>(piece.data()), piece.size());
        if (!take_(text)) code = boost::beast::http::error::body_limit;
        if (code) return taken;
        taken += text.size();
      }
      return taken;
    }

    void finish(boost::system::error_code& code) { code = {}; }

   private:
    value_type& take_;
  };
};

/// Reads one response, bounded, and tells what is wrong with it.
class response_reader {
 public:
  struct outcome {
    http::response response;
    std::string error;
    boost::system::error_code code;  ///< Of the connection, where that ended it.
    bool reusable = false;
  };

  /// @param begun what came already
  response_reader(connection& over, const client_options& options, bool no_body,
                  const body_sink& sink, boost::beast::flat_buffer begun);

  [[nodiscard]] boost::asio::awaitable<outcome> read();

  /// Adds what comes behind the response to its body, until the connection is closed, the limit
  /// of a body is reached or nothing comes for a second.
  [[nodiscard]] boost::asio::awaitable<void> read_behind(outcome& made);

 private:
  using parser = boost::beast::http::response_parser<piece_body>;

  boost::asio::awaitable<bool> read_head();
  boost::asio::awaitable<bool> read_body();
  boost::asio::awaitable<bool> more(std::string_view phase, std::chrono::milliseconds limit);
  void start_parser();
  bool parse();
  bool take(std::string_view piece);
  void prepare_decoder();
  bool decode_body();
  std::string not_so_coded() const;
  bool accept_head();
  void look_for_tls();
  bool at_end();
  bool fail(const std::string& reason);

  connection& over_;
  const client_options& options_;
  bool no_body_;
  const body_sink& sink_;
  boost::beast::flat_buffer buffer_;
  std::optional<parser> parser_;
  outcome made_;
  bool wants_more_ = true;
  bool answers_in_tls_ = false;
  bool to_sink_ = false;
  std::unique_ptr<content_decoder> decoder_;  ///< Null where the body has no content coding.
};

}  // namespace plimsoll::http
