#include "fields.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "values.hpp"

namespace plimsoll {
namespace {

using parts = std::vector<std::string>;
using fault = std::optional<std::string>;
using shape = field::shape;

fault expected(std::string_view what, std::string_view seen) {
  return fmt::format("expected {}, received \"{}\"", what, printable(seen));
}

template <auto Member>
fault set_text(draft& to, const parts& given) {
  to.made.*Member = given.front();
  return std::nullopt;
}

template <auto Member>
std::string text_of(const configuration& from) {
  return from.*Member;
}

template <auto Member>
std::string path_of(const configuration& from) {
  return (from.*Member).string();
}

fault set_flag(bool& to, const parts& given) {
  const auto parsed = parse_switch(given.front());
  if (!parsed) return expected("true or false", given.front());
  to = *parsed;
  return std::nullopt;
}

constexpr std::string_view word(bool on) {
  return on ? "true" : "false";
}

template <auto Member>
constexpr field flag(std::string_view name, std::string_view official, std::string_view variable,
                     std::string_view help) {
  return {name,
          official,
          variable,
          shape::boolean,
          [](draft& to, const parts& given) { return set_flag(to.made.*Member, given); },
          [](const configuration& from) { return std::string(word(from.*Member)); },
          help};
}

template <auto Group, auto Member>
constexpr field nested(std::string_view name, std::string_view official,
                       std::string_view variable) {
  return {name,
          official,
          variable,
          shape::boolean,
          [](draft& to, const parts& given) { return set_flag(to.made.*Group.*Member, given); },
          [](const configuration& from) { return std::string(word(from.*Group.*Member)); }};
}

template <auto Member>
constexpr field api(std::string_view name, std::string_view official, std::string_view variable) {
  return nested<&configuration::apis, Member>(name, official, variable);
}

template <auto Member>
constexpr field data(std::string_view name, std::string_view official, std::string_view variable) {
  return nested<&configuration::data, Member>(name, official, variable);
}

std::string joined(const parts& list) {
  return fmt::format("{}", fmt::join(list, " "));
}

fault set_given(parts& to, const parts& given, bool (*fits)(std::string_view),
                std::string_view what) {
  const auto wrong = std::find_if_not(given.begin(), given.end(), fits);
  if (wrong != given.end()) return expected(what, *wrong);
  to = given;
  return std::nullopt;
}

template <auto Member>
constexpr field digests(std::string_view name, std::string_view official, std::string_view variable,
                        std::string_view help) {
  return {name,
          official,
          variable,
          shape::list,
          [](draft& to, const parts& given) {
            return set_given(to.made.given.*Member, given, is_digest,
                             "a digest such as sha256:0123...");
          },
          [](const configuration& from) { return joined(from.given.*Member); },
          help};
}

fault set_registry(draft& to, const parts& given) {
  if (!given.front().empty()) {
    if (auto wrong = registry_fault(given.front())) return wrong;
  }
  to.made.registry = given.front();
  return std::nullopt;
}

constexpr std::string_view a_repository = "a repository such as team/app";

fault set_prefix(draft& to, const parts& given) {
  if (!is_repository(given.front())) return expected(a_repository, given.front());
  to.made.repository_prefix = given.front();
  return std::nullopt;
}

fault set_repositories(draft& to, const parts& given) {
  const bool same = given.size() == 2 && given[0] == given[1];
  if (given.empty() || given.size() > 2 || same) {
    return expected("two different repositories", joined(given));
  }
  return set_given(to.made.repositories, given, is_repository, a_repository);
}

template <auto Member>
fault set_repo(draft& to, const parts& given) {
  if (!is_repository(given.front())) return expected(a_repository, given.front());
  to.*Member = given.front();
  return std::nullopt;
}

fault set_tls(draft& to, const parts& given) {
  const std::string_view text = given.front();
  if (text != "enabled" && text != "insecure" && text != "disabled") {
    return expected("enabled, insecure or disabled", text);
  }
  to.tls = text;
  return std::nullopt;
}

fault set_version(draft& to, const parts& given) {
  const auto version = parse_version(given.front());
  if (!version) return expected("1.0, 1.1 or 1.2-dev", given.front());
  to.made.version = *version;
  return std::nullopt;
}

fault set_category(draft& to, const parts& given) {
  std::vector<std::string_view> known;
  for (const auto& each : all_requirements()) {
    if (each.category == given.front()) {
      to.made.category = given.front();
      return std::nullopt;
    }
    if (std::find(known.begin(), known.end(), each.category) == known.end()) {
      known.push_back(each.category);
    }
  }
  std::sort(known.begin(), known.end());
  return expected(fmt::format("one of {}", fmt::join(known, ", ")), given.front());
}

template <auto Member>
fault set_duration(draft& to, const parts& given) {
  const auto limit = parse_duration(given.front());
  if (!limit) return expected("a duration up to 24h such as 500ms, 30s or 2m", given.front());
  to.made.*Member = *limit;
  return std::nullopt;
}

fault set_concurrency(draft& to, const parts& given) {
  constexpr std::uint64_t most = 1024;
  const auto count = parse_count(given.front());
  if (!count || *count == 0 || *count > most) {
    return expected("a number from 1 to 1024", given.front());
  }
  to.made.concurrency = static_cast<std::uint32_t>(*count);
  return std::nullopt;
}

fault set_seed(draft& to, const parts& given) {
  to.made.seed = parse_count(given.front());
  if (!to.made.seed) return expected("a number of at most 64 bits", given.front());
  return std::nullopt;
}

fault set_log(draft& to, const parts& given) {
  const auto level = parse_log_level(given.front());
  if (!level) return expected("debug, info, warn or error", given.front());
  to.made.log = *level;
  return std::nullopt;
}

/// The Pushgateway's URL, as it may be shown.
std::string without_login(const configuration& from) {
  const std::string& url = from.pushgateway;
  const std::size_t scheme = url.find("://");
  const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const std::size_t at = url.substr(0, url.find_first_of("/?#", begin)).rfind('@');
  return at == std::string::npos || at < begin ? url
                                               : url.substr(0, begin) + "***" + url.substr(at);
}

using c = configuration;
using a = api_switches;
using d = data_switches;
using g = given_content;

constexpr std::array fields = {
    field{"registry", "registry", "OCI_REGISTRY", shape::one, set_registry, text_of<&c::registry>,
          "http://HOST[:PORT] or https://HOST[:PORT]; none: the bundled registry"},
    field{"", "tls", "OCI_TLS", shape::one, set_tls, nullptr},
    field{"repo-prefix", "", "", shape::one, set_prefix, text_of<&c::repository_prefix>,
          "Repositories are made below it"},
    field{"repo", "", "", shape::list, set_repositories,
          [](const c& from) { return joined(from.repositories); },
          "A repository to use instead; give it twice. Scenarios then run one by one"},
    field{"", "repo1", "OCI_REPO1", shape::one, set_repo<&draft::repo1>, nullptr},
    field{"", "repo2", "OCI_REPO2", shape::one, set_repo<&draft::repo2>, nullptr},
    field{"username", "username", "OCI_USERNAME", shape::one, set_text<&c::username>,
          text_of<&c::username>,
          "Without it, the login that `docker login` stored for the registry is used"},
    field{"password", "password", "OCI_PASSWORD", shape::secret, set_text<&c::password>,
          text_of<&c::password>, "Others see it here: better in PLIMSOLL_PASSWORD"},
    field{"identity-token", "", "", shape::secret, set_text<&c::identity_token>,
          text_of<&c::identity_token>, "An OAuth2 refresh token, instead of a password"},
    field{"private.repo", "", "", shape::one,
          [](draft& to, const parts& given) -> fault {
            if (!is_repository(given.front())) return expected(a_repository, given.front());
            to.made.owner.repository = given.front();
            return std::nullopt;
          },
          [](const c& from) { return from.owner.repository; },
          "A repository that the login may not read: nothing of it is to be mounted"},
    field{"private.username", "", "", shape::one,
          [](draft& to, const parts& given) -> fault {
            to.made.owner.username = given.front();
            return std::nullopt;
          },
          [](const c& from) { return from.owner.username; }, "Who may push to it"},
    field{"private.password", "", "", shape::secret,
          [](draft& to, const parts& given) -> fault {
            to.made.owner.password = given.front();
            return std::nullopt;
          },
          [](const c& from) { return from.owner.password; }, "Better in PLIMSOLL_PRIVATE_PASSWORD"},
    flag<&c::cache_auth>("cache-auth", "cacheAuth", "OCI_CACHE_AUTH",
                         "=false: ask for each request anew"),
    field{"ca-file", "", "", shape::one, set_text<&c::ca_file>, path_of<&c::ca_file>,
          "PEM file of CAs, beside the system's"},
    field{"client-certificate", "", "", shape::one, set_text<&c::client_certificate>,
          path_of<&c::client_certificate>, "PEM file"},
    field{"client-key", "", "", shape::one, set_text<&c::client_key>, path_of<&c::client_key>,
          "PEM file"},
    flag<&c::insecure>("insecure", "", "", "Take any certificate"),
    field{"spec", "version", "OCI_VERSION", shape::one, set_version,
          [](const c& from) { return std::string(to_string(from.version)); },
          "Version of the distribution-spec: 1.0, 1.1 or 1.2-dev"},
    field{"filter", "filterTest", "OCI_FILTER_TEST", shape::one, set_text<&c::filter>,
          text_of<&c::filter>, "Only scenarios whose id contains this text"},
    field{"category", "", "", shape::one, set_category, text_of<&c::category>,
          "Only this category: pull, push, discovery, management, ..."},
    field{"profile", "", "", shape::one, set_text<&c::profile>, text_of<&c::profile>,
          "How strictly to judge: spec, certification, or a YAML file with claims and known "
          "failures"},
    flag<&c::read_only>("read-only", "", "", "Push and delete nothing"),
    field{"given.tags", "roData.tags", "OCI_RO_DATA_TAGS", shape::list,
          [](draft& to, const parts& given) {
            return set_given(to.made.given.tags, given, is_tag, "a tag such as v1.0");
          },
          [](const c& from) { return joined(from.given.tags); },
          "A tag that is there, to be read; may be repeated, as those below"},
    digests<&g::manifests>("given.manifests", "roData.manifests", "OCI_RO_DATA_MANIFESTS",
                           "Digest of a manifest that is there"),
    digests<&g::blobs>("given.blobs", "roData.blobs", "OCI_RO_DATA_BLOBS",
                       "Digest of a blob that is there"),
    digests<&g::referrers>("given.referrers", "roData.referrers", "OCI_RO_DATA_REFERRERS",
                           "Digest of a manifest that has referrers"),
    field{"timeout", "", "", shape::one, set_duration<&c::timeout>,
          [](const c& from) { return to_text(from.timeout); },
          "Limit of one request: 500ms, 30s, 2m"},
    field{"settle", "", "", shape::one, set_duration<&c::settle>,
          [](const c& from) { return to_text(from.settle); },
          "Ask that long for what was pushed and is not seen, or was deleted and is still there; "
          "a failure counts from 60s on"},
    field{
        "rate-limit-wait", "", "", shape::one, set_duration<&c::rate_limit_wait>,
        [](const c& from) { return to_text(from.rate_limit_wait); },
        "All the time that the run waits for a registry that limits the rate or is not available"},
    field{"concurrency", "", "", shape::one, set_concurrency,
          [](const c& from) { return fmt::format("{}", from.concurrency); },
          "Scenarios, and requests, under way at once"},
    field{"seed", "", "", shape::one, set_seed,
          [](const c& from) { return from.seed ? fmt::format("{}", *from.seed) : std::string(); },
          "Decides content and names, which then are the same in each run"},
    flag<&c::keep>("keep", "", "", "Leave what was pushed in the registry"),
    field{"output", "resultsDir", "OCI_RESULTS_DIR", shape::one, set_text<&c::output>,
          path_of<&c::output>, "Folder for junit.xml and result.json"},
    field{"log", "logging", "OCI_LOG", shape::one, set_log,
          [](const c& from) { return std::string(to_string(from.log)); },
          "What is told on the way: error, warn, info or debug"},
    field{"prometheus", "", "", shape::one, set_text<&c::prometheus>, text_of<&c::prometheus>,
          "Serve metrics on [ADDRESS:]PORT while it runs; this machine's alone without one"},
    field{"pushgateway", "", "", shape::one, set_text<&c::pushgateway>, without_login,
          "URL of a Prometheus Pushgateway to push metrics to when the run is over"},
    flag<&c::require_push>("require-push", "", "", "A push that fails is no success: exit with 3"),
    api<&a::ping>("apis.ping", "apis.ping", "OCI_API_PING"),
    api<&a::pull>("apis.pull", "apis.pull", "OCI_API_PULL"),
    api<&a::push>("apis.push", "apis.push", "OCI_API_PUSH"),
    api<&a::blobs_atomic>("apis.blobs.atomic", "apis.blobs.atomic", "OCI_API_BLOBS_ATOMIC"),
    api<&a::blobs_delete>("apis.blobs.delete", "apis.blobs.delete", "OCI_API_BLOBS_DELETE"),
    api<&a::blobs_digest_header>("apis.blobs.digest-header", "apis.blobs.digestHeader",
                                 "OCI_API_BLOBS_DIGEST_HEADER"),
    api<&a::blobs_mount_anonymous>("apis.blobs.mount-anonymous", "apis.blobs.mountAnonymous",
                                   "OCI_API_BLOBS_MOUNT_ANONYMOUS"),
    api<&a::blobs_upload_cancel>("apis.blobs.upload-cancel", "apis.blobs.uploadCancel",
                                 "OCI_API_BLOBS_UPLOAD_CANCEL"),
    api<&a::manifests_atomic>("apis.manifests.atomic", "apis.manifests.atomic",
                              "OCI_API_MANIFESTS_ATOMIC"),
    api<&a::manifests_delete>("apis.manifests.delete", "apis.manifests.delete",
                              "OCI_API_MANIFESTS_DELETE"),
    api<&a::manifests_digest_header>("apis.manifests.digest-header", "apis.manifests.digestHeader",
                                     "OCI_API_MANIFESTS_DIGEST_HEADER"),
    api<&a::manifests_tag_param>("apis.manifests.tag-param", "apis.manifests.tagParam",
                                 "OCI_API_MANIFESTS_TAG_PARAM"),
    api<&a::tags_atomic>("apis.tags.atomic", "apis.tags.atomic", "OCI_API_TAGS_ATOMIC"),
    api<&a::tags_delete>("apis.tags.delete", "apis.tags.delete", "OCI_API_TAGS_DELETE"),
    api<&a::tags_list>("apis.tags.list", "apis.tags.list", "OCI_API_TAGS_LIST"),
    api<&a::referrer>("apis.referrer", "apis.referrer", "OCI_API_REFERRER"),
    data<&d::image>("data.image", "data.image", "OCI_DATA_IMAGE"),
    data<&d::index>("data.index", "data.index", "OCI_DATA_INDEX"),
    data<&d::index_list>("data.index-list", "data.indexList", "OCI_DATA_INDEX_LIST"),
    data<&d::sparse>("data.sparse", "data.sparse", "OCI_DATA_SPARSE"),
    data<&d::artifact>("data.artifact", "data.artifact", "OCI_DATA_ARTIFACT"),
    data<&d::subject>("data.subject", "data.subject", "OCI_DATA_SUBJECT"),
    data<&d::subject_missing>("data.subject-missing", "data.subjectMissing",
                              "OCI_DATA_SUBJECT_MISSING"),
    data<&d::artifact_list>("data.artifact-list", "data.artifactList", "OCI_DATA_ARTIFACT_LIST"),
    data<&d::subject_list>("data.subject-list", "data.subjectList", "OCI_DATA_SUBJECT_LIST"),
    data<&d::data_field>("data.data-field", "data.dataField", "OCI_DATA_DATA_FIELD"),
    data<&d::nondistributable>("data.nondistributable", "data.nondistributable",
                               "OCI_DATA_NONDISTRIBUTABLE"),
    data<&d::custom_fields>("data.custom-fields", "data.customFields", "OCI_DATA_CUSTOM_FIELDS"),
    data<&d::no_layers>("data.no-layers", "data.noLayers", "OCI_DATA_NO_LAYERS"),
    data<&d::empty_blob>("data.empty-blob", "data.emptyBlob", "OCI_DATA_EMPTY_BLOB"),
    data<&d::sha512>("data.sha512", "data.sha512", "OCI_DATA_SHA512"),
};

}  // namespace

std::span<const field> all_fields() {
  return fields;
}

const field* find_field(std::string_view key) {
  const auto* const found = std::find_if(fields.begin(), fields.end(),
                                         [&](const field& each) { return each.key() == key; });
  return found == fields.end() ? nullptr : found;
}

std::string variable_name(std::string_view name) {
  std::string variable = "PLIMSOLL_";
  for (const char c : name) {
    const bool small = c >= 'a' && c <= 'z';
    variable += c == '-' || c == '.' ? '_' : small ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return variable;
}

std::string suggestion(std::string_view typed, std::span<const std::string_view> known) {
  const auto near = nearest(typed, known);
  return near ? fmt::format("; did you mean \"{}\"?", *near) : std::string();
}

}  // namespace plimsoll
