#include "plimsoll/catalogue/catalogue.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace plimsoll {

namespace generated {
extern const requirement requirements[];  // NOLINT(*-avoid-c-arrays): as long as the catalogue
extern const unsigned requirement_count;
}  // namespace generated

namespace {

constexpr std::array<std::string_view, 3> version_names{"1.0", "1.1", "1.2-dev"};
constexpr std::size_t id_count = std::size(generated::requirement_ids);

/// The table's row of each id, by the id's place in alphabetical order.
std::array<const requirement*, id_count> rows_by_index() {
  std::array<const requirement*, id_count> rows{};
  for (const requirement& row : all_requirements()) {
    const auto* const at = std::lower_bound(std::begin(generated::requirement_ids),
                                            std::end(generated::requirement_ids), row.id);
    rows.at(static_cast<std::size_t>(at - std::begin(generated::requirement_ids))) = &row;
  }
  return rows;
}

const requirement& row_at(std::size_t index) {
  static const auto rows = rows_by_index();
  return *rows.at(index);
}

}  // namespace

std::string_view to_string(spec_version version) noexcept {
  return version_names.at(static_cast<std::size_t>(version));
}

std::optional<spec_version> parse_spec_version(std::string_view text) noexcept {
  const auto* const found = std::find(version_names.begin(), version_names.end(), text);
  if (found == version_names.end()) return std::nullopt;
  return static_cast<spec_version>(found - version_names.begin());
}

std::optional<level> requirement::level_in(spec_version version) const noexcept {
  if (version < since) return std::nullopt;
  return version == spec_version::v1_2_dev ? strength_in_dev : strength;
}

verdict requirement::when_broken(spec_version version) const noexcept {
  const auto at = level_in(version);
  if (!at || *at == level::may) return verdict::pass;
  const bool binds = *at == level::must || *at == level::must_not;
  return binds && weight != rule_weight::advice ? verdict::fail : verdict::warn;
}

std::span<const requirement> all_requirements() noexcept {
  return {&generated::requirements[0], generated::requirement_count};
}

const requirement& find(requirement_id id) noexcept {
  return row_at(id.index());
}

const requirement* find_requirement(std::string_view id) noexcept {
  const auto* const begin = std::begin(generated::requirement_ids);
  const auto* const end = std::end(generated::requirement_ids);
  const auto* const found = std::lower_bound(begin, end, id);
  if (found == end || *found != id) return nullptr;
  return &row_at(static_cast<std::size_t>(found - begin));
}

}  // namespace plimsoll
