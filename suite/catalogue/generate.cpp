// Turns requirements.json into the two sources of the catalogue: the sorted ids, which
// scenarios are checked against while compiling, and the table of all that is known of each.
// not_observed.json says of some ids why no scenario judges them.
//
//   generate REQUIREMENTS.json NOT_OBSERVED.json IDS.hpp TABLE.cpp

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace {

using nlohmann::json;

constexpr const char* opening =
    "namespace plimsoll::generated {\n\nusing namespace std::string_view_literals;\n\n";

/// With its length: compilers take long to count that of hundreds of plain literals.
std::string literal(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"sv";
}

std::string level_of(const std::string& keyword) {
  if (keyword == "MUST") return "level::must";
  if (keyword == "MUST NOT") return "level::must_not";
  if (keyword == "SHOULD") return "level::should";
  if (keyword == "SHOULD NOT") return "level::should_not";
  if (keyword == "MAY") return "level::may";
  throw std::runtime_error("unknown level '" + keyword + "'");
}

std::string version_of(const std::string& since) {
  if (since == "1.0") return "spec_version::v1_0";
  if (since == "1.1") return "spec_version::v1_1";
  if (since == "1.2-dev") return "spec_version::v1_2_dev";
  throw std::runtime_error("unknown version '" + since + "'");
}

/// The level on main: `changed` tells it as "v1.1.1 -> main: level SHOULD -> MUST".
std::string level_in_dev(const json& entry) {
  const std::string changed = entry.value("changed", "");
  const std::size_t main = changed.find("v1.1.1 -> main:");
  const std::size_t level = changed.find("level ", main);
  if (main == std::string::npos || level == std::string::npos) return level_of(entry.at("level"));
  const std::size_t arrow = changed.find("-> ", level);
  std::string keyword = changed.substr(arrow + 3);
  keyword = keyword.substr(0, keyword.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ "));
  keyword.erase(keyword.find_last_not_of(' ') + 1);
  return level_of(keyword);
}

/// How the statement is worded; the marker at its end is taken off.
std::string take_wording(std::string& statement) {
  using marked = std::pair<std::string_view, std::string_view>;
  const std::array markers{marked{" [no keyword]", "wording::no_keyword"},
                           marked{" [implied]", "wording::implied"},
                           marked{" [table]", "wording::table"}};
  for (const auto& [marker, name] : markers) {
    const std::size_t at = statement.rfind(marker);
    if (at == std::string::npos) continue;
    statement.erase(at);
    return std::string(name);
  }
  return "wording::keyword";
}

/// Each rule of registries without a keyword of its own says what it weighs, and why.
std::string weight_of(const json& entry, const std::string& words) {
  const std::string weight = entry.value("weight", "");
  if (words == "wording::keyword") {
    if (!weight.empty()) throw std::runtime_error("has a keyword, and needs no weight");
    return "rule_weight::keyword";
  }
  if (weight.empty() && entry.at("actor") != "registry") return "rule_weight::advice";
  if (entry.value("reason", "").empty()) throw std::runtime_error("expected a reason");
  for (const char* known : {"keyword", "definition", "advice"}) {
    if (weight == known) return "rule_weight::" + weight;
  }
  throw std::runtime_error("expected the weight keyword, definition or advice, got '" + weight +
                           "'");
}

std::string joined(const json& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : " ") + name.get<std::string>();
  return out;
}

std::string row(const json& entry, const std::string& why_not) {
  std::string statement = entry.at("statement");
  const std::string words = take_wording(statement);
  std::string out = "    {";
  for (const char* key : {"id", "spec", "section"}) out += literal(entry.at(key)) + ", ";
  out += literal(statement) + ", " + literal(entry.at("observe")) + ",\n     ";
  for (const char* key : {"actor", "testable", "category"}) out += literal(entry.at(key)) + ", ";
  out += literal(joined(entry.at("endpoints"))) + ", " + literal(entry.value("changed", "")) + ", ";
  out += literal(why_not) + ", ";
  out += level_of(entry.at("level")) + ", " + level_in_dev(entry) + ", ";
  out += version_of(entry.at("since")) + ", " + words + ", " + weight_of(entry, words) + ",\n     ";
  return out + literal(entry.value("reason", "")) + "},\n";
}

/// Leaves alone a file that has these bytes: what includes it need not be compiled again.
void write(const std::string& text, const char* path) {
  std::ostringstream there;
  there << std::ifstream(path).rdbuf();
  if (there.str() != text) std::ofstream(path) << text;
}

void write_ids(const json& entries, const char* path) {
  std::vector<std::string> ids;
  for (const auto& entry : entries) ids.push_back(entry.at("id"));
  std::sort(ids.begin(), ids.end());
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end()) throw std::runtime_error("the id '" + *twice + "' stands there twice");

  std::ostringstream out;
  out << "// Generated from suite/requirements.json.\n#pragma once\n\n#include <string_view>\n\n"
      << opening << "inline constexpr std::string_view requirement_ids[] = {\n";
  for (const auto& id : ids) out << "    " << literal(id) << ",\n";
  out << "};\n\n}  // namespace plimsoll::generated\n";
  write(out.str(), path);
}

