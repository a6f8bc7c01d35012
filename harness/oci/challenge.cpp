#include "plimsoll/oci/challenge.hpp"

#include <algorithm>

#include "field_scanner.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll::oci {
namespace {

constexpr std::string_view token68_characters =
    "-._~+/0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool ends_element(field_scanner scanner) noexcept {
  scanner.skip_spaces();
  return scanner.at_end() || scanner.at(',');
}

/// Reads a value's elements one by one. A comma separates both challenges and the
/// parameters of one, so each element says itself which it is: `name=value` or `scheme ...`.
class challenge_reader {
 public:
  explicit challenge_reader(std::string_view value) noexcept : scanner_(value) {}

  std::vector<challenge> read() {
    for (;;) {
      scanner_.skip_spaces();
      if (scanner_.at_end()) break;
      if (scanner_.take(',')) continue;
      if (!take_element() || !ends_element(scanner_)) {
        current_.reset();
        skip_element();
      }
    }
    keep();
    return std::move(done_);
  }

 private:
  bool take_element() {
    const field_scanner start = scanner_;
    const auto token = scanner_.take_token();
    if (!token) return false;
    field_scanner ahead = scanner_;
    ahead.skip_spaces();
    if (ahead.at('=')) {
      scanner_ = start;
      return take_parameter();
    }
    keep();
    current_.emplace();
    current_->scheme = to_lower(*token);
    if (ends_element(scanner_)) return true;
    if (!scanner_.at(' ')) return false;
    scanner_.skip_spaces();
    return take_token68() || take_parameter();
  }

  bool take_token68() {
    field_scanner ahead = scanner_;
    const std::string_view rest = scanner_.rest();
    if (ahead.take_all_of(token68_characters).empty()) return false;
    ahead.take_all_of("=");
    if (!ends_element(ahead)) return false;
    current_->token68 = rest.substr(0, rest.size() - ahead.rest().size());
    scanner_ = ahead;
    return true;
  }

  /// A parameter of no challenge, as behind one that could not be read, is taken and dropped.
  bool take_parameter() {
    const auto name = scanner_.take_token();
    if (!name) return false;
    scanner_.skip_spaces();
    if (!scanner_.take('=')) return false;
    scanner_.skip_spaces();
    std::string value;
    if (scanner_.at('"')) {
      auto quoted = scanner_.take_quoted();
      if (!quoted) return false;
      value = *std::move(quoted);
    } else {
      const auto token = scanner_.take_token();
      if (!token) return false;
      value = *token;
    }
    if (current_ && !current_->token68.empty()) return false;
    if (current_) current_->parameters.emplace_back(to_lower(*name), std::move(value));
    return true;
  }

  /// To the next comma outside of quotes.
  void skip_element() {
    while (!scanner_.at_end() && !scanner_.at(',')) {
      if (!scanner_.at('"')) {
        scanner_.skip(1);
      } else if (!scanner_.take_quoted()) {
        // The quotes never close, or hold what they may not: nothing behind can be told apart.
        scanner_.skip(scanner_.rest().size());
      }
    }
  }

  void keep() {
    if (current_) done_.push_back(*std::move(current_));
    current_.reset();
  }

  field_scanner scanner_;
  std::optional<challenge> current_;
  std::vector<challenge> done_;
};

}  // namespace

std::optional<std::string_view> challenge::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(), [name](const auto& one) {
    return equal_ignoring_case(one.first, name);
  });
  if (found == parameters.end()) return std::nullopt;
  return found->second;
}

std::vector<challenge> parse_challenges(std::string_view value) {
  return challenge_reader(value).read();
}

}  // namespace plimsoll::oci
