#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/base/random.hpp"
#include "plimsoll/catalogue/ids.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/message.hpp"
#include "plimsoll/scenario/given_content.hpp"
#include "plimsoll/scenario/own_content.hpp"
#include "plimsoll/scenario/policy.hpp"
#include "plimsoll/scenario/pushed_content.hpp"
#include "plimsoll/scenario/scenario.hpp"
#include "plimsoll/scenario/settling.hpp"
#include "plimsoll/scenario/unanswered.hpp"
#include "plimsoll/verdict/transcript.hpp"

namespace plimsoll {

/// One check of one exchange against one requirement.
struct finding {
  requirement_id requirement;
  bool held = false;
  std::string expected;  ///< In words, for example "status 416".
  std::string received;  ///< What was seen, in the same words.
  std::size_t exchange = 0;
  std::string capped = {};              ///< Why a break only warns in this run; empty: it counts.
  std::string note = {};                ///< What is worth saying of a check that held.
  std::chrono::milliseconds waited{0};  ///< Until what was asked for had settled.
};

/// Whether an answer is the one that is waited for.
using settle_condition = std::function<bool(const http::exchange&)>;

/// Ends a body: what it stands on is not there. The requirement is the one that did not hold.
class blocked : public std::runtime_error {
 public:
  blocked(requirement_id by, const std::string& why) : std::runtime_error(why), by_(by) {}
  [[nodiscard]] requirement_id by() const noexcept { return by_; }

 private:
  requirement_id by_;
};

/// Ends a body: the registry lacks an optional feature, in a way that the spec allows.
class unsupported : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ends a body: a policy of the registry refused what it stands on, so that no rule is judged by
/// it. The text is `reason_of` the refusal.
class refused_by_policy : public std::runtime_error {
 public:
  explicit refused_by_policy(const refusal& refused)
      : std::runtime_error(reason_of(refused)), policy_(refused.by) {}
  [[nodiscard]] policy which() const noexcept { return policy_; }

 private:
  policy policy_;
};

/// Ends a body: there was no answer to judge.
class not_judged : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ends a body: the configuration says that such requests are not sent. The text is the reason.
class switched_off : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Why a run does not send a request: the switch that is off. Empty: the request may be sent.
using request_filter = std::function<std::string(const http::request&)>;

class context;

/// Checks one exchange against one requirement; each call leaves a finding.
/// Short-lived: refers to the context and the exchange that it was made from.
///
/// What asks for a status, a header or a body throws `not_judged` where the exchange has no status
/// line: nothing that the registry said can be wrong then. `holds` is for those who look at an
/// exchange without an answer on purpose.
class expectation {
 public:
  /// @param waited the wait that the exchange ended; null where there was none
  /// @param refuses whose `require_allowed` an exchange has to pass before it breaks a rule; may be
  ///        null
  expectation(std::vector<finding>& findings, requirement_id held_to, const http::exchange& seen,
              const settle_record* waited = nullptr, const context* refuses = nullptr);

  const expectation& status(int wanted) const;
  const expectation& status_in(std::initializer_list<int> wanted) const;
  const expectation& has_header(std::string_view name) const;
  const expectation& header(std::string_view name, std::string_view wanted) const;
  /// Location is present, and leads to a URL that can be asked; see `api::location_of`.
  const expectation& has_location() const;
  const expectation& body(std::string_view wanted) const;
  /// Where the answer is a 4XX with an error document: one of its entries has one of these
  /// codes. An answer without one leaves no finding, since the spec asks for none.
  const expectation& error_code_in(std::initializer_list<std::string_view> wanted) const;
  /// A check in words of its own.
  /// @throws refused_by_policy where it does not hold because a policy refused the request
  const expectation& holds(bool held, std::string expected, std::string received) const;

 private:
  std::vector<finding>* findings_;
  requirement_id held_to_;
  const http::exchange* seen_;
  const settle_record* waited_;
  const context* refuses_;
};

/// One answer of the registry, as an observer gets to see it.
class witness {
 public:
  witness(std::vector<finding>& findings, const http::exchange& seen, std::string_view method,
          const settle_record* waited = nullptr)
      : findings_(&findings), seen_(&seen), method_(method), waited_(waited) {}

