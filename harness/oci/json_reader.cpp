#include "json_reader.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <simdjson.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::oci::json {
namespace {

/// Brackets outside of strings; for text that is no JSON the parser has the last word.
bool is_too_deep(std::string_view text) noexcept {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quoted && c == '\\') {
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == '{' || c == '[')) {
      if (++depth > deepest) return true;
    } else if (!quoted && (c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

/// What nlohmann::json's SAX parser calls; only the place of the error is wanted.
struct error_finder {
  std::size_t position = 0;

  bool null() { return true; }
  bool boolean(bool /*value*/) { return true; }
  bool number_integer(std::int64_t /*value*/) { return true; }
  bool number_unsigned(std::uint64_t /*value*/) { return true; }
  bool number_float(double /*value*/, const std::string& /*text*/) { return true; }
  bool string(std::string& /*value*/) { return true; }
  bool binary(value::binary_t& /*value*/) { return true; }
  bool start_object(std::size_t /*size*/) { return true; }
  bool key(std::string& /*name*/) { return true; }
  bool end_object() { return true; }
  bool start_array(std::size_t /*size*/) { return true; }
  bool end_array() { return true; }
  bool parse_error(std::size_t at, const std::string& /*token*/, const nlohmann::json::exception&) {
    position = at;
    return false;
  }
};

/// In a JSON string.
bool stands_for_itself(char c) noexcept {
  return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

value from(simdjson::dom::element read);

/// As nlohmann::json has it: of a name that comes twice, the last one counts.
value from(simdjson::dom::object read) {
  value made = value::object();
  for (const auto& [name, one] : read) made[std::string(name)] = from(one);
  return made;
}

value from(simdjson::dom::array read) {
  value::array_t made;
  made.reserve(read.size());
  for (const simdjson::dom::element one : read) made.push_back(from(one));
  return made;
}

value from_integer(std::int64_t read) {
  return read < 0 ? value(read) : value(static_cast<std::uint64_t>(read));
}

/// No deeper than the parser let it be.
value from(simdjson::dom::element read) {
  using kind = simdjson::dom::element_type;
  switch (read.type()) {
    case kind::OBJECT:
      return from(read.get_object().value_unsafe());
    case kind::ARRAY:
      return from(read.get_array().value_unsafe());
    case kind::STRING:
      return value(read.get_string().value_unsafe());
    case kind::INT64:
      return from_integer(read.get_int64().value_unsafe());
    case kind::UINT64:
      return value(read.get_uint64().value_unsafe());
    case kind::DOUBLE:
      return value(read.get_double().value_unsafe());
    case kind::BOOL:
      return value(read.get_bool().value_unsafe());
    default:
      return value(nullptr);
  }
}

/// What nlohmann::json would make of the text, in a tenth of its time; nothing where that has to
/// decide: simdjson knows no integers beyond 64 bits, and does not tell where an error is.
std::optional<value> parse_quickly(std::string_view text) {
  simdjson::dom::parser parser;
  if (parser.allocate(text.size(), deepest) != simdjson::SUCCESS) return std::nullopt;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) return std::nullopt;
  return from(root);
}

std::string_view kind_of(const value& one) noexcept {
  switch (one.type()) {
    case value::value_t::null:
      return "null";
    case value::value_t::object:
      return "an object";
    case value::value_t::array:
      return "an array";
    case value::value_t::string:
      return "a string";
    case value::value_t::boolean:
      return "a boolean";
    case value::value_t::number_unsigned:
      return "an unsigned number";
    case value::value_t::number_integer:
      return "a negative number";
    default:
      return "a number with a fraction";
  }
}

std::string mismatch(std::string_view expected, const value& found) {
  return fmt::format("expected {}, found {}", expected, kind_of(found));
}

}  // namespace

result<value> parse(std::string_view text) {
  if (auto made = parse_quickly(text)) return *std::move(made);
  if (is_too_deep(text)) {
    return error::of(fmt::format("JSON: values nested deeper than {}", deepest));
  }
  value document = value::parse(text, nullptr, false);
  if (!document.is_discarded()) return document;
  error_finder finder;
  value::sax_parse(text, &finder);
  return error::of(fmt::format("JSON: broken at byte {} of {}", finder.position, text.size()));
}

std::string to_text(const value& one) {
  return one.dump(-1, ' ', false, value::error_handler_t::replace);
}

std::string quote(std::string_view text) {
  // Most text needs no escape, and nlohmann::json takes its time for each byte.
  if (std::all_of(text.begin(), text.end(), stands_for_itself)) {
    std::string made;
    made.reserve(text.size() + 2);
    return made.append(1, '"').append(text).append(1, '"');
  }
  return to_text(value(text));
}

object_reader::object_reader(const value& object, std::string place, std::optional<error>& failure)
    : object_(object.is_object() ? &object : nullptr),
      place_(std::move(place)),
      failure_(&failure) {
  if (object_ == nullptr) {
    fail_at(place_.empty() ? "the document" : place_, mismatch("an object", object));
  }
}

const value* object_reader::find(std::string_view name) {
  known_.push_back(name);
  if (object_ == nullptr) return nullptr;
  const auto found = object_->find(name);
  return found == object_->end() ? nullptr : &*found;
}

const value* object_reader::require(std::string_view name) {
  const value* const found = find(name);
  if (found == nullptr) fail(name, "missing");
  return found;
}

std::string object_reader::text_of(const value& one, const std::string& place) {
  if (one.is_string()) return one.get_ref<const std::string&>();
  fail_at(place, mismatch("a string", one));
  return {};
}

std::string object_reader::text(std::string_view name) {
  const value* const found = find(name);
  return found == nullptr ? std::string() : text_of(*found, place_of(name));
}

std::string object_reader::required_text(std::string_view name) {
  const value* const found = require(name);
  return found == nullptr ? std::string() : text_of(*found, place_of(name));
}

std::uint64_t object_reader::required_number(std::string_view name) {
  const value* const found = require(name);
  if (found == nullptr) return 0;
  if (found->is_number_unsigned()) return found->get<std::uint64_t>();
  fail(name, mismatch("an unsigned number", *found));
  return 0;
}

std::vector<std::string> object_reader::texts(std::string_view name) {
  std::vector<std::string> made;
  if (find(name) == nullptr) return made;
  for (const value* const one : required_elements(name)) {
    made.push_back(text_of(*one, fmt::format("{}[{}]", place_of(name), made.size())));
  }
  return made;
}

std::map<std::string, std::string> object_reader::text_map(std::string_view name) {
  std::map<std::string, std::string> made;
  const value* const found = find(name);
  if (found == nullptr) return made;
  if (!found->is_object()) {
    fail(name, mismatch("an object", *found));
    return made;
  }
  for (const auto& member : found->items()) {
    const std::string place = fmt::format("{}[\"{}\"]", place_of(name), printable(member.key()));
    made.emplace(member.key(), text_of(member.value(), place));
  }
  return made;
}

std::vector<const value*> object_reader::required_elements(std::string_view name) {
  std::vector<const value*> made;
  const value* const found = require(name);
  if (found == nullptr) return made;
  if (!found->is_array()) {
    fail(name, mismatch("an array", *found));
    return made;
  }
  for (const value& one : *found) made.push_back(&one);
  return made;
}

std::string object_reader::place_of(std::string_view name) const {
  return place_.empty() ? std::string(name) : fmt::format("{}.{}", place_, name);
}

void object_reader::fail(std::string_view name, std::string_view what) {
  // Where the value is no object, that has been said, and each member would be missing.
  if (object_ != nullptr) fail_at(place_of(name), what);
}

void object_reader::fail_at(const std::string& place, std::string_view what) {
  if (!*failure_) *failure_ = error::of(fmt::format("{}: {}", place, what));
}

std::string object_reader::unknown() const {
  if (object_ == nullptr) return {};
  object_writer rest;
  bool any = false;
  for (const auto& member : object_->items()) {
    if (std::find(known_.begin(), known_.end(), member.key()) != known_.end()) continue;
    rest.raw(member.key(), to_text(member.value()));
    any = true;
  }
  return any ? rest.finish() : std::string();
}

object_writer& object_writer::raw(std::string_view name, std::string_view json) {
  if (members_.size() > 1) members_ += ',';
  members_.append(quote(name)).append(1, ':').append(json);
  return *this;
}

object_writer& object_writer::text(std::string_view name, std::string_view text) {
  return raw(name, quote(text));
}

object_writer& object_writer::text_if_any(std::string_view name, std::string_view one) {
  return one.empty() ? *this : text(name, one);
}

object_writer& object_writer::number(std::string_view name, std::uint64_t number) {
  return raw(name, std::to_string(number));
}

object_writer& object_writer::texts_if_any(std::string_view name,
                                           const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const std::string& one : texts) quoted.push_back(quote(one));
  return texts.empty() ? *this : raw(name, array_of(quoted));
}

object_writer& object_writer::map_if_any(std::string_view name,
                                         const std::map<std::string, std::string>& map) {
  object_writer inner;
  for (const auto& [key, one] : map) inner.text(key, one);
  return map.empty() ? *this : raw(name, inner.finish());
}

object_writer& object_writer::members_of(std::string_view json) {
  const auto parsed = parse(json);
  if (!parsed || !parsed->is_object()) return *this;
  for (const auto& member : parsed->items()) raw(member.key(), to_text(member.value()));
  return *this;
}

std::string array_of(const std::vector<std::string>& elements) {
  return fmt::format("[{}]", fmt::join(elements, ","));
}

}  // namespace plimsoll::oci::json
