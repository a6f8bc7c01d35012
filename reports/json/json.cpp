#include "plimsoll/reports/json.hpp"

#include <algorithm>
#include <charconv>
#include <concepts>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plimsoll/base/text.hpp"
#include "reports/json/members.hpp"

namespace plimsoll::reports {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

using text_pairs = std::vector<std::pair<std::string, std::string>>;
using counts = std::vector<std::pair<verdict, std::size_t>>;

// ---- writing ----

ordered_json encode(const std::string& text) {
  return text;
}

template <std::integral Integer>
ordered_json encode(const Integer& number) {
  return number;
}

ordered_json encode(const std::chrono::microseconds& time) {
  return time.count();
}

ordered_json encode(const verdict& value) {
  return to_string(value);
}

ordered_json encode(const level& value) {
  return to_string(value);
}

ordered_json encode(const wide_number<const std::uint64_t>& number) {
  return std::to_string(number.value);
}

ordered_json encode(const text_pairs& pairs) {
  ordered_json out = ordered_json::array();
  for (const auto& [name, value] : pairs) out.push_back({{"name", name}, {"value", value}});
  return out;
}

ordered_json encode(const counts& numbers) {
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
};

template <has_members Described>
ordered_json encode(const Described& value) {
  ordered_json out = ordered_json::object();
  writer write{out};
  describe(write, value);
  return out;
}

// ---- reading: each returns what is wrong, with its place in front, or "" ----

std::string expected(std::string_view what, const json& found) {
  return fmt::format(": expected {}, found {}", what, found.type_name());
}

std::string decode(const json& from, std::string& to) {
  if (!from.is_string()) return expected("a string", from);
  to = from.get_ref<const std::string&>();
  return {};
}

template <std::integral Integer>
std::string decode(const json& from, Integer& to) {
  if (!from.is_number_integer()) return expected("an integer", from);
  // Unsigned wherever it is not negative, so that no value is reinterpreted.
  const bool fits = from.is_number_unsigned() ? std::in_range<Integer>(from.get<std::uint64_t>())
                                              : std::in_range<Integer>(from.get<std::int64_t>());
  if (!fits) return ": the number is out of range";
  to = from.get<Integer>();
  return {};
}

std::string decode(const json& from, std::chrono::microseconds& to) {
  std::chrono::microseconds::rep ticks = 0;
  std::string wrong = decode(from, ticks);
  to = std::chrono::microseconds(ticks);
  return wrong;
}

/// By its name, among the enumerators up to `last`.
template <class Enum>
std::string decode_name(std::string_view name, Enum last, Enum& to) {
  for (unsigned i = 0; i <= static_cast<unsigned>(last); ++i) {
    to = static_cast<Enum>(i);
    if (to_string(to) == name) return {};
  }
  return fmt::format(": \"{}\" is not known", printable(name, 40));
}

std::string decode(const json& from, verdict& to) {
  if (!from.is_string()) return expected("a verdict", from);
  return decode_name(from.get_ref<const std::string&>(), verdict::fail, to);
}

std::string decode(const json& from, level& to) {
  if (!from.is_string()) return expected("a level", from);
  return decode_name(from.get_ref<const std::string&>(), level::may, to);
}

std::string decode(const json& from, const wide_number<std::uint64_t>& to) {
  if (!from.is_string()) return expected("a string of digits", from);
  const std::string& digits = from.get_ref<const std::string&>();
  const char* end = digits.data() + digits.size();
  const auto [stopped, code] = std::from_chars(digits.data(), end, to.value);
  if (code != std::errc() || stopped != end) return ": expected a decimal number of 64 bits";
  return {};
}

std::string decode(const json& from, counts& to) {
  if (!from.is_object()) return expected("an object", from);
  for (const auto& [name, number] : from.items()) {
    auto& [what, how_many] = to.emplace_back();
    std::string wrong = decode_name(name, verdict::fail, what);
    if (wrong.empty()) wrong = decode(number, how_many);
    if (!wrong.empty()) return wrong;
  }
  std::sort(to.begin(), to.end());  // the document's order means nothing
  return {};
}

template <has_members Described>
std::string decode(const json& from, Described& to);

std::string decode(const json& from, std::pair<std::string, std::string>& to);

template <class Element>
std::string decode(const json& from, std::vector<Element>& to) {
  if (!from.is_array()) return expected("an array", from);
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::string wrong = decode(from[i], to.emplace_back());
    if (!wrong.empty()) return fmt::format("/{}{}", i, wrong);
  }
  return {};
}

struct reader {
  const json& from;
  std::string wrong;

  template <class Value>
  void operator()(const char* name, Value&& value) {
    if (!wrong.empty()) return;
    const auto found = from.find(name);
    wrong = found == from.end() ? ": is missing" : decode(*found, value);
    if (!wrong.empty()) wrong = fmt::format("/{}{}", name, wrong);
  }

  template <class Value>
  void operator()(const char* name, std::optional<Value>& value) {
    if (from.contains(name)) (*this)(name, value.emplace());
  }
};

template <has_members Described>
std::string decode(const json& from, Described& to) {
  if (!from.is_object()) return expected("an object", from);
  reader read{from, {}};
  describe(read, to);
  return read.wrong;
}

std::string decode(const json& from, std::pair<std::string, std::string>& to) {
  if (!from.is_object()) return expected("an object", from);
  reader read{from, {}};
  read("name", to.first);
  read("value", to.second);
  return read.wrong;
}

/// Before anything else is looked at: another version may have another shape.
std::string wrong_version(const json& document) {
  if (!document.is_object()) return expected("an object", document);
  const auto header = document.find("plimsoll_result");
  if (header == document.end()) return "/plimsoll_result: is missing";
  std::uint64_t version = 0;
  if (!header->is_object() || !header->contains("version")) {
    return "/plimsoll_result/version: is missing";
  }
  std::string wrong = decode(header->at("version"), version);
  if (wrong.empty() && version > json_version) {
    wrong = fmt::format(": {} is newer than {}, the newest that this plimsoll reads", version,
                        json_version);
  }
  if (wrong.empty() && version == 0) wrong = ": there is no version 0";
  return wrong.empty() ? wrong : "/plimsoll_result/version" + wrong;
}

error not_a_result(std::string_view why) {
  return error::of(fmt::format("read result: {}", why));
}

}  // namespace

std::string to_json(const run_result& run) {
  ordered_json out = ordered_json::object();
  out["plimsoll_result"]["version"] = json_version;
  writer write{out};
  describe(write, run);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

result<run_result> parse_result(std::string_view text) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error& why) {
    return not_a_result(fmt::format("not JSON at byte {} of {}", why.byte, text.size()));
  } catch (const json::exception&) {  // a number beyond what a double holds
    return not_a_result("not JSON: a number is out of range");
  }
  std::string wrong = wrong_version(document);
  if (!wrong.empty()) return not_a_result(wrong);
  run_result run;
  wrong = decode(document, run);
  if (!wrong.empty()) return not_a_result(wrong);
  return run;
}

}  // namespace plimsoll::reports
