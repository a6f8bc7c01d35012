#include "registry_flags.hpp"

#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

#include "connecting.hpp"
#include "plimsoll/config/config.hpp"
#include "settings.hpp"

namespace plimsoll::cli {

void describe_registry(CLI::App& app, registry_flags& to) {
  app.add_option("--username", to.username, "The password is in PLIMSOLL_PASSWORD");
  app.add_option("--ca-file", to.ca_file, "PEM file, beside the system's CAs");
  app.add_flag("--insecure", to.insecure, "Take any certificate");
}

result<http::client_options> client_options_for(const registry_flags& flags,
                                                const std::string& origin,
                                                const std::string& run_id) {
  std::vector<setting> given{{"registry", origin}};
  if (!flags.username.empty()) given.push_back({"username", flags.username});
  if (!flags.ca_file.empty()) given.push_back({"ca-file", flags.ca_file});
  if (flags.insecure) given.push_back({"insecure", "true"});
  const environment env = process_environment();
  const auto chosen = load_configuration(given, env, std::nullopt);
  if (!chosen) return chosen.error();
  return client_options_for(*chosen, env, origin, run_id);
}

}  // namespace plimsoll::cli
