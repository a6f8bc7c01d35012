#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <random>

#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include "commands.hpp"
#include "plimsoll/base/random.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/http/url.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/reports/console.hpp"
#include "plimsoll/reports/json.hpp"
#include "plimsoll/reports/junit.hpp"
#include "plimsoll/runner/runner.hpp"
#include "plimsoll/suite/scenarios.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::cli {
namespace {

struct test_options {
  std::string url;  ///< Empty: the bundled registry, in this process.
  std::string output = "plimsoll-results";
  std::string filter;    ///< Only scenarios whose id contains it.
  std::string category;  ///< Only this category.
  std::string repository_prefix = "plimsoll";
  std::string username;
  std::string ca_file;
  bool insecure = false;
  std::string spec = "1.1";
  spec_version version = spec_version::v1_1;
  std::uint64_t seed = 1;
  std::size_t concurrency = 8;
  unsigned timeout_seconds = 120;
};

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll test: " << why << '\n';
  return code;
}

std::vector<const scenario*> chosen(const test_options& options) {
  std::vector<const scenario*> out;
  for (const scenario* one : suite::all_scenarios()) {
    if (!options.category.empty() && one->category != options.category) continue;
    if (one->id.find(options.filter) == std::string_view::npos) continue;
    out.push_back(one);
  }
  return out;
}

http::client_options client_of(const test_options& options, const std::string& url,
                               const std::string& run_id) {
  http::client_options how;
  how.registry = url;
  how.user_agent = "plimsoll/0.1.0 (run " + run_id + ")";
  how.tls.ca_file = options.ca_file;
  how.tls.insecure = options.insecure;
  how.timeouts.exchange = std::chrono::seconds(options.timeout_seconds);
  if (!options.username.empty()) {
    const char* const password = std::getenv("PLIMSOLL_PASSWORD");
    how.login.emplace();
    how.login->username = options.username;
    how.login->password = password == nullptr ? "" : password;
  }
  return how;
}

/// Writes beside the file and renames, so that no half-written report has its name.
bool write_file(const std::filesystem::path& path, const std::string& bytes) {
  std::filesystem::path beside = path;
  beside += ".new";
  std::ofstream out(beside, std::ios::binary);
  out << bytes;
  out.close();
  std::error_code failed;
  if (out) std::filesystem::rename(beside, path, failed);
  return out && !failed;
}

bool is_writable_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  const std::filesystem::path probe = folder / ".plimsoll-probe";
  const bool written = !failed && static_cast<bool>(std::ofstream(probe) << 'x');
  std::filesystem::remove(probe, failed);
  return written;
}

/// One exchange before the run: a registry that cannot be reached is one line, not a hundred.
boost::asio::awaitable<void> judge(http::client& registry, const test_options& options,
                                   run_result& run) {
  const auto answer = co_await registry.send(http::request("GET", "/v2/"));
  if (!answer.answered()) {
    run.reason = answer.error;
    co_return;
  }
  if (answer.response.status == 401 || answer.response.status == 403) {
    run.reason = fmt::format("GET /v2/ is answered with {}: give --username, or check the password",
                             answer.response.status);
    co_return;
  }
  run_options how;
  how.version = options.version;
  how.repository_prefix = options.repository_prefix;
  how.run_id = run.run_id;
  how.seed = options.seed;
  how.concurrency = options.concurrency;
  run.scenarios = co_await run_scenarios(chosen(options), registry, how);
}

run_result begin_run(const test_options& options, const std::string& url) {
  run_result run;
  run.version = "0.1.0";
  run.run_id = seeded_bytes(std::random_device{}()).hex(8);
  run.registry = url;
  run.spec_version = to_string(options.version);
  run.profile = "spec";
  run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  run.seed = options.seed;
  return run;
}

void run_against(http::client& registry, boost::asio::io_context& io, const test_options& options,
                 run_result& run) {
  const auto began = std::chrono::steady_clock::now();
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, judge(registry, options, run), [&](std::exception_ptr why) {
    thrown = why;
    registry.close_idle();
    io.stop();
  });
  io.run();
  if (thrown) std::rethrow_exception(thrown);
  run.took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began);
  const http::traffic seen = registry.traffic_so_far();
  run.requests = seen.requests;
  run.bytes_sent = seen.bytes_sent;
  run.bytes_received = seen.bytes_received;
  summarize(run);
}

int test(const test_options& options) {
  if (chosen(options).empty()) {
    return refuse(2, "no scenario is chosen; `plimsoll list scenarios` shows their ids");
  }
  if (!oci::is_repository_name(options.repository_prefix)) {
    return refuse(2, "--repo-prefix expects a repository name, got '" +
                         printable(options.repository_prefix) + "'");
  }
  if (!is_writable_folder(options.output)) {
    return refuse(2, "--output " + options.output + " cannot be written to");
  }
  std::optional<reference::registry> bundled;
  std::string url = options.url;
  if (url.empty()) {
    auto started = reference::registry::start({});
    if (!started)
      return refuse(3, "the bundled registry does not start: " + started.error().what());
    url = started->url();
    bundled.emplace(std::move(*started));
  }
  const auto parsed = http::parse_url(url);
  if (!parsed) return refuse(2, parsed.error().what());

  boost::asio::io_context io(1);
  run_result run = begin_run(options, parsed->origin());
  auto registry =
      http::client::make(io.get_executor(), client_of(options, parsed->origin(), run.run_id));
  if (!registry) return refuse(2, registry.error().what());
  run_against(*registry, io, options, run);

  std::cout << reports::summary(run);
  const std::filesystem::path folder(options.output);
  if (!write_file(folder / "junit.xml", reports::junit(run)) ||
      !write_file(folder / "result.json", reports::to_json(run))) {
    return refuse(3, "the reports cannot be written to " + options.output);
  }
  std::cout << "reports: " << (folder / "junit.xml").string() << ", "
            << (folder / "result.json").string() << '\n';
  return exit_code(run);
}

}  // namespace

runnable describe_test(CLI::App& app) {
  const auto options = std::make_shared<test_options>();
  app.add_option("URL", options->url, "The registry, http(s)://host[:port]; none: the bundled one");
  app.add_option("--output", options->output, "Folder for junit.xml and result.json")
      ->capture_default_str();
  app.add_option("--filter", options->filter, "Only scenarios whose id contains this text");
  app.add_option("--category", options->category, "Only this category")
      ->check(CLI::IsMember({"pull", "push", "discovery", "management"}));
  app.add_option("--repo-prefix", options->repository_prefix, "Repositories are made below it")
      ->capture_default_str();
  app.add_option("--username", options->username,
                 "The password is read from the environment: PLIMSOLL_PASSWORD");
  app.add_option("--ca-file", options->ca_file, "PEM file, beside the system's CAs");
  app.add_flag("--insecure", options->insecure, "Take any certificate");
  app.add_option("--spec", options->spec, "Version of the distribution-spec")
      ->check(CLI::IsMember({"1.0", "1.1", "1.2-dev"}))
      ->capture_default_str();
  app.add_option("--seed", options->seed, "Decides content")->capture_default_str();
  app.add_option("--concurrency", options->concurrency, "Scenarios under way at once")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--timeout", options->timeout_seconds, "Seconds for one exchange")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  return [options] {
    options->version = parse_spec_version(options->spec).value_or(spec_version::v1_1);
    return test(*options);
  };
}

}  // namespace plimsoll::cli
