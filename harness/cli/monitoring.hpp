#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/config/config.hpp"
#include "plimsoll/exposition/exposer.hpp"
#include "plimsoll/exposition/push.hpp"
#include "plimsoll/load/run.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming)
class App;
}

namespace plimsoll::cli {

/// Where a run's metrics go, beside its reports.
struct monitoring {
  std::string prometheus;   ///< [ADDRESS:]PORT to serve them on while it runs; empty: nowhere.
  std::string pushgateway;  ///< URL to push them to when it is over; empty: nowhere.
  bool require_push = false;
};

/// `--prometheus`, which the variable PLIMSOLL_PROMETHEUS is, too.
void describe_exposition(CLI::App& app, monitoring& to);
/// `--pushgateway` and `--require-push`.
void describe_push(CLI::App& app, monitoring& to);

/// Serves metrics until the result is gone, and tells on standard error where.
/// @return no exposer where nothing was asked for
[[nodiscard]] result<std::optional<exposition::exposer>> expose(const std::string& where,
                                                                exposition::exposer::source from);

/// Has a load run publish, each second, what it has come to so far.
/// @param known what its result has from the beginning: version, registry and workload
void publish_to(exposition::published& figures, const load::load_result& known,
                load::run_observer& watching);

/// @return no gateway where none was asked for, an error where its URL is none
[[nodiscard]] result<std::optional<exposition::gateway>> gateway_for(const monitoring& wanted,
                                                                     const environment& env);

/// Pushes a run's metrics, where there is a gateway, and tells on standard error what came of it.
/// @param command for messages, "plimsoll test"
/// @param verdict the run's exit code
/// @return the verdict; 3 instead of 0 where the push failed and was required
[[nodiscard]] int push_metrics(const std::optional<exposition::gateway>& to,
                               const exposition::metric_group& group,
                               const reports::metric_families& metrics, bool required,
                               std::string_view command, int verdict);

}  // namespace plimsoll::cli
