#include "credential_helper.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace plimsoll::http {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t most_output = 65'536;

class file_descriptor {
 public:
  file_descriptor() = default;
  explicit file_descriptor(int number) noexcept : number_(number) {}
  file_descriptor(file_descriptor&& from) noexcept : number_(std::exchange(from.number_, -1)) {}
  file_descriptor& operator=(file_descriptor&& from) noexcept {
    std::swap(number_, from.number_);
    return *this;
  }
  ~file_descriptor() { close(); }

  void close() noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  [[nodiscard]] int get() const noexcept { return number_; }

 private:
  int number_ = -1;
};

/// A child that is killed and reaped at the latest when this goes away.
class child {
 public:
  explicit child(pid_t pid) noexcept : pid_(pid) {}
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  }

  /// Whether the child exited with 0; nothing to say before it ended.
  bool ended(bool& success) noexcept {
    int status = 0;
    const pid_t reaped = ::waitpid(pid_, &status, WNOHANG);
    if (reaped == 0 || (reaped < 0 && errno == EINTR)) return false;
    success = reaped == pid_ && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    pid_ = 0;
    return true;
  }

 private:
  pid_t pid_;
};

error failed(const std::string& program, int code) {
  return error::of(fmt::format("{} get: {}", program, std::generic_category().message(code)));
}

int left_until(steady_clock::time_point deadline) noexcept {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
  constexpr decltype(left) longest = 60'000;
  return static_cast<int>(std::clamp<decltype(left)>(left, 0, longest));
}

/// @return 0 or an errno
int spawn(const std::string& program, int in, int out, pid_t& pid) {
  posix_spawn_file_actions_t actions;
  if (const int code = posix_spawn_file_actions_init(&actions); code != 0) return code;
  std::string file = program;
  std::string verb = "get";
  const std::array<char*, 3> arguments{file.data(), verb.data(), nullptr};
  int code = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  if (code == 0) {
    code = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  }
  if (code == 0) {
    code = posix_spawnp(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
  }
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

/// @return 0 where there is something to read, or an errno: ETIMEDOUT at the deadline
int wait_readable(int from, steady_clock::time_point deadline) noexcept {
  for (;;) {
    pollfd waiting{from, POLLIN, 0};
    const int left = left_until(deadline);
    const int ready = ::poll(&waiting, 1, left);
    if (ready > 0) return 0;
    if (ready < 0 && errno != EINTR) return errno;
    if (ready == 0 && left == 0) return ETIMEDOUT;
  }
}

/// Reads until the other end closes.
/// @return 0 or an errno: ETIMEDOUT at the deadline, EMSGSIZE beyond `most_output`
int read_all(int from, steady_clock::time_point deadline, std::string& into) {
  std::array<char, 4096> piece{};
  while (into.size() <= most_output) {
    if (const int code = wait_readable(from, deadline); code != 0) return code;
    const ssize_t count = ::read(from, piece.data(), piece.size());
    if (count == 0) return 0;
    if (count > 0) into.append(piece.data(), static_cast<std::size_t>(count));
    if (count < 0 && errno != EINTR) return errno;
  }
  return EMSGSIZE;
}

/// Waits for the child to end, in short naps: its output is closed, so it is about to.
bool wait_for(child& process, steady_clock::time_point deadline, bool& success) {
  constexpr int nap_milliseconds = 2;
  while (!process.ended(success)) {
    const int left = left_until(deadline);
    if (left == 0) return false;
    ::poll(nullptr, 0, std::min(left, nap_milliseconds));
  }
  return true;
}

}  // namespace

result<helper_answer> run_credential_helper(const std::string& program, const std::string& input,
                                            std::chrono::milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  // A socket, for a helper that does not read its input must not raise SIGPIPE here.
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return failed(program, errno);
  }
  file_descriptor to_helper(ends[0]);
  file_descriptor helper_in(ends[1]);
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(program, errno);
  const file_descriptor from_helper(ends[0]);
  file_descriptor helper_out(ends[1]);

  pid_t pid = 0;
  const int spawned = spawn(program, helper_in.get(), helper_out.get(), pid);
  if (spawned != 0) return failed(program, spawned);
  child process(pid);
  helper_in.close();
  helper_out.close();
  // What it does with its input shows in its answer.
  (void)::send(to_helper.get(), input.data(), input.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  to_helper.close();

  helper_answer answer;
  const int read = read_all(from_helper.get(), deadline, answer.output);
  if (read == EMSGSIZE) {
    return error::of(fmt::format("{} get: wrote more than {} bytes", program, most_output));
  }
  if (read == ETIMEDOUT || (read == 0 && !wait_for(process, deadline, answer.success))) {
    return error::of(fmt::format("{} get: no answer within {} ms", program, limit.count()));
  }
  if (read != 0) return failed(program, read);
  return answer;
}

}  // namespace plimsoll::http
