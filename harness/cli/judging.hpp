#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "plimsoll/config/config.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/plan/plan.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::cli {

/// The registry, as those get to see it who use it in a run.
struct users {
  http::client& registry;
  http::client* owner;  ///< Of the private repository; null where none is named.
};

/// Carries out the plan, tells on standard error how far it is, and fills what `run` lacks.
/// SIGINT and SIGTERM end the run with what it has, after a few seconds for the clean-up; a
/// second one ends the program.
///
/// @param leaves_bytes what was pushed is deleted, but where a scenario sent less than this
/// @param also gets each scenario's result as it ends; may be empty
/// @return whether a signal ended it
[[nodiscard]] bool carry_out(const plan& what, const configuration& chosen,
                             std::uint64_t leaves_bytes, users who, boost::asio::io_context& io,
                             run_result& run,
                             const std::function<void(const scenario_result&)>& also = nullptr);

/// What to do about an exchange's error, to go behind it; may be empty.
/// @param registry its URL
[[nodiscard]] std::string advice_on(std::string_view error, std::string_view registry);

}  // namespace plimsoll::cli
