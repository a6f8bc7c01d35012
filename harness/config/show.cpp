#include <fmt/format.h>

#include "fields.hpp"
#include "plimsoll/base/text.hpp"

namespace plimsoll {

std::vector<setting_info> settings() {
  using kind = setting_info::kind;
  std::vector<setting_info> all;
  for (const field& each : all_fields()) {
    if (each.name.empty()) continue;
    const kind takes = each.form == field::shape::list      ? kind::list
                       : each.form == field::shape::boolean ? kind::boolean
                                                            : kind::one;
    all.push_back({each.name, each.help, takes});
  }
  return all;
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
