#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/http/client.hpp"
#include "plimsoll/runner/runner.hpp"
#include "plimsoll/scenario/pushed_content.hpp"

namespace plimsoll {

/// What the clean-up of a run has cost so far, and whether it goes on. Used from one executor.
class clean_up_state {
 public:
  using kind = pushed_content::kind;
  using time_point = std::chrono::steady_clock::time_point;

  /// @param workers that clean up side by side: each may take the whole time
  explicit clean_up_state(clean_up_limits limits = {}, std::size_t workers = 1);

  /// Why nothing more is deleted; empty while it goes on.
  /// @param began when the deletions that are under way began
  [[nodiscard]] std::string reason_to_end(time_point began);
  /// The same for one kind: also where the registry does not delete that.
  [[nodiscard]] std::string reason_to_end(time_point began, kind what);

  void record(const http::exchange& seen);
  void record_deletion(kind what, const http::exchange& seen);
  /// The deletions that began then are over.
  void add_time_since(time_point began);
  /// Once more by one worker alone, with what is left of the time: what did not answer before may
  /// have been busy.
  void begin_anew();

  [[nodiscard]] const clean_up_limits& limits() const noexcept { return limits_; }

 private:
  struct refusal {
    std::size_t count = 0;
    std::string answer;
  };
  clean_up_limits limits_;
  std::size_t workers_;
  std::chrono::steady_clock::duration spent_{0};
  std::size_t unanswered_ = 0;  ///< In a row.
  std::array<refusal, 3> refusals_;
  std::array<bool, 3> deletes_{};  ///< The kinds of which one was deleted.
  std::string over_;
};

/// What was not deleted of one kind in one repository.
struct kept_content {
  std::vector<pushed_content> content;  ///< At least one.
  std::string why;
};

/// Deletes what was pushed: manifests, with them or behind them their tags, then blobs. What is
/// already gone counts as deleted. Where the registry does not delete the first of a kind, the rest
/// is not tried; where `state` says that it is over, nothing more is sent.
///
[[nodiscard]] boost::asio::awaitable<std::vector<kept_content>> clean_up(
    http::client& registry, std::vector<pushed_content> pushed, clean_up_state& state);

/// For a report: "app: 2 tags (DELETE is answered with 405)".
[[nodiscard]] std::string to_text(const kept_content& kept);

}  // namespace plimsoll
