#include "settings.hpp"

#include <optional>
#include <string_view>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace plimsoll::cli {
namespace {

constexpr const char* registry = "registry";

constexpr const char* about_settings =
    R"(Each flag is also a variable (PLIMSOLL_REPO_PREFIX) and a key of plimsoll.yaml; flags go
before variables, and these before the file. OCI_* variables and oci-conformance.yaml mean
what they mean to the official suite; its apis.* and data.* are flags too: --data.sha512=0.
--show-config prints every value and where it comes from.

)";

}  // namespace

setting_flags::setting_flags(CLI::App& app) {
  const auto add = [&](std::string_view name) -> std::vector<std::string>& {
    flags_.push_back({std::string(name), {}});
    return flags_.back().values;
  };
  app.add_option("URL", add(registry), "The registry, http(s)://HOST[:PORT]; none: the bundled one")
      ->expected(0, 1)
      ->type_name("");
  app.add_option("--config", file_, "YAML file; without it plimsoll.yaml or oci-conformance.yaml")
      ->type_name("FILE");
  for (const setting_info& one : settings()) {
    std::vector<std::string>& values = add(one.name);
    const std::string name = "--" + std::string(one.name);
    const std::string help(one.help);
    CLI::Option* const made = one.takes == setting_info::kind::boolean
                                  ? app.add_flag(name, values, help)
                                  : app.add_option(name, values, help)->allow_extra_args(false);
    if (one.takes != setting_info::kind::boolean) made->option_text("VALUE");
    if (one.help.empty()) made->group("");
  }
  app.footer(std::string(about_settings) + app.get_parent()->get_footer());
}

result<configuration> setting_flags::load() const {
  return load(process_environment());
}

result<configuration> setting_flags::load(const environment& env) const {
  std::vector<setting> given;
  for (const flag& one : flags_) {
    for (const std::string& value : one.values) given.push_back({one.name, value});
  }
  const auto file = file_.empty() ? std::nullopt : std::optional<std::filesystem::path>(file_);
  return load_configuration(given, env, file);
}

environment process_environment() {
  environment all;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

}  // namespace plimsoll::cli
