#include <charconv>
#include <csignal>
#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "commands.hpp"
#include "plimsoll/reference_registry/registry.hpp"

namespace plimsoll::cli {
namespace {

/// False where the text is no ADDRESS:PORT.
bool take_address(const std::string& listen, reference::options& how) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos || colon == 0) return false;
  how.host = listen.substr(0, colon);
  const char* const begin = listen.data() + colon + 1;
  const char* const end = listen.data() + listen.size();
  const auto [stop, error] = std::from_chars(begin, end, how.port);
  return error == std::errc{} && stop == end;
}

int serve(const std::string& listen) {
  reference::options how;
  if (!take_address(listen, how)) {
    std::cerr << "plimsoll serve: --listen expects ADDRESS:PORT, for example 127.0.0.1:5000; got '"
              << listen << "'\n";
    return 2;
  }
  // Blocked before the registry starts its thread, which inherits the mask: sigwait gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto registry = reference::registry::start(how);
  if (!registry) {
    std::cerr << "plimsoll serve: " << registry.error().what() << '\n';
    return 3;
  }
  std::cout << "serving on " << registry->url() << std::endl;
  int received = 0;
  sigwait(&signals, &received);
  registry->stop();
  return 0;
}

}  // namespace

runnable describe_serve(CLI::App& app) {
  const auto listen = std::make_shared<std::string>("127.0.0.1:5000");
  app.add_option("--listen", *listen, "ADDRESS:PORT")->capture_default_str();
  return [listen] { return serve(*listen); };
}

}  // namespace plimsoll::cli
