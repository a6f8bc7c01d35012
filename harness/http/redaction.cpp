#include "plimsoll/http/redaction.hpp"

#include <algorithm>
#include <array>

#include "plimsoll/base/text.hpp"

namespace plimsoll::http {
namespace {

/// In lower case and without separators, so that X-Api-Key, api_key and apiKey are one name.
std::string squashed(std::string_view name) {
  std::string out = to_lower(name);
  std::erase_if(out, [](char c) { return c == '-' || c == '_' || c == '.' || c == ' '; });
  return out;
}

template <std::size_t N>
bool is_in(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Whether a squashed name means a secret wherever it stands.
bool means_secret(std::string_view name) {
  constexpr std::array<std::string_view, 13> parts{
      "token",     "signature", "password",   "passwd",    "secret",        "credential", "apikey",
      "accesskey", "accessid",  "privatekey", "sessionid", "authorization", "passphrase"};
  constexpr std::array<std::string_view, 6> whole{"auth",   "jwt",       "pwd",
                                                  "cookie", "setcookie", "assertion"};
  return is_in(whole, name) || std::any_of(parts.begin(), parts.end(), [name](auto part) {
           return name.find(part) != std::string_view::npos;
         });
}

bool is_secret_field(std::string_view name) {
  const std::string plain = squashed(name);
  return means_secret(plain) || plain.ends_with("auth") || plain.ends_with("key") ||
         plain.ends_with("cookie") || plain.ends_with("session");
}

/// Short names that authorize in signed URLs and in OAuth2 forms; elsewhere, in a registry's
/// error document above all, they mean other things.
bool is_secret_parameter(std::string_view encoded) {
  const std::string plain = squashed(percent_decode(encoded).value_or(std::string(encoded)));
  constexpr std::array<std::string_view, 9> whole{"sig", "policy", "code",  "hmac",   "verify",
                                                  "qak", "hdnts",  "hdnea", "session"};
  return means_secret(plain) || is_in(whole, plain) || plain.ends_with("key") ||
         plain.ends_with("keypairid");
}

/// One part between '&'. Some servers part at ';' too, others take it for a piece of the
/// value: what follows a secret goes with it.
std::string redact_parameter(std::string_view part) {
  for (std::size_t at = 0; at < part.size();) {
    const std::size_t end = std::min(part.find(';', at), part.size());
    const std::string_view piece = part.substr(at, end - at);
    const std::size_t equals = piece.find('=');
    if (equals != std::string_view::npos && is_secret_parameter(piece.substr(0, equals))) {
      const std::size_t value = at + equals + 1;
      const std::string_view in_place = value == part.size() ? "" : redacted;
      return std::string(part.substr(0, value)).append(in_place);
    }
    at = end + 1;
  }
  return std::string(part);
}

std::string redact_parameters(std::string_view text) {
  std::string out;
  for (const std::string_view part : split(text, '&')) {
    if (part.data() != text.data()) out += '&';
    out += redact_parameter(part);
  }
  return out;
}

/// The URL up to its query, without userinfo.
std::string without_userinfo(std::string_view head) {
  const std::size_t slashes = head.find("//");
  const bool has_authority =
      slashes == 0 ||
      (slashes != std::string_view::npos && head.find('/') == slashes && head[slashes - 1] == ':');
  if (!has_authority) return std::string(head);
  const std::size_t start = slashes + 2;
  const std::string_view authority = head.substr(start, head.find('/', start) - start);
  const std::size_t at = authority.rfind('@');
  const std::size_t skipped = at == std::string_view::npos ? 0 : at + 1;
  return std::string(head.substr(0, start)).append(head.substr(start + skipped));
}

/// The URLs between '<' and '>' redacted; one that does not end reaches to the end.
std::string redact_link(std::string_view value) {
  std::string out;
  while (!value.empty()) {
    const std::size_t open = std::min(value.find('<'), value.size());
    out += value.substr(0, open);
    value.remove_prefix(open);
    const std::size_t close = std::min(value.find('>'), value.size());
    out += redact_url(value.substr(0, close));
    value.remove_prefix(close);
    if (value.empty()) break;
    out += '>';
    value.remove_prefix(1);
  }
  return out;
}

/// Which of the two schemes it was may be known; anything else may be the secret itself.
std::string redact_authorization(std::string_view value) {
  for (const std::string_view scheme : {"Basic ", "Bearer "}) {
    if (equal_ignoring_case(value.substr(0, scheme.size()), scheme)) {
      return std::string(value.substr(0, scheme.size())).append(redacted);
    }
  }
  return std::string(redacted);
}

std::string redact_field(std::string_view name, std::string_view value) {
  const std::string small = to_lower(name);
  if (small == "authorization" || small == "proxy-authorization")
    return redact_authorization(value);
  if (is_secret_field(name)) return std::string(redacted);
  if (small == "location" || small == "content-location" || small == "referer") {
    return redact_url(value);
  }
  return small == "link" ? redact_link(value) : std::string(value);
}

constexpr std::string_view json_space = " \t\r\n";

std::size_t skip_space(std::string_view json, std::size_t at) noexcept {
  return std::min(json.find_first_not_of(json_space, at), json.size());
}

/// Where the string that starts at `at` with a quote has ended, or where the text does.
std::size_t skip_string(std::string_view json, std::size_t at) noexcept {
  for (++at; at < json.size(); ++at) {
    if (json[at] == '\\') {
      ++at;
    } else if (json[at] == '"') {
      return at + 1;
    }
  }
  return json.size();
}

/// How much deeper the JSON after `c` is than before it.
int deeper_by(char c) noexcept {
  if (c == '{' || c == '[') return 1;
  return c == '}' || c == ']' ? -1 : 0;
}

/// Where the value that starts at `at` has ended, with all that is in it.
std::size_t skip_value(std::string_view json, std::size_t at) noexcept {
  int depth = 0;
  while (at < json.size()) {
    const char c = json[at];
    const int step = deeper_by(c);
    if (depth == 0 && (step < 0 || c == ',')) return at;
    depth += step;
    at = c == '"' ? skip_string(json, at) : at + 1;
    if (depth == 0 && (step < 0 || c == '"')) return at;
  }
  return at;
}

bool is_secret_member(std::string_view quoted) {
  // An escape can spell any name, so it is not trusted to be a harmless one.
  return quoted.find('\\') != std::string_view::npos ||
         means_secret(squashed(quoted.substr(1, quoted.size() - 2)));
}

/// Goes by strings and colons alone, so that it works on JSON that is cut or broken, and
/// leaves all else as it was, to the space.
std::string redact_json(std::string_view json) {
  std::string out;
  for (std::size_t at = 0; at < json.size();) {
    if (json[at] != '"') {
      const std::size_t next = std::min(json.find('"', at), json.size());
      out += json.substr(at, next - at);
      at = next;
      continue;
    }
    const std::size_t end = skip_string(json, at);
    const std::size_t colon = skip_space(json, end);
    const bool is_name = colon < json.size() && json[colon] == ':';
    const std::size_t value = is_name ? skip_space(json, colon + 1) : end;
    out += json.substr(at, value - at);
    const bool hide = is_name && is_secret_member(json.substr(at, end - at));
    at = value;
    if (!hide || value == json.size()) continue;
    at = skip_value(json, value);
    const std::string_view found = json.substr(value, at - value);
    const bool harmless = found == "\"\"" || found.starts_with("null");
    out += harmless ? std::string(found) : std::string("\"").append(redacted).append("\"");
  }
  return out;
}

/// At most `limit` bytes, and no half of a UTF-8 sequence at the end.
std::string_view cut(std::string_view text, std::size_t limit) noexcept {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && limit - end < 3 && (static_cast<unsigned char>(text[end]) & 0xc0u) == 0x80u) {
    --end;
  }
  return text.substr(0, end);
}

bool is_text(std::string_view bytes) noexcept {
  const auto binary = [](char c) {
    return static_cast<unsigned char>(c) < 0x20u && c != '\t' && c != '\n' && c != '\r';
  };
  return std::none_of(bytes.begin(), bytes.end(), binary) && is_utf8(bytes);
}

}  // namespace

header_fields redact(const header_fields& fields) {
  header_fields out;
  for (const auto& [name, value] : fields.fields()) out.add(name, redact_field(name, value));
  return out;
}

std::string redact_url(std::string_view url) {
  const std::size_t query = std::min(url.find_first_of("?#"), url.size());
  std::string out = without_userinfo(url.substr(0, query));
  for (std::string_view rest = url.substr(query); !rest.empty();) {
    const std::size_t next = std::min(rest.find_first_of("?#", 1), rest.size());
    out.append(1, rest.front()).append(redact_parameters(rest.substr(1, next - 1)));
    rest.remove_prefix(next);
  }
  return out;
}

std::string redact_body(std::string_view body, std::string_view content_type, std::size_t limit) {
  // Cut first: the cost is bounded by the limit, and a secret that is cut is still one.
  const std::string_view kept = cut(body, limit);
  if (!is_text(kept)) return {};
  const std::string_view type = trim(content_type.substr(0, content_type.find(';')));
  const bool form = equal_ignoring_case(type, "application/x-www-form-urlencoded");
  const std::string out = form ? redact_parameters(kept) : redact_json(kept);
  return std::string(cut(out, limit));
}

}  // namespace plimsoll::http
