#include "part.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "switches.hpp"

namespace plimsoll {
namespace {

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

bool matches_filter(const configuration& chosen, std::string_view id) {
  return id.find(chosen.filter) != std::string_view::npos;
}

bool matches_category(const configuration& chosen, std::string_view category) {
  return chosen.category.empty() || category == chosen.category;
}

bool pushes(const scenario& what) {
  return what.stands_on == basis::pushed || what.stands_on == basis::given_private;
}

/// A flag, and a file that a flag names, are given for this run; what lies about may be left over.
bool is_meant(source from) {
  return from == source::flag || from == source::named_file;
}

/// Collects the restrictions of one configuration.
class part_builder {
 public:
  part_builder(const configuration& chosen, std::span<const scenario* const> all,
               std::span<const observer> observers)
      : chosen_(chosen), all_(all), observers_(observers) {}

  std::optional<run_part> build() {
    add("filter", chosen_.filter, count_left_out([&](std::string_view id, std::string_view) {
          return !matches_filter(chosen_, id);
        }));
    add("category", chosen_.category,
        count_left_out([&](std::string_view id, std::string_view category) {
          return matches_filter(chosen_, id) && !matches_category(chosen_, category);
        }));
    if (chosen_.read_only) {
      add("read-only", "true", count_pushing());
    } else if (!chosen_.apis.push) {
      add("apis.push", "false", count_pushing());
    }
    for (const feature_switch& each : feature_switches()) add_switch(each);
    if (part_.restrictions.empty()) return std::nullopt;
    part_.scenarios_in_suite = all_.size() + observers_.size();
    return std::move(part_);
  }

 private:
  template <class Predicate>
  [[nodiscard]] std::size_t count_left_out(Predicate is_left_out) const {
    const auto scenarios = std::count_if(all_.begin(), all_.end(), [&](const scenario* each) {
      return is_left_out(each->id, each->category);
    });
    const auto rules =
        std::count_if(observers_.begin(), observers_.end(),
                      [&](const observer& each) { return is_left_out(each.id, each.category); });
    return static_cast<std::size_t>(scenarios + rules);
  }

  [[nodiscard]] std::size_t count_pushing() const {
    return static_cast<std::size_t>(
        std::count_if(all_.begin(), all_.end(), [&](const scenario* each) {
          return is_chosen(chosen_, each->id, each->category) && pushes(*each);
        }));
  }

  void add(std::string_view setting, std::string value, std::size_t scenarios) {
    if (scenarios != 0) add_restriction(setting, std::move(value), counted(scenarios, "scenario"));
  }

  void add_restriction(std::string_view setting, std::string value, std::string leaves_out) {
    const auto origin = chosen_.origins.find(setting);
    const bool known = origin != chosen_.origins.end();
    const bool is_feature =
        setting.starts_with("data.") ||
        (setting.starts_with("apis.") && setting != "apis.push" && setting != "apis.pull");
    part_.restrictions.push_back({std::string(setting), std::move(value),
                                  origin_of(chosen_, setting), std::move(leaves_out),
                                  is_feature || !known || is_meant(origin->second.from)});
  }

  void add_switch(const feature_switch& each) {
    if (each.on(chosen_) || !chosen_.origins.contains(each.setting)) return;
    if (!each.on(default_configuration(chosen_.version))) return;
    std::set<std::string_view> rules;
    for (const scenario* const what : all_) add_rules(each, what->judges, rules);
    for (const observer& what : observers_) add_rules(each, what.judges, rules);
    if (rules.empty()) return;
    add_restriction(each.setting, "false", counted(rules.size(), "rule"));
  }

  void add_rules(const feature_switch& each, std::span<const requirement_id> judged,
                 std::set<std::string_view>& rules) const {
    for (const requirement_id id : judged) {
      if (find(id).level_in(chosen_.version) && covers(each, id.str())) rules.insert(id.str());
    }
  }

  const configuration& chosen_;
  std::span<const scenario* const> all_;
  std::span<const observer> observers_;
  run_part part_;
};

}  // namespace

bool is_chosen(const configuration& chosen, std::string_view id, std::string_view category) {
  return matches_category(chosen, category) && matches_filter(chosen, id);
}

std::string origin_of(const configuration& chosen, std::string_view setting) {
  const auto found = chosen.origins.find(setting);
  return found == chosen.origins.end() ? "default" : found->second.where;
}

std::optional<run_part> part_of(const configuration& chosen, std::span<const scenario* const> all,
                                std::span<const observer> observers) {
  return part_builder(chosen, all, observers).build();
}

}  // namespace plimsoll
