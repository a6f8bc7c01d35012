#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace plimsoll::oci {

/// Takes the pieces of a header field's value off its front (RFC 9110, 5.6).
/// What does not match leaves the rest as it is.
class field_scanner {
 public:
  explicit field_scanner(std::string_view value) noexcept : rest_(value) {}

  [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
  [[nodiscard]] bool at(char c) const noexcept { return rest_.starts_with(c); }
  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

  /// Spaces and tabs.
  void skip_spaces() noexcept;
  void skip(std::size_t count) noexcept { rest_.remove_prefix(count); }
  /// Whether the character was next, and is taken.
  bool take(char c) noexcept;
  /// All up to the first character that is not one of these; maybe nothing.
  std::string_view take_all_of(std::string_view characters) noexcept;
  std::optional<std::string_view> take_token() noexcept;
  /// A quoted-string, unquoted and unescaped.
  std::optional<std::string> take_quoted();

 private:
  std::string_view rest_;
};

}  // namespace plimsoll::oci
