#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/reports/metrics.hpp"

namespace plimsoll::exposition {

/// No push takes longer, whatever the Pushgateway does.
inline constexpr std::chrono::seconds longest_push{10};

/// What tells a group of metrics from others in a Pushgateway: its job, then further labels. A
/// push leaves every other group as it is.
struct metric_group {
  std::string job;
  std::vector<std::pair<std::string, std::string>> labels;
};

/// Where a Pushgateway is.
struct gateway {
  http::client_options connect;
  std::string path;  ///< Before /metrics; empty for most.
};

/// @param url http(s)://[USER:PASSWORD@]HOST[:PORT][/PATH]
/// @param connect how servers are talked to; its registry and login are replaced
/// @return an error that shows no password
[[nodiscard]] result<gateway> gateway_at(std::string_view url, http::client_options connect);

/// The gateway's URL without a login, for messages.
[[nodiscard]] std::string shown_url(const gateway& of);

/// The path of a group: /metrics/job/NAME/LABEL/VALUE, values in base64 where they need it.
[[nodiscard]] std::string path_of(const metric_group& group);

/// Replaces the group's families of the same names; those with other names stay, so that the time
/// of the last success outlives a failure. Returns within `longest_push`.
/// @return an error that names the gateway and what it said
[[nodiscard]] result<void> push(const gateway& to, const metric_group& group,
                                const reports::metric_families& metrics);

}  // namespace plimsoll::exposition
