#include "plimsoll/load_reports/json.hpp"

#include <charconv>
#include <concepts>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plimsoll/base/text.hpp"
#include "reports/load/members.hpp"

namespace plimsoll::load {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using std::chrono::nanoseconds;

/// Each takes three histograms of 19 KiB, however short its text is.
constexpr std::size_t most_kinds_of_work = 1000;

using text_pair = std::pair<std::string, std::string>;

// ---- writing ----

ordered_json encode(const std::string& text) {
  return text;
}

ordered_json encode(std::uint64_t number) {
  return number;
}

ordered_json encode(double number) {
  return number;
}

ordered_json encode(nanoseconds time) {
  return time.count();
}

ordered_json encode(objective_outcome outcome) {
  return to_string(outcome);
}

ordered_json encode(wide_number<const std::uint64_t> number) {
  return std::to_string(number.value);
}

ordered_json encode(const text_pair& pair) {
  return {{"name", pair.first}, {"value", pair.second}};
}

ordered_json encode(const std::pair<std::string, std::uint64_t>& pair) {
  return {{"name", pair.first}, {"count", pair.second}};
}

/// Pairs of index and count in one list: half the size of a list of pairs.
ordered_json encode(const histogram& counted) {
  ordered_json buckets = ordered_json::array();
  for (const auto& [index, count] : counted.buckets()) {
    buckets.push_back(index);
    buckets.push_back(count);
  }
  return {{"min_ns", counted.min().count()},
          {"max_ns", counted.max().count()},
          {"buckets", std::move(buckets)}};
}

template <has_members Described>
ordered_json encode(const Described& value);

template <class Element>
ordered_json encode(const std::vector<Element>& list) {
  ordered_json out = ordered_json::array();
  for (const Element& element : list) out.push_back(encode(element));
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

// ---- reading: each function returns an error with its JSON Pointer in front, or "" ----

std::string expected(std::string_view expectation, const json& node) {
  return fmt::format(": expected {}, found {}", expectation, node.type_name());
}

std::string decode(const json& source, std::string& output) {
  if (!source.is_string()) return expected("a string", source);
  output = source.get_ref<const std::string&>();
  return {};
}

std::string decode(const json& source, std::uint64_t& output) {
  if (!source.is_number_unsigned()) return expected("a whole number from 0", source);
  output = source.get<std::uint64_t>();
  return {};
}

std::string decode(const json& source, double& output) {
  if (!source.is_number()) return expected("a number", source);
  output = source.get<double>();
  return {};
}

std::string decode(const json& source, nanoseconds& output) {
  std::uint64_t ticks = 0;
  std::string wrong = decode(source, ticks);
  if (wrong.empty() && !std::in_range<nanoseconds::rep>(ticks)) wrong = ": the number is too large";
  output = nanoseconds(static_cast<nanoseconds::rep>(ticks));
  return wrong;
}

std::string decode(const json& source, objective_outcome& output) {
  if (!source.is_string()) return expected("an outcome", source);
  const auto& name = source.get_ref<const std::string&>();
  for (const auto known :
       {objective_outcome::kept, objective_outcome::broken, objective_outcome::refused}) {
    output = known;
    if (to_string(known) == name) return {};
  }
  return fmt::format(": \"{}\" is not known", printable(name, 40));
}

std::string decode(const json& source, wide_number<std::uint64_t> output) {
  if (!source.is_string()) return expected("a string of digits", source);
  const auto& digits = source.get_ref<const std::string&>();
  const char* const end = digits.data() + digits.size();
  const auto [stopped, code] = std::from_chars(digits.data(), end, output.value);
  if (code != std::errc() || stopped != end) return ": expected a decimal number of 64 bits";
  return {};
}

std::string decode_buckets(const json& source, std::vector<histogram::bucket>& output) {
  if (!source.is_array() || source.size() % 2 != 0) {
    return expected("an array of pairs of index and count", source);
  }
  for (std::size_t i = 0; i < source.size(); i += 2) {
    std::uint64_t index = 0;
    histogram::bucket& filled = output.emplace_back();
    std::string wrong = decode(source[i], index);
    if (wrong.empty()) wrong = decode(source[i + 1], filled.count);
    if (wrong.empty() && !std::in_range<std::uint32_t>(index)) wrong = ": the index is too large";
    if (!wrong.empty()) return fmt::format("/{}{}", i, wrong);
    filled.index = static_cast<std::uint32_t>(index);
  }
  return {};
}

struct reader;

template <has_members Described>
std::string decode(const json& source, Described& output);
std::string decode(const json& source, histogram& output);
std::string decode(const json& source, text_pair& output);
std::string decode(const json& source, std::pair<std::string, std::uint64_t>& output);

template <class Element>
std::string decode(const json& source, std::vector<Element>& output) {
  if (!source.is_array()) return expected("an array", source);
  if (std::is_same_v<Element, measured_work> && source.size() > most_kinds_of_work) {
    return fmt::format(": expected at most {} elements, found {}", most_kinds_of_work,
                       source.size());
  }
  for (std::size_t i = 0; i < source.size(); ++i) {
    std::string wrong = decode(source[i], output.emplace_back());
    if (!wrong.empty()) return fmt::format("/{}{}", i, wrong);
  }
  return {};
}

struct reader {
  const json& source;
  std::string wrong;

  template <class Value>
  void operator()(const char* name, Value&& value) {
    member(name, [&](const json& node) { return decode(node, value); });
  }

  template <class Value>
  void operator()(const char* name, std::optional<Value>& value) {
    if (source.is_object() && source.contains(name)) (*this)(name, value.emplace());
  }

  template <class Decode>
  void member(const char* name, Decode decode_it) {
    if (!wrong.empty()) return;
    if (!source.is_object()) {
      wrong = expected("an object", source);
      return;
    }
    const auto entry = source.find(name);
    wrong = entry == source.end() ? ": is missing" : decode_it(*entry);
    if (!wrong.empty()) wrong = fmt::format("/{}{}", name, wrong);
  }
};

template <has_members Described>
std::string decode(const json& source, Described& output) {
  reader read{source, {}};
  describe(read, output);
  return read.wrong;
}

std::string decode(const json& source, text_pair& output) {
  reader read{source, {}};
  read("name", output.first);
  read("value", output.second);
  return read.wrong;
}

std::string decode(const json& source, std::pair<std::string, std::uint64_t>& output) {
  reader read{source, {}};
  read("name", output.first);
  read("count", output.second);
  return read.wrong;
}

std::string decode(const json& source, histogram& output) {
  nanoseconds min{0};
  nanoseconds max{0};
  std::vector<histogram::bucket> buckets;
  reader read{source, {}};
  read("min_ns", min);
  read("max_ns", max);
  read.member("buckets", [&](const json& node) { return decode_buckets(node, buckets); });
  if (!read.wrong.empty()) return read.wrong;
  auto counted = histogram::from(buckets, min, max);
  if (!counted) return ": " + counted.error().what();
  output = std::move(*counted);
  return {};
}

/// Checked first: another version may have another structure.
std::string wrong_version(const json& document) {
  reader read{document, {}};
  std::uint64_t version = 0;
  read.member("plimsoll_load", [&](const json& header) {
    reader inner{header, {}};
    inner("version", version);
    if (!inner.wrong.empty()) return inner.wrong;
    if (version == 0) return std::string("/version: there is no version 0");
    if (version <= json_version) return std::string();
    return fmt::format("/version: {} is newer than {}, the newest that this plimsoll reads",
                       version, json_version);
  });
  return read.wrong;
}

error not_a_result(std::string_view reason) {
  return error::of(fmt::format("read load result: {}", reason));
}

}  // namespace

std::string to_json(const load_result& run) {
  ordered_json out = ordered_json::object();
  out["plimsoll_load"]["version"] = json_version;
  out["kind"] = "load";
  writer write{out};
  describe(write, run);
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

result<load_result> parse_load_result(std::string_view text) {
  json document;
  try {
    document = json::parse(text);
  } catch (const json::parse_error& failure) {
    return not_a_result(fmt::format("not JSON at byte {} of {}", failure.byte, text.size()));
  } catch (const json::exception&) {  // a number beyond what a double holds
    return not_a_result("not JSON: a number is out of range");
  }
  std::string wrong = wrong_version(document);
  if (!wrong.empty()) return not_a_result(wrong);
  load_result run;
  wrong = decode(document, run);
  if (!wrong.empty()) return not_a_result(wrong);
  return run;
}

}  // namespace plimsoll::load
