#pragma once

#include <string>

#include "plimsoll/base/random.hpp"

namespace plimsoll::reference {

/// A UUID of version 4 (RFC 9562, 5.4), as distribution-spec 1.1.1, "POST then PUT", has
/// the location of an upload contain one.
[[nodiscard]] inline std::string new_session_id(seeded_bytes& from) {
  std::string id = from.hex(32);
  id[12] = '4';
  id[16] = "89ab"[from.next() & 3U];
  for (const std::size_t at : {8U, 13U, 18U, 23U}) id.insert(at, 1, '-');
  return id;
}

}  // namespace plimsoll::reference
