#include "replay.hpp"

/// Text behind and within an entry of a FAST 2018 trace.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plimsoll;
  const std::string text = fuzz::text_of(data, size);
  const std::string entry =
      R"([{"http.request.method":"PUT","http.request.uri":"v2/a/b/blobs/uploads/c","http.response.status":200,)";
  fuzz::replay_any(entry + R"("timestamp":"2017-06-20T02:41:18.399Z"},)" + text);
  fuzz::replay_any(entry + R"("timestamp":")" + text + R"("}])");
  return 0;
}
