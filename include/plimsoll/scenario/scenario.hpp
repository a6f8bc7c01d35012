#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/catalogue/ids.hpp"

namespace plimsoll {

class context;
class witness;

/// What has to be in the registry for a scenario to tell anything.
enum class basis : std::uint8_t {
  pushed,  ///< What it pushes itself: it needs a registry that may be written to.
  /// Nothing: it asks for what is absent or is always there. Where the registry may be written to,
  /// it may push all the same.
  nothing,
  given_tags,       ///< As the rest: what the user says is there. It only reads.
  given_manifests,  ///< Also by their tags.
  given_blobs,
  given_referrers,
  /// Pushes to a repository that the login may not read, as its owner.
  given_private,
};

/// One thing that a user of a registry does, and what the spec says must come of it.
///
/// A constant made while compiling: it can be listed, filtered and counted without
/// anything being sent. It knows neither levels nor verdicts: those are the catalogue's.
struct scenario {
  std::string_view id;        ///< `topic/name`; stable for ever.
  std::string_view title;     ///< What a registry that is right does, in the present tense.
  std::string_view category;  ///< A category of the spec, or "extensions"
  /// All that its body may check; a check of another id is a defect of the suite, and ends it.
  std::span<const requirement_id> judges;
  boost::asio::awaitable<void> (*body)(context&);
  basis stands_on = basis::pushed;
  /// Moves so much that it is run only where it is asked for: it would decide how long a run
  /// takes.
  bool is_large = false;
  /// Holds megabytes in memory: no more than two such are under way at once.
  bool is_bulky = false;
  /// Tells nothing where others have pushed to its repositories, or may have.
  bool needs_fresh = false;
  /// Pushes to repositories beside its two, or deletes there.
  bool pushes_elsewhere = false;
};

/// Rules that hold for every answer of a registry, whatever was asked. It sees each answer
/// that any scenario gets, and is judged once, at the end of the run.
struct observer {
  std::string_view id;
  std::string_view title;
  std::string_view category;
  std::span<const requirement_id> judges;
  void (*look)(witness&);
};

}  // namespace plimsoll
