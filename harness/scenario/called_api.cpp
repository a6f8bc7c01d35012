#include "plimsoll/scenario/called_api.hpp"

#include <string_view>

#include "plimsoll/oci/name.hpp"

namespace plimsoll {

std::string called_api(const recorded_exchange& exchange) {
  constexpr std::string_view part = "/manifests/";
  const std::string_view url = exchange.url;
  const std::string_view path = url.substr(0, url.find('?'));
  const std::size_t at = path.rfind(part);
  const bool is_known =
      exchange.method == "GET" || exchange.method == "HEAD" || exchange.method == "PUT";
  if (exchange.status == 0 || !is_known || at == std::string_view::npos) return {};
  const bool by_tag = oci::is_tag(path.substr(at + part.size()));
  return exchange.method + (by_tag ? " manifest by tag" : " manifest by digest");
}

}  // namespace plimsoll
