#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/temporary_folder.hpp"
#include "plimsoll/config/config.hpp"

/// Names in the environment and in files that are not ours, or nearly ours.
namespace plimsoll {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

result<configuration> load_environment(const environment& env) {
  return load_configuration({}, env, std::nullopt, "/nonexistent");
}

struct foreign_variable {
  const char* name;
  const char* value;
  const char* why;
};

void PrintTo(const foreign_variable& row, std::ostream* out) {
  *out << row.name;
}

class ForeignVariable : public ::testing::TestWithParam<foreign_variable> {};

TEST_P(ForeignVariable, IsIgnoredWithALine) {
  const auto& [name, value, why] = GetParam();
  const auto loaded = load_environment({{name, value}});
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_THAT(loaded->origins, IsEmpty());
  EXPECT_THAT(loaded->notes, IsEmpty());
  EXPECT_EQ(loaded->registry, "");
  EXPECT_THAT(loaded->ignored, ElementsAre(std::string(name) + " is ignored: " + why));
}

constexpr const char* by_kubernetes = "Kubernetes sets it for a Service";
constexpr const char* of_another_command = "it is for another command";
constexpr const char* no_setting = "it is no setting";

INSTANTIATE_TEST_SUITE_P(
    , ForeignVariable,
    ::testing::Values(
        foreign_variable{"OCI_CLI_PROFILE", "DEFAULT", no_setting},
        foreign_variable{"OCI_TENANCY", "ocid1.tenancy", no_setting},
        foreign_variable{"OCI_API_TAG_LIST", "true", no_setting},
        foreign_variable{"OCI_REGISTRY_PORT", "tcp://10.0.0.1:5000", by_kubernetes},
        foreign_variable{"OCI_REGISTRY_PORT_5000_TCP_ADDR", "10.0.0.1", by_kubernetes},
        foreign_variable{"PLIMSOLL_PORT", "tcp://10.0.0.1:5000", by_kubernetes},
        foreign_variable{"PLIMSOLL_PORT_5000_TCP", "tcp://10.0.0.1:5000", by_kubernetes},
        foreign_variable{"PLIMSOLL_PORT_5000_TCP_PROTO", "tcp", by_kubernetes},
        foreign_variable{"PLIMSOLL_PORT_5000_TCP_PORT", "5000", by_kubernetes},
        foreign_variable{"PLIMSOLL_SERVICE_HOST", "10.0.0.1", by_kubernetes},
        foreign_variable{"PLIMSOLL_SERVICE_PORT", "5000", by_kubernetes},
        foreign_variable{"PLIMSOLL_SERVICE_PORT_HTTP", "5000", by_kubernetes},
        // Of a Service "plimsoll-r": two edits from PLIMSOLL_REPO or not, it is a link.
        foreign_variable{"PLIMSOLL_R_PORT", "tcp://10.0.0.1:5000", by_kubernetes},
        foreign_variable{"PLIMSOLL_RUN_BY", "nightly", no_setting},
        foreign_variable{"PLIMSOLL_ENV", "production", no_setting},
        foreign_variable{"PLIMSOLL_CLIENTS", "16", of_another_command},
        // Two edits from PLIMSOLL_KEEP, and the flag --key of certify.
        foreign_variable{"PLIMSOLL_KEY", "env://X", of_another_command},
        foreign_variable{"PLIMSOLL_OWNER_PASSWORD", "x", of_another_command}),
    [](const auto& row) { return row.param.name; });

TEST(MisspeltVariable, IsAnErrorWithinTwoEdits) {
  for (const auto& [typed, meant] : {std::pair{"PLIMSOLL_FILTR", "PLIMSOLL_FILTER"},
                                     {"PLIMSOLL_FLITER", "PLIMSOLL_FILTER"},
                                     {"PLIMSOLL_REPOS", "PLIMSOLL_REPO"},
                                     {"PLIMSOLL_APIS_TAG_LIST", "PLIMSOLL_APIS_TAGS_LIST"},
                                     {"PLIMSOLL_CONFG", "PLIMSOLL_CONFIG"}}) {
    const auto loaded = load_environment({{typed, "x"}});
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().what(),
              std::string(typed) + ": unknown variable; did you mean \"" + meant + "\"?");
  }
}

TEST(MisspeltVariable, IsAnErrorWhereNoServiceHasSuchALink) {
  EXPECT_FALSE(load_environment({{"PLIMSOLL_REPORT", "team/app"}}).has_value());
}

TEST(KeyOfAnotherCommand, IsIgnoredWithItsLine) {
  const testing::temporary_folder folder;
  std::ofstream(folder.path() / "plimsoll.yaml")
      << "filter: pull/\nclients: 16\nslo: [pull.p95<250ms]\n";
  const auto loaded = load_configuration({}, {}, std::nullopt, folder.path());
  ASSERT_TRUE(loaded) << loaded.error().what();
  EXPECT_EQ(loaded->filter, "pull/");
  const std::string file = (folder.path() / "plimsoll.yaml").string();
  EXPECT_THAT(loaded->ignored,
              ElementsAre(file + ":2: clients is ignored: it is for another command",
                          file + ":3: slo is ignored: it is for another command"));
}

TEST(KeyOfAnotherCommand, MayBeginKeysOfOurs) {
  const testing::temporary_folder folder;
  const auto load = [&](const char* text) {
    std::ofstream(folder.path() / "plimsoll.yaml") << text;
    return load_configuration({}, {}, std::nullopt, folder.path());
  };
  EXPECT_EQ(load("private: team/secret\n")->ignored.size(), 1u);
  EXPECT_EQ(load("private: {repo: team/secret, username: ann}\n")->owner.username, "ann");
}

TEST(KeyOfAnotherCommand, IsUnknownBelowAnother) {
  const testing::temporary_folder folder;
  std::ofstream(folder.path() / "plimsoll.yaml") << "apis: {clients: 16}\n";
  EXPECT_FALSE(load_configuration({}, {}, std::nullopt, folder.path()).has_value());
}

TEST(File, IsMeantForTheRunOnlyWhereAFlagNamesIt) {
  const testing::temporary_folder folder;
  const auto path = folder.path() / "plimsoll.yaml";
  std::ofstream(path) << "filter: pull/\n";
  const auto found = load_configuration({}, {}, std::nullopt, folder.path());
  EXPECT_EQ(found->origins.at("filter").from, source::file);
  const auto by_variable =
      load_configuration({}, {{"PLIMSOLL_CONFIG", path.string()}}, std::nullopt, "/nonexistent");
  EXPECT_EQ(by_variable->origins.at("filter").from, source::file);
  const auto by_flag = load_configuration({}, {}, path, "/nonexistent");
  EXPECT_EQ(by_flag->origins.at("filter").from, source::named_file);
}

}  // namespace
}  // namespace plimsoll
