#include "recorder.hpp"

#include "plimsoll/oci/error_document.hpp"

namespace plimsoll::load {

void tally::record(failure outcome, std::chrono::nanoseconds took) noexcept {
  if (outcome == failure::none) return good.record(took);
  // An exchange that the run's end cut off says nothing about the registry's time.
  if (outcome != failure::cut_off) failed.record(took);
  ++failures[static_cast<std::size_t>(outcome)];
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

void recorder::record_step(step kind, failure outcome, std::chrono::nanoseconds took,
                           std::uint64_t sent, std::uint64_t received) {
  tally& tally = steps[static_cast<std::size_t>(kind)];
  tally.record(outcome, took);
  tally.bytes_sent += sent;
  tally.bytes_received += received;
  second.bytes_sent += sent;
  second.bytes_received += received;
}

void recorder::record_operation(std::size_t kind, failure outcome, std::chrono::nanoseconds latency,
                                std::chrono::nanoseconds service) {
  operation_tally& tally = operations[kind];
  tally.latency.record(outcome, latency);
  if (outcome == failure::none) {
    tally.service.record(service);
    second.latency.record(latency);
    ++second.operations;
  } else if (outcome != failure::cut_off) {
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
