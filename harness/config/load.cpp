#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>

#include <fmt/format.h>

#include "fields.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll {
namespace {

namespace fs = std::filesystem;

// The last value given for each field; what is behind it in the inputs outweighs it.
using chosen_values = std::map<std::string_view, const given_value*>;

struct settings_file {
  fs::path path;
  dialect keys = dialect::ours;
  source from = source::file;
};

constexpr std::string_view own_name = "plimsoll.yaml";
constexpr std::string_view official_name = "oci-conformance.yaml";

settings_file by_name(const fs::path& path) {
  return {path, path.filename() == official_name ? dialect::official : dialect::ours};
}

std::optional<settings_file> file_to_read(const environment& env,
                                          const std::optional<fs::path>& file,
                                          const fs::path& directory) {
  if (file) {
    settings_file named = by_name(*file);
    named.from = source::named_file;
    return named;
  }
  const auto own = env.find("PLIMSOLL_CONFIG");
  if (own != env.end() && !own->second.empty()) return by_name(own->second);
  const auto official = env.find("OCI_CONFIGURATION");
  if (official != env.end() && !official->second.empty()) {
    return settings_file{official->second, dialect::official};
  }
  std::error_code ignored;
  if (fs::exists(directory / own_name, ignored)) return by_name(directory / own_name);
  // Empty, it says that there is no file.
  if (official != env.end()) return std::nullopt;
  if (fs::exists(directory / official_name, ignored)) return by_name(directory / official_name);
  return std::nullopt;
}

result<std::string> read_text(const fs::path& path) {
  constexpr std::size_t limit = 1U << 20U;
  const std::string name = printable(path.string());
  std::error_code failure;
  if (!fs::is_regular_file(path, failure)) {
    return error::of(
        fmt::format("read {}: {}", name, failure ? failure.message() : "not a regular file"));
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text(limit + 1, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (stream.bad() || !stream.eof()) {
    return error::of(stream.good() ? fmt::format("read {}: larger than 1 MiB", name)
                                   : fmt::format("read {}: cannot be read", name));
  }
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

void append(inputs& to, std::vector<given_value> values) {
  std::move(values.begin(), values.end(), std::back_inserter(to.values));
}

// All that is given, the weakest first.
result<inputs> gather(std::span<const setting> flags, const environment& env,
                      const std::optional<settings_file>& file) {
  auto ignored = check_names(env);
  if (!ignored) return ignored.error();
  auto all = read_legacy_variables(env);
  if (!all) return all;
  all->ignored = std::move(*ignored);
  all->official = !all->values.empty();
  if (file) {
    const auto text = read_text(file->path);
    if (!text) return text.error();
    auto values = read_yaml(*text, printable(file->path.string()), file->keys, all->ignored);
    if (!values) return values.error();
    for (given_value& value : *values) value.from.from = file->from;
    all->official = all->official || file->keys == dialect::official;
    append(*all, std::move(*values));
  }
  auto official = read_official_variables(env);
  all->official = all->official || !official.empty();
  append(*all, std::move(official));
  append(*all, read_own_variables(env));
  auto from_flags = read_flags(flags);
  if (!from_flags) return from_flags.error();
  append(*all, std::move(*from_flags));
  return all;
}

result<void> apply(draft& to, const given_value& value) {
  auto wrong = value.of->set(to, value.parts);
  if (!wrong) return {};
  const std::string key = value.called.empty() ? "" : ": " + value.called;
  return error::of(fmt::format("{}{}: {}", value.from.where, key, *wrong));
}

void set_defaults_of(spec_version version, configuration& to) {
  const bool dev = version == spec_version::v1_2_dev;
  to.apis.blobs_upload_cancel = dev;
  to.apis.blobs_digest_header = dev;
  to.apis.manifests_digest_header = dev;
  to.apis.manifests_tag_param = dev;
  to.apis.blobs_mount_anonymous = version != spec_version::v1_0;
  to.apis.referrer = version != spec_version::v1_0;
}

// A later input outweighs an earlier one.
const given_value* find_value(const chosen_values& chosen, std::string_view key) {
  const auto found = chosen.find(key);
  return found == chosen.end() ? nullptr : found->second;
}

bool outweighs(const given_value* a, const given_value* b) {
  return a != nullptr && (b == nullptr || a > b);
}

void complete_addresses(draft& from, const chosen_values& chosen, bool official) {
  configuration& to = from.made;
  if (find_value(chosen, "registry") == nullptr && official) to.registry = "localhost:5000";
  if (find_value(chosen, "output") == nullptr && official) to.output = "./results";
  if (to.registry.ends_with('/')) to.registry.pop_back();
  const bool bare = to.registry.find("://") == std::string::npos;
  if (bare && !to.registry.empty()) {
    to.registry.insert(0, from.tls == "disabled" ? "http://" : "https://");
  }
  const auto* const tls = find_value(chosen, "tls");
  if (outweighs(tls, find_value(chosen, "insecure"))) {
    to.insecure = from.tls == "insecure";
    to.origins.insert_or_assign("insecure", tls->from);
  }
}

result<void> complete_repositories(draft& from, const chosen_values& chosen, bool official) {
  configuration& to = from.made;
  const auto* const fixed = find_value(chosen, "repo");
  const auto* const prefix = find_value(chosen, "repo-prefix");
  const auto* const repo1 = find_value(chosen, "repo1");
  const auto* const repo2 = find_value(chosen, "repo2");
  const auto* const either = outweighs(repo2, repo1) ? repo2 : repo1;
  const bool split_up = either != nullptr || (official && fixed == nullptr && prefix == nullptr);
  if (split_up && !outweighs(fixed, either) && !outweighs(prefix, either)) {
    to.repositories = {from.repo1, from.repo2};
    if (from.repo1 == from.repo2) {
      return error::of(
          fmt::format("repo1 and repo2: expected two different repositories, "
                      "received \"{}\" for both",
                      from.repo1));
    }
    if (either != nullptr) to.origins.insert_or_assign("repo", either->from);
  } else if (outweighs(prefix, fixed) && prefix != nullptr) {
    if (fixed != nullptr && fixed->from.from == prefix->from.from) {
      return error::of(fmt::format("{}: cannot be given together with {}", prefix->from.where,
                                   fixed->from.where));
    }
    to.repositories.clear();
    to.origins.erase("repo");
  }
  return {};
}

/// Scenarios push to two repositories; only what is read can do with one.
result<void> check_repositories(const configuration& made) {
  if (made.repositories.size() != 1 || made.read_only) return {};
  return error::of(fmt::format("{}: expected two different repositories, received \"{}\"",
                               made.origins.at("repo").where, made.repositories.front()));
}

/// A scenario that reads what is there has to be told where.
result<void> check_given(const configuration& made) {
  const auto& given = made.given;
  const bool any = !given.tags.empty() || !given.manifests.empty() || !given.blobs.empty() ||
                   !given.referrers.empty();
  if (!any || !made.repositories.empty()) return {};
  return error::of("given.*: needs the repository that has it: --repo");
}

/// Who has a private repository pushes to it.
result<void> check_private(const configuration& made) {
  if (made.owner.repository.empty() == made.owner.username.empty()) return {};
  return error::of(made.owner.username.empty() ? "private.repo: given without private.username"
                                               : "private.username: given without private.repo");
}

result<void> check_client_certificate(const configuration& made) {
  if (made.client_certificate.empty() == made.client_key.empty()) return {};
  return error::of(made.client_key.empty() ? "client-certificate: given without client-key"
                                           : "client-key: given without client-certificate");
}

}  // namespace

result<std::vector<given_value>> read_flags(std::span<const setting> flags) {
  std::vector<given_value> found;
  for (const setting& each : flags) {
    const field* const of = find_field(each.name);
    if (of == nullptr || of->name.empty()) {
      std::vector<std::string_view> known;
      for (const setting_info& one : settings()) known.push_back(one.name);
      return error::of(
          fmt::format("--{}: unknown flag{}", printable(each.name), suggestion(each.name, known)));
    }
    const auto same = std::find_if(found.begin(), found.end(),
                                   [&](const given_value& earlier) { return earlier.of == of; });
    if (same == found.end()) {
      found.push_back({of, {each.value}, {source::flag, "--" + each.name}});
    } else if (of->form == field::shape::list) {
      same->parts.push_back(each.value);
    } else {
      return error::of(fmt::format("--{}: given twice", each.name));
    }
  }
  return found;
}

configuration default_configuration(spec_version version) {
  configuration made;
  made.version = version;
  set_defaults_of(version, made);
  return made;
}

result<configuration> load_configuration(std::span<const setting> flags, const environment& env,
                                         const std::optional<fs::path>& file,
                                         const fs::path& directory) {
  const auto given = gather(flags, env, file_to_read(env, file, directory));
  if (!given) return given.error();
  chosen_values chosen;
  for (const given_value& value : given->values) chosen[value.of->key()] = &value;

  draft to;
  to.made.notes = given->notes;
  to.made.ignored = given->ignored;
  if (const auto* const version = find_value(chosen, "spec")) {
    if (const auto done = apply(to, *version); !done) return done.error();
  }
  set_defaults_of(to.made.version, to.made);
  // Outweighed values are checked too: a mistake is one wherever it stands.
  for (const given_value& value : given->values) {
    if (const auto done = apply(to, value); !done) return done.error();
    if (!value.of->name.empty()) {
      to.made.origins.insert_or_assign(std::string(value.of->name), value.from);
    }
  }
  complete_addresses(to, chosen, given->official);
  if (auto done = complete_repositories(to, chosen, given->official); !done) return done.error();
  if (auto done = check_repositories(to.made); !done) return done.error();
  if (auto done = check_given(to.made); !done) return done.error();
  if (auto done = check_private(to.made); !done) return done.error();
  if (auto done = check_client_certificate(to.made); !done) return done.error();
  return std::move(to.made);
}

}  // namespace plimsoll
