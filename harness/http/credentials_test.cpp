#include "plimsoll/http/credentials.hpp"

#include <cerrno>
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

namespace plimsoll::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

/// A folder with a configuration and helpers, first in PATH.
class DockerCredentials : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "plimsoll-credentials-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    path_ = std::getenv("PATH");
    ASSERT_EQ(::setenv("PATH", (pattern + ':' + path_).c_str(), 1), 0);
  }

  void TearDown() override {
    ::setenv("PATH", path_.c_str(), 1);
    std::filesystem::remove_all(folder_);
  }

  void config(const std::string& text) { std::ofstream(folder_ / "config.json") << text; }

  void helper(const std::string& name, const std::string& script) {
    const auto file = folder_ / ("docker-credential-" + name);
    std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
    std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  }

  result<std::optional<credentials>> find(std::string_view registry,
                                          std::chrono::milliseconds limit = 30s) {
    return docker_credentials(folder_ / "config.json", registry, limit);
  }

  std::filesystem::path folder_;
  std::string path_;
};

std::string shown(const result<std::optional<credentials>>& found) {
  if (!found) return "error: " + found.error().what();
  if (!*found) return "none";
  return (*found)->username + ' ' + (*found)->password + ' ' + (*found)->identity_token;
}

TEST_F(DockerCredentials, AreNoneWithoutAFile) {
  EXPECT_EQ(shown(find("host")), "none");
}

TEST_F(DockerCredentials, AreNoneForAnotherRegistry) {
  config(R"({"auths":{"host:5000":{"auth":"dTpw"}}})");
  EXPECT_EQ(shown(find("host")), "none");
  EXPECT_EQ(shown(find("host:5001")), "none");
}

struct config_case {
  const char* name;
  const char* config;
  const char* expected;
};

void PrintTo(const config_case& row, std::ostream* out) {
  *out << row.config;
}

class DockerConfig : public DockerCredentials, public testing::WithParamInterface<config_case> {};

