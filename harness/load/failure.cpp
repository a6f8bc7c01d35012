#include "failure.hpp"

#include <array>

namespace plimsoll::load {

std::string_view to_string(failure kind) noexcept {
  constexpr std::array<std::string_view, failure_kinds> names{"none",
                                                              "dns",
                                                              "connect",
                                                              "tls",
                                                              "auth",
                                                              "429",
                                                              "status",
                                                              "timeout.connect",
                                                              "timeout.first-byte",
                                                              "timeout.idle",
                                                              "timeout.exchange",
                                                              "reset",
                                                              "protocol",
                                                              "short",
                                                              "corrupt",
                                                              "descriptors",
                                                              "unfinished"};
  return names.at(static_cast<std::size_t>(kind));
}

bool may_exist(failure outcome) noexcept {
  switch (outcome) {
    case failure::none:
    case failure::timeout_first_byte:
    case failure::timeout_idle:
    case failure::timeout_exchange:
    case failure::reset:
    case failure::protocol:
    case failure::short_body:
    case failure::corrupt:
    case failure::cut_off:
      return true;
    default:
      return false;
  }
}

}  // namespace plimsoll::load