  [[nodiscard]] const http::exchange& seen() const noexcept { return *seen_; }
  [[nodiscard]] std::string_view method() const noexcept { return method_; }
  /// The wait that this answer ended, also one that took no time; null where none was due.
  [[nodiscard]] const settle_record* waited() const noexcept { return waited_; }
  [[nodiscard]] expectation expect(requirement_id held_to) {
    // What a wait was for is not what this rule is about, where it ran out.
    const bool settled = waited_ != nullptr && waited_->settled;
    return {*findings_, held_to, *seen_, settled ? waited_ : nullptr};
  }

 private:
  std::vector<finding>* findings_;
  const http::exchange* seen_;
  std::string_view method_;
  const settle_record* waited_;
};

/// What one observer has seen so far: for each requirement the first answer that kept to it
/// and the first that did not; of those that were waited for, the ones that took longest.
struct observation {
  std::vector<finding> findings;  ///< Their `exchange` is a place in `transcript`.
  std::vector<recorded_exchange> transcript;
};

/// Keeps a finding where it is the first of its requirement that held, or that did not, or was
/// waited for longer than the one that is there.
void add_to(observation& seen, finding check, const recorded_exchange& at);

class context;

/// A wait of a scenario's own, for what more than one exchange tells:
///
///     waiting wait(ctx, settle_kind::tag_list);
///     auto list = co_await walk_tags(ctx, ...);
///     while (!has_tag(list, "a") && wait.goes_on()) {
///       co_await wait.pause();
///       list = co_await walk_tags(ctx, ...);
///     }
///     wait.end(list.last(), has_tag(list, "a"));
class waiting {
 public:
  waiting(context& ctx, settle_kind kind);

  /// Whether there is time to ask once more.
  [[nodiscard]] bool goes_on() const noexcept;
  /// Lets time pass, longer each time: from 50 ms to 2 s, and never beyond the wait's end.
  [[nodiscard]] boost::asio::awaitable<void> pause();
  /// Notes at that exchange how long it took, or that the time ran out: checks of it say so.
  /// @throws not_judged where it was the end of the run that cut the wait short
  void end(const http::exchange& seen, bool settled);
  /// The same for who sees to the exchange.
  [[nodiscard]] settle_record finish(bool settled);

 private:
  context* ctx_;
  settle_kind kind_;
  std::chrono::steady_clock::time_point began_;
  std::chrono::milliseconds limit_;
  std::chrono::milliseconds next_;
  bool paused_ = false;
};

/// What a scenario gets from its run.
struct surroundings {
  std::string repository;        ///< Below the run's prefix; the scenario has it to itself.
  std::string other_repository;  ///< A second one of its own.
  bool is_shared = false;        ///< Others push to both, and have done so before.
  std::uint64_t seed = 0;
  std::chrono::steady_clock::time_point run_began;  ///< What the transcript's times count from.
  std::span<const observer> observers;
  given_content given;
  std::string private_repository;  ///< That the login may not read; empty where none is known.
  http::client* owner = nullptr;   ///< With the login of who may; null where none is known.
  settling* waits = nullptr;       ///< The run's; null: nothing is waited for.
  std::stop_token stopping;        ///< Once it is asked to stop, nothing more is sent.
  request_filter why_not_sent;     ///< Empty: every request may be sent.
  registry_policies policies;      ///< That the registry showed before the scenarios.
  bool is_read_only = false;       ///< The scenario pushes nothing, not even what it could.
  unanswered_requests* unanswered = nullptr;  ///< The run's; null: each request is waited for.
};

/// All that a scenario's body may touch: the registry, a repository of its own, bytes that
/// the run's seed decides, and the list of its findings.
class context {
 public:
  context(http::client& registry, const scenario& what, surroundings around);

