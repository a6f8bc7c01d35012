#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/http/message.hpp"

namespace plimsoll::suite {

/// The same text, so many times.
struct repeated {
  std::string text;
  std::uint64_t times = 1;
};

/// Content of these parts, one behind the other. It is made where it is needed: content of any
/// size takes no more memory than its parts.
[[nodiscard]] http::body_source content_of(std::vector<repeated> parts);

/// Compares what comes with what was pushed, and keeps none of it.
class comparison {
 public:
  explicit comparison(http::body_source wanted) : wanted_(std::move(wanted)) {}

  void take(std::string_view piece);

  /// All of it has come, and nothing else.
  [[nodiscard]] bool is_whole() const noexcept { return same_ && received_ == wanted_.size; }
  [[nodiscard]] std::string expected() const;
  [[nodiscard]] std::string received() const;

 private:
  http::body_source wanted_;
  std::uint64_t received_ = 0;
  bool same_ = true;
  std::string piece_;
};

}  // namespace plimsoll::suite
