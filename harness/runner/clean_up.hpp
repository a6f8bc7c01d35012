#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/http/client.hpp"
#include "plimsoll/scenario/pushed_content.hpp"

namespace plimsoll {

/// Deletes what was pushed: manifests, with them or behind them their tags, then blobs. What is
/// already gone counts as deleted. Where the registry does not delete the first of a kind, the rest
/// is not tried.
///
/// @return what the registry kept: one line a kind and repository, with the registry's answer
[[nodiscard]] boost::asio::awaitable<std::vector<std::string>> clean_up(
    http::client& registry, std::vector<pushed_content> pushed);

}  // namespace plimsoll
