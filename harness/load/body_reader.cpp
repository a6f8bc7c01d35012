#include "body_reader.hpp"

#include <algorithm>

namespace plimsoll::load {
namespace {

constexpr unsigned most_overhead = 16 * 1024;

int digit_of(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

body_reader::body_reader(const response_head& head, bool has_no_body) noexcept {
  if (has_no_body) return;
  if (head.chunked) {
    framing_ = framing::chunked;
    state_ = state::more;
  } else if (head.content_length) {
    left_ = *head.content_length;
    state_ = left_ == 0 ? state::whole : state::more;
  } else {
    framing_ = framing::until_end;
    state_ = state::more;
  }
}

std::optional<std::uint64_t> body_reader::left() const noexcept {
  if (framing_ != framing::length) return {};
  return left_;
}

void body_reader::skip(std::uint64_t bytes) noexcept {
  left_ -= std::min(bytes, left_);
  if (left_ == 0) state_ = state::whole;
}

bool body_reader::end_of_input() noexcept {
  if (state_ == state::more && framing_ == framing::until_end) state_ = state::whole;
  return state_ == state::whole;
}

void body_reader::size_is_known() noexcept {
  place_ = left_ == 0 ? place::trailer : place::data;
  line_ = 0;
}

void body_reader::size_digit(char c) noexcept {
  const int digit = digit_of(c);
  if (digit >= 0 && digits_ < 15) {
    left_ = left_ * 16 + static_cast<unsigned>(digit);
    ++digits_;
  } else if (digits_ > 0 && c == '\r') {
    place_ = place::size_end;
  } else if (digits_ > 0 && (c == ';' || c == ' ' || c == '\t')) {
    place_ = place::extension;
  } else {
    state_ = state::broken;
  }
}

void body_reader::trailer(char c) noexcept {
  if (c == '\n') {
    if (line_ == 0) state_ = state::whole;
    line_ = 0;
  } else if (c != '\r') {
    ++line_;
  }
}

void body_reader::expect(char c, char wanted, place next) noexcept {
  if (c != wanted) state_ = state::broken;
  place_ = next;
}

void body_reader::frame(char c) noexcept {
  switch (place_) {
    case place::size:
      return size_digit(c);
    case place::extension:
      if (c == '\r') place_ = place::size_end;
      break;
    case place::size_end:
      if (c != '\n') state_ = state::broken;
      return size_is_known();
    case place::data_cr:
      return expect(c, '\r', place::data_lf);
    case place::data_lf:
      left_ = 0;
      digits_ = 0;
      return expect(c, '\n', place::size);
    case place::trailer:
      trailer(c);
      break;
    case place::data:
      return;
  }
  if (++overhead_ > most_overhead) state_ = state::broken;
}

std::string_view body_reader::next(std::string_view& bytes) noexcept {
  while (state_ == state::more && !bytes.empty()) {
    if (framing_ == framing::chunked && place_ != place::data) {
      frame(bytes.front());
      bytes.remove_prefix(1);
      continue;
    }
    std::size_t count = bytes.size();
    if (framing_ != framing::until_end) {
      count = static_cast<std::size_t>(std::min<std::uint64_t>(count, left_));
      left_ -= count;
    }
    if (framing_ == framing::length && left_ == 0) state_ = state::whole;
    if (framing_ == framing::chunked && left_ == 0) place_ = place::data_cr;
    const std::string_view content = bytes.substr(0, count);
    bytes.remove_prefix(count);
    return content;
  }
  return {};
}

}  // namespace plimsoll::load
