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

bool is_good_status(const exchange_spec& exchange, int status) noexcept {
  return status == exchange.expected_status ||
         (exchange.alternative_status != 0 && status == exchange.alternative_status);
}

std::string_view name_of(access action) noexcept {
  switch (action) {
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

/// The key of a step's token.
std::string key_of(const step_request& request) {
  std::string key(name_of(request.needs));
  key.append(request.repository);
  if (!request.source.empty()) key.append(" from ").append(request.source);
  return key;
}

/// Awaits a callback of another thread, and resumes the coroutine on the loop.
template <class T>
struct callback_awaiter {
  event_loop& loop;
  std::function<void(std::function<void(T)>)> begin;
  std::optional<T> result;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> coroutine) {
    begin([this, coroutine](T value) {
      loop.post([this, coroutine, value = std::move(value)]() mutable {
        result.emplace(std::move(value));
        loop.ready(coroutine);
      });
    });
  }
  T await_resume() { return std::move(*result); }
};

}  // namespace

std::string resolve_location(std::string_view registry_url, std::string_view request_target,
                             std::string_view location) {
  // The most common form: the registry's own origin before a path.
  if (location.starts_with(registry_url) && location.substr(registry_url.size()).starts_with('/')) {
    return std::string(location.substr(registry_url.size()));
  }
  std::string base_url(request_target.starts_with('/') ? registry_url : "");
  const auto base = http::parse_url(base_url.append(request_target));
  const auto target = base ? http::resolve(*base, location) : base;
  if (!target) return {};
  return target->origin() == registry_url ? target->target : target->str();
}

oci::hash_algorithm algorithm_of(std::string_view digest) {
  const auto algorithm = oci::hash_algorithm_of(digest.substr(0, digest.find(':')));
  return algorithm ? *algorithm : oci::hash_algorithm::sha256;
}

session::session(worker_context& context) : context_(context) {}

void session::abandon() {
  for (const auto& pooled : connections_) pooled->connection.abandon();
}

std::uint64_t session::connects() const noexcept {
  std::uint64_t sum = 0;
  for (const auto& pooled : connections_) sum += pooled->connection.connects();
  return sum;
}

pooled_connection& session::acquire(const origin& server) {
  for (const auto& pooled : connections_) {
    if (pooled->in_use || &pooled->connection.server() != &server) continue;
    pooled->in_use = true;
    return *pooled;
  }
  connections_.push_back(std::make_unique<pooled_connection>(context_.core, server));
  connections_.back()->in_use = true;
  return *connections_.back();
}

void session::write_head(const step_request& request, std::string_view target,
                         pooled_connection& pooled) {
  std::string& head = pooled.head;
  const origin& server = pooled.connection.server();
  head.assign(request.method).append(1, ' ').append(server.before_path).append(target);
  head.append(" HTTP/1.1\r\nHost: ").append(server.host_field).append(context_.user_agent);
  head.append(server.proxy_fields);
  if (&server == &context_.registry && !context_.tokens.empty()) {
    const auto known = context_.tokens.find(key_of(request));
    if (known != context_.tokens.end() && !known->second.empty()) {
      head.append("Authorization: ").append(known->second).append("\r\n");
    }
  }
  head.append(request.fields);
  // POST, PUT and PATCH say how long their body is, also when empty.
  if (request.method[0] == 'P') {
    const std::uint64_t size = request.exchange.content
                                   ? request.exchange.content_end - request.exchange.content_from
                                   : request.exchange.text.size();
    head.append("Content-Length: ").append(std::to_string(size)).append("\r\n");
  }
  head.append("\r\n");
}

failure session::judge_status(const reply& reply) {
  if (reply.status == 429) {
    unsigned seconds = 1;
    const std::string& retry_after = reply.retry_after;
    std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
    retry_after_ = std::chrono::seconds(seconds);
    if (!retry_after.empty()) ++context_.counts.retry_afters;
    return failure::too_many_requests;
  }
  // 407: from a proxy.
  if (reply.status == 401 || reply.status == 403 || reply.status == 407) return failure::auth;
  return failure::status;
}

failure session::judge(const step_request& request, const reply& reply) {
  if (reply.outcome != failure::none) return reply.outcome;
  if (!is_good_status(request.exchange, reply.status)) return judge_status(reply);
  if (context_.verify == verify_mode::none) return failure::none;
  if (context_.verify == verify_mode::full && !request.text.empty() && reply.body != request.text) {
    return failure::corrupt;
  }
  if (request.digest.empty()) return failure::none;
  if (!reply.digest.empty() && reply.digest != request.digest) return failure::corrupt;
  if (reply.hash && reply.hash->finish().str() != request.digest) return failure::corrupt;
  return failure::none;
}

