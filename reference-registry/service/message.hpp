#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/oci/byte_range.hpp"
#include "storage/store.hpp"

namespace plimsoll::reference {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// A request as the service sees it, whatever carried it.
struct request {
  std::string method;
  std::string target;  ///< Path and query as received.
  header_list headers;
  std::string body;

  /// The first header of that name, case ignored.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const;
  void remove_header(std::string_view name);
};

/// How a response goes on the wire, beside what it says.
struct wire_shape {
  bool chunked = false;           ///< Transfer-Encoding: chunked instead of Content-Length.
  bool lower_case_names = false;  ///< Of the headers.
  bool close = false;             ///< The connection ends behind the response.
  bool no_answer = false;         ///< The connection ends, and nothing is sent.
  bool without_length = false;    ///< No Content-Length; the body ends with the connection.
  bool body_to_head = false;      ///< The body follows the answer to HEAD, too.
  std::optional<std::uint64_t> told_length;  ///< Instead of the true Content-Length, to HEAD.
};

struct response {
  int status = 200;
  header_list headers;
  std::string body;
  content shared;                         ///< Sent instead of `body` where it is not null.
  std::shared_ptr<const open_file> file;  ///< The same; only of the directory store.
  std::optional<oci::byte_span> part;     ///< The part of those to send; nothing: all.
  wire_shape wire;

  response& header(std::string name, std::string value);
  /// The first header of that name, case ignored.
  [[nodiscard]] std::optional<std::string_view> find_header(std::string_view name) const;
  /// Instead of all headers of that name.
  void set_header(std::string name, std::string value);
  void remove_header(std::string_view name);
  /// Sends these bytes instead of those there were; the other headers stay.
  void replace_body(std::string bytes);
  /// The bytes to send behind the head; none where they are in `file`.
  [[nodiscard]] std::string_view payload() const noexcept;
  /// How many bytes to send behind the head.
  [[nodiscard]] std::uint64_t payload_bytes() const;
};

/// An error document with one entry of the spec's codes. The message may quote the request.
[[nodiscard]] response failure(int status, std::string_view code, std::string_view message);

/// 405, with the methods that the resource has.
[[nodiscard]] response wrong_method(std::string_view allowed);

}  // namespace plimsoll::reference
