#include "limits.hpp"

#include <algorithm>
#include <thread>
#include <variant>

#include <fmt/format.h>
#include <sys/resource.h>

namespace plimsoll::load {
namespace {

constexpr unsigned clients_of_open_loop = 256;
constexpr unsigned descriptors_besides = 64;

}  // namespace

unsigned clients_of(const run_options& options) {
  if (options.clients > 0) return options.clients;
  if (const auto* closed = std::get_if<closed_loop>(&options.plan.pace)) return closed->clients;
  return clients_of_open_loop;
}

unsigned threads_of(const run_options& options) {
  const unsigned wanted =
      options.threads > 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  return std::min(wanted, clients_of(options));
}

unsigned connections_per_client(const workload& plan) {
  unsigned most = 1;
  for (const operation& operation : plan.operations) {
    const bool image = operation.kind == operation_kind::image_pull ||
                       operation.kind == operation_kind::image_push;
    if (image) most = std::max(most, operation.parallel);
  }
  return most;
}

unsigned connections_per_client(const workload& plan, const prepared_content& content) {
  std::size_t parts = 1;
  for (const auto& repository : content.repositories) {
    for (const stored_image& image : repository) parts = std::max(parts, image.parts.size());
  }
  return static_cast<unsigned>(std::min<std::size_t>(connections_per_client(plan), parts));
}

result<void> allow_descriptors(const run_options& options, unsigned per_client) {
  const std::uint64_t connections = std::uint64_t{clients_of(options)} * per_client;
  const std::uint64_t wanted =
      connections + std::uint64_t{threads_of(options)} * 2 + descriptors_besides;
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

}  // namespace plimsoll::load
