#pragma once

#include <atomic>
#include <csignal>
#include <iostream>
#include <string>
#include <thread>
#include <utility>

#include <unistd.h>

namespace plimsoll::cli {

/// Counts SIGINT and SIGTERM while it lives: one ends the run with a report, two end the program.
class interrupt_counter {
 public:
  /// @param command for the message, "plimsoll load"
  explicit interrupt_counter(std::string command) : command_(std::move(command)) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGUSR1);  // ends the thread
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this] { wait(); });
  }
  interrupt_counter(const interrupt_counter&) = delete;
  interrupt_counter& operator=(const interrupt_counter&) = delete;
  ~interrupt_counter() {
    pthread_kill(thread_.native_handle(), SIGUSR1);
    thread_.join();
  }
  [[nodiscard]] const std::atomic<int>& count() const noexcept { return count_; }

 private:
  void wait() {
    for (int received = 0;;) {
      sigwait(&signals_, &received);
      if (received == SIGUSR1) return;
      if (count_.fetch_add(1) > 0) _exit(130);
      std::cerr << '\n' + command_ + ": ending; once more ends at once\n";
    }
  }

  std::string command_;
  sigset_t signals_{};
  std::atomic<int> count_{0};
  std::thread thread_;
};

}  // namespace plimsoll::cli
