#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <functional>
#include <optional>
#include <span>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/catalogue/catalogue.hpp"
#include "plimsoll/profile/profile.hpp"

namespace plimsoll {
namespace {

constexpr std::array<std::string_view, 4> categories{"pull", "push", "discovery", "management"};

/// Where the file is being read, and the first thing that is wrong with it.
struct reading {
  const std::string& file;
  std::optional<error> why;

  void fail(const YAML::Node& at, const std::string& what) {
    if (!why) why = error::of(fmt::format("{}:{}: {}", file, at.Mark().line + 1, what));
  }
};

std::string suggestion(std::string_view typed, std::span<const std::string_view> known) {
  const auto near = nearest(typed, known);
  return near ? fmt::format("; did you mean {}?", *near) : std::string();
}

std::string text_of(reading& in, const YAML::Node& node, std::string_view key) {
  if (node.IsScalar() && !node.Scalar().empty()) return node.Scalar();
  in.fail(node, fmt::format("{}: expected text", key));
  return {};
}

std::string one_of(reading& in, const YAML::Node& node, std::string_view key,
                   std::span<const std::string_view> known) {
  std::string text = text_of(in, node, key);
  if (!in.why && std::find(known.begin(), known.end(), text) == known.end()) {
    in.fail(node, fmt::format("{}: unknown '{}'{}", key, printable(text), suggestion(text, known)));
  }
  return text;
}

std::string id_of(reading& in, const YAML::Node& node, std::string_view key) {
  std::vector<std::string_view> known;
  for (const requirement& one : all_requirements()) known.push_back(one.id);
  return one_of(in, node, key, known);
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const auto number = [&](std::size_t at, std::size_t size, auto& to) {
    const char* const begin = text.data() + at;
    return std::from_chars(begin, begin + size, to).ptr == begin + size;
  };
  return number(0, 4, year) && number(5, 2, month) && number(8, 2, day) &&
         std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month),
                                     std::chrono::day(day))
             .ok();
}

using reader = std::function<void(const YAML::Node&)>;
using key_readers = std::vector<std::pair<std::string_view, reader>>;

/// Each key once, and none but those that are known.
void read_map(reading& in, const YAML::Node& node, const key_readers& readers) {
  if (!node.IsMap()) return in.fail(node, "expected keys with values");
  std::vector<std::string_view> known;
  for (const auto& one : readers) known.push_back(one.first);
  for (const auto& pair : node) {
    const std::string key = text_of(in, pair.first, "key");
    const auto found = std::find_if(readers.begin(), readers.end(),
                                    [&](const auto& one) { return one.first == key; });
    if (found == readers.end()) {
      return in.fail(pair.first,
                     fmt::format("unknown key '{}'{}", printable(key), suggestion(key, known)));
    }
    found->second(pair.second);
  }
}

void read_list(reading& in, const YAML::Node& node, std::string_view key, const reader& each) {
  if (!node.IsSequence()) return in.fail(node, fmt::format("{}: expected a list", key));
  for (const auto& one : node) each(one);
}

allowance allowance_of(reading& in, const YAML::Node& node) {
  allowance made;
  made.place = fmt::format("{}:{}", in.file, node.Mark().line + 1);
  read_map(
      in, node,
      {{"requirement", [&](const auto& at) { made.requirement = id_of(in, at, "requirement"); }},
       {"reason", [&](const auto& at) { made.reason = text_of(in, at, "reason"); }},
       {"until", [&](const auto& at) {
          made.until = text_of(in, at, "until");
          if (!is_date(made.until)) in.fail(at, "until: expected a day as YYYY-MM-DD");
        }}});
  if (made.requirement.empty() || made.reason.empty() || made.until.empty()) {
    in.fail(node, "allowed: each entry has requirement, reason and until");
  }
  return made;
}

profile profile_of(reading& in, const YAML::Node& root) {
  profile made;
  made.name = "custom";
  const auto claim = [&](const YAML::Node& at) {
    made.claims.push_back(one_of(in, at, "claims", categories));
  };
  const auto require = [&](const YAML::Node& at) {
    made.required.push_back(id_of(in, at, "required"));
  };
  const auto allow = [&](const YAML::Node& at) { made.allowed.push_back(allowance_of(in, at)); };
  read_map(in, root,
           {{"name", [&](const auto& at) { made.name = text_of(in, at, "name"); }},
            {"claims", [&](const auto& at) { read_list(in, at, "claims", claim); }},
            {"should-fails",
             [&](const auto& at) {
               constexpr std::array<std::string_view, 2> both{"true", "false"};
               made.should_fails = one_of(in, at, "should-fails", both) == "true";
             }},
            {"required", [&](const auto& at) { read_list(in, at, "required", require); }},
            {"allowed", [&](const auto& at) { read_list(in, at, "allowed", allow); }}});
  return made;
}

}  // namespace

result<profile> parse_profile(std::string_view yaml, const std::string& file) {
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    reading in{file, std::nullopt};
    profile made = profile_of(in, root);
    if (in.why) return *in.why;
    return made;
  } catch (const YAML::Exception& why) {
    return error::of(fmt::format("{}:{}: {}", file, why.mark.line + 1, why.msg));
  }
}

}  // namespace plimsoll
