#include <gmock/gmock.h>

#include "harness/testing/temporary_folder.hpp"
#include "plimsoll/config/config.hpp"

namespace plimsoll {
namespace {

using plimsoll::testing::temporary_folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::filesystem::path nowhere = "/nonexistent";

result<configuration> load_environment(const environment& env) {
  return load_configuration({}, env, std::nullopt, nowhere);
}

std::string value_in(const configuration& chosen, std::string_view name) {
  for (const auto& row : values_of(chosen)) {
    if (row.name == name) return row.value;
  }
  return "no such value";
}

struct official_key {
  const char* path;      // in oci-conformance.yaml
  const char* variable;  // its twin
  const char* value;     // another one than the default
  const char* name;      // ours
  const char* becomes;
};

void PrintTo(const official_key& row, std::ostream* out) {
  *out << row.variable;
}

class Official : public ::testing::TestWithParam<official_key> {};

TEST_P(Official, VariableMeansWhatItMeansThere) {
  const auto& row = GetParam();
  const auto loaded = load_environment({{row.variable, row.value}});
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(value_in(*loaded, row.name), row.becomes);
  EXPECT_NE(value_in(*load_environment({{"OCI_API_PING", "true"}}), row.name), row.becomes)
      << "it is the default";
}

TEST_P(Official, KeyMeansWhatItMeansThere) {
  const auto& row = GetParam();
  std::string text;
  std::string indent;
  for (std::string_view rest = row.path;;) {
    const auto dot = rest.find('.');
    text += indent + std::string(rest.substr(0, dot)) + ":";
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
    indent += "  ";
    text += "\n";
  }
  const bool list = std::string_view(row.path).starts_with("roData");
  text += list ? " [" + std::string(row.value) + "]\n" : " " + std::string(row.value) + "\n";
  const temporary_folder folder;
  folder.write("oci-conformance.yaml", text);
  const auto loaded = load_configuration({}, {}, std::nullopt, folder.path());
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(value_in(*loaded, row.name), row.becomes) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Values, Official,
    ::testing::Values(
        official_key{"resultsDir", "OCI_RESULTS_DIR", "out", "output", "out"},
        official_key{"version", "OCI_VERSION", "dev", "spec", "1.2-dev"},
        official_key{"registry", "OCI_REGISTRY", "r.test:1", "registry", "https://r.test:1"},
        official_key{"tls", "OCI_TLS", "disabled", "registry", "http://localhost:5000"},
        official_key{"tls", "OCI_TLS", "insecure", "insecure", "true"},
        official_key{"repo1", "OCI_REPO1", "a", "repo", "a conformance/repo2"},
        official_key{"repo2", "OCI_REPO2", "b", "repo", "conformance/repo1 b"},
        official_key{"username", "OCI_USERNAME", "u", "username", "u"},
        official_key{"password", "OCI_PASSWORD", "p", "password", "***"},
        official_key{"cacheAuth", "OCI_CACHE_AUTH", "false", "cache-auth", "false"},
        official_key{"logging", "OCI_LOG", "debug", "log", "debug"},
        official_key{"filterTest", "OCI_FILTER_TEST", "x", "filter", "x"},
        official_key{"roData.tags", "OCI_RO_DATA_TAGS", "v1", "given.tags", "v1"},
        official_key{"roData.manifests", "OCI_RO_DATA_MANIFESTS", "sha256:01", "given.manifests",
                     "sha256:01"},
        official_key{"roData.blobs", "OCI_RO_DATA_BLOBS", "sha256:01", "given.blobs", "sha256:01"},
        official_key{"roData.referrers", "OCI_RO_DATA_REFERRERS", "sha256:01", "given.referrers",
                     "sha256:01"}));

INSTANTIATE_TEST_SUITE_P(
    Apis, Official,
    ::testing::Values(
        official_key{"apis.ping", "OCI_API_PING", "F", "apis.ping", "false"},
        official_key{"apis.pull", "OCI_API_PULL", "f", "apis.pull", "false"},
        official_key{"apis.push", "OCI_API_PUSH", "0", "apis.push", "false"},
        official_key{"apis.blobs.atomic", "OCI_API_BLOBS_ATOMIC", "False", "apis.blobs.atomic",
                     "false"},
        official_key{"apis.blobs.delete", "OCI_API_BLOBS_DELETE", "FALSE", "apis.blobs.delete",
                     "false"},
        official_key{"apis.blobs.digestHeader", "OCI_API_BLOBS_DIGEST_HEADER", "t",
                     "apis.blobs.digest-header", "true"},
        official_key{"apis.blobs.mountAnonymous", "OCI_API_BLOBS_MOUNT_ANONYMOUS", "0",
                     "apis.blobs.mount-anonymous", "false"},
        official_key{"apis.blobs.uploadCancel", "OCI_API_BLOBS_UPLOAD_CANCEL", "T",
                     "apis.blobs.upload-cancel", "true"},
        official_key{"apis.manifests.atomic", "OCI_API_MANIFESTS_ATOMIC", "0",
                     "apis.manifests.atomic", "false"},
        official_key{"apis.manifests.delete", "OCI_API_MANIFESTS_DELETE", "0",
                     "apis.manifests.delete", "false"},
        official_key{"apis.manifests.digestHeader", "OCI_API_MANIFESTS_DIGEST_HEADER", "True",
                     "apis.manifests.digest-header", "true"},
        official_key{"apis.manifests.tagParam", "OCI_API_MANIFESTS_TAG_PARAM", "TRUE",
                     "apis.manifests.tag-param", "true"},
        official_key{"apis.tags.atomic", "OCI_API_TAGS_ATOMIC", "0", "apis.tags.atomic", "false"},
        official_key{"apis.tags.delete", "OCI_API_TAGS_DELETE", "0", "apis.tags.delete", "false"},
        official_key{"apis.tags.list", "OCI_API_TAGS_LIST", "0", "apis.tags.list", "false"},
        official_key{"apis.referrer", "OCI_API_REFERRER", "0", "apis.referrer", "false"}));

INSTANTIATE_TEST_SUITE_P(
    Data, Official,
    ::testing::Values(
        official_key{"data.image", "OCI_DATA_IMAGE", "0", "data.image", "false"},
        official_key{"data.index", "OCI_DATA_INDEX", "0", "data.index", "false"},
        official_key{"data.indexList", "OCI_DATA_INDEX_LIST", "0", "data.index-list", "false"},
        official_key{"data.sparse", "OCI_DATA_SPARSE", "1", "data.sparse", "true"},
        official_key{"data.artifact", "OCI_DATA_ARTIFACT", "0", "data.artifact", "false"},
        official_key{"data.subject", "OCI_DATA_SUBJECT", "0", "data.subject", "false"},
        official_key{"data.subjectMissing", "OCI_DATA_SUBJECT_MISSING", "0", "data.subject-missing",
                     "false"},
        official_key{"data.artifactList", "OCI_DATA_ARTIFACT_LIST", "0", "data.artifact-list",
                     "false"},
        official_key{"data.subjectList", "OCI_DATA_SUBJECT_LIST", "0", "data.subject-list",
                     "false"},
        official_key{"data.dataField", "OCI_DATA_DATA_FIELD", "0", "data.data-field", "false"},
        official_key{"data.nondistributable", "OCI_DATA_NONDISTRIBUTABLE", "0",
                     "data.nondistributable", "false"},
        official_key{"data.customFields", "OCI_DATA_CUSTOM_FIELDS", "0", "data.custom-fields",
                     "false"},
        official_key{"data.noLayers", "OCI_DATA_NO_LAYERS", "0", "data.no-layers", "false"},
        official_key{"data.emptyBlob", "OCI_DATA_EMPTY_BLOB", "0", "data.empty-blob", "false"},
        official_key{"data.sha512", "OCI_DATA_SHA512", "0", "data.sha512", "false"}));

struct legacy_variable {
  const char* variable;
  const char* value;
  const char* name;
  const char* becomes;
};

class Legacy : public ::testing::TestWithParam<legacy_variable> {};

TEST_P(Legacy, VariableIsConvertedWithANote) {
  const auto& row = GetParam();
  const auto loaded = load_environment({{row.variable, row.value}});
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(value_in(*loaded, row.name), row.becomes);
  EXPECT_THAT(loaded->notes, ElementsAre(HasSubstr(row.variable)));
}

INSTANTIATE_TEST_SUITE_P(
    , Legacy,
    ::testing::Values(
        legacy_variable{"OCI_ROOT_URL", "HTTP://R.test:1", "registry", "http://r.test:1"},
        legacy_variable{"OCI_ROOT_URL", "https://r.test/", "registry", "https://r.test"},
        legacy_variable{"OCI_ROOT_URL", "r.test", "registry", "https://r.test"},
        legacy_variable{"OCI_NAMESPACE", "a/b", "repo", "a/b conformance/repo2"},
        legacy_variable{"OCI_CROSSMOUNT_NAMESPACE", "c", "repo", "conformance/repo1 c"},
        legacy_variable{"OCI_TEST_PULL", "0", "apis.pull", "false"},
        legacy_variable{"OCI_TEST_PUSH", "0", "apis.push", "false"},
        legacy_variable{"OCI_TEST_CONTENT_DISCOVERY", "0", "apis.tags.list", "false"},
        legacy_variable{"OCI_TEST_CONTENT_DISCOVERY", "0", "apis.referrer", "false"},
        legacy_variable{"OCI_TEST_CONTENT_MANAGEMENT", "0", "apis.tags.delete", "false"},
        legacy_variable{"OCI_TEST_CONTENT_MANAGEMENT", "0", "apis.manifests.delete", "false"},
        legacy_variable{"OCI_TEST_CONTENT_MANAGEMENT", "0", "apis.blobs.delete", "false"},
        legacy_variable{"OCI_DEBUG", "1", "log", "debug"},
        legacy_variable{"OCI_DEBUG", "0", "log", "warn"},
        legacy_variable{"OCI_TAG_NAME", "v1", "given.tags", "v1"},
        legacy_variable{"OCI_MANIFEST_DIGEST", "sha256:01", "given.manifests", "sha256:01"},
        legacy_variable{"OCI_BLOB_DIGEST", "sha256:01", "given.blobs", "sha256:01"},
        legacy_variable{"OCI_REPORT_DIR", "x", "output", "plimsoll-results"},
        legacy_variable{"OCI_AUTH_SCOPE", "x", "registry", ""}));

TEST(OfficialPrecedence, VariableBeatsFileBeatsLegacyVariable) {
  const temporary_folder folder;
  environment env = {{"OCI_ROOT_URL", "http://legacy"}, {"OCI_NAMESPACE", "legacy"}};
  const auto repository = [&] {
    return load_configuration({}, env, std::nullopt, folder.path())->repositories.front();
  };
  EXPECT_EQ(repository(), "legacy");
  folder.write("oci-conformance.yaml", "repo1: file\nregistry: file\n");
  EXPECT_EQ(repository(), "file");
  env["OCI_REPO1"] = "variable";
  EXPECT_EQ(repository(), "variable");
  EXPECT_EQ(load_configuration({}, env, std::nullopt, folder.path())->registry, "http://file")
      << "the legacy URL's scheme still says how";
}

TEST(OfficialPrecedence, ConfigurationVariableNamesTheFileOrNone) {
  const temporary_folder folder;
  folder.write("oci-conformance.yaml", "filterTest: directory\n");
  const auto other = folder.write("other.yaml", "filterTest: other\n");
  const auto filter = [&](const environment& env) {
    return load_configuration({}, env, std::nullopt, folder.path())->filter;
  };
  EXPECT_EQ(filter({}), "directory");
  EXPECT_EQ(filter({{"OCI_CONFIGURATION", other.string()}}), "other");
  EXPECT_EQ(filter({{"OCI_CONFIGURATION", ""}}), "");
}

TEST(OfficialVersions, DecideTheDefaultsThatNothingElseDoes) {
  for (const char* const text : {"1.1", "stable"}) {
    EXPECT_EQ(load_environment({{"OCI_VERSION", text}})->apis, api_switches{}) << text;
  }
  for (const char* const text : {"dev", "1.1+dev"}) {
    api_switches expected;
    expected.blobs_digest_header = true;
    expected.blobs_upload_cancel = true;
    expected.manifests_digest_header = true;
    expected.manifests_tag_param = true;
    EXPECT_EQ(load_environment({{"OCI_VERSION", text}})->apis, expected) << text;
    expected.manifests_tag_param = false;
    const environment env = {{"OCI_VERSION", text}, {"OCI_API_MANIFESTS_TAG_PARAM", "false"}};
    EXPECT_EQ(load_environment(env)->apis, expected) << text;
  }
  api_switches expected;
  expected.blobs_mount_anonymous = false;
  expected.referrer = false;
  EXPECT_EQ(load_environment({{"OCI_VERSION", "1.0"}})->apis, expected);
}

TEST(OfficialLists, AreSplitAtSpaces) {
  const auto loaded = load_environment({{"OCI_RO_DATA_TAGS", "v1 v2  v3"}});
  EXPECT_THAT(loaded->given.tags, ElementsAre("v1", "v2", "v3"));
}

TEST(OfficialFile, MayBeTheConfigurationOfAReport) {
  const temporary_folder folder;
  folder.write("oci-conformance.yaml", "version: stable\ncommit: abc\nlegacy: true\n");
  EXPECT_TRUE(load_configuration({}, {}, std::nullopt, folder.path()));
}

TEST(OfficialFile, MistakesAreNamedByItsOwnKeys) {
  const temporary_folder folder;
  const auto path = folder.write("oci-conformance.yaml", "version: '2'\n");
  EXPECT_EQ(load_configuration({}, {}, path).error().what(),
            path.string() + ":1: version: expected 1.0, 1.1 or 1.2-dev, received \"2\"");
  folder.write("oci-conformance.yaml", "apis:\n  blobs:\n    digestheader: true\n");
  EXPECT_EQ(
      load_configuration({}, {}, path).error().what(),
      path.string() + ":3: apis.blobs.digestheader: unknown key; did you mean \"digestHeader\"?");
}

TEST(OfficialFile, RegistryOfAFlagKeepsItsOwnScheme) {
  const std::vector<setting> flags = {{"registry", "https://localhost"}};
  const environment env = {{"OCI_TLS", "disabled"}};
  EXPECT_EQ(load_configuration(flags, env, std::nullopt, nowhere)->registry, "https://localhost");
}

}  // namespace
}  // namespace plimsoll
