#include "plimsoll/http/etag.hpp"

namespace plimsoll::http {

std::string strong_etag(const response& from) {
  const auto tag = from.header("ETag");
  return tag && tag->starts_with('"') ? std::string(*tag) : std::string();
}

}  // namespace plimsoll::http
