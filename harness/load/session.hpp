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

/// One step: the request, and what answers it.
struct call {
  step kind = step::get_blob;
  std::string_view method = "GET";
  std::string_view target;      ///< Path and query, or an absolute URL.
  std::string_view repository;  ///< For the token.
  access needs = access::pull;
  std::string_view source = {};  ///< Of a mount: the repository that it is from.
  std::string_view fields;       ///< Lines of the head, each with its CRLF; "" for none.
  exchange what;
  bool follows = false;     ///< A redirect is followed, without Authorization to elsewhere.
  std::string_view text;    ///< What the body has to be; empty: not known.
  std::string_view digest;  ///< Of the content, to be checked; empty: not known.
};

/// What came of a step.
struct answer {
  failure why = failure::none;
  int status = 0;
  reply* got = nullptr;

  [[nodiscard]] bool good() const noexcept { return why == failure::none; }
};

/// What the virtual clients of one core share.
struct workplace {
  workplace(core on, origin registry, std::string url, authority& clerk, std::size_t operations)
      : machine(std::move(on)),
        home(std::move(registry)),
        home_url(std::move(url)),
        tokens_from(clerk),
        counts(operations) {}

  core machine;
  origin home;
  std::string home_url;  ///< The registry's origin.
  authority& tokens_from;
  recorder counts;
  std::string user_agent;
  verify_mode verify = verify_mode::full;
  bool ended = false;                                        ///< No operation begins any more.
  std::unordered_map<std::string, std::string> tokens;       ///< Authorization, by access and name.
  std::map<std::string, std::unique_ptr<origin>> elsewhere;  ///< By origin.
};

/// A connection, and the request that is on it.
struct lane {
  lane(core& on, const origin& to) : line(on, to) {}
  connection line;
  std::string head;
  bool taken = false;
};

/// One virtual client: its connections, and the steps that it does on them. Steps of one client
/// may be under way at once, each on a lane of its own.
class session {
 public:
  explicit session(workplace& at);
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  /// Does the step and records it. `one` lives until then. The answer's reply is that of a
  /// connection which is free again: it is read before anything else is awaited.
  [[nodiscard]] task<answer> perform(const call& one);

  [[nodiscard]] workplace& at() const noexcept { return at_; }
  [[nodiscard]] event_loop& loop() noexcept { return *at_.machine.loop; }
  /// How long a client keeps quiet after a failure: as long as a 429 asks for, up to ten
  /// seconds, and a little where nobody listens.
  [[nodiscard]] std::chrono::nanoseconds pause_after(failure why) const noexcept;
  /// Bytes of bodies so far, of all its steps.
  [[nodiscard]] std::uint64_t sent_bytes() const noexcept { return sent_bytes_; }
  [[nodiscard]] std::uint64_t received_bytes() const noexcept { return received_bytes_; }
  /// Ends what is under way.
  void abandon();
  [[nodiscard]] std::uint64_t connects() const noexcept;

 private:
  /// Where a request goes, and the target that it has there.
  struct place {
    const origin* to = nullptr;
    std::string target;
    failure why = failure::none;
  };

  [[nodiscard]] lane& take(const origin& to);
  [[nodiscard]] task<failure> authorize(const call& one);
  [[nodiscard]] task<const origin*> find(std::string url);
  [[nodiscard]] task<place> find_place(std::string_view url);
  void write_head(const call& one, std::string_view target, lane& on);
  [[nodiscard]] failure judge(const call& one, const reply& got);
  [[nodiscard]] failure judge_status(const reply& got);
  void note(const call& one, const answer& out);

  workplace& at_;
  std::vector<std::unique_ptr<lane>> lanes_;
  std::chrono::seconds retry_after_{1};
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t received_bytes_ = 0;
};

/// What a digest is made by; sha256 where it is of another that cannot be computed here.
[[nodiscard]] oci::hash_algorithm algorithm_of(std::string_view digest);

/// The target of the request that a Location or a Link asks for; absolute where that is another
/// host. Empty where it is no URL.
///
/// @param home the registry's origin
/// @param asked target of the request that was answered with it: RFC 3986, 5.1
[[nodiscard]] std::string locate(std::string_view home, std::string_view asked,
                                 std::string_view location);

}  // namespace plimsoll::load
