#pragma once

#include <cstdint>
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
};

struct response {
  int status = 200;
  header_list headers;
  std::string body;
  content shared;                      ///< Sent instead of `body` where it is not null.
  std::optional<oci::byte_span> part;  ///< The part of `shared` to send; nothing: all of it.

  response& header(std::string name, std::string value);
  /// The bytes to send behind the head.
  [[nodiscard]] std::string_view payload() const noexcept;
};

/// An error document with one entry of the spec's codes. The message may quote the request.
[[nodiscard]] response failure(int status, std::string_view code, std::string_view message);

/// 405, with the methods that the resource has.
[[nodiscard]] response wrong_method(std::string_view allowed);

}  // namespace plimsoll::reference
