#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "fields.hpp"
#include "foreign_names.hpp"
#include "plimsoll/base/edit_distance.hpp"
#include "plimsoll/base/text.hpp"
#include "values.hpp"

namespace plimsoll {
namespace {

constexpr std::string_view own_prefix = "PLIMSOLL_";
constexpr std::string_view own_file = "PLIMSOLL_CONFIG";
constexpr std::string_view official_file = "OCI_CONFIGURATION";

/// A legacy variable of the official suite, and the fields that it stands for.
struct legacy {
  std::string_view variable;
  std::string_view instead;  ///< What to use today; empty where it has no effect there either.
  std::array<std::string_view, 3> keys = {};
};

constexpr std::array legacies = {
    legacy{"OCI_ROOT_URL", "OCI_REGISTRY and OCI_TLS"},
    legacy{"OCI_DEBUG", "OCI_LOG"},
    legacy{"OCI_NAMESPACE", "OCI_REPO1", {"repo1"}},
    legacy{"OCI_CROSSMOUNT_NAMESPACE", "OCI_REPO2", {"repo2"}},
    legacy{"OCI_TEST_PULL", "OCI_API_PULL", {"apis.pull"}},
    legacy{"OCI_TEST_PUSH", "OCI_API_PUSH", {"apis.push"}},
    legacy{"OCI_TEST_CONTENT_DISCOVERY",
           "OCI_API_TAGS_LIST and OCI_API_REFERRER",
           {"apis.tags.list", "apis.referrer"}},
    legacy{"OCI_TEST_CONTENT_MANAGEMENT",
           "OCI_API_TAGS_DELETE, OCI_API_MANIFESTS_DELETE and OCI_API_BLOBS_DELETE",
           {"apis.tags.delete", "apis.manifests.delete", "apis.blobs.delete"}},
    legacy{"OCI_TAG_NAME", "OCI_RO_DATA_TAGS", {"given.tags"}},
    legacy{"OCI_MANIFEST_DIGEST", "OCI_RO_DATA_MANIFESTS", {"given.manifests"}},
    legacy{"OCI_BLOB_DIGEST", "OCI_RO_DATA_BLOBS", {"given.blobs"}},
    legacy{"OCI_HIDE_SKIPPED_WORKFLOWS", ""},
    legacy{"OCI_DELETE_MANIFEST_BEFORE_BLOBS", ""},
    legacy{"OCI_AUTH_SCOPE", ""},
    legacy{"OCI_TAG_LIST", ""},
    legacy{"OCI_REPORT_DIR", ""},
    legacy{"OCI_AUTOMATIC_CROSSMOUNT", ""},
    legacy{"OCI_SKIP_EMPTY_LAYER_PUSH_TEST", ""},
};

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> found;
  for (const auto part : split(text, ' ')) {
    if (!part.empty()) found.emplace_back(part);
  }
  return found;
}

given_value from_variable(const field& of, std::string_view variable, const std::string& value) {
  auto parts = of.form == field::shape::list ? words(value) : std::vector<std::string>{value};
  return {&of, std::move(parts), {source::environment, std::string(variable)}};
}

const std::string* value_of(const environment& env, std::string_view variable) {
  const auto found = env.find(variable);
  return found == env.end() || found->second.empty() ? nullptr : &found->second;
}

void add_root_url(std::vector<given_value>& to, std::string_view variable,
                  const std::string& value) {
  std::string url = to_lower(value);
  if (url.ends_with('/')) url.pop_back();
  const std::string plain = "http://";
  const std::string secured = "https://";
  if (url.starts_with(plain)) {
    to.push_back(from_variable(*find_field("tls"), variable, "disabled"));
    url.erase(0, plain.size());
  } else if (url.starts_with(secured)) {
    to.push_back(from_variable(*find_field("tls"), variable, "enabled"));
    url.erase(0, secured.size());
  }
  to.push_back(from_variable(*find_field("registry"), variable, url));
}

result<void> add_debug(std::vector<given_value>& to, std::string_view variable,
                       const std::string& value) {
  const auto on = parse_switch(value);
  if (!on) {
    return error::of(
        fmt::format("{}: expected true or false, received \"{}\"", variable, printable(value)));
  }
  if (*on) to.push_back(from_variable(*find_field("log"), variable, "debug"));
  return {};
}

/// All that mean something here.
std::vector<std::string> known_variables() {
  std::vector<std::string> names{std::string(own_file), std::string(official_file)};
  for (const field& each : all_fields()) {
    if (!each.name.empty()) names.push_back(variable_name(each.name));
    if (!each.official_env.empty()) names.emplace_back(each.official_env);
  }
  for (const legacy& each : legacies) names.emplace_back(each.variable);
  return names;
}

/// PLIMSOLL_OUTPUT_FORMAT is "output-format".
std::string flag_of(std::string_view variable) {
  std::string name = to_lower(variable.substr(own_prefix.size()));
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

/// The variable of ours that was meant; nothing where none is within two edits.
std::optional<std::string_view> misspelt(const std::string& typed,
                                         const std::vector<std::string>& known) {
  constexpr std::size_t most_edits = 2;
  if (is_of_another_command(flag_of(typed))) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t fewest = most_edits + 1;
  for (const std::string& name : known) {
    if (!name.starts_with(own_prefix)) continue;
    const std::size_t edits = edit_distance(typed, name);
    if (edits >= fewest) continue;
    best = name;
    fewest = edits;
  }
  return best;
}

std::string why_foreign(std::string_view variable, std::string_view value) {
  if (is_service_link(variable, value)) return "Kubernetes sets it for a Service";
  if (variable.starts_with(own_prefix) && is_of_another_command(flag_of(variable))) {
    return "it is for another command";
  }
  return "it is no setting";
}

}  // namespace

std::vector<given_value> read_own_variables(const environment& env) {
  std::vector<given_value> found;
  for (const field& each : all_fields()) {
    if (each.name.empty()) continue;
    const std::string variable = variable_name(each.name);
    if (const auto* const value = value_of(env, variable)) {
      found.push_back(from_variable(each, variable, *value));
    }
  }
  return found;
}

std::vector<given_value> read_official_variables(const environment& env) {
  std::vector<given_value> found;
  for (const field& each : all_fields()) {
    if (each.official_env.empty()) continue;
    if (const auto* const value = value_of(env, each.official_env)) {
      found.push_back(from_variable(each, each.official_env, *value));
    }
  }
  return found;
}

result<inputs> read_legacy_variables(const environment& env) {
  inputs found;
  for (const legacy& each : legacies) {
    const auto* const value = value_of(env, each.variable);
    if (value == nullptr) continue;
    found.notes.push_back(each.instead.empty()
                              ? fmt::format("{} has no effect", each.variable)
                              : fmt::format("{} is obsolete: use {}", each.variable, each.instead));
    if (each.variable == "OCI_ROOT_URL") add_root_url(found.values, each.variable, *value);
    if (each.variable == "OCI_DEBUG") {
      if (const auto added = add_debug(found.values, each.variable, *value); !added) {
        return added.error();
      }
    }
    for (const auto key : each.keys) {
      if (!key.empty()) {
        found.values.push_back(from_variable(*find_field(key), each.variable, *value));
      }
    }
  }
  return found;
}

result<std::vector<std::string>> check_names(const environment& env) {
  const std::vector<std::string> names = known_variables();
  std::vector<std::string> ignored;
  for (const auto& [name, value] : env) {
    const bool is_ours = name.starts_with(own_prefix);
    if (value.empty() || !(is_ours || name.starts_with("OCI_"))) continue;
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    if (is_ours && !is_service_link(name, value)) {
      if (const auto meant = misspelt(name, names)) {
        return error::of(
            fmt::format("{}: unknown variable; did you mean \"{}\"?", printable(name), *meant));
      }
    }
    ignored.push_back(fmt::format("{} is ignored: {}", printable(name), why_foreign(name, value)));
  }
  return ignored;
}

}  // namespace plimsoll
