#include "plimsoll/load_values/zb.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <regex>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "interrupts.hpp"
#include "load_plan.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/base/utc_time.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/load/run.hpp"
#include "plimsoll/load_reports/console.hpp"
#include "plimsoll/load_reports/json.hpp"
#include "plimsoll/load_reports/rates_json.hpp"
#include "registry_flags.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

struct zb_flags {
  std::string url;
  std::string upstream;
  std::string only;
  std::string format = "stdout";
  std::string repository_prefix = "plimsoll";
  std::string output = "plimsoll-zb";
  registry_flags registry;
  bool list = false;
  bool keep = false;
  bool yes = false;
  unsigned clients = 1;
  std::uint64_t requests = 1;
  double scale = 1;
  std::optional<std::uint64_t> seed;
};

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll zb: " << why << '\n';
  return code;
}

/// The tests whose names have a part that the expression matches.
result<std::vector<load::zb_test>> chosen_tests(const std::string& expression) {
  std::vector<load::zb_test> out;
  try {
    const std::regex only(expression);
    for (const load::zb_test& one : load::zb_tests()) {
      if (std::regex_search(one.name.begin(), one.name.end(), only)) out.push_back(one);
    }
  } catch (const std::regex_error& why) {
    return error::of(
        fmt::format("--test-regex {}: {}", printable(expression), printable(why.what())));
  }
  if (!out.empty()) return out;
  return error::of(fmt::format("--test-regex {}: matches none of the names that --list-tests has",
                               printable(expression)));
}

/// "Pull 75% and Push 25% Mixed 1MB" as "pull-75-and-push-25-mixed-1mb".
std::string file_name(std::string_view test) {
  std::string out;
  for (const char c : test) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  return out + ".json";
}

/// A test, and whether what it pulls is pushed to the upstream.
struct planned_test {
  load::workload plan;
  bool by_upstream = false;
};

/// Where the tests run.
struct places {
  http::url registry;
  std::optional<http::url> upstream;
};

/// @param upstream whether `host` is that one
std::string asks_for_consent(const zb_flags& flags, const std::vector<planned_test>& tests,
                             const std::string& host, bool upstream) {
  double bytes = 0;
  for (const planned_test& one : tests) {
    if (one.by_upstream == upstream) bytes += load::zb_pushed_bytes(one.plan, flags.requests);
  }
  if (is_loopback(host) || bytes <= most_unasked_bytes) return {};
  return "this pushes " + human_bytes(static_cast<std::uint64_t>(bytes)) + " to " + host +
         ": say --yes if that is meant";
}

/// The chosen tests; tells which are left out.
std::vector<planned_test> plans_for(const zb_flags& flags,
                                    const std::vector<load::zb_test>& tests) {
  std::vector<planned_test> out;
  for (const load::zb_test& one : tests) {
    if (one.by_upstream && flags.upstream.empty()) {
      std::cerr << "plimsoll zb: leaving out " << one.name
                << ": it needs --upstream-server-url, a registry that this one fetches from\n";
    } else {
      out.push_back(
          {load::zb_workload(one, flags.clients, flags.requests, flags.scale), one.by_upstream});
    }
  }
  return out;
}

result<load::load_result> run_test(const zb_flags& flags, const places& at,
                                   const planned_test& test, std::uint64_t seed,
                                   const std::atomic<int>& interrupts) {
  std::cerr << "plimsoll zb: " << test.plan.name << '\n';
  load::run_options how;
  const std::uint64_t own_seed = derive_seed(seed, test.plan.name);
  how.plan = test.plan;
  how.repository_prefix = flags.repository_prefix;
  how.operations = flags.requests;
  how.keep = flags.keep;
  const auto named = identify(how, flags.registry, at.registry.origin(), own_seed);
  if (!named) return named.error();
  if (test.by_upstream) {
    auto connect = client_options_for(flags.registry, at.upstream->origin(), how.run_id);
    if (!connect) return connect.error();
    how.upstream = std::move(*connect);
  }
  const std::string started = utc_now();
  auto run = load::run(how, {}, interrupts);
  if (!run) return run;
  run->version = version();
  run->started = started;
  const auto file = std::filesystem::path(flags.output) / file_name(run->workload);
  const auto written = write_file(file, load::to_json(*run));
  if (!written) return written.error();
  return run;
}

/// 1 where an operation failed, as with zb; 3 where a test could not be measured.
int code_of(const std::vector<load::load_result>& runs, bool all_ran) {
  const auto failed = [](const load::load_result& run) {
    return load::failures_of(load::all_operations(run)) > 0;
  };
  if (std::any_of(runs.begin(), runs.end(), failed)) return 1;
  const auto valid = [](const load::load_result& run) { return run.invalid.empty(); };
  return all_ran && std::all_of(runs.begin(), runs.end(), valid) ? 0 : 3;
}

