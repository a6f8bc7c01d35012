#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <random>

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

}  // namespace

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

}  // namespace plimsoll::cli
