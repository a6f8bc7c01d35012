#include "scenario_names.hpp"

#include <algorithm>

namespace plimsoll {

std::string scenario_repository(std::string_view prefix, std::string_view run_id,
                                std::string_view scenario, std::size_t components) {
  std::string last(scenario);
  std::replace(last.begin(), last.end(), '/', '-');
  std::string name;
  name.append(prefix).append("/").append(run_id).append("/").append(last);
  if (components == 0) return name;
  const std::size_t from = components == 1 ? 0 : name.find('/') + 1;
  std::replace(name.begin() + static_cast<std::ptrdiff_t>(from), name.end(), '/', '-');
  return name;
}

}  // namespace plimsoll