void write_table(const json& entries, const json& not_observed, const char* path) {
  std::ostringstream out;
  out << "// Generated from suite/requirements.json.\n"
      << "#include \"plimsoll/catalogue/catalogue.hpp\"\n\n"
      << opening << "extern const requirement requirements[];\n"
      << "extern const unsigned requirement_count;\n\nconst requirement requirements[] = {\n";
  for (const auto& entry : entries) {
    try {
      out << row(entry, not_observed.value(entry.at("id").get<std::string>(), ""));
    } catch (const std::exception& why) {
      throw std::runtime_error("entry '" + entry.value("id", "?") + "': " + why.what());
    }
  }
  out << "};\n\nconst unsigned requirement_count = " << entries.size()
      << ";\n\n}  // namespace plimsoll::generated\n";
  write(out.str(), path);
}

/// Puts the file in front of what is wrong with it.
template <class Check>
void check_file(const char* path, Check check) {
  try {
    check();
  } catch (const std::exception& why) {
    throw std::runtime_error(std::string(path) + ": " + why.what());
  }
}

json read(const char* path) {
  json parsed;
  check_file(path, [&] {
    std::ifstream in(path);
    parsed = json::parse(in);
  });
  return parsed;
}

/// Each entry has what the table is made of; the error names the entry.
void check_entries(const json& entries) {
  if (!entries.is_array()) throw std::runtime_error("expected an array of entries");
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const json& entry = entries[i];
    const std::string place = "entry " + std::to_string(i + 1);
    if (!entry.is_object()) throw std::runtime_error(place + ": expected an object");
    for (const char* key : {"id", "spec", "section", "statement", "observe", "actor", "testable",
                            "category", "level", "since"}) {
      const auto found = entry.find(key);
      if (found != entry.end() && found->is_string()) continue;
      const std::string id = entry.contains("id") ? " (" + entry["id"].dump() + ")" : "";
      throw std::runtime_error(place + id + ": expected a string in " + key);
    }
  }
}

/// Every id of the second file is one of the first.
void check_ids(const json& entries, const json& not_observed) {
  for (const auto& item : not_observed.items()) {
    const std::string& id = item.key();
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const json& entry) { return entry.at("id") == id; });
    if (found == entries.end()) {
      throw std::runtime_error("'" + id + "' is none of the catalogue's ids");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: generate REQUIREMENTS.json NOT_OBSERVED.json IDS.hpp TABLE.cpp\n";
    return 2;
  }
  try {
    const json entries = read(argv[1]);
    const json not_observed = read(argv[2]);
    check_file(argv[1], [&] { check_entries(entries); });
    check_file(argv[2], [&] { check_ids(entries, not_observed); });
    check_file(argv[1], [&] {
      write_ids(entries, argv[3]);
      write_table(entries, not_observed, argv[4]);
    });
  } catch (const std::exception& why) {
    std::cerr << why.what() << '\n';
    return 2;
  }
  return 0;
}