  [[nodiscard]] const std::string& repository() const noexcept { return around_.repository; }
  /// A second repository, for mounts and for what must not cross repositories.
  [[nodiscard]] const std::string& other_repository() const noexcept {
    return around_.other_repository;
  }
  /// Whether the repositories have what other scenarios, other runs or anybody pushed, too.
  [[nodiscard]] bool is_shared() const noexcept { return around_.is_shared; }
  /// Whether nothing may be pushed: a scenario that reads what is absent does without.
  [[nodiscard]] bool is_read_only() const noexcept { return around_.is_read_only; }
  /// What the registry's policies are, as far as they showed before the scenarios.
  [[nodiscard]] const registry_policies& policies() const noexcept { return around_.policies; }
  /// The name of a repository that nobody pushes to: with as many components as `repository`.
  [[nodiscard]] std::string absent_repository() const {
    return around_.repository + "-never-pushed-to";
  }
  /// Hexadecimal digits that the scenario's id and the run's seed decide: what has them is its own.
  [[nodiscard]] const std::string& mark() const noexcept { return mark_; }
  /// A repository that the login may not read; empty where none is known.
  [[nodiscard]] const std::string& private_repository() const noexcept {
    return around_.private_repository;
  }
  /// What lies in `repository` already, as the user says.
  [[nodiscard]] const given_content& given() const noexcept { return around_.given; }
  /// Random bytes that the scenario's id and the run's seed decide.
  [[nodiscard]] std::string bytes(std::size_t count);

  /// Sends a request and records the exchange with its secrets taken out. The first GET or HEAD of
  /// content that this scenario pushed is repeated while it is not there, as by `settle`; only the
  /// last answer is seen.
  /// @throws switched_off where the configuration says that such requests are not sent; so do all
  ///         functions here that send
  /// @throws blocked where a Location or Link of this registry led to a host that cannot be
  ///         reached, while the registry can: that breaks the rule about that field
  /// @throws not_judged where there is no answer for another reason: the network, a limit of ours
  [[nodiscard]] boost::asio::awaitable<http::exchange> send(http::request message);

  /// As `send`, with the login of the private repository's owner.
  /// @throws not_judged also where no such login is known
  [[nodiscard]] boost::asio::awaitable<http::exchange> send_as_owner(http::request message);

  /// As `send`, for a request that may get no answer: what became of it stands in the exchange.
  /// @throws not_judged where the run is being ended
  [[nodiscard]] boost::asio::awaitable<http::exchange> try_send(http::request message);

  /// Sends requests that do not depend on one another at once: as long as one, where the
  /// way to the registry is long. The answers are in the order of the requests.
  /// @throws not_judged where one has no answer
  [[nodiscard]] boost::asio::awaitable<std::vector<http::exchange>> send_all(
      std::vector<http::request> messages);

  /// As `send_all`, where a request may get no whole answer.
  [[nodiscard]] boost::asio::awaitable<std::vector<http::exchange>> try_send_all(
      std::vector<http::request> messages);

  /// Sends a request again, with growing pauses, until the condition holds or the time for waits of
  /// that kind is over. Only the last exchange is recorded; checks of it say how long it took.
  /// @param condition named before: no lambda may stand in a `co_await` expression (GCC 12)
  /// @throws not_judged where there is no answer
  [[nodiscard]] boost::asio::awaitable<http::exchange> settle(settle_kind kind,
                                                              http::request message,
                                                              settle_condition condition);

  /// Lets time pass: for what the spec lets a registry do later than it says so.
  [[nodiscard]] boost::asio::awaitable<void> pause(std::chrono::milliseconds time);

  /// The policy that refused the request; nothing where the answer is one that rules are about.
  [[nodiscard]] std::optional<refusal> refusal_in(const http::exchange& seen) const;

  /// @throws refused_by_policy where there is a `refusal_in` the exchange
  void require_allowed(const http::exchange& seen) const;

  /// @throws refused_by_policy where a policy refused the request
  /// @throws blocked where `seen` has another status
  /// @throws not_judged where `seen` has none, as there was no answer
  void require_status(const http::exchange& seen, int wanted, requirement_id by) const;

  /// Ends the body, since the rest of it needs what is broken here. Leaves a finding where the
  /// scenario judges that requirement.
  /// @throws blocked always
  [[noreturn]] void block_on(const http::exchange& seen, requirement_id by, std::string expected,
                             std::string received);

  /// Starts a check. A scenario goes on after one that does not hold, and shows all at once.
  /// @throws std::logic_error where the scenario does not say that it judges the requirement
  [[nodiscard]] expectation expect(const http::exchange& seen, requirement_id held_to);

