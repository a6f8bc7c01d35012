// Digesting: a blob piece by piece, a small document, and what a digest itself costs.

#include "plimsoll/oci/digest.hpp"

#include <string>

#include <benchmark/benchmark.h>

#include "plimsoll/base/random.hpp"

namespace {

using namespace plimsoll;

constexpr std::size_t piece_size = std::size_t{64} * 1024;

void hash_pieces(benchmark::State& state, oci::hash_algorithm algorithm) {
  const std::string piece = seeded_bytes(1).bytes(piece_size);
  oci::hasher hashed(algorithm);
  for (auto _ : state) hashed.update(piece);
  benchmark::DoNotOptimize(hashed.finish());
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(piece_size));
}

void digest_of_1_kib(benchmark::State& state) {
  const std::string document = seeded_bytes(1).bytes(1024);
  for (auto _ : state) benchmark::DoNotOptimize(oci::digest_of(document));
  state.SetBytesProcessed(state.iterations() * 1024);
}

void parse_digest(benchmark::State& state) {
  const std::string text = oci::digest_of("a blob").str();
  for (auto _ : state) benchmark::DoNotOptimize(oci::digest::parse(text));
}

BENCHMARK_CAPTURE(hash_pieces, sha256, oci::hash_algorithm::sha256);
BENCHMARK_CAPTURE(hash_pieces, sha512, oci::hash_algorithm::sha512);
BENCHMARK(digest_of_1_kib);
BENCHMARK(parse_digest);

}  // namespace
