#pragma once

#include <span>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/catalogue/ids.hpp"

namespace plimsoll {

class context;

/// One thing that a user of a registry does, and what the spec says must come of it.
///
/// A constant made while compiling: it can be listed, filtered and counted without
/// anything being sent. It knows neither levels nor verdicts: those are the catalogue's.
struct scenario {
  std::string_view id;        ///< `topic/name`; stable for ever.
  std::string_view title;     ///< What a registry that is right does, in the present tense.
  std::string_view category;  ///< "pull", "push", "discovery" or "management"
  boost::asio::awaitable<void> (*body)(context&);
};

}  // namespace plimsoll
