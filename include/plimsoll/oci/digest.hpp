#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"

namespace plimsoll::oci {

/// A digest as image-spec 1.1.1, "Digests", has it: `algorithm:encoded`.
///
/// Any algorithm that the grammar allows is parsed; only for the registered ones
/// (sha256, sha512) the encoded part's form is checked and content can be hashed.
/// Never empty once parsed: the default-made digest is "no digest".
class digest {
 public:
  digest() = default;

  /// @param text for example "sha256:e3b0c442...", as received
  /// @return the digest, or why the text is none: bad grammar, or an encoded part
  ///         that is wrong for a registered algorithm (length, upper case)
  [[nodiscard]] static result<digest> parse(std::string_view text);

  [[nodiscard]] std::string_view algorithm() const noexcept;
  [[nodiscard]] std::string_view encoded() const noexcept;
  [[nodiscard]] const std::string& str() const noexcept { return text_; }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

  /// Whether content can be hashed with this algorithm here: sha256 and sha512.
  [[nodiscard]] bool is_registered() const noexcept;

  friend bool operator==(const digest&, const digest&) = default;
  friend auto operator<=>(const digest&, const digest&) = default;

 private:
  std::string text_;
  std::size_t colon_ = 0;

  friend class hasher;
};

enum class hash_algorithm { sha256, sha512 };

[[nodiscard]] std::string_view to_string(hash_algorithm algorithm) noexcept;

/// sha256 or sha512 by its registered name; an error for any other name.
[[nodiscard]] result<hash_algorithm> hash_algorithm_of(std::string_view name);

/// Hashes content piece by piece, in constant memory.
class hasher {
 public:
  explicit hasher(hash_algorithm algorithm);
  hasher(const hasher& other);  ///< Clones the state: what was hashed so far counts in both.
  hasher(hasher&&) noexcept;
  hasher& operator=(const hasher& other);
  hasher& operator=(hasher&&) noexcept;
  ~hasher();

  void update(std::string_view bytes);

  /// The digest of all bytes so far. The hasher may be used on: it is not reset.
  [[nodiscard]] digest finish() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

[[nodiscard]] digest digest_of(hash_algorithm algorithm, std::string_view bytes);

/// The sha256 digest of `bytes`, the algorithm that every registry has.
[[nodiscard]] digest digest_of(std::string_view bytes);

}  // namespace plimsoll::oci