  /// Something that the reader of a report should know, whatever the verdict is; "" adds nothing.
  void note(std::string text);

  [[nodiscard]] const std::vector<std::string>& notes() const noexcept { return notes_; }
  [[nodiscard]] const std::vector<finding>& findings() const noexcept { return findings_; }
  [[nodiscard]] const std::vector<recorded_exchange>& transcript() const noexcept {
    return transcript_;
  }
  /// One for each observer, in their order.
  [[nodiscard]] const std::vector<observation>& observations() const noexcept {
    return observations_;
  }
  /// What the registry has acknowledged to hold, in the order in which it was pushed.
  [[nodiscard]] const std::vector<pushed_content>& pushed() const noexcept { return pushed_; }
  /// The same of what the private repository's owner pushed.
  [[nodiscard]] const std::vector<pushed_content>& pushed_as_owner() const noexcept {
    return pushed_as_owner_;
  }

 private:
  friend class waiting;

  /// Content that a push acknowledged and that was not read yet.
  struct unread_content {
    pushed_content what;
    std::string media_type;  ///< Of a manifest, as it was pushed.
    std::string digest;      ///< What a tag was pushed with; empty for other content.
  };

  /// The wait that a read of unread content is due.
  struct due_wait {
    settle_kind kind = settle_kind::pushed_manifest;
    std::vector<std::string> digests;  ///< For a tag: what it was pushed with.
  };

  /// @throws not_judged, switched_off
  void require_sendable(const http::request& message) const;
  [[nodiscard]] boost::asio::awaitable<http::exchange> exchange_with(
      http::client& registry, http::request message, std::vector<pushed_content>& pushed);
  /// Records the exchange and shows it to the observers.
  void take_in(http::exchange& seen, const settle_record* waited);
  [[nodiscard]] boost::asio::awaitable<http::exchange> send_until(http::client& registry,
                                                                  http::request message,
                                                                  settle_kind kind,
                                                                  settle_condition condition,
                                                                  settle_record& record);
  [[nodiscard]] std::optional<due_wait> wait_for(const http::request& message) const;
  /// Whether an answer has what was pushed.
  [[nodiscard]] static settle_condition condition_of(due_wait due);
  /// @param taken what the answer acknowledges
  void note_reads(const http::request& asked, const http::exchange& seen,
                  const std::vector<pushed_content>& taken);
  void add_wait(const http::exchange& seen, settle_record record);
  boost::asio::awaitable<void> send_into(http::request& message, http::exchange& seen);
  [[nodiscard]] bool is_judged(requirement_id id) const;
  [[nodiscard]] http::exchange not_sent(const http::request& message, std::string why);
  /// @return what the answer acknowledges, which is added to `pushed`
  std::vector<pushed_content> remember_pushed(const http::request& asked,
                                              const http::exchange& seen,
                                              std::vector<pushed_content>& pushed);
  void remember_hosts(const http::request& asked, const http::exchange& seen);
  [[nodiscard]] boost::asio::awaitable<bool> is_unreachable(std::string origin, std::string error);
  boost::asio::awaitable<void> end_without_answer(http::exchange seen);
  void observe(const http::exchange& seen, std::string_view method,
               const settle_record* waited = nullptr);
  [[nodiscard]] bool has_tag_of_another(const http::hop& push, bool also_the_same) const;

  http::client* registry_;
  const scenario* what_;
  surroundings around_;
  std::string mark_;
  seeded_bytes random_;
  own_content own_;
  std::vector<finding> findings_;
  std::vector<std::string> notes_;
  std::vector<recorded_exchange> transcript_;
  std::vector<observation> observations_;
  std::vector<pushed_content> pushed_;
  std::vector<pushed_content> pushed_as_owner_;
  std::vector<unread_content> unread_;
  std::map<std::size_t, settle_record> waits_;  ///< By the exchange that ended each.
  /// Origins other than the registry's, and the rule about the field that named each.
  std::map<std::string, requirement_id> other_hosts_;
};

/// The URL that the answer's Location leads to.
/// @throws blocked by `by` where there is no Location, or it leads to no URL
[[nodiscard]] std::string location_of(const http::exchange& answer, requirement_id by);

}  // namespace plimsoll
