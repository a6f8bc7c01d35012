#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/catalogue/ids.hpp"
#include "plimsoll/http/message.hpp"

namespace plimsoll {

/// "http://host:port" of a URL; empty where it is a path alone, or no URL.
[[nodiscard]] std::string origin_of(std::string_view target);

/// The rule about the Location of this answer; nothing where the spec asks for none.
[[nodiscard]] std::optional<requirement_id> location_rule(const http::request& asked,
                                                          const http::exchange& answer);

/// The rule about the Link with rel=next of this answer; nothing where the spec has none.
[[nodiscard]] std::optional<requirement_id> link_rule(const http::request& asked);

/// The rule about the status that has to be at the end of this request's redirects.
[[nodiscard]] std::optional<requirement_id> redirect_rule(std::string_view method,
                                                          std::string_view url);

}  // namespace plimsoll
