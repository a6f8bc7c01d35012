#include "plimsoll/http/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::http {
namespace {

bool is_letter(char c) noexcept {
  return to_lower(c) >= 'a' && to_lower(c) <= 'z';
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_one_of(char c, std::string_view set) noexcept {
  return set.find(c) != std::string_view::npos;
}

/// The text for a message: what could be a password or a signature is left out.
std::string shown(std::string_view text) {
  text = text.substr(0, text.find_first_of("?#"));
  const std::size_t at = text.rfind('@');
  return printable(at == std::string_view::npos ? text : text.substr(at + 1));
}

error bad_url(std::string_view text, std::string_view why) {
  return error::of(fmt::format("URL {}: {}", shown(text), why));
}

/// Characters that would end a request line or a header field early.
bool breaks_a_line(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20u || byte == 0x7fu;
  });
}

bool is_host_name(std::string_view host) noexcept {
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
    return is_letter(c) || is_digit(c) || is_one_of(c, "-._~%!$&'()*+,;=");
  });
}

bool is_ipv6_shaped(std::string_view host) noexcept {
  return host.size() >= 2 && host.size() <= 45 && is_one_of(':', host) &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f') || is_one_of(c, ":.");
         });
}

/// The port without leading zeros; nothing where it is none.
std::optional<std::string> read_port(std::string_view digits) {
  unsigned port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, failed] = std::from_chars(digits.data(), end, port);
  if (failed != std::errc{} || stop != end || port == 0 || port > 65535) return std::nullopt;
  return std::to_string(port);
}

std::string_view scheme_port(bool tls) noexcept {
  return tls ? "443" : "80";
}

/// Reads `[userinfo@]host[:port]` into `out`; the reason why it is none, or "".
std::string_view read_authority(std::string_view authority, url& out) {
  const std::size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    out.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const bool bracketed = authority.starts_with('[');
  const std::size_t end = bracketed ? authority.find(']') : authority.find(':');
  if (bracketed && end == std::string_view::npos) return "no ']' behind the IPv6 address";
  const std::string_view host = authority.substr(0, end).substr(bracketed ? 1 : 0);
  if (bracketed ? !is_ipv6_shaped(host) : !is_host_name(host)) return "no valid host";
  out.host = to_lower(host);

  std::string_view rest = end == std::string_view::npos ? "" : authority.substr(end);
  if (bracketed) rest.remove_prefix(1);
  out.port = scheme_port(out.tls);
  if (rest.empty() || rest == ":") return "";
  const auto port = rest.front() == ':' ? read_port(rest.substr(1)) : std::nullopt;
  if (!port) return "the port is no number from 1 to 65535";
  out.port = *port;
  return "";
}

/// RFC 3986, 3.1: whether the text names a scheme, and so is no relative reference.
bool has_scheme(std::string_view text) noexcept {
  const std::size_t end = text.find_first_of(":/?#");
  if (end == std::string_view::npos || text[end] != ':' || !is_letter(text.front())) return false;
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return is_letter(c) || is_digit(c) || is_one_of(c, "+-."); });
}

std::string_view path_of(std::string_view target) noexcept {
  return target.substr(0, target.find('?'));
}

std::string_view query_of(std::string_view target) noexcept {
  return target.substr(path_of(target).size());
}

/// RFC 3986, 5.2.4, for a path that starts with '/'.
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t next = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, next);
    path.remove_prefix(next);
    const bool up = segment == "/..";
    if (up) out.erase(std::min(out.rfind('/'), out.size()));
    if (!up && segment != "/.") {
      out += segment;
    } else if (path.empty()) {
      out += '/';
    }
  }
  return out;
}

std::string normalized(std::string_view target) {
  return without_dot_segments(path_of(target)).append(query_of(target));
}

std::string with_brackets(const std::string& host) {
  return is_one_of(':', host) ? '[' + host + ']' : host;
}

}  // namespace

std::string host_and_port(const std::string& host, const std::string& port) {
  return with_brackets(host).append(1, ':').append(port);
}

std::string url::host_field() const {
  return port == scheme_port(tls) ? with_brackets(host) : host_and_port(host, port);
}

std::string url::origin() const {
  return (tls ? "https://" : "http://") + host_field();
}

result<url> parse_url(std::string_view text) {
  if (breaks_a_line(text)) return bad_url(text, "holds a space or a control character");
  const std::size_t colon = std::min(text.find("://"), text.size());
  const std::string scheme = to_lower(text.substr(0, colon));
  if (colon == text.size() || (scheme != "http" && scheme != "https")) {
    return bad_url(text, "starts with neither http:// nor https://");
  }
  url out;
  out.tls = scheme == "https";
  std::string_view rest = text.substr(colon + 3);
  rest = rest.substr(0, rest.find('#'));
  const std::size_t authority = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view wrong = read_authority(rest.substr(0, authority), out);
  if (!wrong.empty()) return bad_url(text, wrong);
  rest.remove_prefix(authority);
  out.target = rest.starts_with('/') ? "" : "/";
  out.target += rest;
  return out;
}

result<url> resolve(const url& base, std::string_view target) {
  if (breaks_a_line(target)) return bad_url(target, "holds a space or a control character");
  if (has_scheme(target) || target.starts_with("//")) {
    const std::string_view inherited = has_scheme(target) ? "" : base.tls ? "https:" : "http:";
    result<url> out = parse_url(std::string(inherited).append(target));
    if (out) out->target = normalized(out->target);
    return out;
  }
  target = target.substr(0, target.find('#'));
  url out = base;
  if (target.starts_with('/')) {
    out.target = normalized(target);
  } else if (target.starts_with('?')) {
    out.target = std::string(path_of(base.target)).append(target);
  } else if (!target.empty()) {
    const std::string_view path = path_of(base.target);
    out.target = normalized(std::string(path.substr(0, path.rfind('/') + 1)).append(target));
  }
  return out;
}

std::string with_query(std::string_view target, std::string_view name, std::string_view value) {
  const std::size_t end = std::min(target.find('#'), target.size());
  std::string out(target.substr(0, end));
  if (out.find('?') == std::string::npos) {
    out += '?';
  } else if (out.back() != '?' && out.back() != '&') {
    out += '&';
  }
  // RFC 3986's query characters but for '&', '=', '+' and ';', which servers give a meaning.
  constexpr std::string_view plain = "!$'()*,:@/?";
  out.append(percent_encode(name, plain)).append(1, '=').append(percent_encode(value, plain));
  return out.append(target.substr(end));
}

}  // namespace plimsoll::http
