#pragma once

#include <coroutine>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "connection.hpp"
#include "lookup_service.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "recorder.hpp"
#include "task.hpp"

namespace plimsoll::load {

/// The request of a step, and the answer that is expected.
struct step_request {
  step kind = step::get_blob;
  std::string_view method = "GET";
  std::string_view target;      ///< Path and query, or an absolute URL.
  std::string_view repository;  ///< For the token.
  access needs = access::pull;
  std::string_view source = {};  ///< The repository that a mount takes the blob from.
  std::string_view fields;       ///< Lines of the head, each with its CRLF; "" for none.
  exchange_spec exchange;
  bool follows = false;     ///< Follows redirects, without Authorization to other origins.
  std::string_view text;    ///< The expected body; empty: not known.
  std::string_view digest;  ///< The expected digest; empty: not known.
};

/// The result of a step.
struct step_answer {
  failure outcome = failure::none;
  int status = 0;
  reply* response = nullptr;

  [[nodiscard]] bool good() const noexcept { return outcome == failure::none; }
};

/// What the virtual clients of one core share.
struct worker_context {
  worker_context(core_resources own_core, origin registry_origin, std::string url,
                 lookup_service& service, std::size_t operations)
      : core(std::move(own_core)),
        registry(std::move(registry_origin)),
        registry_url(std::move(url)),
        lookups(service),
        counts(operations) {}

  core_resources core;
  origin registry;
  std::string registry_url;  ///< The registry's origin.
  lookup_service& lookups;
  recorder counts;
  std::string user_agent;
  verify_mode verify = verify_mode::full;
  bool ended = false;                                   ///< No more operations begin.
  std::unordered_map<std::string, std::string> tokens;  ///< Values of Authorization, by scope.
  std::map<std::string, std::unique_ptr<origin>> other_origins;  ///< By origin.
};

/// A connection of a client, and the head of its request.
struct pooled_connection {
  pooled_connection(core_resources& core, const origin& server) : connection(core, server) {}
  load::connection connection;
  std::string head;
  bool in_use = false;
};

/// One virtual client: it sends the requests of its steps over its connections. Steps of one
/// client may run concurrently, each on a connection of its own.
class session {
 public:
  explicit session(worker_context& context);
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Runs the step and records it. `request` outlives it. The response belongs to a connection that
  /// is free again: read it before awaiting anything else.
  [[nodiscard]] task<step_answer> perform(const step_request& request);

  [[nodiscard]] worker_context& context() const noexcept { return context_; }
  [[nodiscard]] event_loop& loop() noexcept { return *context_.core.loop; }
  /// How long a client waits after a failure: as a 429 asks for, up to ten seconds, and shortly
  /// after a failed connection.
  [[nodiscard]] std::chrono::nanoseconds pause_after(failure outcome) const noexcept;
  /// Bytes of bodies of all its steps so far.
  [[nodiscard]] std::uint64_t sent_bytes() const noexcept { return sent_bytes_; }
  [[nodiscard]] std::uint64_t received_bytes() const noexcept { return received_bytes_; }
  /// Ends the exchanges under way.
  void abandon();
  [[nodiscard]] std::uint64_t connects() const noexcept;

 private:
  /// The server of a request, and its target there.
  struct destination {
    const origin* server = nullptr;
    std::string target;
    failure outcome = failure::none;
  };

  [[nodiscard]] pooled_connection& acquire(const origin& server);
  [[nodiscard]] task<failure> authorize(const step_request& request);
  [[nodiscard]] task<const origin*> find_origin(std::string url);
  [[nodiscard]] task<destination> resolve_destination(std::string_view url);
  void write_head(const step_request& request, std::string_view target, pooled_connection& pooled);
  [[nodiscard]] failure judge(const step_request& request, const reply& response);
  [[nodiscard]] failure judge_status(const reply& response);
  void record_failure(const step_request& request, const step_answer& out);

  worker_context& context_;
  std::vector<std::unique_ptr<pooled_connection>> connections_;
  std::chrono::seconds retry_after_{1};
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t received_bytes_ = 0;
};

/// The algorithm of a digest; sha256 where this program cannot compute it.
[[nodiscard]] oci::hash_algorithm algorithm_of(std::string_view digest);

/// Resolves a Location or a Link to a request target; absolute where it is another origin. Empty
/// where it is no URL.
///
/// @param registry_url the registry's origin
/// @param request_target target of the request that was answered with it: RFC 3986, section 5.1
[[nodiscard]] std::string resolve_location(std::string_view registry_url,
                                           std::string_view request_target,
                                           std::string_view location);

}  // namespace plimsoll::load
