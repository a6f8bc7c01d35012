#include <cctype>

#include <gmock/gmock.h>

#include "plimsoll/config/config.hpp"

namespace plimsoll {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::filesystem::path nowhere = "/nonexistent";

result<configuration> load_flags(const std::vector<setting>& flags) {
  return load_configuration(flags, {}, std::nullopt, nowhere);
}

TEST(Load, NothingGivenIsTheDefaultsAgainstTheBundledRegistry) {
  const auto loaded = load_flags({});
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(loaded->registry, "");
  EXPECT_EQ(loaded->repository_prefix, "plimsoll");
  EXPECT_TRUE(loaded->repositories.empty());
  EXPECT_EQ(loaded->version, spec_version::v1_1);
  EXPECT_EQ(loaded->apis, api_switches{});
  EXPECT_EQ(loaded->data, data_switches{});
  EXPECT_EQ(loaded->output, "plimsoll-results");
  EXPECT_TRUE(loaded->origins.empty());
}

TEST(Load, FlagBeatsOwnVariableBeatsOfficialVariable) {
  environment env = {{"OCI_USERNAME", "official"}};
  EXPECT_EQ(load_configuration({}, env, std::nullopt, nowhere)->username, "official");
  env["PLIMSOLL_USERNAME"] = "own";
  EXPECT_EQ(load_configuration({}, env, std::nullopt, nowhere)->username, "own");
  const std::vector<setting> flags = {{"username", "flag"}};
  const auto loaded = load_configuration(flags, env, std::nullopt, nowhere);
  EXPECT_EQ(loaded->username, "flag");
  EXPECT_EQ(loaded->origins.at("username").where, "--username");
  EXPECT_EQ(loaded->origins.at("username").from, source::flag);
}

TEST(Load, EveryNameIsAFlagAndAVariable) {
  for (const auto& [name, help, takes] : settings()) {
    // These go in pairs.
    if (name == "client-key" || name == "client-certificate") continue;
    if (name == "private.repo" || name == "private.username") continue;
    const bool number = name == "concurrency" || name == "seed";
    const bool boolean = takes == setting_info::kind::boolean;
    std::string value = number || boolean                       ? "1"
                        : name == "spec"                        ? "1.0"
                        : name == "category"                    ? "pull"
                        : name == "timeout" || name == "settle" ? "5s"
                        : name == "rate-limit-wait"             ? "5s"
                        : name == "log"                         ? "info"
                        : name == "repo"                        ? "a b"
                        : name == "given.tags"                  ? "v1"
                        : name.starts_with("given")             ? "sha256:0123"
                                                                : "localhost";
    std::vector<setting> flags;
    for (const auto& part :
         {value.substr(0, value.find(' ')), value.substr(value.rfind(' ') + 1)}) {
      if (flags.empty() || flags.front().value != part) flags.push_back({std::string(name), part});
    }
    const environment repository = {{"PLIMSOLL_REPO", name.starts_with("given") ? "a b" : ""}};
    const auto from_flag = load_configuration(flags, repository, std::nullopt, nowhere);
    ASSERT_TRUE(from_flag) << from_flag.error().what();
    EXPECT_EQ(from_flag->origins.at(std::string(name)).from, source::flag) << name;
    std::string variable = "PLIMSOLL_";
    for (const char c : name) {
      variable += c == '.' || c == '-' ? '_' : static_cast<char>(std::toupper(c));
    }
    environment variables = repository;
    variables[variable] = value;
    const auto from_variable = load_configuration({}, variables, std::nullopt, nowhere);
    ASSERT_TRUE(from_variable) << from_variable.error().what();
    EXPECT_EQ(from_variable->origins.at(std::string(name)).where, variable);
  }
}

TEST(Load, ListIsGivenByRepeatingItsFlag) {
  const auto loaded = load_flags({{"repo", "a/b"}, {"repo", "a/c"}});
  EXPECT_THAT(loaded->repositories, ElementsAre("a/b", "a/c"));
}

TEST(Load, OneRepositoryIsEnoughToRead) {
  const auto loaded = load_flags({{"repo", "a/b"}, {"read-only", "true"}, {"given.tags", "v1"}});
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_THAT(loaded->repositories, ElementsAre("a/b"));
}

TEST(Load, BareHostIsReachedOverTls) {
  EXPECT_EQ(load_flags({{"registry", "localhost:5000"}})->registry, "https://localhost:5000");
  EXPECT_EQ(load_flags({{"registry", "http://[::1]:5000/"}})->registry, "http://[::1]:5000");
}

TEST(Load, StrongerPrefixPutsFixedRepositoriesAside) {
  const std::vector<setting> flags = {{"repo-prefix", "mine"}};
  for (const environment& env :
       {environment{{"PLIMSOLL_REPO", "a b"}}, environment{{"OCI_REPO1", "a"}}}) {
    const auto loaded = load_configuration(flags, env, std::nullopt, nowhere);
    ASSERT_TRUE(loaded) << loaded.error().what();
    EXPECT_TRUE(loaded->repositories.empty());
    EXPECT_EQ(loaded->repository_prefix, "mine");
  }
}

TEST(Load, EmptyVariablesCountAsUnset) {
  const environment env = {{"OCI_REGISTRY", ""}, {"PLIMSOLL_TIMEOUT", ""}, {"OCI_NONSENSE", ""}};
  const auto loaded = load_configuration({}, env, std::nullopt, nowhere);
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(loaded->registry, "");
  EXPECT_TRUE(loaded->origins.empty());
}

TEST(Show, HasEachValueWithItsOriginAndNoSecret) {
  const auto loaded = load_flags(
      {{"password", "hunter2"}, {"identity-token", "t0ken"}, {"registry", "http://localhost"}});
  const std::string shown = show(*loaded);
  EXPECT_THAT(shown, HasSubstr("registry = http://localhost (--registry)\n"));
  EXPECT_THAT(shown, HasSubstr("password = *** (--password)\n"));
  EXPECT_THAT(shown, HasSubstr("timeout = 60s (default)\n"));
  EXPECT_THAT(shown, HasSubstr("category = - (default)\n"));
  EXPECT_THAT(shown, Not(HasSubstr("hunter2")));
  EXPECT_THAT(shown, Not(HasSubstr("t0ken")));
}

struct mistake {
  const char* name;
  std::vector<setting> flags;
  environment env;
  const char* message;
};

class LoadRejects : public testing::TestWithParam<mistake> {};

TEST_P(LoadRejects, Mistake) {
  const auto loaded = load_configuration(GetParam().flags, GetParam().env, std::nullopt, nowhere);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().what(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    , LoadRejects,
    testing::Values(
        mistake{"UnknownFlag",
                {{"timeuot", "1s"}},
                {},
                "--timeuot: unknown flag; did you mean \"timeout\"?"},
        mistake{"FlagTwice", {{"seed", "1"}, {"seed", "2"}}, {}, "--seed: given twice"},
        mistake{"OwnVariable",
                {},
                {{"PLIMSOLL_REGISTRI", "x"}},
                "PLIMSOLL_REGISTRI: unknown variable; did you mean \"PLIMSOLL_REGISTRY\"?"},
        mistake{"Boolean",
                {},
                {{"OCI_API_PULL", "yes"}},
                "OCI_API_PULL: expected true or false, received \"yes\""},
        mistake{"OutweighedBoolean",
                {{"apis.pull", "true"}},
                {{"OCI_API_PULL", "yes"}},
                "OCI_API_PULL: expected true or false, received \"yes\""},
        mistake{"Version",
                {{"spec", "2.0"}},
                {},
                "--spec: expected 1.0, 1.1 or 1.2-dev, received \"2.0\""},
        mistake{"Scheme",
                {{"registry", "ftp://x"}},
                {},
                "--registry: expected http://HOST[:PORT] or https://HOST[:PORT], received "
                "\"ftp://x\""},
        mistake{"LoginInUrl",
                {{"registry", "https://u:secret@x"}},
                {},
                "--registry: expected http://HOST[:PORT] or https://HOST[:PORT] without a login, "
                "which has its own settings"},
        mistake{"Port",
                {{"registry", "x:70000"}},
                {},
                "--registry: expected http://HOST[:PORT] or https://HOST[:PORT], received "
                "\"x:70000\""},
        mistake{"Repository",
                {{"repo", "a"}, {"repo", "Upper"}},
                {},
                "--repo: expected a repository such as team/app, received \"Upper\""},
        mistake{"ThreeRepositories",
                {},
                {{"PLIMSOLL_REPO", "a b c"}},
                "PLIMSOLL_REPO: expected two different repositories, received \"a b c\""},
        mistake{"PrefixAndFixed",
                {{"repo", "a"}, {"repo", "c"}, {"repo-prefix", "b"}},
                {},
                "--repo-prefix: cannot be given together with --repo"},
        mistake{"Duration",
                {{"timeout", "30"}},
                {},
                "--timeout: expected a duration up to 24h such as 500ms, 30s or 2m, received "
                "\"30\""},
        mistake{"Concurrency",
                {{"concurrency", "0"}},
                {},
                "--concurrency: expected a number from 1 to 1024, received \"0\""},
        mistake{"Seed",
                {{"seed", "18446744073709551616"}},
                {},
                "--seed: expected a number of at most 64 bits, received \"18446744073709551616\""},
        mistake{"Tls",
                {},
                {{"OCI_TLS", "off"}},
                "OCI_TLS: expected enabled, insecure or disabled, received \"off\""},
        mistake{"Log",
                {},
                {{"OCI_LOG", "loud"}},
                "OCI_LOG: expected debug, info, warn or error, received \"loud\""},
        mistake{"Digest",
                {},
                {{"OCI_RO_DATA_BLOBS", "sha256:0 abc"}},
                "OCI_RO_DATA_BLOBS: expected a digest such as sha256:0123..., received \"abc\""},
        mistake{"OneRepository",
                {{"repo", "a"}},
                {},
                "--repo: expected two different repositories, received \"a\""},
        mistake{"GivenNowhere",
                {{"given.tags", "v1"}, {"read-only", "true"}},
                {},
                "given.*: needs the repository that has it: --repo"},
        mistake{"KeyAlone",
                {{"client-key", "k.pem"}},
                {},
                "client-key: given without client-certificate"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace plimsoll
