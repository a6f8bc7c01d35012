#include "replay.hpp"

/// Text behind and within an entry of docker-registry's JSON log.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  const std::string entry =
      R"({"http.request.method":"GET","http.request.uri":"/v2/r/blobs/b","http.response.status":200,)";
  fuzz::replay_any(entry + R"("time":"2026-01-02T03:04:05Z"})" + "\n" + text);
  fuzz::replay_any(entry + text + "}");
  return 0;
}
