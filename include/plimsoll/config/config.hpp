#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/scenario/given_content.hpp"

namespace plimsoll {

/// Which kind of input a value came from.
enum class source : std::uint8_t {
  default_value,
  file,        ///< One that was found, or that a variable names.
  named_file,  ///< One that `--config` names.
  environment,
  flag
};

/// Where one value of the configuration came from.
struct origin {
  source from = source::default_value;
  std::string where;  ///< "--registry", "OCI_REGISTRY", "plimsoll.yaml:3"; empty for a default.
};

/// Which APIs of a registry are tested, as the official suite's `apis` has it.
struct api_switches {
  bool ping = true;
  bool pull = true;
  bool push = true;
  bool blobs_atomic = true;
  bool blobs_delete = true;
  bool blobs_digest_header = false;
  bool blobs_mount_anonymous = true;
  bool blobs_upload_cancel = false;
  bool manifests_atomic = true;
  bool manifests_delete = true;
  bool manifests_digest_header = false;
  bool manifests_tag_param = false;
  bool tags_atomic = true;
  bool tags_delete = true;
  bool tags_list = true;
  bool referrer = true;

  friend bool operator==(const api_switches&, const api_switches&) = default;
};

/// Which kinds of content are tested, as the official suite's `data` has it.
struct data_switches {
  bool image = true;
  bool index = true;
  bool index_list = true;
  bool sparse = false;
  bool artifact = true;
  bool subject = true;
  bool subject_missing = true;
  bool artifact_list = true;
  bool subject_list = true;
  bool data_field = true;
  bool nondistributable = true;
  bool custom_fields = true;
  bool no_layers = true;
  bool empty_blob = true;
  bool sha512 = true;

  friend bool operator==(const data_switches&, const data_switches&) = default;
};

enum class log_level : std::uint8_t { debug, info, warn, error };

/// A repository that the login may not read, and the login of who may use it.
struct private_settings {
  std::string repository;  ///< Empty: none is named.
  std::string username;
  std::string password;
};

/// Everything that `plimsoll test` can be told, complete and valid.
struct configuration {
  std::string registry;  ///< scheme://host[:port]; empty means the bundled registry.
  std::string repository_prefix = "plimsoll";  ///< Used where `repositories` is empty.
  std::vector<std::string> repositories;       ///< Two fixed ones, or none; one will do to read.

  std::string username;
  std::string password;
  std::string identity_token;
  bool cache_auth = true;
  private_settings owner;  ///< For what must not get out of a private repository.

  std::filesystem::path ca_file;
  std::filesystem::path client_certificate;
  std::filesystem::path client_key;
  bool insecure = false;  ///< Any certificate is accepted.

  spec_version version = spec_version::v1_1;
  std::string filter;            ///< What the ids of the scenarios to run contain; empty for all.
  std::string profile = "spec";  ///< "spec", "certification", or the path of a YAML file.
  std::string category;          ///< One of the catalogue's; empty for all.

  bool read_only = false;  ///< Nothing is pushed or deleted, whatever `apis` says.
  given_content given;     ///< In the first of `repositories`.

  std::chrono::milliseconds timeout = std::chrono::seconds(60);  ///< Of one request.
  /// How long what was pushed and is not seen, or was deleted and is still there, is asked again.
  std::chrono::milliseconds settle = std::chrono::seconds(60);
  /// All the time that a run is held back by 429, 502, 503, 504 and lost connections.
  std::chrono::milliseconds rate_limit_wait = std::chrono::minutes(2);
  std::uint32_t concurrency = 32;     ///< Scenarios, and requests, under way at once.
  std::optional<std::uint64_t> seed;  ///< Chosen when the run starts where there is none.
  bool keep = false;                  ///< What was pushed stays in the registry.
  std::filesystem::path output = "plimsoll-results";
  log_level log = log_level::warn;
  std::string prometheus;   ///< [ADDRESS:]PORT to serve metrics on; empty: nowhere.
  std::string pushgateway;  ///< URL, perhaps with a login; empty: none.
  bool require_push = false;

  api_switches apis;
  data_switches data;

  /// By the value's name ("apis.blobs.delete"); a name that is not here has its default.
  std::map<std::string, origin, std::less<>> origins;
  /// One line for each input that is obsolete or has no effect.
  std::vector<std::string> notes;
  /// One line for each variable or key that belongs to something else, and is ignored.
  std::vector<std::string> ignored;
};

/// One flag of the command line. A list's flag may be given more than once.
struct setting {
  std::string name;  ///< Without dashes in front: "spec".
  std::string value;
};

/// Variables by name; those with an empty value count as unset.
using environment = std::map<std::string, std::string, std::less<>>;

/// The configuration from all inputs. A flag beats `PLIMSOLL_*`, which beats `OCI_*`, then come
/// the file, the legacy `OCI_*` of the official suite, and the defaults of the spec's version.
///
/// A file named `oci-conformance.yaml`, and the one that `OCI_CONFIGURATION` names, are read as the
/// official suite reads them. Where it or any `OCI_*` is given, the official suite's
/// defaults hold for the registry, its repositories and the output folder too.
///
/// @param file what to read instead of `PLIMSOLL_CONFIG`, `OCI_CONFIGURATION`, or
///        `plimsoll.yaml` or `oci-conformance.yaml` in `directory`
/// @param directory where those two are looked for
/// @return an error of one line that names the input, what was expected and what was seen
[[nodiscard]] result<configuration> load_configuration(
    std::span<const setting> flags, const environment& env,
    const std::optional<std::filesystem::path>& file, const std::filesystem::path& directory = ".");

/// What holds where nothing is given: the official suite's switches differ by version.
[[nodiscard]] configuration default_configuration(spec_version version);

/// One value that may be given: as the flag `--NAME`, the variable `PLIMSOLL_NAME`, and a key in
/// `plimsoll.yaml`, where a dot in the name goes one level down.
struct setting_info {
  enum class kind : std::uint8_t { one, list, boolean };

  std::string_view name;
  std::string_view help;  ///< One line; empty for the switches `apis.*` and `data.*`.
  kind takes = kind::one;
};

/// All settings, in the order in which they are shown.
[[nodiscard]] std::vector<setting_info> settings();

/// One value as `show` prints it.
struct shown_value {
  std::string name;
  std::string value;  ///< "***" for a secret.
  std::string from;   ///< "default", or `origin::where`.
};

/// Each value with its origin, secrets left out.
[[nodiscard]] std::vector<shown_value> values_of(const configuration& chosen);

/// `values_of`, one line each.
[[nodiscard]] std::string show(const configuration& chosen);

}  // namespace plimsoll
