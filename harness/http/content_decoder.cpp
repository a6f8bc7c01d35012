#include "content_decoder.hpp"

#include <array>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include <zlib.h>
#include <zstd.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::http {
namespace {

constexpr std::size_t piece_size = std::size_t{32} * 1024;
/// Beyond that window RFC 8878 (3.1.1.1.2) leaves it to a decoder whether it decodes.
constexpr int most_zstd_window_log = 27;

using state = content_decoder::state;

/// zlib's stream: gzip and deflate.
class zlib_stage {
 public:
  explicit zlib_stage(bool gzip) : gzip_(gzip), stream_(std::make_unique<z_stream>()) {
    *stream_ = {};
    // NOLINTNEXTLINE(*-old-style-cast): in zlib's macro
    ready_ = inflateInit2(stream_.get(), gzip ? 15 + 16 : 15) == Z_OK;
  }
  zlib_stage(zlib_stage&& other) noexcept
      : gzip_(other.gzip_),
        ready_(std::exchange(other.ready_, false)),
        begun_(other.begun_),
        ended_(other.ended_),
        stream_(std::move(other.stream_)) {}
  zlib_stage& operator=(zlib_stage&&) = delete;
  ~zlib_stage() {
    if (ready_) inflateEnd(stream_.get());
  }

  state take(std::string_view coded, const content_decoder::consumer& to) {
    if (!ready_) return state::broken;
    std::array<char, piece_size> out{};
    std::string input(coded);  // zlib's input is not const
    // NOLINTNEXTLINE(*-reinterpret-cast): zlib's bytes are unsigned
    stream_->next_in = reinterpret_cast<Bytef*>(input.data());
    stream_->avail_in = static_cast<uInt>(input.size());
    for (;;) {
      if (ended_) {
        if (stream_->avail_in == 0) return state::good;
        // Members may follow one another (RFC 1952, 2.2).
        if (!gzip_ || inflateReset(stream_.get()) != Z_OK) return state::broken;
        ended_ = false;
      }
      // NOLINTNEXTLINE(*-reinterpret-cast)
      stream_->next_out = reinterpret_cast<Bytef*>(out.data());
      stream_->avail_out = static_cast<uInt>(out.size());
      begun_ = begun_ || stream_->avail_in > 0;
      const int code = inflate(stream_.get(), Z_NO_FLUSH);
      const auto size = out.size() - stream_->avail_out;
      if (size > 0 && !to(std::string_view(out.data(), size))) return state::stopped;
      if (code == Z_STREAM_END) {
        ended_ = true;
        continue;
      }
      if (code != Z_OK && code != Z_BUF_ERROR) return state::broken;
      const bool needs_input = stream_->avail_in == 0 && stream_->avail_out > 0;
      if (code == Z_BUF_ERROR || needs_input) return state::good;
    }
  }

  [[nodiscard]] bool is_complete() const { return ended_ || !begun_; }

 private:
  bool gzip_;
  bool ready_ = false;
  bool begun_ = false;
  bool ended_ = false;
  std::unique_ptr<z_stream> stream_;  ///< zlib keeps its address.
};

class zstd_stage {
 public:
  zstd_stage() : stream_(ZSTD_createDCtx(), ZSTD_freeDCtx) {
    if (stream_) {
      ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, most_zstd_window_log);
    }
  }

  state take(std::string_view coded, const content_decoder::consumer& to) {
    if (!stream_) return state::broken;
    std::array<char, piece_size> out{};
    ZSTD_inBuffer input{coded.data(), coded.size(), 0};
    for (;;) {
      ZSTD_outBuffer output{out.data(), out.size(), 0};
      const std::size_t before = input.pos;
      const std::size_t left = ZSTD_decompressStream(stream_.get(), &output, &input);
      if (ZSTD_isError(left) != 0) return state::broken;
      complete_ = left == 0;
      if (output.pos > 0 && !to(std::string_view(out.data(), output.pos))) return state::stopped;
      const bool stands_still = output.pos == 0 && input.pos == before;
      if (input.pos == input.size && (output.pos < out.size() || complete_)) return state::good;
      if (stands_still) return state::good;
    }
  }

  [[nodiscard]] bool is_complete() const { return complete_; }

 private:
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> stream_;
  bool complete_ = true;
};

using any_stage = std::variant<zlib_stage, zstd_stage>;

}  // namespace

struct content_decoder::stages {
  std::vector<any_stage> all;  ///< In the order in which they are undone.
};

content_decoder::content_decoder() : stages_(std::make_unique<stages>()) {}
content_decoder::~content_decoder() = default;

std::unique_ptr<content_decoder> content_decoder::make(std::string_view codings) {
  std::unique_ptr<content_decoder> made(new content_decoder);
  auto names = split(codings, ',');
  for (auto name = names.rbegin(); name != names.rend(); ++name) {  // NOLINT(*-loop-convert)
    const std::string_view coding = trim(*name);
    if (coding == "gzip" || coding == "x-gzip") {
      made->stages_->all.emplace_back(std::in_place_type<zlib_stage>, true);
    } else if (coding == "deflate") {
      made->stages_->all.emplace_back(std::in_place_type<zlib_stage>, false);
    } else if (coding == "zstd") {
      made->stages_->all.emplace_back(std::in_place_type<zstd_stage>);
    } else {
      return nullptr;
    }
  }
  return made;
}

content_decoder::state content_decoder::take(std::string_view coded, const consumer& to) {
  return take_from(0, coded, to);
}

content_decoder::state content_decoder::take_from(std::size_t stage, std::string_view coded,
                                                  const consumer& to) {
  if (stage == stages_->all.size()) return to(coded) ? state::good : state::stopped;
  auto inner = state::good;
  const consumer next = [&](std::string_view piece) {
    inner = take_from(stage + 1, piece, to);
    return inner == state::good;
  };
  const auto outer =
      std::visit([&](auto& each) { return each.take(coded, next); }, stages_->all[stage]);
  return inner == state::good ? outer : inner;
}

bool content_decoder::is_complete() const {
  for (const any_stage& each : stages_->all) {
    if (!std::visit([](const auto& known) { return known.is_complete(); }, each)) return false;
  }
  return true;
}

}  // namespace plimsoll::http
