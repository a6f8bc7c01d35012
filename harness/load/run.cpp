#include "plimsoll/load/run.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <ctime>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include <boost/asio/ssl/context.hpp>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include "plimsoll/base/random.hpp"
#include "plimsoll/http/tls.hpp"
#include "preparation.hpp"
#include "worker.hpp"

namespace plimsoll::load {
namespace {

constexpr unsigned clients_of_open_loop = 256;
constexpr unsigned descriptors_besides = 64;

// --- Means ----------------------------------------------------------------------------------

/// What all threads of a run share, and what outlives them.
struct means {
  const run_options& how;
  std::shared_ptr<boost::asio::ssl::context> tls;
  std::unique_ptr<authority> clerk;
  origin registry;
  std::string url;
  std::shared_ptr<const content_seed> content;
  std::string prefix;
};

result<std::unique_ptr<workplace>> make_workplace(const means& with) {
  auto loop = event_loop::make();
  if (!loop) return loop.error();
  core machine(std::move(*loop), content_source(with.content), with.tls->native_handle(),
               with.how.registry.timeouts);
  auto made = std::make_unique<workplace>(std::move(machine), with.registry, with.url, *with.clerk,
                                          with.how.plan.operations.size());
  made->user_agent = "\r\nUser-Agent: " + with.how.registry.user_agent + "\r\n";
  made->verify = with.how.plan.verify;
  return made;
}

result<means> make_means(const run_options& how) {
  auto tls = http::make_tls_context(how.registry.tls);
  if (!tls) return tls.error();
  auto clerk = authority::start(how.registry);
  if (!clerk) return clerk.error();
  const auto url = http::parse_url(how.registry.registry);
  if (!url) return url.error();
  auto registry = look_up(url->origin());
  if (!registry) return registry.error();
  return means{how,
               *tls,
               std::move(*clerk),
               std::move(*registry),
               url->origin(),
               make_content(how.plan.bytes, how.seed),
               how.repository_prefix + '/' + how.run_id};
}

/// Runs one coroutine on a loop to its end.
template <class T>
T run_alone(workplace& at, task<T> work) {
  std::optional<T> out;
  const auto all = [](task<T> inner, std::optional<T>& to) -> task<void> {
    auto value = co_await std::move(inner);
    to.emplace(std::move(value));
  };
  at.machine.loop->refresh_now();
  spawn(all(std::move(work), out), [&at] { at.machine.loop->stop(); });
  at.machine.loop->run();
  return std::move(*out);
}

// --- Limits ---------------------------------------------------------------------------------

/// Connections that a client has open at once, at the most.
unsigned lanes_of(const workload& plan) {
  unsigned most = 1;
  for (const operation& one : plan.operations) {
    const bool image =
        one.kind == operation_kind::image_pull || one.kind == operation_kind::image_push;
    if (image) most = std::max(most, one.parallel);
  }
  return most;
}

unsigned clients_of(const run_options& how) {
  if (how.clients > 0) return how.clients;
  if (const auto* closed = std::get_if<closed_loop>(&how.plan.pace)) return closed->clients;
  return clients_of_open_loop;
}

unsigned threads_of(const run_options& how) {
  const unsigned wanted =
      how.threads > 0 ? how.threads : std::max(1u, std::thread::hardware_concurrency());
  return std::min(wanted, clients_of(how));
}

/// The most parts that an image has: no client pulls more at a time.
std::size_t most_parts(const stock& goods) {
  std::size_t most = 1;
  for (const auto& repository : goods.repositories) {
    for (const stored_image& image : repository) most = std::max(most, image.parts.size());
  }
  return most;
}

/// Raises the limit of file descriptors to what the run may need.
result<void> allow_descriptors(const run_options& how, std::uint64_t lanes) {
  const std::uint64_t connections = clients_of(how) * lanes;
  const std::uint64_t wanted = connections + threads_of(how) * 2 + descriptors_besides;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted) return {};
  const rlim_t hard = limit.rlim_max;
  limit.rlim_cur = wanted;
  limit.rlim_max = std::max<rlim_t>(hard, wanted);  // root may raise that too
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  return error::of(
      fmt::format("{} connections need {} file descriptors, and this process may have {}: "
                  "raise the hard limit (ulimit -Hn), or use fewer clients",
                  connections, wanted, hard));
}

std::uint64_t resident_bytes() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

// --- The clock runs -------------------------------------------------------------------------

/// What the cores report of each second, and when the last of them is done.
struct reports {
  std::mutex mutex;
  std::condition_variable changed;
  unsigned running = 0;
  unsigned awaited = 0;  ///< Cores that have not reported of this second.
  second_tally sum;
  live_second row;
  bool keeps_copies = false;  ///< Whether cores hand over all that they count.
};

struct crew_member {
  std::unique_ptr<workplace> place;
  std::unique_ptr<worker> work;
  std::thread thread;
  recorder copy{0};  ///< Of its counts, as they were reported last; guarded by the reports' mutex.
};

void report_second(crew_member& one, reports& to) {
  const std::lock_guard lock(to.mutex);
  to.sum.merge(one.place->counts.second);
  one.place->counts.second.clear();
  if (to.keeps_copies) one.copy = one.place->counts;
  to.row.under_way += one.work->under_way();
  to.row.waiting += one.work->waiting();
  --to.awaited;
  to.changed.notify_all();
}

std::chrono::nanoseconds process_cpu() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

live_second row_of(const second_tally& sum, live_second row) {
  row.counted.operations = sum.operations;
  row.counted.failures = sum.failures;
  row.counted.bytes_sent = sum.bytes_sent;
  row.counted.bytes_received = sum.bytes_received;
  if (const auto median = sum.latency.quantile(0.5)) row.counted.p50 = median->value;
  if (const auto p99 = sum.latency.quantile(0.99)) row.counted.p99 = p99->value;
  row.resident_bytes = resident_bytes();
  return row;
}

/// Asks each core for what it counted since the last time.
live_second collect(std::vector<crew_member>& crew, reports& from) {
  {
    const std::lock_guard lock(from.mutex);
    from.sum.clear();
    from.row = {};
    from.awaited = from.running;
  }
  for (crew_member& one : crew) {
    one.place->machine.loop->post([&one, &from] { report_second(one, from); });
  }
  std::unique_lock lock(from.mutex);
  from.changed.wait(lock, [&] { return from.awaited == 0 || from.running == 0; });
  return row_of(from.sum, from.row);
}

void end_now(std::vector<crew_member>& crew) {
  for (crew_member& one : crew) {
    one.place->machine.loop->post([&one] { one.work->end_now(); });
  }
}

/// What the watching thread keeps of a run.
struct log_of_run {
  std::vector<measured_second> series;
  std::uint64_t first_memory = 0;
  std::uint64_t peak_memory = 0;
  bool interrupted = false;
};

void note_memory(log_of_run& out, std::uint64_t bytes) {
  // What a run needs is there after the first minute; what grows later is a leak.
  if (out.series.size() <= 60) out.first_memory = bytes;
  out.peak_memory = std::max(out.peak_memory, bytes);
}

/// Until the last core is done: a row a second, and a look at the interrupts.
void watch(std::vector<crew_member>& crew, reports& from,
           const std::function<void(const live_second&)>& tell, const std::atomic<int>& interrupts,
           log_of_run& out) {
  using std::chrono::milliseconds;
  auto next = clock::now() + std::chrono::seconds(1);
  auto cpu_before = process_cpu();
  for (;;) {
    {
      std::unique_lock lock(from.mutex);
      const auto done = [&] { return from.running == 0; };
      const instant until = std::min<instant>(next, clock::now() + milliseconds(50));
      if (from.changed.wait_until(lock, until, done)) return;
    }
    if (interrupts.load() > 0 && !out.interrupted) {
      out.interrupted = true;
      end_now(crew);
    }
    if (clock::now() < next) continue;
    next += std::chrono::seconds(1);
    live_second row = collect(crew, from);
    const auto cpu = process_cpu();
    row.cpu = cpu - std::exchange(cpu_before, cpu);
    out.series.push_back(row.counted);
    note_memory(out, row.resident_bytes);
    tell(row);
  }
}

result<std::vector<crew_member>> gather_crew(const means& with, const orders& what) {
  const unsigned threads = threads_of(with.how);
  const unsigned clients = clients_of(with.how);
  std::vector<crew_member> crew(threads);
  for (unsigned i = 0; i < threads; ++i) {
    auto place = make_workplace(with);
    if (!place) return place.error();
    crew[i].place = std::move(*place);
    const unsigned mine = clients / threads + (i < clients % threads ? 1 : 0);
    crew[i].work = std::make_unique<worker>(*crew[i].place, what, share{i, threads}, mine);
  }
  return crew;
}

void start(crew_member& one, reports& to) {
  one.thread = std::thread([&one, &to] {
    // SSL_write knows no MSG_NOSIGNAL.
    sigset_t none;
    sigfillset(&none);
    pthread_sigmask(SIG_BLOCK, &none, nullptr);
    one.work->run();
    const std::lock_guard lock(to.mutex);
    to.sum.merge(one.place->counts.second);
    if (to.keeps_copies) one.copy = one.place->counts;
    --to.running;
    if (to.awaited > 0) --to.awaited;
    to.changed.notify_all();
  });
}

// --- The report -----------------------------------------------------------------------------

named_counts counts_of(const std::array<std::uint64_t, failure_kinds>& failures) {
  named_counts out;
  for (std::size_t i = 1; i < failure_kinds; ++i) {
    if (failures[i] == 0) continue;
    out.emplace_back(to_string(static_cast<failure>(i)), failures[i]);
  }
  return out;
}

measured_work work_of(std::string name, const tally& from) {
  measured_work out;
  out.name = std::move(name);
  out.latency = from.good;
  out.failed = from.failed;
  out.failures = counts_of(from.failures);
  out.bytes_sent = from.bytes_sent;
  out.bytes_received = from.bytes_received;
  return out;
}

void fill(load_result& out, const recorder& all, const workload& plan) {
  for (std::size_t i = 0; i < all.operations.size(); ++i) {
    measured_work one = work_of(plan.operations[i].name, all.operations[i].latency);
    one.service = all.operations[i].service;
    out.operations.push_back(std::move(one));
  }
  for (std::size_t i = 0; i < all.steps.size(); ++i) {
    measured_work one = work_of(std::string(to_string(static_cast<step>(i))), all.steps[i]);
    if (one.latency.count() > 0 || !one.failures.empty()) out.steps.push_back(std::move(one));
  }
  out.lag = all.lag;
  out.error_codes.assign(all.codes.begin(), all.codes.end());
  for (const auto& [kind, text] : all.examples) out.examples.emplace_back(to_string(kind), text);
  out.retry_afters = all.retry_afters;
  out.generator.connections = all.connects;
  out.dropped = all.dropped;
}

/// What the cores reported, those that are done included.
load_result result_so_far(const std::vector<crew_member>& crew, reports& from,
                          const workload& plan) {
  recorder all(plan.operations.size());
  {
    const std::lock_guard lock(from.mutex);
    for (const crew_member& one : crew) {
      if (!one.copy.operations.empty()) all.merge(one.copy);
    }
  }
  load_result out;
  fill(out, all, plan);
  return out;
}

std::string pacing_of(const pacing& pace, unsigned clients) {
  if (std::holds_alternative<closed_loop>(pace)) {
    return fmt::format("closed loop, {} clients", clients);
  }
  if (const auto* burst = std::get_if<burst_plan>(&pace)) {
    return fmt::format("{} starts within {} s, at most {} at once", burst->starts,
                       std::chrono::duration<double>(burst->within).count(), clients);
  }
  const auto& rate = std::get<rate_plan>(pace);
  return fmt::format("open loop, {} starts in {} s, at most {} at once", expected_starts(rate),
                     std::chrono::duration<double>(length_of(rate)).count(), clients);
}

fidelity conditions_of(const run_options& how, bool tls) {
  fidelity out;
  out.content = to_string(how.plan.bytes);
  out.verify = to_string(how.plan.verify);
  double warm = 0;
  for (const operation& one : how.plan.operations) warm = std::max(warm, one.warm);
  out.cache = warm == 0 ? "none" : fmt::format("up to {} of an image's layers", warm);
  out.reuse = "connections are kept open";
  out.tls = tls ? "on" : "off";
  out.popularity = fmt::format("Zipf {} over repositories, {} of requests for the newest tag",
                               how.plan.asked_for.zipf, how.plan.asked_for.latest);
  out.pacing = pacing_of(how.plan.pace, clients_of(how));
  out.seed = how.seed;
  return out;
}

void judge_validity(load_result& out, bool interrupted) {
  if (const auto why = generator_limit(out)) out.invalid.push_back(*why);
  if (all_operations(out).latency.count() == 0) {
    out.invalid.emplace_back("no operation succeeded");
  }
  if (interrupted) out.configuration.emplace_back("interrupted", "true");
}

result<load_result> run_clock(const means& with, const sampler& choose, const stock& goods,
                              const run_observer& watching, const std::atomic<int>& interrupts,
                              std::vector<ledger>& left) {
  const run_options& how = with.how;
  orders what{how.plan, choose, goods, with.prefix, how.seed, {}, {}, how.grace, 0};
  if (how.operations > 0) {
    what.most_operations = std::max<std::uint64_t>(1, how.operations / threads_of(how));
  }
  what.begin = clock::now() + std::chrono::milliseconds(20);  // for the threads to be there
  what.end = what.begin + how.plan.duration;
  auto crew = gather_crew(with, what);
  if (!crew) return crew.error();
  reports from;
  from.running = threads_of(how);
  from.keeps_copies = static_cast<bool>(watching.so_far);
  for (crew_member& one : *crew) start(one, from);
  log_of_run log;
  std::chrono::nanoseconds cpu{0};
  const auto tell = [&](const live_second& row) {
    if (watching.second) watching.second(row);
    if (!watching.so_far) return;
    load_result so_far = result_so_far(*crew, from, how.plan);
    so_far.generator.user_time = cpu += row.cpu;
    so_far.generator.last_memory_bytes = row.resident_bytes;
    watching.so_far(row, std::move(so_far));
  };
  watch(*crew, from, tell, interrupts, log);

  load_result out;
  recorder all(how.plan.operations.size());
  instant last = what.begin;
  for (crew_member& one : *crew) {
    one.thread.join();
    all.merge(one.place->counts);
    out.generator.user_time += one.work->used().user;
    out.generator.system_time += one.work->used().system;
    last = std::max(last, one.work->last_end());
    left.push_back(std::move(one.work->left()));
  }
  out.measured = last - what.begin;
  fill(out, all, how.plan);
  out.conditions = conditions_of(how, with.registry.tls);
  out.series = std::move(log.series);
  out.generator.threads = threads_of(how);
  out.generator.last_memory_bytes = resident_bytes();
  note_memory(log, out.generator.last_memory_bytes);
  out.generator.first_memory_bytes = log.first_memory;
  out.generator.peak_memory_bytes = log.peak_memory;
  judge_validity(out, log.interrupted);
  return out;
}

}  // namespace

