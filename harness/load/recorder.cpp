#include "recorder.hpp"

#include "plimsoll/oci/error_document.hpp"

namespace plimsoll::load {

void tally::record(failure why, std::chrono::nanoseconds took) noexcept {
  if (why == failure::none) return good.record(took);
  // What the run's own end cut off took no time of the registry's.
  if (why != failure::cut_off) failed.record(took);
  ++failures[static_cast<std::size_t>(why)];
}

void tally::merge(const tally& other) noexcept {
  good.merge(other.good);
  failed.merge(other.failed);
  for (std::size_t i = 0; i < failure_kinds; ++i) failures[i] += other.failures[i];
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
}

std::uint64_t tally::failed_count() const noexcept {
  return failed.count();
}

void operation_tally::merge(const operation_tally& other) noexcept {
  latency.merge(other.latency);
  service.merge(other.service);
}

void second_tally::merge(const second_tally& other) noexcept {
  operations += other.operations;
  failures += other.failures;
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
  latency.merge(other.latency);
}

void second_tally::clear() noexcept {
  operations = failures = bytes_sent = bytes_received = 0;
  latency.clear();
}

void recorder::record_step(step kind, failure why, std::chrono::nanoseconds took,
                           std::uint64_t sent, std::uint64_t received) {
  tally& one = steps[static_cast<std::size_t>(kind)];
  one.record(why, took);
  one.bytes_sent += sent;
  one.bytes_received += received;
  second.bytes_sent += sent;
  second.bytes_received += received;
}

void recorder::record_operation(std::size_t kind, failure why, std::chrono::nanoseconds latency,
                                std::chrono::nanoseconds service) {
  operation_tally& one = operations[kind];
  one.latency.record(why, latency);
  if (why == failure::none) {
    one.service.record(service);
    second.latency.record(latency);
    ++second.operations;
  } else if (why != failure::cut_off) {
    ++second.failures;
  }
}

void recorder::record_code(std::string_view code) {
  const auto known = codes.find(code);
  if (known != codes.end()) {
    ++known->second;
  } else if (oci::is_registered_error_code(code) && codes.size() < 32) {
    codes.emplace(code, 1);
  } else {
    ++codes["other"];
  }
}

void recorder::merge(const recorder& other) {
  for (std::size_t i = 0; i < operations.size(); ++i) operations[i].merge(other.operations[i]);
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i].merge(other.steps[i]);
  lag.merge(other.lag);
  for (const auto& [code, count] : other.codes) codes[code] += count;
  for (const auto& [kind, text] : other.examples) examples.emplace(kind, text);
  retry_afters += other.retry_afters;
  connects += other.connects;
  dropped += other.dropped;
}

}  // namespace plimsoll::load