task<failure> session::authorize(const step_request& request) {
  const instant started = loop().refresh_now();
  const lookup_service::scope scope{request.needs, std::string(request.repository),
                                    std::string(request.source)};
  const auto begin = [&](lookup_service::token_handler done) {
    context_.lookups.request_token(scope, std::move(done));
  };
  callback_awaiter<result<std::string>> lookup{loop(), begin, {}};
  const auto token = co_await lookup;
  const failure outcome = token ? failure::none : failure::auth;
  context_.counts.record_step(step::token, outcome, loop().refresh_now() - started, 0, 0);
  if (!token) {
    context_.counts.examples.emplace(outcome, token.error().what());
    co_return outcome;
  }
  context_.tokens[key_of(request)] = *token;
  co_return outcome;
}

task<const origin*> session::find_origin(std::string url) {
  const auto known = context_.other_origins.find(url);
  if (known != context_.other_origins.end()) co_return known->second.get();
  const auto begin = [&](lookup_service::origin_handler done) {
    context_.lookups.resolve_origin(url, std::move(done));
  };
  callback_awaiter<result<origin>> lookup{loop(), begin, {}};
  auto server = co_await lookup;
  if (!server) {
    context_.counts.examples.emplace(failure::dns, server.error().what());
    co_return nullptr;
  }
  // Another client may have resolved the same origin meanwhile, and uses its entry.
  auto& cached = context_.other_origins[url];
  if (!cached) cached = std::make_unique<origin>(std::move(*server));
  co_return cached.get();
}

task<session::destination> session::resolve_destination(std::string_view url) {
  destination out;
  const auto parsed = http::parse_url(url);
  if (!parsed) {
    out.outcome = failure::protocol;
    co_return out;
  }
  out.target = parsed->target;
  out.server = co_await find_origin(parsed->origin());
  if (out.server == nullptr) out.outcome = failure::dns;
  co_return out;
}

task<step_answer> session::perform(const step_request& request) {
  const instant started = loop().refresh_now();
  std::string_view target = request.target;
  std::string moved_to;
  pooled_connection* pooled = nullptr;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  step_answer out;
  bool fresh_token = false;
  int redirects = 0;
  for (;;) {
    destination resolved{&context_.registry, {}, failure::none};
    const bool at_registry = target.starts_with('/');
    if (!at_registry) {
      resolved = co_await resolve_destination(target);
      out = {resolved.outcome};
      if (resolved.server == nullptr) break;
    }
    if (pooled != nullptr) pooled->in_use = false;
    pooled = &acquire(*resolved.server);
    write_head(request, at_registry ? target : resolved.target, *pooled);
    reply& reply = co_await pooled->connection.send(pooled->head, request.exchange);
    out = {judge(request, reply), reply.status, &reply};
    sent += reply.sent_bytes;
    received += reply.received_bytes;
    if (reply.status == 401 && reply.outcome == failure::none && !fresh_token) {
      fresh_token = true;
      const failure refused = co_await authorize(request);
      if (refused == failure::none) continue;
      break;
    }
    if (out.outcome != failure::status || !request.follows || !is_redirect(reply.status)) break;
    std::string next = resolve_location(context_.registry_url, target, reply.location);
    if (++redirects > most_redirects || next.empty()) break;
    moved_to = std::move(next);
    target = moved_to;
  }
  if (pooled != nullptr) pooled->in_use = false;
  sent_bytes_ += sent;
  received_bytes_ += received;
  context_.counts.record_step(request.kind, out.outcome, loop().now() - started, sent, received);
  if (out.outcome != failure::none) record_failure(request, out);
  co_return out;
}

/// Counts the registry's error code, and keeps a line on the first failure of each kind.
void session::record_failure(const step_request& request, const step_answer& out) {
  if (out.response != nullptr && out.status >= 400 && !out.response->body.empty()) {
    const auto document = oci::parse_error_document(out.response->body);
    if (document && !document->errors.empty()) {
      context_.counts.record_code(document->errors.front().code);
    }
  }
  auto& examples = context_.counts.examples;
  if (examples.contains(out.outcome)) return;
  std::string text =
      std::string(request.method) + ' ' + printable(http::redact_url(request.target));
  if (out.status != 0) text += ": answered with " + std::to_string(out.status);
  if (out.status == 407) text += http::proxy_login_advice;
  if (out.response != nullptr && !out.response->detail.empty()) text += ": " + out.response->detail;
  examples.emplace(out.outcome, std::move(text));
}

std::chrono::nanoseconds session::pause_after(failure outcome) const noexcept {
  switch (outcome) {
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
