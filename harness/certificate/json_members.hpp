#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "plimsoll/base/error.hpp"

namespace plimsoll::certificates {

/// Reads the members of foreign JSON, and keeps the first thing that is wrong with its place; what
/// is wrong is read as empty.
class members {
 public:
  /// @param place "" for the document itself, else a JSON Pointer
  members(const nlohmann::json& object, std::string place, std::string& wrong);

  [[nodiscard]] std::string text(const char* name);
  /// "" where it is absent.
  [[nodiscard]] std::string optional_text(const char* name);
  [[nodiscard]] std::uint64_t number(const char* name);
  [[nodiscard]] std::vector<std::string> texts(const char* name);
  [[nodiscard]] members object(const char* name);
  /// The elements of an array of objects.
  [[nodiscard]] std::vector<members> objects(const char* name);
  /// The names of an object's members and their numbers.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> numbers(const char* name);

  void allow_only(std::initializer_list<std::string_view> names);
  void fail(const char* name, std::string_view what);

 private:
  [[nodiscard]] const nlohmann::json& find(const char* name, nlohmann::json::value_t type);

  const nlohmann::json* object_;
  std::string place_;
  std::string* wrong_;
};

}  // namespace plimsoll::certificates
