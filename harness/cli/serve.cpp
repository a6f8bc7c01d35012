#include <charconv>
#include <csignal>
#include <iostream>

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

}  // namespace

int serve(const serve_options& options) {
  reference::options how;
  if (!take_address(options.listen, how)) {
    std::cerr << "plimsoll serve: --listen expects ADDRESS:PORT, for example 127.0.0.1:5000; got '"
              << options.listen << "'\n";
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

}  // namespace plimsoll::cli
