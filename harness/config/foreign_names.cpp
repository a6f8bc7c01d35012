#include "foreign_names.hpp"

#include <algorithm>
#include <array>

#include "plimsoll/base/text.hpp"

namespace plimsoll {
namespace {

/// The flags that `plimsoll test` does not have, and the variables that no flag goes with.
constexpr auto flags_of_other_commands = std::to_array<std::string_view>({"annotations",
                                                                          "attach",
                                                                          "badge",
                                                                          "badge-json",
                                                                          "certificate",
                                                                          "chunk-min-length",
                                                                          "clients",
                                                                          "console",
                                                                          "content",
                                                                          "csv",
                                                                          "delay",
                                                                          "duration",
                                                                          "existing",
                                                                          "fault",
                                                                          "find-limit",
                                                                          "history",
                                                                          "html",
                                                                          "interleave",
                                                                          "json",
                                                                          "junit",
                                                                          "key",
                                                                          "list-tests",
                                                                          "listen",
                                                                          "manifest-limit",
                                                                          "margin",
                                                                          "markdown",
                                                                          "no-deletes",
                                                                          "no-referrers",
                                                                          "operations",
                                                                          "output-format",
                                                                          "owner",
                                                                          "owner-password",
                                                                          "private",
                                                                          "product",
                                                                          "product-version",
                                                                          "proof",
                                                                          "rate",
                                                                          "repeat",
                                                                          "replay",
                                                                          "requests",
                                                                          "result",
                                                                          "results-yaml",
                                                                          "sarif",
                                                                          "scale",
                                                                          "skip-cleanup",
                                                                          "slo",
                                                                          "sparse",
                                                                          "speed",
                                                                          "step",
                                                                          "store",
                                                                          "strict",
                                                                          "tail-margin",
                                                                          "test-regex",
                                                                          "threads",
                                                                          "upstream-server-url",
                                                                          "variant",
                                                                          "verify",
                                                                          "warning",
                                                                          "workload",
                                                                          "yes"});

bool is_number(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_protocol(std::string_view text) {
  return text == "TCP" || text == "UDP" || text == "SCTP";
}

bool is_address(std::string_view value) {
  return value.starts_with("tcp://") || value.starts_with("udp://") || value.starts_with("sctp://");
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// ..._PORT_5000_TCP and what is told of it: _PROTO, _PORT and _ADDR.
bool is_port_link(std::string_view variable) {
  const auto words = split(variable, '_');
  for (std::size_t i = 1; i + 2 < words.size(); ++i) {
    if (words[i] != "PORT" || !is_number(words[i + 1]) || !is_protocol(words[i + 2])) continue;
    if (i + 3 == words.size()) return true;
    const std::string_view last = words[i + 3];
    return i + 4 == words.size() && (last == "PROTO" || last == "PORT" || last == "ADDR");
  }
  return false;
}

}  // namespace

bool is_of_another_command(std::string_view name) {
  return std::find(flags_of_other_commands.begin(), flags_of_other_commands.end(), name) !=
         flags_of_other_commands.end();
}

bool is_service_link(std::string_view variable, std::string_view value) {
  if (variable.ends_with("_PORT") && is_address(value)) return true;
  if (variable.ends_with("_SERVICE_HOST") || is_port_link(variable)) return true;
  return contains(variable, "_SERVICE_PORT") && is_number(value);
}

}  // namespace plimsoll
