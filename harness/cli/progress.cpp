#include "progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::size_t usual_width = 80;
constexpr const char* empty_line = "\r\x1b[K";

/// 0 where it is no terminal.
std::size_t width_of(std::FILE* to) {
  const int file = fileno(to);
  if (isatty(file) == 0) return 0;
  winsize size{};
  const bool known = ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : usual_width;
}

}  // namespace

progress::progress(std::FILE* to, std::size_t total)
    : to_(to), total_(total), width_(width_of(to)) {}

void progress::ended(const scenario_result& one) {
  ++done_;
  if (one.outcome == verdict::fail) ++failed_;
  const std::string id = printable(one.id);
  if (width_ == 0) {
    fmt::print(to_, "{:<11}  {}  ({} ms)\n", to_string(one.outcome), id, one.took.count() / 1000);
  } else {
    const std::string line =
        fmt::format("{} of {}, {} failed  {}", done_, total_, failed_, id).substr(0, width_ - 1);
    fmt::print(to_, "{}{}", empty_line, line);
  }
  (void)std::fflush(to_);
}

void progress::finish() {
  if (width_ == 0) return;
  fmt::print(to_, "{}", empty_line);
  (void)std::fflush(to_);
}

}  // namespace plimsoll::cli