std::vector<std::string_view> step_names() {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < step_kinds; ++i) out.push_back(to_string(static_cast<step>(i)));
  return out;
}

result<load_result> run(const run_options& how, const run_observer& watching,
                        const std::atomic<int>& interrupts) {
  const auto say = [&](const std::string& phase) {
    if (watching.phase) watching.phase(phase);
  };
  // What is there already is known only once it was looked at.
  const bool pushes = how.existing.empty();
  auto allowed = allow_descriptors(how, pushes ? lanes_of(how.plan) : 1);
  if (!allowed) return allowed.error();
  auto with = make_means(how);
  if (!with) return with.error();
  auto home = make_workplace(*with);
  if (!home) return home.error();

  const sampler choose(how.plan, how.seed);
  stock goods;
  std::vector<ledger> left(1);
  surroundings around{how.plan, choose, goods, with->prefix, left.front()};
  session hands(**home);
  say("preparing");
  const auto ready = run_alone(
      **home, pushes ? push_stock(hands, around, goods) : find_stock(hands, how.existing, goods));
  if (ready && !pushes) {
    allowed = allow_descriptors(how, std::min<std::size_t>(lanes_of(how.plan), most_parts(goods)));
    if (!allowed) return allowed.error();
  }
  result<load_result> out = load_result{};
  if (ready) {
    say("running");
    out = run_clock(*with, choose, goods, watching, interrupts, left);
  } else {
    out = ready.error();
  }
  if (how.keep) return out;
  say("cleaning up");
  std::vector<const ledger*> pushed;
  for (const ledger& one : left) pushed.push_back(&one);
  auto behind = run_alone(**home, take_back(hands, with->prefix, pushed));
  if (out) {
    out->left_behind = std::move(behind);
    out->run_id = how.run_id;
    out->registry = with->url;
    out->workload = how.plan.name;
  }
  return out;
}

}  // namespace plimsoll::load
