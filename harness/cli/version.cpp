#include "version.hpp"

namespace plimsoll::cli {

std::string_view version() noexcept {
  return PLIMSOLL_VERSION;
}

}  // namespace plimsoll::cli
