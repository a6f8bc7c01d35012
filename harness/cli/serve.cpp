#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "monitoring.hpp"
#include "plimsoll/exposition/registry_metrics.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

struct serve_flags {
  std::string listen = "127.0.0.1:5000";
  std::string store;
  std::string spec = "1.1";
  std::int64_t delay_ms = 0;
  bool no_deletes = false;
  bool no_referrers = false;
  reference::options options;
  monitoring metrics;
};

const std::map<std::string, reference::spec_version>& versions() {
  static const std::map<std::string, reference::spec_version> all{
      {"1.0", reference::spec_version::v1_0},
      {"1.1", reference::spec_version::v1_1},
      {"1.2-dev", reference::spec_version::v1_2_dev}};
  return all;
}

/// False where the text is no ADDRESS:PORT.
bool take_address(const std::string& listen, reference::options& how) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  how.host = listen.substr(0, colon);
  if (how.host.front() == '[' && how.host.back() == ']') {
    how.host = how.host.substr(1, how.host.size() - 2);
  }
  const char* const begin = listen.data() + colon + 1;
  const char* const end = listen.data() + listen.size();
  const auto [stop, error] = std::from_chars(begin, end, how.port);
  return error == std::errc{} && stop == end;
}

/// False where there is a user, and the variable with the password is not there.
bool take_password(const char* variable, const std::string& user, std::string& password) {
  if (user.empty()) return true;
  const char* const found = std::getenv(variable);
  if (found != nullptr) password = found;
  return found != nullptr;
}

/// What is wrong with the flags; empty where nothing is.
std::string complete(serve_flags& flags) {
  reference::options& how = flags.options;
  if (!take_address(flags.listen, how)) {
    return "--listen expects ADDRESS:PORT, for example 127.0.0.1:5000; got '" + flags.listen + "'";
  }
  how.version = versions().at(flags.spec);
  how.delay = std::chrono::milliseconds(flags.delay_ms);
  how.deletes = !flags.no_deletes;
  how.referrers = !flags.no_referrers;
  if (!flags.store.empty()) how.store = flags.store;
  if (how.guarded.name.empty() != how.guarded.username.empty()) {
    return "--private and --owner go together";
  }
  if (!take_password("PLIMSOLL_PASSWORD", how.username, how.password)) {
    return "--username needs the password in PLIMSOLL_PASSWORD";
  }
  if (!take_password("PLIMSOLL_OWNER_PASSWORD", how.guarded.username, how.guarded.password)) {
    return "--owner needs the password in PLIMSOLL_OWNER_PASSWORD";
  }
  return "";
}

int serve(serve_flags& flags) {
  if (const auto wrong = complete(flags); !wrong.empty()) {
    std::cerr << "plimsoll serve: " << wrong << '\n';
    return 2;
  }
  // Blocked before the registry starts its threads, which inherit the mask: sigwait gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto registry = reference::registry::start(flags.options);
  if (!registry) {
    std::cerr << "plimsoll serve: " << registry.error().what() << '\n';
    return 3;
  }
  {
    const auto figures = [&registry] {
      return exposition::metrics_of(registry->seen(), version());
    };
    const auto metrics = expose(flags.metrics.prometheus, figures);
    if (!metrics) {
      std::cerr << "plimsoll serve: " << metrics.error().what() << '\n';
      return 2;
    }
    std::cout << "serving on " << registry->url() << std::endl;
    int received = 0;
    sigwait(&signals, &received);
  }
  registry->stop();
  return 0;
}

template <class Info>
CLI::Validator one_of(std::vector<Info> known) {
  std::vector<std::string> names;
  names.reserve(known.size());
  for (const auto& one : known) names.emplace_back(one.name);
  const auto check = [names](const std::string& name) {
    const bool found = std::find(names.begin(), names.end(), name) != names.end();
    return found ? std::string() : "there is no '" + name + "'; `plimsoll list` shows them";
  };
  return {check, "NAME"};
}

void describe_behaviour(CLI::App& app, serve_flags& flags) {
  reference::options& how = flags.options;
  app.add_option("--spec", flags.spec, "Version of the distribution-spec")
      ->check(CLI::IsMember({"1.0", "1.1", "1.2-dev"}))
      ->capture_default_str();
  app.add_option("--delay", flags.delay_ms, "Milliseconds before each response")
      ->check(CLI::Range(0, 600000));
  app.add_flag("--no-deletes", flags.no_deletes, "Refuse to delete with 405");
  app.add_flag("--no-referrers", flags.no_referrers, "Have no referrers API");
  app.add_flag("--sparse", how.sparse, "Take manifests whose blobs are missing");
  app.add_option("--manifest-limit", how.manifest_limit_bytes, "Bytes of the largest manifest")
      ->capture_default_str();
  app.add_option("--chunk-min-length", how.chunk_min_length,
                 "Bytes of the smallest chunk but the last");
  app.add_option("--warning", how.warning, "Text of a Warning header on each response");
  app.add_option("--username", how.username,
                 "Ask for Basic authentication; the password is read from PLIMSOLL_PASSWORD");
  app.add_option("--private", how.guarded.name,
                 "A repository that --owner alone may read and write");
  app.add_option("--owner", how.guarded.username,
                 "Its user; the password is read from PLIMSOLL_OWNER_PASSWORD");
  app.add_option("--fault", how.fault, "Break one requirement")->check(one_of(reference::faults()));
  app.add_option("--variant", how.variant, "Choose otherwise where the spec leaves a choice")
      ->check(one_of(reference::variants()));
}

}  // namespace

runnable describe_serve(CLI::App& app) {
  const auto flags = std::make_shared<serve_flags>();
  app.add_option("--listen", flags->listen, "ADDRESS:PORT; port 0: one that is free")
      ->capture_default_str();
  app.add_option("--store", flags->store,
                 "Folder that keeps what is pushed, an OCI image layout for each repository; "
                 "none: in memory");
  app.add_option("--threads", flags->options.threads, "Threads that serve")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  describe_behaviour(app, *flags);
  describe_exposition(app, flags->metrics);
  return [flags] { return serve(*flags); };
}

}  // namespace plimsoll::cli
