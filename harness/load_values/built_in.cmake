# The workloads of suite/load as texts in the program, in the order of this list.
set(workloads pull push mixed pull-storm manifest-poll referrers catalogue large-blobs tiny-blobs hub2017 ml production)
set(folder ${PROJECT_SOURCE_DIR}/suite/load)
set(built_in ${CMAKE_CURRENT_BINARY_DIR}/built_in_workloads.cpp)

set(texts "")
set(names "")
foreach(name IN LISTS workloads)
  file(READ ${folder}/${name}.yaml text)
  string(APPEND texts "    {\"${name}\", R\"--yaml--(${text})--yaml--\"},\n")
  string(APPEND names "\"${name}\", ")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${name}.yaml)
endforeach()
file(CONFIGURE OUTPUT ${built_in} @ONLY CONTENT [[
#include <array>
#include <utility>

#include "plimsoll/load_values/workload.hpp"

namespace plimsoll::load {
namespace {

constexpr std::pair<std::string_view, std::string_view> texts[] = {
@texts@};

}  // namespace

const std::vector<std::string_view>& built_in_workloads() {
  static const std::vector<std::string_view> names{@names@};
  return names;
}

std::string_view built_in_workload_text(std::string_view name) noexcept {
  for (const auto& [known, text] : texts) {
    if (known == name) return text;
  }
  return {};
}

}  // namespace plimsoll::load
]])
