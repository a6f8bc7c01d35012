#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "plimsoll/base/error.hpp"

/// Foreign JSON, read without exceptions and with the place of what is wrong.
namespace plimsoll::oci::json {

using value = nlohmann::json;

/// Values within values go no deeper than this.
inline constexpr std::size_t deepest = 64;

/// The document, or where it is no JSON or too deep.
[[nodiscard]] result<value> parse(std::string_view text);

/// The value as JSON text without insignificant space; invalid UTF-8 is replaced by U+FFFD.
[[nodiscard]] std::string to_text(const value& one);

/// A JSON string with its quotes; invalid UTF-8 is replaced by U+FFFD.
[[nodiscard]] std::string quote(std::string_view text);

/// Reads the members of one object. The first thing that is wrong is kept in `failure`,
/// which many readers share; what is wrong is read as empty.
class object_reader {
 public:
  /// @param place of the object in its document, "" for the document itself
  object_reader(const value& object, std::string place, std::optional<error>& failure);

  /// The member, or null where there is none.
  const value* find(std::string_view name);
  /// The same, but its absence is a failure.
  const value* require(std::string_view name);

  std::string text(std::string_view name);
  std::string required_text(std::string_view name);
  std::uint64_t required_number(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  std::map<std::string, std::string> text_map(std::string_view name);
  /// An array's elements; the array has to be there.
  std::vector<const value*> required_elements(std::string_view name);

  /// "layers[2].size" for the member `size` of the object at "layers[2]".
  [[nodiscard]] std::string place_of(std::string_view name) const;
  void fail(std::string_view name, std::string_view what);

  /// The members that none of the above was asked for, as an object's text; "" for none.
  [[nodiscard]] std::string unknown() const;

 private:
  void fail_at(const std::string& place, std::string_view what);
  std::string text_of(const value& one, const std::string& place);

  const value* object_;  // null where the value is no object
  std::string place_;
  std::optional<error>* failure_;
  std::vector<std::string_view> known_;
};

/// Writes one object, member by member, in the order of the calls.
class object_writer {
 public:
  object_writer& text(std::string_view name, std::string_view text);
  /// Nothing where the text is empty.
  object_writer& text_if_any(std::string_view name, std::string_view text);
  object_writer& number(std::string_view name, std::uint64_t number);
  object_writer& texts_if_any(std::string_view name, const std::vector<std::string>& texts);
  object_writer& map_if_any(std::string_view name, const std::map<std::string, std::string>& map);
  /// @param json text of a JSON value
  object_writer& raw(std::string_view name, std::string_view json);
  /// The members of an object's text; nothing where it is none.
  object_writer& members_of(std::string_view json);

  /// The object's text. Nothing is left in the writer.
  [[nodiscard]] std::string finish() { return std::move(members_ += '}'); }

 private:
  std::string members_ = "{";
};

/// `[a,b,c]` of JSON texts.
[[nodiscard]] std::string array_of(const std::vector<std::string>& elements);

}  // namespace plimsoll::oci::json
