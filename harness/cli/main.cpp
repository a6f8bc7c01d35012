#include <exception>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "commands.hpp"

namespace {

using namespace plimsoll;

void describe_test(CLI::App& app, cli::test_options& options, std::string& version) {
  app.add_option("URL", options.url, "The registry, http(s)://host[:port]; none: the bundled one");
  app.add_option("--output", options.output, "Folder for junit.xml and result.json")
      ->capture_default_str();
  app.add_option("--filter", options.filter, "Only scenarios whose id contains this text");
  app.add_option("--category", options.category, "Only this category")
      ->check(CLI::IsMember({"pull", "push", "discovery", "management"}));
  app.add_option("--repo-prefix", options.repository_prefix, "Repositories are made below it")
      ->capture_default_str();
  app.add_option("--username", options.username,
                 "The password is read from the environment: PLIMSOLL_PASSWORD");
  app.add_option("--ca-file", options.ca_file, "PEM file, beside the system's CAs");
  app.add_flag("--insecure", options.insecure, "Take any certificate");
  app.add_option("--spec", version, "Version of the distribution-spec")
      ->check(CLI::IsMember({"1.0", "1.1", "1.2-dev"}))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Decides content")->capture_default_str();
  app.add_option("--concurrency", options.concurrency, "Scenarios under way at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--timeout", options.timeout_seconds, "Seconds for one exchange")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
}

int run(int argc, char** argv) {
  CLI::App app{"Plimsoll: conformance of OCI registries"};
  app.require_subcommand(1);
  app.footer("Exit codes: 0 conformant, 1 a MUST is broken, 2 bad usage, 3 could not be judged.");

  cli::test_options test;
  std::string version = "1.1";
  CLI::App* test_command = app.add_subcommand("test", "Judge a registry");
  describe_test(*test_command, test, version);

  cli::serve_options serve;
  CLI::App* serve_command = app.add_subcommand("serve", "Run the bundled registry, in memory");
  serve_command->add_option("--listen", serve.listen, "ADDRESS:PORT")->capture_default_str();

  std::string what = "scenarios";
  CLI::App* list_command = app.add_subcommand("list", "List what there is");
  list_command->add_option("WHAT", what)->check(CLI::IsMember({"scenarios", "requirements"}));

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  if (*test_command) {
    test.version = parse_spec_version(version).value_or(spec_version::v1_1);
    return cli::test(test);
  }
  if (*serve_command) return cli::serve(serve);
  return what == "scenarios" ? cli::list_scenarios() : cli::list_requirements();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& why) {
    std::cerr << "plimsoll: " << why.what() << '\n';
    return 3;
  }
}
