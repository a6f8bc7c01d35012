#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>

namespace plimsoll {

/// Why something could not be done, as one line for a person: what was attempted,
/// on what, what was seen. Never holds a credential.
class error {
 public:
  error() = default;

  /// @param what one line without a full stop, for example
  ///        "connect 127.0.0.1:5000: Connection refused"
  [[nodiscard]] static error of(std::string what) {
    error made;
    made.what_ = std::move(what);
    return made;
  }

  [[nodiscard]] const std::string& what() const noexcept { return what_; }

 private:
  std::string what_;
};

/// What `result<T>::value()` throws where there is an error instead of a value.
[[noreturn]] inline void throw_exception_from_error(const error& why,
                                                    const boost::source_location& /*at*/) {
  throw std::runtime_error(why.what());
}

/// A value, or the reason why there is none. Errors at boundaries are values;
/// exceptions are kept for broken invariants.
template <class T>
using result = boost::system::result<T, error>;

}  // namespace plimsoll
