#include <utility>

#include "harness/load/body_reader.hpp"
#include "harness/load/response_head.hpp"
#include "property.hpp"

namespace plimsoll::fuzz {
namespace {

using load::body_reader;

struct body {
  std::string content;
  body_reader::state ended = body_reader::state::more;
  std::size_t taken = 0;
};

body read(body_reader reader, std::string_view received, std::size_t piece) {
  body out;
  while (reader.now() == body_reader::state::more && out.taken < received.size()) {
    std::string_view bytes = received.substr(out.taken, piece);
    const std::size_t given = bytes.size();
    for (auto part = reader.next(bytes); !part.empty(); part = reader.next(bytes)) {
      out.content += part;
    }
    out.taken += given - bytes.size();
  }
  out.ended = reader.now();
  return out;
}

/// However a response is cut, its content is the same, and so is its end.
void require_one_meaning(const body_reader& reader, std::string_view received) {
  const body whole = read(reader, received, received.size());
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}}) {
    const body cut = read(reader, received, piece);
    require(cut.ended == whole.ended);
    require(cut.content == whole.content);
    require(cut.ended == body_reader::state::broken || cut.taken == whole.taken);
  }
}

}  // namespace
}  // namespace plimsoll::fuzz

/// What load reads of a registry: a head, and the body that it announces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  load::response_head chunked;
  chunked.chunked = true;
  fuzz::require_one_meaning(load::body_reader(chunked, false), text);

  const std::string received = "HTTP/1.1 200 OK\r\n" + text;
  const auto parsed = load::parse_response_head(received);
  if (parsed.state != load::head_state::whole) return 0;
  fuzz::require(parsed.size <= received.size());
  const std::string_view head = std::string_view(received).substr(0, parsed.size);
  fuzz::require(load::parse_response_head(head).size == parsed.size);
  fuzz::require(load::parse_response_head(head.substr(0, head.size() - 1)).state ==
                load::head_state::partial);
  const std::string_view rest = std::string_view(received).substr(parsed.size);
  fuzz::require_one_meaning(load::body_reader(parsed.head, false), rest);
  return 0;
}
