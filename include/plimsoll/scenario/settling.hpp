#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

/// Waiting for what the spec gives no time for: content that was acknowledged and is not seen yet,
/// or that was deleted and is still there.
namespace plimsoll {

/// What is waited for. Waits of one kind share what the run has learnt of them.
enum class settle_kind : std::uint8_t {
  pushed_blob,
  pushed_manifest,
  tag_list,
  referrers,
  upload,
  deleted_blob,
  deleted_manifest,
  deleted_tag,
  last,  ///< Not a kind: how many there are.
};

/// Whether the wait follows a push, rather than a deletion.
[[nodiscard]] bool follows_push(settle_kind kind) noexcept;

/// The waits of one run.
///
/// Waits run side by side, so that a registry that never settles costs the longest wait once and
/// not once for each scenario: after a wait of a kind has run out, further ones of that kind are
/// short, unless the run has seen this kind settle late.
class settling {
 public:
  using milliseconds = std::chrono::milliseconds;

  /// A failure counts only after a wait of this length.
  static constexpr milliseconds judged_after = std::chrono::seconds(60);

  /// @param longest of one wait; zero: nothing is waited for
  explicit settling(milliseconds longest) noexcept : longest_(longest) {}

  /// How long a wait that begins now may take.
  [[nodiscard]] milliseconds limit(settle_kind kind) const noexcept;
  /// Up to here a push is seen promptly: 2 s, or less where no wait is as long as 8 s.
  [[nodiscard]] milliseconds prompt() const noexcept;
  /// Why a wait that ran out only warns; empty where it judges.
  [[nodiscard]] std::string cut_short() const;

  void settled(settle_kind kind, milliseconds took) noexcept;
  void ran_out(settle_kind kind) noexcept;

 private:
  struct experience {
    bool ran_out = false;
    milliseconds latest{0};  ///< The longest that one of this kind took to settle.
  };

  milliseconds longest_;
  std::array<experience, static_cast<std::size_t>(settle_kind::last)> seen_{};
};

/// How one wait ended.
struct settle_record {
  settle_kind kind = settle_kind::pushed_blob;
  bool settled = false;
  std::chrono::milliseconds took{0};    ///< From the first asking; zero where nothing was awaited.
  std::chrono::milliseconds prompt{0};  ///< As `settling::prompt`.
  std::string cut_short;                ///< As `settling::cut_short`; empty where it settled.
};

/// "0.8 s"
[[nodiscard]] std::string seconds_text(std::chrono::milliseconds time);

}  // namespace plimsoll
