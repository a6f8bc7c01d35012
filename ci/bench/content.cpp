// Making unique blobs of 1 MiB: the digest of a new one, its bytes for the socket, and the
// comparison of what was pulled, for each way to make content.

#include "harness/load/content.hpp"

#include <array>
#include <string>

#include <benchmark/benchmark.h>

namespace {

using namespace plimsoll;

constexpr std::uint64_t blob_size = std::uint64_t{1} << 20;

void blob_digest(benchmark::State& state, load::content_mode mode) {
  load::content_source content(load::make_content(mode, 1));
  std::uint64_t serial = 0;
  for (auto _ : state) benchmark::DoNotOptimize(content.digest({blob_size, serial++}));
}

void blob_pieces(benchmark::State& state, load::content_mode mode) {
  load::content_source content(load::make_content(mode, 1));
  std::uint64_t serial = 0;
  for (auto _ : state) {
    const load::blob one{blob_size, serial++};
    for (std::uint64_t sent = 0; sent < blob_size;) {
      std::array<iovec, 8> parts{};
      const std::size_t count = content.pieces(one, sent, blob_size, parts);
      for (std::size_t i = 0; i < count; ++i) sent += parts.at(i).iov_len;
      benchmark::DoNotOptimize(parts);
    }
  }
}

/// As they come: 64 KiB at a time.
void blob_matches(benchmark::State& state, load::content_mode mode) {
  constexpr std::uint64_t read_size = std::uint64_t{64} * 1024;
  load::content_source content(load::make_content(mode, 1));
  const load::blob one{blob_size, 1};
  std::string pulled;
  while (pulled.size() < blob_size) {
    std::array<iovec, 1> part{};
    if (content.pieces(one, pulled.size(), blob_size, part) == 0) break;
    pulled.append(static_cast<const char*>(part.front().iov_base), part.front().iov_len);
  }
  for (auto _ : state) {
    for (std::uint64_t at = 0; at < blob_size; at += read_size) {
      const auto piece = std::string_view(pulled).substr(at, read_size);
      if (!content.matches(one, at, piece)) state.SkipWithError("other bytes");
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(blob_size));
}

BENCHMARK_CAPTURE(blob_digest, tile, load::content_mode::tile);
BENCHMARK_CAPTURE(blob_digest, pool, load::content_mode::pool);
BENCHMARK_CAPTURE(blob_digest, random, load::content_mode::random);
BENCHMARK_CAPTURE(blob_pieces, tile, load::content_mode::tile);
BENCHMARK_CAPTURE(blob_pieces, pool, load::content_mode::pool);
BENCHMARK_CAPTURE(blob_pieces, random, load::content_mode::random);
BENCHMARK_CAPTURE(blob_matches, tile, load::content_mode::tile);
BENCHMARK_CAPTURE(blob_matches, pool, load::content_mode::pool);
BENCHMARK_CAPTURE(blob_matches, random, load::content_mode::random);

}  // namespace
