#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/scenario/context.hpp"

namespace plimsoll::suite {

/// A manifest that a registry has to take, and the rule that says so.
struct manifest_to_take {
  requirement_id rule;
  std::string media_type;
  std::string json;
};

/// Pushes each under its digest and pulls it again. That it is not taken breaks its rule; that it
/// is taken and not there breaks pull.manifest.get-200, and that it comes back with other bytes
/// image.extensibility.no-modify.registry: the scenario judges both beside the rules.
/// @throws refused_by_policy behind all checks, where a policy refused any of them
boost::asio::awaitable<void> expect_taken(context& ctx, std::vector<manifest_to_take> manifests);

/// The same of one.
boost::asio::awaitable<void> expect_taken(context& ctx, requirement_id rule, std::string media_type,
                                          std::string json);

}  // namespace plimsoll::suite
