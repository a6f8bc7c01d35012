#include "plimsoll/load_reports/rates_json.hpp"

#include <nlohmann/json.hpp>

namespace plimsoll::load {

std::string rates_json(const std::vector<load_result>& runs) {
  auto out = nlohmann::ordered_json::array();
  for (const load_result& run : runs) {
    const double seconds = std::chrono::duration<double>(run.measured).count();
    const auto good = static_cast<double>(all_operations(run).latency.count());
    out.push_back({{"name", run.workload},
                   {"unit", "requests per sec"},
                   {"value", seconds > 0 ? good / seconds : 0}});
  }
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace plimsoll::load
