#include <algorithm>
#include <exception>
#include <set>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "fields.hpp"
#include "foreign_names.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll {
namespace {

struct reading {
  const std::string& file;
  dialect keys;
  std::vector<std::string>& ignored;
  std::vector<given_value> found;

  [[nodiscard]] std::string at(const YAML::Mark& mark) const {
    return fmt::format("{}:{}", file, mark.line + 1);
  }
  [[nodiscard]] error fault(const YAML::Mark& mark, std::string_view what) const {
    return error::of(fmt::format("{}: {}", at(mark), what));
  }
  [[nodiscard]] std::string_view path_of(const field& each) const {
    return keys == dialect::ours ? each.name : each.official;
  }
};

// What may stand right under `prefix`, which is empty or ends in a dot.
std::vector<std::string_view> keys_under(const reading& into, std::string_view prefix) {
  std::vector<std::string_view> keys;
  for (const field& each : all_fields()) {
    std::string_view path = into.path_of(each);
    if (path.empty() || !path.starts_with(prefix)) continue;
    path.remove_prefix(prefix.size());
    const auto key = path.substr(0, path.find('.'));
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

std::string_view kind_of(const YAML::Node& node) {
  return node.IsMap() ? "a mapping" : node.IsSequence() ? "a list" : "a single value";
}

result<void> read_value(reading& into, const field& of, const YAML::Node& node) {
  const bool list = of.form == field::shape::list;
  if (node.IsNull()) return {};
  if (list ? !node.IsSequence() : !node.IsScalar()) {
    return into.fault(node.Mark(), fmt::format("{}: expected {}, received {}", into.path_of(of),
                                               list ? "a list" : "a single value", kind_of(node)));
  }
  std::vector<std::string> parts;
  if (!list) parts.push_back(node.Scalar());
  if (list) {
    for (const auto& each : node) {
      if (!each.IsScalar()) {
        return into.fault(each.Mark(),
                          fmt::format("{}: expected a list of single values", into.path_of(of)));
      }
      parts.push_back(each.Scalar());
    }
  }
  const bool empty = !list && parts.front().empty();
  if (!empty) {
    into.found.push_back({&of,
                          std::move(parts),
                          {source::file, into.at(node.Mark())},
                          std::string(into.path_of(of))});
  }
  return {};
}

const field* field_at(const reading& into, std::string_view path) {
  const auto fields = all_fields();
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const field& each) { return into.path_of(each) == path; });
  return found == fields.end() ? nullptr : &*found;
}

// What the official suite writes into the configuration of its reports, and reads back.
bool is_report_only(const reading& into, std::string_view path) {
  return into.keys == dialect::official && (path == "commit" || path == "legacy");
}

// The depth is bounded by that of the known keys. NOLINTNEXTLINE(misc-no-recursion)
result<void> read_mapping(reading& into, const std::string& prefix, const YAML::Node& mapping) {
  const auto known = keys_under(into, prefix);
  std::set<std::string> seen;
  for (const auto& entry : mapping) {
    const YAML::Node key = entry.first;
    if (!key.IsScalar()) return into.fault(key.Mark(), "expected a key");
    const std::string path = prefix + key.Scalar();
    if (!seen.insert(path).second) {
      return into.fault(key.Mark(), fmt::format("{}: given twice", printable(path)));
    }
    if (is_report_only(into, path)) continue;
    const bool is_known = std::find(known.begin(), known.end(), key.Scalar()) != known.end();
    // `private` is a flag of serve, and a mapping of ours.
    const bool is_foreign = !is_known || (field_at(into, path) == nullptr && !entry.second.IsMap());
    if (is_foreign && into.keys == dialect::ours && is_of_another_command(path)) {
      into.ignored.push_back(
          fmt::format("{}: {} is ignored: it is for another command", into.at(key.Mark()), path));
      continue;
    }
    if (!is_known) {
      return into.fault(key.Mark(), fmt::format("{}: unknown key{}", printable(path),
                                                suggestion(key.Scalar(), known)));
    }
    result<void> done;
    if (const field* const of = field_at(into, path)) {
      done = read_value(into, *of, entry.second);
    } else if (entry.second.IsMap()) {
      done = read_mapping(into, path + ".", entry.second);
    } else if (!entry.second.IsNull()) {
      done = into.fault(entry.second.Mark(), fmt::format("{}: expected a mapping, received {}",
                                                         path, kind_of(entry.second)));
    }
    if (!done) return done;
  }
  return {};
}

}  // namespace

result<std::vector<given_value>> read_yaml(const std::string& text, const std::string& file,
                                           dialect keys, std::vector<std::string>& ignored) {
  reading into{file, keys, ignored, {}};
  try {
    const auto documents = YAML::LoadAll(text);
    if (documents.size() > 1) {
      return error::of(
          fmt::format("{}: expected one YAML document, received {}", file, documents.size()));
    }
    if (documents.empty() || documents.front().IsNull()) return into.found;
    if (!documents.front().IsMap()) {
      return into.fault(documents.front().Mark(),
                        fmt::format("expected a mapping of keys to values, received {}",
                                    kind_of(documents.front())));
    }
    if (const auto done = read_mapping(into, "", documents.front()); !done) return done.error();
  } catch (const YAML::Exception& why) {
    // What is behind a colon repeats the text, which may be a password.
    const std::string_view message = why.msg;
    return into.fault(why.mark, fmt::format("not YAML: {}", message.substr(0, message.find(':'))));
  } catch (const std::exception&) {
    return error::of(fmt::format("{}: cannot be read as YAML", file));
  }
  return into.found;
}

}  // namespace plimsoll
