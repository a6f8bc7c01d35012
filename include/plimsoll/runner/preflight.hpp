#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "plimsoll/http/client.hpp"
#include "plimsoll/runner/runner.hpp"
#include "plimsoll/scenario/policy.hpp"

namespace plimsoll {

/// What a few requests before the scenarios told about a registry.
struct preflight_result {
  std::string error;   ///< Why there was no answer to the first request; empty where there was.
  std::string reason;  ///< Why there is nothing to judge; empty where the scenarios may begin.
  registry_policies policies;
  std::vector<std::string> left_behind;  ///< What was pushed and could not be deleted.
};

/// Asks whether there is a registry, and what its policies are: whether it takes pushes, names of
/// several components, and another manifest under a tag that is there. A registry that answers
/// otherwise than by a policy is left to the scenarios. What it pushes, in a repository as that of
/// a scenario, it deletes again.
///
/// @param pushes whether any scenario pushes; else nothing is pushed here either
[[nodiscard]] boost::asio::awaitable<preflight_result> run_preflight(http::client& registry,
                                                                     const run_options& options,
                                                                     bool pushes);

/// Why the answer to GET /v2/ leaves nothing to judge: a page in HTML, TLS that is asked for, a
/// server that fails. Empty where the run may begin, and for 401 and 403, which a registry may
/// answer with and serve what is named all the same.
[[nodiscard]] std::string no_registry(const http::exchange& seen);

/// What to do about a GET /v2/ with 401 or 403, where nothing that was named is served either:
/// which login is needed, was refused, or could not be sent.
/// @param has_login whether the client was given one
[[nodiscard]] std::string closed_registry(const http::exchange& seen, bool has_login);

}  // namespace plimsoll
