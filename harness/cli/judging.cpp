#include "judging.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/http/redaction.hpp"
#include "plimsoll/runner/preflight.hpp"
#include "plimsoll/runner/runner.hpp"
#include "progress.hpp"

namespace plimsoll::cli {
namespace {

using std::chrono::seconds;

/// How long what was pushed may be deleted after a signal, before the rest is left behind.
constexpr seconds clean_up_limit{5};

/// Ends a run on SIGINT and SIGTERM.
class interruption {
 public:
  interruption(boost::asio::io_context& io, users who)
      : who_(who), signals_(io, SIGINT, SIGTERM), limit_(io) {
    signals_.async_wait([this](const boost::system::error_code& failed, int) {
      if (!failed) begin();
    });
  }

  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  [[nodiscard]] bool happened() const { return source_.stop_requested(); }

  void finish() {
    signals_.cancel();
    limit_.cancel();
  }

 private:
  void begin() {
    signals_.clear();  // The next one has its usual effect.
    source_.request_stop();
    interrupt();
    end_clean_up_after(clean_up_limit);
  }

  void end_clean_up_after(seconds limit) {
    limit_.expires_after(limit);
    limit_.async_wait([this](const boost::system::error_code& failed) {
      if (failed) return;
      interrupt();
      end_clean_up_after(seconds(1));
    });
  }

  void interrupt() {
    who_.registry.interrupt();
    if (who_.owner != nullptr) who_.owner->interrupt();
  }

  users who_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer limit_;
  std::stop_source source_;
};

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Whether anything of it pushes: then the registry's policies for pushes count.
bool pushes(const std::vector<const scenario*>& scenarios) {
  return std::any_of(scenarios.begin(), scenarios.end(), [](const scenario* planned) {
    return planned->stands_on == basis::pushed || planned->stands_on == basis::given_private;
  });
}

/// Why the run waits no longer for the registry, and what helps; empty where it did not give up.
std::string limit_reached(const http::client& registry) {
  const auto given_up = http::gave_up_on(*registry.options().limiter);
  if (!given_up) return "";
  if (given_up->status == 429) {
    return fmt::format(
        "the registry limits the rate ({}): try --concurrency 2 or --rate-limit-wait",
        given_up->text);
  }
  return fmt::format("the registry is not available ({}): see its log, or try --rate-limit-wait",
                     given_up->text);
}

/// A few exchanges before the run: a registry that cannot be reached, or refuses whatever is
/// pushed, is one line and not a hundred.
boost::asio::awaitable<void> judge(const plan& what, run_options how, http::client& registry,
                                   run_result& run) {
  std::vector<const scenario*> scenarios = to_run(what);
  const preflight_result before = co_await run_preflight(registry, how, pushes(scenarios));
  run.reason = limit_reached(registry);
  if (!run.reason.empty()) co_return;
  run.reason = before.error.empty()
                   ? before.reason
                   : before.error + advice_on(before.error, registry.options().registry);
  if (!run.reason.empty()) co_return;
  how.policies = before.policies;
  run_outcome outcome = co_await run_scenarios(std::move(scenarios), registry, std::move(how));
  run.scenarios = with_skipped(what, std::move(outcome.scenarios));
  run.left_behind = before.left_behind;
  for (std::string& line : outcome.left_behind) run.left_behind.push_back(std::move(line));
  run.reason = limit_reached(registry);
}

void tell_exchanges(const scenario_result& one) {
  for (const recorded_exchange& seen : one.transcript) {
    fmt::print(stderr, "  {} {} {} {}\n", seen.method, printable(seen.url, 1000),
               seen.status == 0 ? "-" : std::to_string(seen.status), printable(seen.error));
  }
}

run_options options_for(const plan& what, const configuration& chosen, const run_result& run) {
  run_options how;
  how.version = chosen.version;
  how.repository_prefix = chosen.repository_prefix;
  how.run_id = run.run_id;
  how.repositories = chosen.repositories;
  how.given = chosen.given;
  how.private_repository = chosen.owner.repository;
  how.seed = run.seed;
  how.settle = chosen.settle;
  how.concurrency = chosen.concurrency;
  how.observers = what.observers;
  how.switched_off = what.switched_off;
  how.why_not_sent = what.why_not_sent;
  how.is_read_only = chosen.read_only || !chosen.apis.push;
  how.keeps_transcripts = chosen.log == log_level::debug;
  return how;
}

}  // namespace

std::string advice_on(std::string_view error, std::string_view registry) {
  if (holds(error, "Connection refused")) return ": is it running, and is the port right?";
  if (holds(error, "Host not found")) return ": is the name right, and known to this machine?";
  if (holds(error, "the certificate is refused: self-signed") ||
      holds(error, "the certificate is refused: unable to get local issuer")) {
    return ": --ca-file FILE names the CA that signed it, --insecure takes any";
  }
  if (holds(error, "the certificate is refused")) {
    return ": it needs another certificate, or --insecure to take any";
  }
  if (holds(error, "certificate required")) {
    return ": give one with --client-certificate and --client-key";
  }
  if (holds(error, "the answer is TLS")) return ": use https://";
  if (error.starts_with("tls ") || holds(error, "(during tls)")) {
    return ": does it speak TLS there? If not, use http://";
  }
  if (holds(error, "timed out") || holds(error, "not over after")) {
    return ": --timeout allows for more, if it is only slow";
  }
  if (holds(error, "redirects")) return ": its redirects lead in a circle";
  if (holds(error, "closed without a response") || holds(error, "reset by peer")) {
    return registry.starts_with("https://")
               ? ": if it asks for a certificate, give --client-certificate and --client-key"
               : ": does it want https:// there?";
  }
  if (error.starts_with("read ")) return ": what answers there does not keep to HTTP";
  return "";
}

bool carry_out(const plan& what, const configuration& chosen, std::uint64_t leaves_bytes, users who,
               boost::asio::io_context& io, run_result& run,
               const std::function<void(const scenario_result&)>& also) {
  const auto began = std::chrono::steady_clock::now();
  interruption by_signal(io, who);
  progress told(stderr, to_run(what).size());
  run_options how = options_for(what, chosen, run);
  how.owner = who.owner;
  how.leaves_bytes = leaves_bytes;
  how.stopping = by_signal.token();
  how.on_result = [&](const scenario_result& one) {
    if (also) also(one);
    if (chosen.log == log_level::error) return;
    told.ended(one);
    if (chosen.log == log_level::debug) tell_exchanges(one);
  };
  std::exception_ptr thrown;
  boost::asio::co_spawn(io, judge(what, std::move(how), who.registry, run),
                        [&](std::exception_ptr why) {
                          thrown = std::move(why);
                          who.registry.close_idle();
                          if (who.owner != nullptr) who.owner->close_idle();
                          by_signal.finish();
                          io.stop();
                        });
  io.run();
  if (chosen.log != log_level::error) told.finish();
  if (thrown) std::rethrow_exception(thrown);
  if (by_signal.happened()) run.reason = "a signal ended the run before it was over";
  run.took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - began);
  for (http::client* const one : {&who.registry, who.owner}) {
    if (one == nullptr) continue;
    const http::traffic seen = one->traffic_so_far();
    run.requests += seen.requests;
    run.bytes_sent += seen.bytes_sent;
    run.bytes_received += seen.bytes_received;
  }
  summarize(run);
  return by_signal.happened();
}

}  // namespace plimsoll::cli
