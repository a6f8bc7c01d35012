#include "plimsoll/reports/json.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/load_reports/json.hpp"
#include "plimsoll/verdict/names.hpp"
#include "reports/json/encode.hpp"

namespace plimsoll::reports {
namespace {

using nlohmann::json;

// Each of these returns what is wrong, with its place in front, or "".

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

std::string decode(const json& from, bool& to) {
  if (!from.is_boolean()) return expected("true or false", from);
  to = from.get<bool>();
  return {};
}

std::string decode(const json& from, std::chrono::microseconds& to) {
  std::chrono::microseconds::rep ticks = 0;
  std::string wrong = decode(from, ticks);
  to = std::chrono::microseconds(ticks);
  return wrong;
}

template <class Enum>
std::string take_named(std::optional<Enum> found, std::string_view name, Enum& to) {
  if (!found) return fmt::format(": \"{}\" is not known", printable(name, 40));
  to = *found;
  return {};
}

std::string decode(const json& from, verdict& to) {
  if (!from.is_string()) return expected("a verdict", from);
  const auto& name = from.get_ref<const std::string&>();
  return take_named(verdict_named(name), name, to);
}

std::string decode(const json& from, level& to) {
  if (!from.is_string()) return expected("a level", from);
  const auto& name = from.get_ref<const std::string&>();
  return take_named(level_named(name), name, to);
}

std::string decode(const json& from, rule_weight& to) {
  if (!from.is_string()) return expected("a weight", from);
  const auto& name = from.get_ref<const std::string&>();
  return take_named(weight_named(name), name, to);
}

std::string decode(const json& from, const wide_number<std::uint64_t>& to) {
  if (!from.is_string()) return expected("a string of digits", from);
  const auto& digits = from.get_ref<const std::string&>();
  const char* end = digits.data() + digits.size();
  const auto [stopped, code] = std::from_chars(digits.data(), end, to.value);
  if (code != std::errc() || stopped != end) return ": expected a decimal number of 64 bits";
  return {};
}

std::string decode(const json& from, counts& to) {
  if (!from.is_object()) return expected("an object", from);
  for (const auto& [name, number] : from.items()) {
    auto& [what, how_many] = to.emplace_back();
    std::string wrong = take_named(verdict_named(name), name, what);
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

  template <class Value>
  void operator()(const char* name, added_later<Value> value) {
    if (from.contains(name)) (*this)(name, value.value);
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

/// The member of a document that names its form, and what people call that.
struct form {
  const char* member;
  const char* name;
};

constexpr form run_form{"plimsoll_result", "result"};
constexpr form proof_form{"plimsoll_proof", "proof"};

/// Before anything else is looked at: another version may have another shape.
std::string wrong_version(const json& document, const form& wanted) {
  if (!document.is_object()) return expected("an object", document);
  const std::string place = fmt::format("/{}", wanted.member);
  const auto header = document.find(wanted.member);
  if (header == document.end()) return place + ": is missing";
  std::uint64_t version = 0;
  if (!header->is_object() || !header->contains("version")) return place + "/version: is missing";
  std::string wrong = decode(header->at("version"), version);
  if (wrong.empty() && version > json_version) {
    wrong = fmt::format(": {} is newer than {}, the newest that this plimsoll reads", version,
                        json_version);
  }
  if (wrong.empty() && version == 0) wrong = ": there is no version 0";
  return wrong.empty() ? wrong : place + "/version" + wrong;
}

error not_read(const form& wanted, std::string_view why) {
  return error::of(fmt::format("read {}: {}", wanted.name, why));
}

/// What a person can do something about: a file that was cut, or one in another encoding.
std::string not_json(std::string_view text, std::size_t at) {
  std::string why = fmt::format("not JSON at byte {} of {}", at, text.size());
  if (at > text.size()) return why + ": the file ends too early";
  if (!is_utf8(text)) return why + ": the file is not UTF-8";
  return why;
}

result<json> parse_json(std::string_view text, const form& wanted) {
  try {
    return json::parse(text);
  } catch (const json::parse_error& why) {
    return not_read(wanted, not_json(text, why.byte));
  } catch (const json::exception&) {  // a number beyond what a double holds
    return not_read(wanted, "not JSON: a number is out of range");
  }
}

template <has_members Described>
result<Described> from_document(const json& document, const form& wanted) {
  std::string wrong = wrong_version(document, wanted);
  if (!wrong.empty()) return not_read(wanted, wrong);
  Described value;
  wrong = decode(document, value);
  if (!wrong.empty()) return not_read(wanted, wrong);
  return value;
}

template <has_members Described>
result<Described> from_text(std::string_view text, const form& wanted) {
  const auto document = parse_json(text, wanted);
  if (!document) return document.error();
  return from_document<Described>(*document, wanted);
}

template <has_members Described>
std::string to_text(const Described& value, const form& written) {
  ordered_json out = ordered_json::object();
  out[written.member]["version"] = json_version;
  writer write{out};
  describe(write, value);
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string to_json(const run_result& run) {
  return to_text(run, run_form);
}

std::string to_json(const proof_result& proof) {
  return to_text(proof, proof_form);
}

result<run_result> parse_result(std::string_view text) {
  return from_text<run_result>(text, run_form);
}

result<proof_result> parse_proof(std::string_view text) {
  return from_text<proof_result>(text, proof_form);
}

result<document> parse_document(std::string_view text) {
  const auto parsed = parse_json(text, run_form);
  if (!parsed) return parsed.error();
  if (parsed->is_object() && parsed->contains(proof_form.member)) {
    auto proof = from_document<proof_result>(*parsed, proof_form);
    if (!proof) return proof.error();
    return document(std::move(*proof));
  }
  if (parsed->is_object() && parsed->contains("plimsoll_load")) {
    auto load = load::parse_load_result(text);
    if (!load) return load.error();
    return document(std::move(*load));
  }
  auto run = from_document<run_result>(*parsed, run_form);
  if (!run) return run.error();
  return document(std::move(*run));
}

}  // namespace plimsoll::reports
