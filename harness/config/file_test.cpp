#include <gmock/gmock.h>

#include "harness/testing/temporary_folder.hpp"
#include "plimsoll/config/config.hpp"

namespace plimsoll {
namespace {

using plimsoll::testing::temporary_folder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(File, OwnNameInTheDirectoryIsReadByItself) {
  const temporary_folder folder;
  folder.write("plimsoll.yaml",
               "# ours\n"
               "registry: http://localhost:5000\n"
               "repo: [team/a, team/b]\n"
               "spec: 1.2-dev\n"
               "read-only: true\n"
               "given:\n"
               "  tags: [v1, v2]\n"
               "  blobs:\n"
               "    - sha256:0123\n"
               "timeout: 1500ms\n"
               "seed: 18446744073709551615\n"
               "apis:\n"
               "  blobs:\n"
               "    digest-header: false\n");
  const auto loaded = load_configuration({}, {}, std::nullopt, folder.path());
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(loaded->registry, "http://localhost:5000");
  EXPECT_THAT(loaded->repositories, ElementsAre("team/a", "team/b"));
  EXPECT_TRUE(loaded->read_only);
  EXPECT_THAT(loaded->given.tags, ElementsAre("v1", "v2"));
  EXPECT_THAT(loaded->given.blobs, ElementsAre("sha256:0123"));
  EXPECT_EQ(loaded->timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(loaded->seed, 18446744073709551615U);
  EXPECT_FALSE(loaded->apis.blobs_digest_header);
  EXPECT_TRUE(loaded->apis.manifests_digest_header) << "the default of 1.2-dev";
  EXPECT_THAT(show(*loaded), HasSubstr("plimsoll.yaml:14)"));
  EXPECT_EQ(loaded->origins.at("read-only").from, source::file);
}

TEST(File, VariablesOfEitherKindBeatIt) {
  const temporary_folder folder;
  folder.write("plimsoll.yaml", "username: file\npassword: file\nfilter: file\n");
  const environment env = {{"OCI_USERNAME", "official"}, {"PLIMSOLL_PASSWORD", "own"}};
  const auto loaded = load_configuration({}, env, std::nullopt, folder.path());
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(loaded->username, "official");
  EXPECT_EQ(loaded->password, "own");
  EXPECT_EQ(loaded->filter, "file");
}

TEST(File, GivenPathBeatsTheVariableBeatsTheDirectory) {
  const temporary_folder folder;
  folder.write("plimsoll.yaml", "filter: directory\n");
  const auto from_variable = folder.write("variable.yaml", "filter: variable\n");
  const auto from_flag = folder.write("flag.yaml", "filter: flag\n");
  const environment env = {{"PLIMSOLL_CONFIG", from_variable.string()}};
  EXPECT_EQ(load_configuration({}, {}, std::nullopt, folder.path())->filter, "directory");
  EXPECT_EQ(load_configuration({}, env, std::nullopt, folder.path())->filter, "variable");
  EXPECT_EQ(load_configuration({}, env, from_flag, folder.path())->filter, "flag");
}

TEST(File, EmptyOneAndNullsLeaveTheDefaults) {
  const temporary_folder folder;
  for (const char* const text :
       {"", "# only this\n", "---\n", "registry:\napis: ~\ntimeout: ''\n"}) {
    folder.write("plimsoll.yaml", text);
    const auto loaded = load_configuration({}, {}, std::nullopt, folder.path());
    ASSERT_TRUE(loaded) << loaded.error().what();
    EXPECT_TRUE(loaded->origins.empty()) << text;
  }
}

TEST(File, MissingOneIsAnErrorWhereItWasAskedFor) {
  const temporary_folder folder;
  const auto missing = folder.path() / "missing.yaml";
  const environment env = {{"OCI_CONFIGURATION", missing.string()}};
  const std::string message = "read " + missing.string() + ": No such file or directory";
  EXPECT_EQ(load_configuration({}, {}, missing, folder.path()).error().what(), message);
  EXPECT_EQ(load_configuration({}, env, std::nullopt, folder.path()).error().what(), message);
  EXPECT_EQ(load_configuration({}, {}, folder.path(), folder.path()).error().what(),
            "read " + folder.path().string() + ": not a regular file");
}

TEST(File, LargerThanTheLimitIsRefused) {
  const temporary_folder folder;
  const auto large = folder.write("large.yaml", std::string((1U << 20U) + 1, '#'));
  EXPECT_EQ(load_configuration({}, {}, large).error().what(),
            "read " + large.string() + ": larger than 1 MiB");
  const auto just = folder.write("just.yaml", std::string(1U << 20U, '#'));
  EXPECT_TRUE(load_configuration({}, {}, just));
}

TEST(File, MessageOnBrokenYamlHasNothingOfItsText) {
  const temporary_folder folder;
  const auto broken = folder.write("broken.yaml", "password: *hunter2\n");
  const auto loaded = load_configuration({}, {}, broken);
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what(), HasSubstr("broken.yaml:1: not YAML: "));
  EXPECT_THAT(loaded.error().what(), Not(HasSubstr("hunter2")));
}

TEST(File, DeepNestingIsAnErrorNotACrash) {
  const temporary_folder folder;
  for (const char opening : {'[', '{'}) {
    const auto deep = folder.write("deep.yaml", "apis: " + std::string(100'000, opening));
    EXPECT_THAT(load_configuration({}, {}, deep).error().what(), HasSubstr("deep.yaml:1"));
  }
}

struct mistake {
  const char* name;
  const char* text;
  const char* message;  // behind the file's path
};

class FileRejects : public ::testing::TestWithParam<mistake> {};

TEST_P(FileRejects, Mistake) {
  const temporary_folder folder;
  const auto path = folder.write("plimsoll.yaml", GetParam().text);
  const auto loaded = load_configuration({}, {}, std::nullopt, folder.path());
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().what(), ::testing::StartsWith(path.string() + GetParam().message));
  EXPECT_THAT(loaded.error().what(), Not(HasSubstr("\n")));
}

INSTANTIATE_TEST_SUITE_P(
    , FileRejects,
    ::testing::Values(
        mistake{"UnknownKey", "filter: x\nregistri: y\n",
                ":2: registri: unknown key; did you mean \"registry\"?"},
        mistake{"UnknownNestedKey", "apis:\n  blobs:\n    delte: true\n",
                ":3: apis.blobs.delte: unknown key; did you mean \"delete\"?"},
        mistake{"UnknownKeyLikeNone", "zzzzzzzz: 1\n", ":1: zzzzzzzz: unknown key"},
        mistake{"OfficialKey", "resultsDir: x\n", ":1: resultsDir: unknown key"},
        mistake{"KeyTwice", "filter: x\nfilter: y\n", ":2: filter: given twice"},
        mistake{"Boolean", "\napis: {pull: yes}\n",
                ":2: apis.pull: expected true or false, received \"yes\""},
        mistake{"Version", "spec: 1.3\n",
                ":1: spec: expected 1.0, 1.1 or 1.2-dev, received \"1.3\""},
        mistake{"Category", "category: pul\n", ":1: category: expected one of client, "},
        mistake{"Url", "registry: 'http://'\n", ":1: registry: expected http://HOST[:PORT] or"},
        mistake{"ListForOne", "registry: [a]\n",
                ":1: registry: expected a single value, received a list"},
        mistake{"OneForList", "repo: a\n", ":1: repo: expected a list, received a single value"},
        mistake{"ListOfLists", "repo: [[a]]\n", ":1: repo: expected a list of single values"},
        mistake{"OneForMapping", "apis: true\n",
                ":1: apis: expected a mapping, received a single value"},
        mistake{"KeyThatIsAList", "[a]: b\n", ":1: expected a key"},
        mistake{"NoMapping", "- a\n", ":1: expected a mapping of keys to values, received a list"},
        mistake{"TwoDocuments", "---\n---\nfilter: x\n",
                ": expected one YAML document, received 2"},
        mistake{"Unclosed", "filter: [a\n", ":2: not YAML: "},
        mistake{"Tab", "apis:\n\tpull: true\n", ":2: not YAML: "},
        mistake{"AnchorInItself", "apis: &a {blobs: *a}\n", ":1: apis.blobs.blobs: unknown key"},
        mistake{"MergeKey", "<<: {filter: x}\n", ":1: <<: unknown key"},
        mistake{"ControlInKey", "\"a\\e[2J\": 1\n", ":1: a\\x1B[2J: unknown key"}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace plimsoll
