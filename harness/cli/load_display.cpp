#include "load_display.hpp"

#include <chrono>
#include <iostream>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::cli {

load::run_observer display() {
  const bool live = isatty(STDERR_FILENO) == 1;
  load::run_observer out;
  out.phase = [live](const std::string& phase) {
    std::cerr << (live ? "\r\x1b[K" : "") << "plimsoll load: " << phase << '\n';
  };
  if (!live) return out;
  out.second = [](const load::live_second& last) {
    using milliseconds = std::chrono::duration<double, std::milli>;
    const auto& now = last.counted;
    const auto text = [](const std::optional<std::chrono::nanoseconds>& time) {
      return time ? fmt::format("{:.2f} ms", milliseconds(*time).count()) : std::string("-");
    };
    std::cerr << fmt::format(
                     "\r\x1b[K{}/s  failed {}  in {}/s  out {}/s  p50 {}  p99 {}  at once {}  "
                     "waiting {}  generator {:.0f} % CPU {}",
                     now.operations, now.failures, human_bytes(now.bytes_received),
                     human_bytes(now.bytes_sent), text(now.p50), text(now.p99), last.under_way,
                     last.waiting, static_cast<double>(last.cpu.count()) / 1e7,
                     human_bytes(last.resident_bytes))
              << std::flush;
  };
  return out;
}

}  // namespace plimsoll::cli
