#include "session.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/proxy.hpp"
#include "plimsoll/http/redaction.hpp"
#include "plimsoll/oci/error_document.hpp"

namespace plimsoll::load {
namespace {

constexpr int most_redirects = 5;
constexpr std::chrono::seconds longest_pause{10};

bool is_redirect(int status) noexcept {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_good_status(const exchange& what, int status) noexcept {
  return status == what.hoped_status || (what.also_status != 0 && status == what.also_status);
}

std::string_view name_of(access to) noexcept {
  switch (to) {
    case access::pull:
      return "pull ";
    case access::push:
      return "push ";
    case access::remove:
      return "remove ";
    case access::catalogue:
      return "catalogue ";
  }
  return "";
}

/// Under which the token for a step is kept.
std::string key_of(const call& one) {
  std::string key(name_of(one.needs));
  key.append(one.repository);
  if (!one.source.empty()) key.append(" from ").append(one.source);
  return key;
}

/// An answer from another thread, brought to the coroutine that waits for it.
template <class T>
struct errand {
  event_loop& loop;
  std::function<void(std::function<void(T)>)> begin;
  std::optional<T> brought;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> who) {
    begin([this, who](T value) {
      loop.post([this, who, value = std::move(value)]() mutable {
        brought.emplace(std::move(value));
        loop.ready(who);
      });
    });
  }
  T await_resume() { return std::move(*brought); }
};

}  // namespace

std::string locate(std::string_view home, std::string_view asked, std::string_view location) {
  // The common form first: the registry's own origin before a path.
  if (location.starts_with(home) && location.substr(home.size()).starts_with('/')) {
    return std::string(location.substr(home.size()));
  }
  std::string from(asked.starts_with('/') ? home : "");
  const auto base = http::parse_url(from.append(asked));
  const auto there = base ? http::resolve(*base, location) : base;
  if (!there) return {};
  return there->origin() == home ? there->target : there->str();
}

oci::hash_algorithm algorithm_of(std::string_view digest) {
  const auto found = oci::hash_algorithm_of(digest.substr(0, digest.find(':')));
  return found ? *found : oci::hash_algorithm::sha256;
}

session::session(workplace& at) : at_(at) {}

void session::abandon() {
  for (const auto& one : lanes_) one->line.abandon();
}

std::uint64_t session::connects() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& one : lanes_) sum += one->line.connects();
  return sum;
}

lane& session::take(const origin& to) {
  for (const auto& one : lanes_) {
    if (one->taken || &one->line.to() != &to) continue;
    one->taken = true;
    return *one;
  }
  lanes_.push_back(std::make_unique<lane>(at_.machine, to));
  lanes_.back()->taken = true;
  return *lanes_.back();
}

void session::write_head(const call& one, std::string_view target, lane& on) {
  std::string& head = on.head;
  const origin& to = on.line.to();
  head.assign(one.method).append(1, ' ').append(to.before_path).append(target);
  head.append(" HTTP/1.1\r\nHost: ").append(to.host_field).append(at_.user_agent);
  head.append(to.proxy_fields);
  if (&to == &at_.home && !at_.tokens.empty()) {
    const auto known = at_.tokens.find(key_of(one));
    if (known != at_.tokens.end() && !known->second.empty()) {
      head.append("Authorization: ").append(known->second).append("\r\n");
    }
  }
  head.append(one.fields);
  if (one.method[0] == 'P') {  // POST, PUT and PATCH say how long their body is, also when empty
    const std::uint64_t size =
        one.what.content ? one.what.content_end - one.what.content_from : one.what.text.size();
    head.append("Content-Length: ").append(std::to_string(size)).append("\r\n");
  }
  head.append("\r\n");
}

failure session::judge_status(const reply& got) {
  if (got.status == 429) {
    unsigned seconds = 1;
    const std::string& asked = got.retry_after;
    std::from_chars(asked.data(), asked.data() + asked.size(), seconds);
    retry_after_ = std::chrono::seconds(seconds);
    if (!asked.empty()) ++at_.counts.retry_afters;
    return failure::too_many_requests;
  }
  // 407 is of a proxy.
  if (got.status == 401 || got.status == 403 || got.status == 407) return failure::auth;
  return failure::status;
}

failure session::judge(const call& one, const reply& got) {
  if (got.why != failure::none) return got.why;
  if (!is_good_status(one.what, got.status)) return judge_status(got);
  if (at_.verify == verify_mode::none) return failure::none;
  if (at_.verify == verify_mode::full && !one.text.empty() && got.body != one.text) {
    return failure::corrupt;
  }
  if (one.digest.empty()) return failure::none;
  if (!got.digest.empty() && got.digest != one.digest) return failure::corrupt;
  if (got.hash && got.hash->finish().str() != one.digest) return failure::corrupt;
  return failure::none;
}

