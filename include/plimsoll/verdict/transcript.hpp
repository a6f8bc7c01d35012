#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace plimsoll {

/// One request and what came of it, as reports may show it: secrets were taken out when
/// it was recorded, bodies are bounded. Still foreign text: escape it where it is shown.
struct recorded_exchange {
  using fields = std::vector<std::pair<std::string, std::string>>;

  std::size_t index = 0;  ///< Its place in the scenario, from 0.
  std::string method;
  std::string url;
  fields request_headers;
  std::uint64_t request_body_bytes = 0;
  std::string request_body;  ///< The beginning, text only; empty for binary bodies.
  int status = 0;            ///< 0: no response.
  fields response_headers;
  std::uint64_t response_body_bytes = 0;
  std::string response_body;             ///< The beginning, text only; empty for binary bodies.
  std::string error;                     ///< Why there is no (whole) response; empty otherwise.
  std::chrono::microseconds started{0};  ///< Since the run began.
  std::chrono::microseconds took{0};     ///< From the first byte sent to the last received.
  std::string
      purpose;  ///< "", or why the engine sent it: "token", "redirect", "retry", "clean-up".
};

}  // namespace plimsoll