TEST_P(DockerConfig, GivesForHost5000) {
  config(GetParam().config);
  EXPECT_EQ(shown(find("host:5000")), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    , DockerConfig,
    testing::Values(
        config_case{"Auth", R"({"auths":{"host:5000":{"auth":"dTpw"}}})", "u p "},
        config_case{"ColonInPassword", R"({"auths":{"host:5000":{"auth":"dTpwOnE="}}})", "u p:q "},
        config_case{"PaddedPassword", R"({"auths":{"host:5000":{"auth":"dTpwAAA="}}})", "u p "},
        config_case{"Members", R"({"auths":{"host:5000":{"username":"u","password":"p"}}})",
                    "u p "},
        config_case{"IdentityToken", R"({"auths":{"host:5000":{"identitytoken":"t"}}})", "  t"},
        config_case{"Url", R"({"auths":{"https://HOST:5000/v1/":{"auth":"dTpw"}}})", "u p "},
        config_case{"ExactKeyFirst",
                    R"({"auths":{"a":{},"HOST:5000":{"auth":"eA=="},"host:5000":{"auth":"dTpw"}}})",
                    "u p "},
        config_case{"EmptyEntry", R"({"auths":{"host:5000":{}}})", "none"},
        config_case{"NoMembers", "{}", "none"},
        config_case{"MembersOfOtherTypes", R"({"auths":[1],"credHelpers":2,"credsStore":{}})",
                    "none"},
        config_case{"BadBase64", R"({"auths":{"host:5000":{"auth":"!"}}})",
                    "error: auths, host:5000: auth is not base64 of \"user:password\""},
        config_case{"NoColon", R"({"auths":{"host:5000":{"auth":"dQ=="}}})",
                    "error: auths, host:5000: auth is not base64 of \"user:password\""},
        config_case{"EntryIsNoObject", R"({"auths":{"host:5000":"dTpw"}})",
                    "error: auths, host:5000: expected an object"},
        config_case{"HelperOutOfPath", R"({"credsStore":"../x"})",
                    "error: credential helper \"../x\": no valid name"}),
    [](const auto& row) { return row.param.name; });

TEST_F(DockerCredentials, AreAnErrorWhereTheFileIsNotJson) {
  config("{");
  EXPECT_THAT(shown(find("host")), HasSubstr("config.json: no JSON object"));
}

TEST_F(DockerCredentials, AreAnErrorWhereTheFileIsAFolder) {
  std::filesystem::create_directory(folder_ / "config.json");
  EXPECT_THAT(shown(find("host")), HasSubstr("no regular file"));
}

TEST_F(DockerCredentials, AreAnErrorWhereTheFileIsHuge) {
  config(std::string(1024 * 1024 + 1, ' '));
  EXPECT_THAT(shown(find("host")), HasSubstr("larger than 1 MiB"));
}

TEST_F(DockerCredentials, AreAnErrorWhereTheFileIsNestedDeep) {
  config(std::string(500'000, '[') + std::string(500'000, ']'));
  EXPECT_THAT(shown(find("host")), HasSubstr("no JSON object"));
}

constexpr const char* echoing = R"(read -r registry
echo "{\"Username\":\"$1\",\"Secret\":\"$registry\"}")";

TEST_F(DockerCredentials, ComeFromTheRegistrysOwnHelper) {
  config(R"({"credHelpers":{"host:5000":"own"},"credsStore":"none","auths":{"host:5000":{}}})");
  helper("own", echoing);
  EXPECT_EQ(shown(find("host:5000")), "get host:5000 ");
}

TEST_F(DockerCredentials, ComeFromTheStoreForAnyRegistry) {
  config(R"({"credHelpers":{"other":"none"},"credsStore":"all"})");
  helper("all", echoing);
  EXPECT_EQ(shown(find("host")), "get host ");
}

TEST_F(DockerCredentials, OfAHelperMayBeAnIdentityToken) {
  config(R"({"credsStore":"all"})");
  helper("all", R"(echo '{"Username":"<token>","Secret":"t"}')");
  EXPECT_EQ(shown(find("host")), "  t");
}

TEST_F(DockerCredentials, AreLookedUpInTheFileWhereTheHelperHasNone) {
  helper("all", "echo credentials not found in native keychain; exit 1");
  config(R"({"credsStore":"all"})");
  EXPECT_EQ(shown(find("host")), "none");
  config(R"({"credsStore":"all","auths":{"host":{"auth":"dTpw"}}})");
  EXPECT_EQ(shown(find("host")), "u p ");
}

struct helper_case {
  const char* name;
  const char* script;
  std::chrono::milliseconds limit;
  const char* expected;
};

void PrintTo(const helper_case& row, std::ostream* out) {
  *out << row.script;
}

class BadCredentialHelper : public DockerCredentials,
                            public testing::WithParamInterface<helper_case> {};

TEST_P(BadCredentialHelper, IsAnErrorAndLeavesNoChild) {
  config(R"({"credsStore":"bad"})");
  helper("bad", GetParam().script);
  const std::string found = shown(find("host", GetParam().limit));
  EXPECT_THAT(found,
              HasSubstr(std::string("error: docker-credential-bad get: ") + GetParam().expected));
  EXPECT_THAT(found, Not(HasSubstr("hunter2")));
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

INSTANTIATE_TEST_SUITE_P(
    , BadCredentialHelper,
    testing::Values(
        helper_case{"Complains", "echo no keychain; exit 1", 30s, "no keychain"},
        helper_case{"FailsWithSecret", R"(echo '{"Secret":"hunter2"}'; exit 1)", 30s, "failed"},
        helper_case{"DiesOfASignal", "kill -9 $$", 30s, "failed"},
        helper_case{"WritesNoJson", "echo hunter2", 30s, "answer is no JSON object"},
        helper_case{"WritesNoSecret", "echo '{}'", 30s, "answer without Secret"},
        helper_case{"WritesTooMuch", "exec yes", 30s, "wrote more than 65536 bytes"},
        helper_case{"Hangs", "exec tail -f /dev/null", 100ms, "no answer within 100 ms"},
        helper_case{"HangsWithItsOutputClosed", "exec tail -f /dev/null >/dev/null", 100ms,
                    "no answer within 100 ms"}),
    [](const auto& row) { return row.param.name; });

TEST_F(DockerCredentials, AreAnErrorWhereTheHelperIsNotInstalled) {
  config(R"({"credsStore":"missing"})");
  EXPECT_THAT(shown(find("host")), HasSubstr("error: docker-credential-missing get: No such file"));
}

}  // namespace
}  // namespace plimsoll::http
