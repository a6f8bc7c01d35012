#pragma once

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "reports/json/members.hpp"

/// Values as JSON, member by member as `members.hpp` describes them.
namespace plimsoll::reports {

using nlohmann::ordered_json;

using text_pairs = std::vector<std::pair<std::string, std::string>>;
using counts = std::vector<std::pair<verdict, std::size_t>>;

inline ordered_json encode(const std::string& text) {
  return text;
}

template <std::integral Integer>
ordered_json encode(const Integer& number) {
  return number;
}

inline ordered_json encode(const std::chrono::microseconds& time) {
  return time.count();
}

inline ordered_json encode(const verdict& value) {
  return to_string(value);
}

inline ordered_json encode(const level& value) {
  return to_string(value);
}

inline ordered_json encode(const rule_weight& value) {
  return to_string(value);
}

inline ordered_json encode(const wide_number<const std::uint64_t>& number) {
  return std::to_string(number.value);
}

inline ordered_json encode(const text_pairs& pairs) {
  ordered_json out = ordered_json::array();
  for (const auto& [name, value] : pairs) out.push_back({{"name", name}, {"value", value}});
  return out;
}

inline ordered_json encode(const counts& numbers) {
  ordered_json out = ordered_json::object();
  for (const auto& [what, number] : numbers) out[std::string(to_string(what))] = number;
  return out;
}

template <has_members Described>
ordered_json encode(const Described& value);

template <class Element>
ordered_json encode(const std::vector<Element>& list) {
  ordered_json out = ordered_json::array();
  for (const Element& one : list) out.push_back(encode(one));
  return out;
}

struct writer {
  ordered_json& out;

  template <class Value>
  void operator()(const char* name, const Value& value) {
    out[name] = encode(value);
  }

  template <class Value>
  void operator()(const char* name, const std::optional<Value>& value) {
    if (value) out[name] = encode(*value);
  }

  template <class Value>
  void operator()(const char* name, added_later<Value> value) {
    out[name] = encode(value.value);
  }
};

template <has_members Described>
ordered_json encode(const Described& value) {
  ordered_json out = ordered_json::object();
  writer write{out};
  describe(write, value);
  return out;
}

}  // namespace plimsoll::reports
