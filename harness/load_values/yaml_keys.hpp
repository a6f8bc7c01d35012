#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "names.hpp"
#include "plimsoll/base/error.hpp"

// Strict reading of YAML mappings: every key is known, none occurs twice, and each error has
// its place.
namespace plimsoll::load {

/// A place in a YAML text, for messages.
struct yaml_place {
  const std::string& file;
  std::string path = {};  ///< "operations.pull.weight"; empty at the top.

  [[nodiscard]] error error_at(const YAML::Node& node, std::string_view message) const;
  /// "expected ..., received ..."
  [[nodiscard]] error mismatch(const YAML::Node& node, std::string_view expected) const;
  [[nodiscard]] yaml_place under(std::string_view key) const;
};

using yaml_reader = std::function<result<void>(const yaml_place&, const YAML::Node&)>;

/// A key that a mapping may have, and what reads its value.
struct yaml_key {
  std::string_view name;
  yaml_reader read;
};

[[nodiscard]] result<void> read_mapping(const yaml_place& place, const YAML::Node& node,
                                        const std::vector<yaml_key>& keys);

// Readers of single values. The output outlives them.

[[nodiscard]] yaml_reader text_into(std::string& output);
/// @param least,most both allowed
[[nodiscard]] yaml_reader count_into(std::uint64_t& output, std::uint64_t least,
                                     std::uint64_t most);
[[nodiscard]] yaml_reader count_into(unsigned& output, unsigned least, unsigned most);
[[nodiscard]] yaml_reader number_into(double& output, double least, double most);
[[nodiscard]] yaml_reader bytes_into(std::uint64_t& output);
[[nodiscard]] yaml_reader time_into(std::chrono::nanoseconds& output);
[[nodiscard]] yaml_reader switch_into(bool& output);

/// An enumeration's value by its name.
template <class Enum, std::size_t Count>
yaml_reader name_into(Enum& output, const name_table<Count>& names) {
  return [&output, names](const yaml_place& place, const YAML::Node& node) -> result<void> {
    const std::string name = node.IsScalar() ? node.Scalar() : std::string();
    const auto value = value_of<Enum>(names, name);
    if (!value) return place.mismatch(node, any_of(names) + suggestion(name, names));
    output = *value;
    return {};
  };
}

}  // namespace plimsoll::load
