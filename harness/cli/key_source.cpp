#include "key_source.hpp"

#include <string_view>

#include <fmt/format.h>

#include "input_file.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll::cli {
namespace {

constexpr std::string_view scheme = "env://";

std::string variable_of(const std::string& where) {
  return where.starts_with(scheme) ? where.substr(scheme.size()) : std::string();
}

}  // namespace

result<std::string> read_key(const std::string& where, const environment& env) {
  const std::string variable = variable_of(where);
  if (variable.empty()) return read_file(where);
  const auto found = env.find(variable);
  if (found == env.end() || found->second.empty()) {
    return error::of(fmt::format("the variable {} is not set", printable(variable)));
  }
  return found->second;
}

environment without_key(environment env, const std::string& where) {
  env.erase(variable_of(where));
  return env;
}

}  // namespace plimsoll::cli
