#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <malloc.h>

#include "commands.hpp"
#include "plimsoll/base/text.hpp"
#include "version.hpp"

namespace {

namespace cli = plimsoll::cli;
using plimsoll::nearest;
using plimsoll::printable;

struct subcommand {
  const char* name;
  const char* summary;
  cli::runnable (*describe)(CLI::App& app);
};

constexpr std::array subcommands{
    subcommand{"test", "Judge a registry", cli::describe_test},
    subcommand{"load", "Load a registry, and measure it", cli::describe_load},
    subcommand{"zb", "Run the tests of zot's benchmark on any registry", cli::describe_zb},
    subcommand{"serve", "Run the bundled registry", cli::describe_serve},
    subcommand{"report", "Make reports from results", cli::describe_report},
    subcommand{"prove", "Prove the suite on registries that are wrong, and on odd ones",
               cli::describe_prove},
    subcommand{"certify", "Judge a registry, and sign what it keeps to", cli::describe_certify},
    subcommand{"verify", "Check a certificate", cli::describe_verify},
    subcommand{"compare", "Compare runs of a load with earlier ones", cli::describe_compare},
    subcommand{"explain", "Say all that is known of a requirement", cli::describe_explain},
    subcommand{"list", "List what there is", cli::describe_list},
};

/// The flag or subcommand that was probably meant, to go behind a message; or nothing.
std::string suggestion(const CLI::App& app, const std::string& typed) {
  const std::string flag = typed.substr(0, typed.find('='));
  std::vector<std::string> names;
  for (const CLI::Option* one : app.get_options()) {
    for (const std::string& name : one->get_lnames()) names.push_back("--" + name);
  }
  for (const CLI::App* one : app.get_subcommands(nullptr)) names.push_back(one->get_name());
  const std::vector<std::string_view> known(names.begin(), names.end());
  const auto near = nearest(flag, known);
  return near ? fmt::format("; did you mean {}?", *near) : std::string();
}

int refuse(const CLI::App& program, const CLI::ParseError& why) {
  const auto chosen = program.get_subcommands();
  const CLI::App& app = chosen.empty() ? program : *chosen.front();
  const std::string name = chosen.empty() ? "plimsoll" : "plimsoll " + app.get_name();
  const auto extra = app.remaining();
  const std::string what = extra.empty()
                               ? why.what()
                               : fmt::format("unknown argument {}{}", printable(extra.front()),
                                             suggestion(app, extra.front()));
  std::cerr << fmt::format("{}: {}\nRun with --help for more information.\n", name, what);
  return 2;
}

/// The command line, with a word for the -- that is no end of options.
std::vector<const char*> arguments_of(int argc, char** argv) {
  std::vector<const char*> arguments(argv, argv + argc);
  if (argc < 2 || std::string_view(argv[1]) != "compare") return arguments;
  std::replace_if(
      arguments.begin(), arguments.end(), [](std::string_view one) { return one == "--"; },
      cli::between_runs.data());
  return arguments;
}

/// A manifest of megabytes goes back to the system when it is done with. Otherwise malloc learns
/// from the first one to keep them: a run took 105 MiB instead of 75, and no less time.
void give_large_memory_back() {
  constexpr int large_bytes = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, large_bytes);
}

int run(int argc, char** argv) {
  CLI::App app{"Plimsoll: conformance of OCI registries", "plimsoll"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string(cli::version()));
  app.footer("Exit codes: 0 conformant, 1 a MUST is broken, 2 bad usage, 3 could not be judged.");
  cli::runnable chosen;
  for (const subcommand& one : subcommands) {
    CLI::App* const described = app.add_subcommand(one.name, one.summary);
    described->callback([&chosen, then = one.describe(*described)] { chosen = then; });
  }
  try {
    app.parse(argc, arguments_of(argc, argv).data());
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& why) {
    return refuse(app, why);
  }
  return chosen();
}

}  // namespace

int main(int argc, char** argv) {
  give_large_memory_back();
  try {
    return run(argc, argv);
  } catch (const std::exception& why) {
    std::cerr << "plimsoll: " << why.what() << '\n';
    return 3;
  }
}
