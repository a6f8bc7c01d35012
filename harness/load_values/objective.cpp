#include "plimsoll/load_values/objective.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "names.hpp"
#include "quantity.hpp"

namespace plimsoll::load {
namespace {

using comparison = objective::comparison;

// Longer ones first, so that "<=" is not read as "<".
constexpr std::array<std::pair<std::string_view, comparison>, 4> signs{
    {{"<=", comparison::at_most},
     {">=", comparison::at_least},
     {"<", comparison::below},
     {">", comparison::above}}};

/// Parses the text before an ending; nothing where the text does not end with it.
template <class Parse>
auto without(std::string_view text, std::string_view ending, Parse parse) {
  using parsed = decltype(parse(text));
  if (!text.ends_with(ending)) return parsed();
  return parse(text.substr(0, text.size() - ending.size()));
}

std::optional<double> parse_limit(metric_kind kind, std::string_view text) {
  switch (kind) {
    case metric_kind::rate:
      return without(text, "/s", parse_number);
    case metric_kind::throughput:
      if (const auto bytes = without(text, "/s", parse_bytes)) return static_cast<double>(*bytes);
      return std::nullopt;
    case metric_kind::errors: {
      const auto percentage = without(text, "%", parse_number);
      if (!percentage || *percentage > 100) return std::nullopt;
      return *percentage / 100;
    }
    case metric_kind::quantile:
    case metric_kind::mean:
    case metric_kind::max:
      break;
  }
  if (const auto time = parse_time(text)) return static_cast<double>(time->count());
  return std::nullopt;
}

std::string_view limit_form(metric_kind kind) {
  switch (kind) {
    case metric_kind::rate:
      return "a number a second, for example 500/s";
    case metric_kind::throughput:
      return "bytes a second, for example 1GB/s";
    case metric_kind::errors:
      return "a percentage, for example 0.1%";
    case metric_kind::quantile:
    case metric_kind::mean:
    case metric_kind::max:
      break;
  }
  return "a time, for example 250ms";
}

bool holds(double value, comparison must_be, double limit) {
  switch (must_be) {
    case comparison::below:
      return value < limit;
    case comparison::at_most:
      return value <= limit;
    case comparison::above:
      return value > limit;
    case comparison::at_least:
      break;
  }
  return value >= limit;
}

std::string without_spaces(std::string_view text) {
  std::string dense;
  for (const char c : text) {
    if (c != ' ' && c != '\t') dense += c;
  }
  return dense;
}

error objective_error(std::string_view text, std::string_view reason) {
  return error::of(fmt::format("objective \"{}\": {}", printable(text, 80), reason));
}

}  // namespace

result<objective> parse_objective(std::string_view text, std::span<const std::string_view> names) {
  const std::string dense = without_spaces(text);
  const std::size_t sign_position = dense.find_first_of("<>");
  if (sign_position == std::string::npos) {
    return objective_error(text, "expected <, <=, > or >=, as in pull.p99<250ms");
  }
  const auto read = parse_metric(std::string_view(dense).substr(0, sign_position));
  if (!read) return objective_error(text, read.error().what());
  if (!read->operation.empty() && !names.empty() &&
      std::find(names.begin(), names.end(), read->operation) == names.end()) {
    return objective_error(text, fmt::format("there is no operation \"{}\", expected {}{}",
                                             printable(read->operation, 60), any_of(names),
                                             suggestion(read->operation, names)));
  }
  const std::string_view rest = std::string_view(dense).substr(sign_position);
  const auto* const sign = std::find_if(signs.begin(), signs.end(), [rest](const auto& known) {
    return rest.starts_with(known.first);
  });
  const std::string_view limit_text = rest.substr(sign->first.size());
  const auto limit = parse_limit(read->kind, limit_text);
  if (!limit) {
    return objective_error(text, fmt::format("received the limit \"{}\", expected {}",
                                             printable(limit_text, 60), limit_form(read->kind)));
  }
  return objective{std::string(text), *read, sign->second, *limit};
}

result<std::vector<objective>> objectives_of(const workload& load,
                                             std::span<const std::string_view> step_names) {
  std::vector<std::string_view> names;
  for (const operation& operation : load.operations) names.emplace_back(operation.name);
  names.insert(names.end(), step_names.begin(), step_names.end());
  std::vector<objective> read;
  for (const std::string& text : load.objectives) {
    auto objective = parse_objective(text, names);
    if (!objective) return objective.error();
    read.push_back(std::move(*objective));
  }
  return read;
}

judged_objective judge(const objective& objective, const load_result& run) {
  const auto value = value_of(objective.metric, run);
  if (!value) return {objective.text, objective_outcome::refused, value.error().what()};
  const bool kept = holds(*value, objective.must_be, objective.limit);
  return {objective.text, kept ? objective_outcome::kept : objective_outcome::broken,
          shown_value(objective.metric.kind, *value)};
}

}  // namespace plimsoll::load