int run_tests(const zb_flags& flags, const places& at, const std::vector<planned_test>& tests) {
  const std::uint64_t seed = flags.seed ? *flags.seed : std::random_device{}();
  const interrupt_counter interrupts("plimsoll zb");
  std::vector<load::load_result> runs;
  bool all_ran = true;
  for (const planned_test& test : tests) {
    auto run = run_test(flags, at, test, seed, interrupts.count());
    if (run) {
      runs.push_back(std::move(*run));
    } else {
      all_ran = false;
      static_cast<void>(refuse(3, test.plan.name + ": " + run.error().what()));
    }
    if (interrupts.count().load() > 0) {
      all_ran = false;
      break;
    }
  }
  if (!runs.empty()) {
    std::cout << load::table_of_runs(runs) << "\nresults: " << flags.output << '\n';
  }
  if (flags.format == "ci-cd") {
    const auto written = write_file("ci-cd.json", load::rates_json(runs));
    if (!written) return refuse(3, written.error().what());
  }
  return code_of(runs, all_ran);
}

int list_tests(const std::vector<load::zb_test>& tests) {
  for (const load::zb_test& one : tests) std::cout << one.name << '\n';
  return 0;
}

result<places> places_for(const zb_flags& flags) {
  if (flags.url.empty()) return error::of("expected the registry's URL, http(s)://HOST[:PORT]");
  auto url = http::parse_url(flags.url);
  if (!url) return url.error();
  places out{std::move(*url), {}};
  if (flags.upstream.empty()) return out;
  auto upstream = http::parse_url(flags.upstream);
  if (!upstream) return error::of("--upstream-server-url: " + upstream.error().what());
  out.upstream = std::move(*upstream);
  return out;
}

int run_zb(const zb_flags& flags) {
  const auto tests = chosen_tests(flags.only);
  if (!tests) return refuse(2, tests.error().what());
  if (flags.list) return list_tests(*tests);
  const auto at = places_for(flags);
  if (!at) return refuse(2, at.error().what());
  if (flags.requests < flags.clients) {
    return refuse(
        2, fmt::format("{} requests are fewer than {} clients", flags.requests, flags.clients));
  }
  if (const auto named = check_prefix("--repo", flags.repository_prefix); !named) {
    return refuse(2, named.error().what());
  }
  const auto plans = plans_for(flags, *tests);
  if (plans.empty()) return refuse(2, "no test is left");
  std::string heavy = asks_for_consent(flags, plans, at->registry.host, false);
  if (heavy.empty() && at->upstream) {
    heavy = asks_for_consent(flags, plans, at->upstream->host, true);
  }
  if (!heavy.empty() && !flags.yes) return refuse(2, heavy);
  if (const auto folder = prepare_folder(flags.output); !folder) {
    return refuse(2, "--output: " + folder.error().what());
  }
  return run_tests(flags, *at, plans);
}

}  // namespace

runnable describe_zb(CLI::App& app) {
  const auto flags = std::make_shared<zb_flags>();
  zb_flags& to = *flags;
  constexpr std::uint64_t most_requests = 1'000'000;
  app.add_option("URL", to.url, "The registry, http(s)://HOST[:PORT]");
  app.add_option("-c,--concurrency", to.clients, "Clients at once")
      ->check(CLI::Range(1u, load::most_clients))
      ->capture_default_str();
  app.add_option("-n,--requests", to.requests, "Of all clients, in each test")
      ->check(CLI::Range(std::uint64_t{1}, most_requests))
      ->capture_default_str();
  app.add_option("-t,--test-regex", to.only, "Run the tests whose names it matches a part of");
  app.add_flag("-l,--list-tests", to.list, "List them, and run none");
  app.add_option("-u,--upstream-server-url", to.upstream,
                 "The registry that this one fetches from, for the tests of on-demand sync; the "
                 "same login is used there")
      ->type_name("URL");
  app.add_option("-o,--output-format", to.format, "ci-cd writes ci-cd.json, too")
      ->check(CLI::IsMember({"stdout", "ci-cd"}))
      ->capture_default_str();
  app.add_option("-r,--repo", to.repository_prefix, "Repositories are made below it")
      ->capture_default_str();
  app.add_option("--output", to.output, "Folder for a result of each test")->capture_default_str();
  app.add_option("--scale", to.scale, "The layers' sizes times this")->check(CLI::Range(1e-9, 1.0));
  app.add_option("--seed", to.seed, "Decides content and names; else another each time");
  app.add_flag("--skip-cleanup", to.keep, "Leave in the registry what was pushed");
  app.add_flag("--yes", to.yes, "More than 1 GiB to a host that is not this one");
  describe_registry(app, to.registry);
  return [flags] { return run_zb(*flags); };
}

}  // namespace plimsoll::cli
