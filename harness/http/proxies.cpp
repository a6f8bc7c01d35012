#include "proxies.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::http {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

result<std::optional<proxy>> read_proxy(const std::string& text, const char* variable) {
  if (text.empty()) return std::optional<proxy>();
  // As curl has it: one without a scheme is one of HTTP.
  const bool bare = text.find("://") == std::string::npos;
  const auto read = parse_url(bare ? "http://" + text : text);
  if (!read) return error::of(std::string(variable) + ": " + read.error().what());
  if (read->tls) {
    return error::of(std::string(variable) + ": expected http://HOST:PORT, received https://" +
                     read->host_field() + ": a proxy is not spoken to over TLS");
  }
  proxy made;
  made.host = read->host;
  made.port = read->port;
  if (!read->userinfo.empty()) {
    const auto login = percent_decode(read->userinfo);
    if (!login) return error::of(std::string(variable) + ": the login is not percent-encoded");
    const bool has_password = login->find(':') != std::string::npos;
    made.authorization = "Basic " + oci::base64_encode(has_password ? *login : *login + ":");
  }
  return std::optional<proxy>(std::move(made));
}

/// Whether `host`, an address, is in `network`, such as 10.0.0.0/8.
bool is_in(const ip::address& host, const std::string& network) {
  error_code no_network;
  if (host.is_v4()) {
    const auto wide = ip::make_network_v4(network, no_network);
    return !no_network &&
           wide.canonical() == ip::network_v4(host.to_v4(), wide.prefix_length()).canonical();
  }
  const auto wide = ip::make_network_v6(network, no_network);
  return !no_network &&
         wide.canonical() == ip::network_v6(host.to_v6(), wide.prefix_length()).canonical();
}

bool is_below(std::string_view host, std::string_view domain) {
  if (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.empty() || host.size() < domain.size()) return false;
  const std::string_view end = host.substr(host.size() - domain.size());
  const bool whole = host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
  return whole && equal_ignoring_case(end, domain);
}

bool names(std::string_view entry, const std::string& host) {
  error_code no_address;
  const ip::address address = ip::make_address(host, no_address);
  if (no_address) return is_below(host, entry);
  if (entry.find('/') != std::string_view::npos) return is_in(address, std::string(entry));
  if (entry.starts_with('[') && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
  error_code other;
  return ip::make_address(std::string(entry), other) == address && !other;
}

bool is_this_machine(const std::string& host) {
  error_code no_address;
  const ip::address address = ip::make_address(host, no_address);
  return no_address ? is_below(host, "localhost") : address.is_loopback();
}

}  // namespace

std::string proxy::name() const {
  return host_and_port(host, port);
}

result<std::optional<proxy>> proxy_for(const url& target, const proxy_options& options) {
  const auto all = proxies::make(options);
  if (!all) return all.error();
  const proxy* const via = all->find(target);
  return via == nullptr ? std::optional<proxy>() : std::optional<proxy>(*via);
}

proxy_options proxies_in(const std::map<std::string, std::string, std::less<>>& variables) {
  const auto first_of = [&](std::initializer_list<const char*> wanted) {
    for (const char* const name : wanted) {
      const auto found = variables.find(name);
      if (found != variables.end() && !found->second.empty()) return found->second;
    }
    return std::string();
  };
  proxy_options out;
  out.http = first_of({"http_proxy", "all_proxy", "ALL_PROXY"});
  out.https = first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
  out.no_proxy = first_of({"no_proxy", "NO_PROXY"});
  return out;
}

bool goes_around_proxy(const std::string& host, const std::string& no_proxy) {
  if (is_this_machine(host)) return true;
  std::string list = no_proxy;
  std::replace(list.begin(), list.end(), ' ', ',');
  const auto entries = split(list, ',');
  return std::any_of(entries.begin(), entries.end(), [&](std::string_view entry) {
    entry = trim(entry);
    return !entry.empty() && (entry == "*" || names(entry, host));
  });
}

result<proxies> proxies::make(const proxy_options& options) {
  auto http = read_proxy(options.http, "http_proxy");
  if (!http) return http.error();
  auto https = read_proxy(options.https, "https_proxy");
  if (!https) return https.error();
  proxies made;
  made.http_ = std::move(*http);
  made.https_ = std::move(*https);
  made.no_proxy_ = options.no_proxy;
  return made;
}

const proxy* proxies::find(const url& target) const {
  const auto& wanted = target.tls ? https_ : http_;
  if (!wanted || goes_around_proxy(target.host, no_proxy_)) return nullptr;
  return &*wanted;
}

}  // namespace plimsoll::http
