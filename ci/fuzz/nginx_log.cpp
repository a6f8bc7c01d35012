#include "replay.hpp"

/// Text around and within a line of nginx's log.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  fuzz::replay_any("h - - [02/Jan/2026:03:04:05 +0000] \"GET /v2/r/blobs/b HTTP/1.1\" 200 1\n" +
                   text);
  fuzz::replay_any("h - - [02/Jan/2026:03:04:05 +0000] \"GET /v2/" + text + " HTTP/1.1\" 200 1\n");
  return 0;
}
