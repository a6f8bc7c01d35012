#pragma once

#include <string_view>

namespace plimsoll {

/// Whether the name is that of a flag of another command than `test`, without its dashes: such a
/// variable or key may stand beside ours, and means nothing here.
[[nodiscard]] bool is_of_another_command(std::string_view name);

/// Whether Kubernetes sets such a variable for a Service whose name begins as our variables do:
/// PLIMSOLL_PORT=tcp://10.0.0.1:5000, PLIMSOLL_SERVICE_HOST, OCI_REGISTRY_PORT_5000_TCP_ADDR.
/// https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
[[nodiscard]] bool is_service_link(std::string_view variable, std::string_view value);

}  // namespace plimsoll
