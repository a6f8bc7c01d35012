#pragma once

#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/certificate/certificate.hpp"

namespace plimsoll::certificates {

/// What a statement was read as.
struct read_statement {
  certificate what;
  std::string wrong;      ///< The place and what was expected there; empty where it is whole.
  bool is_newer = false;  ///< It is in a form that this program does not know.
};

/// Reads foreign JSON. Members that are not known are passed over, as in-toto wants it.
[[nodiscard]] read_statement parse_statement(std::string_view json);

}  // namespace plimsoll::certificates
