#include <fmt/format.h>

#include "fields.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll {

std::vector<std::string_view> setting_names() {
  std::vector<std::string_view> names;
  for (const field& each : all_fields()) {
    if (!each.name.empty()) names.push_back(each.name);
  }
  return names;
}

std::vector<shown_value> values_of(const configuration& chosen) {
  std::vector<shown_value> rows;
  for (const field& each : all_fields()) {
    if (each.name.empty()) continue;
    std::string text = each.text(chosen);
    if (each.form == field::shape::secret && !text.empty()) text = "***";
    const auto known = chosen.origins.find(each.name);
    const bool given = known != chosen.origins.end() && known->second.from != source::default_value;
    rows.push_back({std::string(each.name), std::move(text),
                    given ? known->second.where : std::string("default")});
  }
  return rows;
}

std::string show(const configuration& chosen) {
  std::string lines;
  for (const auto& row : values_of(chosen)) {
    const std::string value = row.value.empty() ? "-" : printable(row.value, 1000);
    lines += fmt::format("{} = {} ({})\n", row.name, value, printable(row.from, 1000));
  }
  return lines;
}

}  // namespace plimsoll
