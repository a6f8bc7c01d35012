#pragma once

#include <functional>
#include <string_view>

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

/// The program's subcommands. Each describes its flags to `app` and returns what to do once the
/// command line is read; that returns the exit code: 0 good, 1 judged and found wanting, 2 bad
/// usage or configuration, 3 could not be judged.
namespace plimsoll::cli {

using runnable = std::function<int()>;

/// Stands for the -- of `compare` behind the base's runs: CLI11 would drop it.
inline constexpr std::string_view between_runs = "vs";

[[nodiscard]] runnable describe_certify(CLI::App& app);
[[nodiscard]] runnable describe_compare(CLI::App& app);
[[nodiscard]] runnable describe_explain(CLI::App& app);
[[nodiscard]] runnable describe_list(CLI::App& app);
[[nodiscard]] runnable describe_load(CLI::App& app);
[[nodiscard]] runnable describe_prove(CLI::App& app);
/// `list requirements`.
[[nodiscard]] runnable describe_requirements(CLI::App& app);
[[nodiscard]] runnable describe_report(CLI::App& app);
[[nodiscard]] runnable describe_serve(CLI::App& app);
[[nodiscard]] runnable describe_test(CLI::App& app);
[[nodiscard]] runnable describe_verify(CLI::App& app);
[[nodiscard]] runnable describe_zb(CLI::App& app);

}  // namespace plimsoll::cli
