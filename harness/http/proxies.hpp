#pragma once

#include <optional>
#include <string>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/proxy.hpp"
#include "plimsoll/http/url.hpp"

namespace plimsoll::http {

/// Which hosts are reached over which proxy.
class proxies {
 public:
  /// The error says which URL cannot be used, without the login in it.
  [[nodiscard]] static result<proxies> make(const proxy_options& options);

  /// Null where the target is reached directly.
  [[nodiscard]] const proxy* find(const url& target) const;

 private:
  std::optional<proxy> http_;
  std::optional<proxy> https_;
  std::string no_proxy_;
};

}  // namespace plimsoll::http
