#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace plimsoll::http {

/// Takes the content codings off a body while it comes: gzip, deflate (RFC 9110, 8.4.1) and zstd
/// (RFC 8878).
class content_decoder {
 public:
  /// Returns false where no more is wanted.
  using consumer = std::function<bool(std::string_view piece)>;

  enum class state {
    good,
    broken,   ///< The bytes are not so coded, or end too early.
    stopped,  ///< The consumer wanted no more.
  };

  /// @param codings as `response::codings` gives them: the last was applied last
  /// @return null where one of them is not known
  [[nodiscard]] static std::unique_ptr<content_decoder> make(std::string_view codings);

  content_decoder(const content_decoder&) = delete;
  content_decoder& operator=(const content_decoder&) = delete;
  ~content_decoder();

  [[nodiscard]] state take(std::string_view coded, const consumer& to);
  /// Whether the body may end here.
  [[nodiscard]] bool is_complete() const;

 private:
  struct stages;
  content_decoder();
  state take_from(std::size_t stage, std::string_view coded, const consumer& to);

  std::unique_ptr<stages> stages_;
};

}  // namespace plimsoll::http