task<failure> session::authorize(const call& one) {
  const instant began = loop().refresh_now();
  const authority::scope what{one.needs, std::string(one.repository), std::string(one.source)};
  const auto begin = [&](authority::token_taker done) {
    at_.tokens_from.authorize(what, std::move(done));
  };
  errand<result<std::string>> asked{loop(), begin, {}};
  const auto token = co_await asked;
  const failure why = token ? failure::none : failure::auth;
  at_.counts.record_step(step::token, why, loop().refresh_now() - began, 0, 0);
  if (!token) {
    at_.counts.examples.emplace(why, token.error().what());
    co_return why;
  }
  at_.tokens[key_of(one)] = *token;
  co_return why;
}

task<const origin*> session::find(std::string url) {
  const auto known = at_.elsewhere.find(url);
  if (known != at_.elsewhere.end()) co_return known->second.get();
  const auto begin = [&](authority::origin_taker done) {
    at_.tokens_from.look_up(url, std::move(done));
  };
  errand<result<origin>> asked{loop(), begin, {}};
  auto found = co_await asked;
  if (!found) {
    at_.counts.examples.emplace(failure::dns, found.error().what());
    co_return nullptr;
  }
  // Another client may have asked for the same meanwhile, and uses what it got.
  auto& kept = at_.elsewhere[url];
  if (!kept) kept = std::make_unique<origin>(std::move(*found));
  co_return kept.get();
}

task<session::place> session::find_place(std::string_view url) {
  place out;
  const auto parsed = http::parse_url(url);
  if (!parsed) {
    out.why = failure::protocol;
    co_return out;
  }
  out.target = parsed->target;
  out.to = co_await find(parsed->origin());
  if (out.to == nullptr) out.why = failure::dns;
  co_return out;
}

task<answer> session::perform(const call& one) {
  const instant began = loop().refresh_now();
  std::string_view target = one.target;
  std::string moved_to;
  lane* on = nullptr;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  answer out;
  bool fresh_token = false;
  int redirects = 0;
  for (;;) {
    place there{&at_.home, {}, failure::none};
    const bool at_home = target.starts_with('/');
    if (!at_home) {
      there = co_await find_place(target);
      out = {there.why};
      if (there.to == nullptr) break;
    }
    if (on != nullptr) on->taken = false;
    on = &take(*there.to);
    write_head(one, at_home ? target : there.target, *on);
    reply& got = co_await on->line.send(on->head, one.what);
    out = {judge(one, got), got.status, &got};
    sent += got.sent_bytes;
    received += got.received_bytes;
    if (got.status == 401 && got.why == failure::none && !fresh_token) {
      fresh_token = true;
      const failure refused = co_await authorize(one);
      if (refused == failure::none) continue;
      break;
    }
    if (out.why != failure::status || !one.follows || !is_redirect(got.status)) break;
    std::string next = locate(at_.home_url, target, got.location);
    if (++redirects > most_redirects || next.empty()) break;
    moved_to = std::move(next);
    target = moved_to;
  }
  if (on != nullptr) on->taken = false;
  sent_bytes_ += sent;
  received_bytes_ += received;
  at_.counts.record_step(one.kind, out.why, loop().now() - began, sent, received);
  if (out.why != failure::none) note(one, out);
  co_return out;
}

/// Counts the registry's reason, and keeps the first failure of each kind, as a line for a person.
void session::note(const call& one, const answer& out) {
  if (out.got != nullptr && out.status >= 400 && !out.got->body.empty()) {
    const auto document = oci::parse_error_document(out.got->body);
    if (document && !document->errors.empty()) {
      at_.counts.record_code(document->errors.front().code);
    }
  }
  auto& examples = at_.counts.examples;
  if (examples.contains(out.why)) return;
  std::string text = std::string(one.method) + ' ' + printable(http::redact_url(one.target));
  if (out.status != 0) text += ": answered with " + std::to_string(out.status);
  if (out.status == 407) text += http::proxy_login_advice;
  if (out.got != nullptr && !out.got->detail.empty()) text += ": " + out.got->detail;
  examples.emplace(out.why, std::move(text));
}

std::chrono::nanoseconds session::pause_after(failure why) const noexcept {
  switch (why) {
    case failure::too_many_requests:
      return std::min<std::chrono::nanoseconds>(retry_after_, longest_pause);
    case failure::dns:
    case failure::connect:
    case failure::descriptors:
      return std::chrono::milliseconds(50);
    default:
      return std::chrono::nanoseconds(0);
  }
}

}  // namespace plimsoll::load
