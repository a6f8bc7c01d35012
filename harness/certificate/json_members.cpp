#include "json_members.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::certificates {
namespace {

using nlohmann::json;
using type = json::value_t;

/// Stands for what is wrong.
const json& empty_of(type wanted) {
  static const json text = "";
  static const json number = 0U;
  static const json array = json::array();
  static const json object = json::object();
  if (wanted == type::string) return text;
  if (wanted == type::number_unsigned) return number;
  return wanted == type::array ? array : object;
}

std::string_view name_of(type wanted) {
  if (wanted == type::string) return "a string";
  if (wanted == type::number_unsigned) return "a number";
  return wanted == type::array ? "an array" : "an object";
}

}  // namespace

members::members(const json& object, std::string place, std::string& wrong)
    : object_(&object), place_(std::move(place)), wrong_(&wrong) {
  if (object.is_object()) return;
  if (wrong_->empty()) *wrong_ = fmt::format("{}: expected an object", place_);
  object_ = &empty_of(type::object);
}

const json& members::find(const char* name, type wanted) {
  const auto found = object_->find(name);
  if (found == object_->end()) {
    fail(name, "is missing");
    return empty_of(wanted);
  }
  if (found->type() == wanted) return *found;
  fail(name, fmt::format("expected {}, found {}", name_of(wanted), found->type_name()));
  return empty_of(wanted);
}

std::string members::text(const char* name) {
  return find(name, type::string).get<std::string>();
}

std::string members::optional_text(const char* name) {
  return object_->contains(name) ? text(name) : std::string();
}

std::uint64_t members::number(const char* name) {
  return find(name, type::number_unsigned).get<std::uint64_t>();
}

std::vector<std::string> members::texts(const char* name) {
  std::vector<std::string> out;
  for (const json& one : find(name, type::array)) {
    if (!one.is_string()) fail(name, "expected strings");
    out.push_back(one.is_string() ? one.get<std::string>() : std::string());
  }
  return out;
}

members members::object(const char* name) {
  return {find(name, type::object), fmt::format("{}/{}", place_, name), *wrong_};
}

std::vector<members> members::objects(const char* name) {
  std::vector<members> out;
  for (const json& one : find(name, type::array)) {
    out.emplace_back(one, fmt::format("{}/{}/{}", place_, name, out.size()), *wrong_);
  }
  return out;
}

std::vector<std::pair<std::string, std::uint64_t>> members::numbers(const char* name) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const auto& [key, value] : find(name, type::object).items()) {
    if (!value.is_number_unsigned()) fail(name, "expected numbers");
    out.emplace_back(key, value.is_number_unsigned() ? value.get<std::uint64_t>() : 0);
  }
  return out;
}

void members::allow_only(std::initializer_list<std::string_view> names) {
  for (const auto& [key, value] : object_->items()) {
    if (std::find(names.begin(), names.end(), key) != names.end()) continue;
    fail(printable(key, 40).c_str(), "is not known");
  }
}

void members::fail(const char* name, std::string_view what) {
  if (wrong_->empty()) *wrong_ = fmt::format("{}/{}: {}", place_, name, what);
}

}  // namespace plimsoll::certificates
