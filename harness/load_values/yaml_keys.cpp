#include "yaml_keys.hpp"

#include <set>

#include "plimsoll/base/text.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "quantity.hpp"

namespace plimsoll::load {
namespace {

std::string shown(const YAML::Node& node) {
  if (node.IsScalar()) return "\"" + printable(node.Scalar(), 60) + "\"";
  return node.IsMap() ? "a mapping" : node.IsSequence() ? "a list" : "nothing";
}

/// A reader of single values by a parser that gives an optional.
template <class Value, class Parse>
yaml_reader scalar_into(Value& output, std::string expected, Parse parse) {
  return [&output, expected = std::move(expected), parse](const yaml_place& place,
                                                          const YAML::Node& node) -> result<void> {
    const auto value = node.IsScalar() ? parse(node.Scalar()) : decltype(parse(std::string()))();
    if (!value) return place.mismatch(node, expected);
    output = static_cast<Value>(*value);
    return {};
  };
}

template <class Integer>
yaml_reader bounded_count(Integer& output, Integer least, Integer most) {
  return scalar_into(output, fmt::format("a whole number from {} to {}", least, most),
                     [least, most](const std::string& text) {
                       auto number = parse_whole_number(text);
                       if (number && (*number < least || *number > most)) number.reset();
                       return number;
                     });
}

}  // namespace

error yaml_place::error_at(const YAML::Node& node, std::string_view message) const {
  const std::string location = path.empty() ? "" : path + ": ";
  return error::of(fmt::format("{}:{}: {}{}", file, node.Mark().line + 1, location, message));
}

error yaml_place::mismatch(const YAML::Node& node, std::string_view expected) const {
  return error_at(node, fmt::format("received {}, expected {}", shown(node), expected));
}

yaml_place yaml_place::under(std::string_view key) const {
  return {file, path.empty() ? std::string(key) : fmt::format("{}.{}", path, key)};
}

result<void> read_mapping(const yaml_place& place, const YAML::Node& node,
                          const std::vector<yaml_key>& keys) {
  if (!node.IsMap()) return place.mismatch(node, "a mapping of keys to values");
  std::vector<std::string_view> known;
  known.reserve(keys.size());
  for (const yaml_key& key : keys) known.push_back(key.name);
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const YAML::Node& key = entry.first;
    if (!key.IsScalar()) return place.error_at(key, "expected a key");
    const auto entry_name = std::find(known.begin(), known.end(), key.Scalar());
    if (entry_name == known.end()) {
      return place.error_at(key, fmt::format("unknown key \"{}\"{}", printable(key.Scalar(), 60),
                                             suggestion(key.Scalar(), known)));
    }
    if (!seen.insert(key.Scalar()).second) {
      return place.error_at(key, fmt::format("\"{}\" is given twice", *entry_name));
    }
    const auto& reader = keys[static_cast<std::size_t>(entry_name - known.begin())].read;
    if (auto done = reader(place.under(*entry_name), entry.second); !done) return done;
  }
  return {};
}

yaml_reader text_into(std::string& output) {
  return scalar_into(output, "a text", [](const std::string& text) { return std::optional(text); });
}

yaml_reader count_into(std::uint64_t& output, std::uint64_t least, std::uint64_t most) {
  return bounded_count(output, least, most);
}

yaml_reader count_into(unsigned& output, unsigned least, unsigned most) {
  return bounded_count(output, least, most);
}

yaml_reader number_into(double& output, double least, double most) {
  return scalar_into(output, fmt::format("a number from {} to {}", least, most),
                     [least, most](const std::string& text) {
                       auto number = parse_number(text);
                       if (number && (*number < least || *number > most)) number.reset();
                       return number;
                     });
}

yaml_reader bytes_into(std::uint64_t& output) {
  return scalar_into(output, "a size from 1 B to 1 TiB, for example 64KiB",
                     [](const std::string& text) {
                       auto bytes = parse_bytes(text);
                       if (bytes && (*bytes == 0 || *bytes > largest_blob_bytes)) bytes.reset();
                       return bytes;
                     });
}

yaml_reader time_into(std::chrono::nanoseconds& output) {
  return scalar_into(output, "a time of at most a week, for example 30s",
                     [](const std::string& text) {
                       auto time = parse_time(text);
                       if (time && *time > longest_run) time.reset();
                       return time;
                     });
}

yaml_reader switch_into(bool& output) {
  return scalar_into(output, "true or false", [](const std::string& text) -> std::optional<bool> {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
  });
}

}  // namespace plimsoll::load
