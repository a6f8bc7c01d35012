#pragma once

#include <functional>

namespace CLI {
class App;
}

/// The program's subcommands. Each describes its flags to `app` and returns what to do once the
/// command line is read; that returns the exit code: 0 good, 1 judged and found wanting, 2 bad
/// usage or configuration, 3 could not be judged.
namespace plimsoll::cli {

using runnable = std::function<int()>;

[[nodiscard]] runnable describe_explain(CLI::App& app);
[[nodiscard]] runnable describe_list(CLI::App& app);
[[nodiscard]] runnable describe_prove(CLI::App& app);
/// `list requirements`.
[[nodiscard]] runnable describe_requirements(CLI::App& app);
[[nodiscard]] runnable describe_report(CLI::App& app);
[[nodiscard]] runnable describe_serve(CLI::App& app);
[[nodiscard]] runnable describe_test(CLI::App& app);

}  // namespace plimsoll::cli
