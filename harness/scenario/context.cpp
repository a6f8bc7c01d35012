#include "plimsoll/scenario/context.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/redaction.hpp"

namespace plimsoll {
namespace {

constexpr std::size_t recorded_body_bytes = 4096;

std::string seen_status(const http::exchange& seen) {
  return fmt::format("status {}", seen.response.status);
}

recorded_exchange record(const http::hop& hop, const http::response& response,
                         std::chrono::steady_clock::time_point began) {
  using std::chrono::microseconds;
  recorded_exchange out;
  out.method = hop.method;
  out.url = http::redact_url(hop.url);
  out.request_headers = http::redact(hop.sent).fields();
  out.request_body_bytes = hop.sent_body_size;
  if (hop.sent_body) {
    const std::string type(hop.sent.get("Content-Type").value_or(""));
    out.request_body = http::redact_body(*hop.sent_body, type, recorded_body_bytes);
  }
  out.status = response.status;
  out.response_headers = http::redact(response.headers).fields();
  out.response_body_bytes = response.body_size;
  const std::string type(response.header("Content-Type").value_or(""));
  out.response_body = http::redact_body(response.body, type, recorded_body_bytes);
  out.error = hop.error;
  out.started = std::chrono::duration_cast<microseconds>(hop.started - began);
  out.took = std::chrono::duration_cast<microseconds>(hop.took);
  out.purpose = hop.purpose;
  return out;
}

}  // namespace

expectation::expectation(std::vector<finding>& findings, requirement_id held_to,
                         const http::exchange& seen)
    : findings_(&findings), held_to_(held_to), seen_(&seen) {}

const expectation& expectation::status(int wanted) const {
  return status_in({wanted});
}

const expectation& expectation::status_in(std::initializer_list<int> wanted) const {
  const bool held = std::find(wanted.begin(), wanted.end(), seen_->response.status) != wanted.end();
  return holds(held, fmt::format("status {}", fmt::join(wanted, " or ")), seen_status(*seen_));
}

const expectation& expectation::has_header(std::string_view name) const {
  const bool held = seen_->response.header(name).has_value();
  return holds(held, fmt::format("{} is present", name),
               fmt::format("{} is {}", name, held ? "present" : "missing"));
}

const expectation& expectation::header(std::string_view name, std::string_view wanted) const {
  const auto value = seen_->response.header(name);
  return holds(
      value == wanted, fmt::format("{}: {}", name, wanted),
      value ? fmt::format("{}: {}", name, printable(*value)) : fmt::format("{} is missing", name));
}

const expectation& expectation::body(std::string_view wanted) const {
  const std::string& got = seen_->response.body;
  const auto differs = std::mismatch(got.begin(), got.end(), wanted.begin(), wanted.end()).first;
  return holds(
      got == wanted, fmt::format("the {} bytes that were pushed", wanted.size()),
      fmt::format("{} bytes, the first {} of them as pushed", got.size(), differs - got.begin()));
}

const expectation& expectation::holds(bool held, std::string expected, std::string received) const {
  findings_->push_back({held_to_, held, std::move(expected), std::move(received), seen_->index});
  return *this;
}

context::context(http::client& registry, std::string repository, std::uint64_t seed,
                 std::chrono::steady_clock::time_point run_began)
    : registry_(&registry),
      repository_(std::move(repository)),
      random_(derive_seed(seed, repository_)),
      run_began_(run_began) {}

boost::asio::awaitable<http::exchange> context::send(http::request message) {
  http::exchange seen = co_await registry_->send(std::move(message));
  for (const http::hop& hop : seen.earlier) {
    transcript_.push_back(record(hop, hop.response, run_began_));
    transcript_.back().index = transcript_.size() - 1;
  }
  transcript_.push_back(record(seen.last, seen.response, run_began_));
  seen.index = transcript_.size() - 1;
  transcript_.back().index = seen.index;
  if (!seen.answered()) throw not_judged(seen.error);
  co_return seen;
}

void context::require_status(const http::exchange& seen, int wanted, requirement_id by) const {
  if (seen.response.status == wanted) return;
  const recorded_exchange& at = transcript_.at(seen.index);
  throw blocked(by, fmt::format("needs status {}, got {}: {} {}", wanted, seen_status(seen),
                                at.method, printable(at.url)));
}

expectation context::expect(const http::exchange& seen, requirement_id held_to) {
  return {findings_, held_to, seen};
}

}  // namespace plimsoll
