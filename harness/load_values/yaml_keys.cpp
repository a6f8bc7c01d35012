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
yaml_reader scalar_into(Value& to, std::string expected, Parse parse) {
  return [&to, expected = std::move(expected), parse](const yaml_place& place,
                                                      const YAML::Node& node) -> result<void> {
    const auto value = node.IsScalar() ? parse(node.Scalar()) : decltype(parse(std::string()))();
    if (!value) return place.mismatch(node, expected);
    to = static_cast<Value>(*value);
    return {};
  };
}

template <class Integer>
yaml_reader bounded_count(Integer& to, Integer least, Integer most) {
  return scalar_into(to, fmt::format("a whole number from {} to {}", least, most),
                     [least, most](const std::string& text) {
                       auto number = parse_whole_number(text);
                       if (number && (*number < least || *number > most)) number.reset();
                       return number;
                     });
}

}  // namespace

error yaml_place::fault(const YAML::Node& at, std::string_view what) const {
  const std::string where = path.empty() ? "" : path + ": ";
  return error::of(fmt::format("{}:{}: {}{}", file, at.Mark().line + 1, where, what));
}

error yaml_place::mismatch(const YAML::Node& at, std::string_view expected) const {
  return fault(at, fmt::format("received {}, expected {}", shown(at), expected));
}

yaml_place yaml_place::under(std::string_view key) const {
  return {file, path.empty() ? std::string(key) : fmt::format("{}.{}", path, key)};
}

result<void> read_mapping(const yaml_place& place, const YAML::Node& node,
                          const std::vector<yaml_key>& keys) {
  if (!node.IsMap()) return place.mismatch(node, "a mapping of keys to values");
  std::vector<std::string_view> known;
  known.reserve(keys.size());
  for (const yaml_key& one : keys) known.push_back(one.name);
  std::set<std::string> seen;
  for (const auto& entry : node) {
    const YAML::Node& key = entry.first;
    if (!key.IsScalar()) return place.fault(key, "expected a key");
    const auto found = std::find(known.begin(), known.end(), key.Scalar());
    if (found == known.end()) {
      return place.fault(key, fmt::format("unknown key \"{}\"{}", printable(key.Scalar(), 60),
                                          suggestion(key.Scalar(), known)));
    }
    if (!seen.insert(key.Scalar()).second) {
      return place.fault(key, fmt::format("\"{}\" is given twice", *found));
    }
    const auto& reader = keys[static_cast<std::size_t>(found - known.begin())].read;
    if (auto done = reader(place.under(*found), entry.second); !done) return done;
  }
  return {};
}

yaml_reader text_into(std::string& to) {
  return scalar_into(to, "a text", [](const std::string& text) { return std::optional(text); });
}

yaml_reader count_into(std::uint64_t& to, std::uint64_t least, std::uint64_t most) {
  return bounded_count(to, least, most);
}

yaml_reader count_into(unsigned& to, unsigned least, unsigned most) {
  return bounded_count(to, least, most);
}

yaml_reader number_into(double& to, double least, double most) {
  return scalar_into(to, fmt::format("a number from {} to {}", least, most),
                     [least, most](const std::string& text) {
                       auto number = parse_number(text);
                       if (number && (*number < least || *number > most)) number.reset();
                       return number;
                     });
}

yaml_reader bytes_into(std::uint64_t& to) {
  return scalar_into(to, "a size from 1 B to 1 TiB, for example 64KiB",
                     [](const std::string& text) {
                       auto bytes = parse_bytes(text);
                       if (bytes && (*bytes == 0 || *bytes > largest_blob_bytes)) bytes.reset();
                       return bytes;
                     });
}

yaml_reader time_into(std::chrono::nanoseconds& to) {
  return scalar_into(to, "a time of at most a week, for example 30s", [](const std::string& text) {
    auto time = parse_time(text);
    if (time && *time > longest_run) time.reset();
    return time;
  });
}

yaml_reader switch_into(bool& to) {
  return scalar_into(to, "true or false", [](const std::string& text) -> std::optional<bool> {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
  });
}

}  // namespace plimsoll::load
