#include "plimsoll/http/message.hpp"

#include <algorithm>

#include "plimsoll/base/text.hpp"

namespace plimsoll::http {

void header_fields::add(std::string name, std::string value) {
  fields_.emplace_back(std::move(name), std::move(value));
}

void header_fields::set(std::string name, std::string value) {
  const auto named = [&name](const field& one) { return equal_ignoring_case(one.first, name); };
  const auto first = std::find_if(fields_.begin(), fields_.end(), named);
  if (first == fields_.end()) {
    add(std::move(name), std::move(value));
    return;
  }
  fields_.erase(std::remove_if(first + 1, fields_.end(), named), fields_.end());
  *first = field(std::move(name), std::move(value));
}

void header_fields::remove(std::string_view name) {
  // Erasing moves fields, and `name` may be a view of one of them.
  const std::string kept_name(name);
  std::erase_if(fields_,
                [&](const field& one) { return equal_ignoring_case(one.first, kept_name); });
}

std::optional<std::string_view> header_fields::get(std::string_view name) const noexcept {
  for (const field& one : fields_) {
    if (equal_ignoring_case(one.first, name)) return one.second;
  }
  return std::nullopt;
}

std::vector<std::string_view> header_fields::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const field& one : fields_) {
    if (equal_ignoring_case(one.first, name)) values.emplace_back(one.second);
  }
  return values;
}

request::request(std::string method, std::string target)
    : method_(std::move(method)), target_(std::move(target)) {}

request& request::header(std::string name, std::string value) & {
  headers_.add(std::move(name), std::move(value));
  return *this;
}

request&& request::header(std::string name, std::string value) && {
  return std::move(this->header(std::move(name), std::move(value)));
}

request& request::body(std::string bytes) & {
  body_ = std::make_shared<const std::string>(std::move(bytes));
  source_.reset();
  return *this;
}

request&& request::body(std::string bytes) && {
  return std::move(this->body(std::move(bytes)));
}

request& request::body(body_source source) & {
  source_ = std::move(source);
  body_.reset();
  return *this;
}

request&& request::body(body_source source) && {
  return std::move(this->body(std::move(source)));
}

request& request::chunked() & {
  chunked_ = true;
  return *this;
}

request&& request::chunked() && {
  return std::move(this->chunked());
}

request& request::cut_after(std::uint64_t bytes) & {
  cut_ = bytes;
  return *this;
}

request&& request::cut_after(std::uint64_t bytes) && {
  return std::move(this->cut_after(bytes));
}

request& request::sink(body_sink to) & {
  sink_ = std::move(to);
  return *this;
}

request&& request::sink(body_sink to) && {
  return std::move(this->sink(std::move(to)));
}

request& request::keep_redirects() & {
  keep_redirects_ = true;
  return *this;
}

request&& request::keep_redirects() && {
  return std::move(this->keep_redirects());
}

request& request::anonymous() & {
  anonymous_ = true;
  return *this;
}

request&& request::anonymous() && {
  return std::move(this->anonymous());
}

std::string response::codings() const {
  std::string list;
  for (const std::string_view value : headers.all("Content-Encoding")) {
    for (const std::string_view part : split(value, ',')) {
      const std::string coding = to_lower(trim(part));
      if (coding.empty() || coding == "identity") continue;
      list.append(list.empty() ? "" : ", ").append(coding);
    }
  }
  return list;
}

std::string login_problem(const exchange& seen) {
  std::string clause;
  switch (seen.login) {
    case auth_failure::none:
      return {};
    case auth_failure::no_challenge:
      return "401 without WWW-Authenticate (RFC 9110, 15.5.2): it does not say how to log in";
    case auth_failure::unknown_challenge:
      clause = "it asks for neither Basic nor Bearer authentication";
      break;
    case auth_failure::login_needed:
      clause = "it asks for a login, and none is given";
      break;
    case auth_failure::login_refused:
      clause = "the login is refused";
      break;
    case auth_failure::bad_realm:
      clause = "the realm of its Bearer challenge is no URL";
      break;
    case auth_failure::insecure_realm:
      clause = "its token server is not reached over TLS, so the login is not sent there";
      break;
    case auth_failure::token_server:
      clause = "its token server gives no token";
      break;
    case auth_failure::bad_token:
      clause = "its token server answers without a usable token";
      break;
  }
  return seen.login_detail.empty() ? clause : clause + ": " + seen.login_detail;
}

std::uint64_t request::body_size() const noexcept {
  if (source_) return source_->size;
  return body_ ? body_->size() : 0;
}

}  // namespace plimsoll::http
