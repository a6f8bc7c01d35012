#include <algorithm>
#include <exception>
#include <set>

#include "images_yaml.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "workload_names.hpp"
#include "yaml_keys.hpp"

namespace plimsoll::load {
namespace {

constexpr std::size_t largest_file = 1u << 20u;
constexpr unsigned most_page = 1'000'000;
constexpr double largest_weight = 1e9;

// ---- pacing ----

yaml_reader rate_into(double& to) {
  return number_into(to, 0, highest_rate_per_second);
}

yaml_reader stages_into(std::vector<rate_stage>& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (!node.IsSequence() || node.size() == 0) return place.mismatch(node, "a list of stages");
    for (const auto& one : node) {
      // A stage begins where the last one ended, unless it says otherwise.
      const double before = to.empty() ? 0 : to.back().to_per_second;
      rate_stage& stage = to.emplace_back();
      stage.from_per_second = before;
      auto done = read_mapping(place, one,
                               {{"from", rate_into(stage.from_per_second)},
                                {"to", rate_into(stage.to_per_second)},
                                {"for", time_into(stage.lasting)}});
      if (!done) return done;
      if (stage.lasting.count() == 0) return place.fault(one, "for: expected a time above 0");
    }
    return {};
  };
}

yaml_reader burst_into(burst_plan& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    auto done = read_mapping(place, node,
                             {{"starts", count_into(to.starts, 1, std::uint64_t{most_clients})},
                              {"within", time_into(to.within)}});
    if (done && to.starts == 0) return place.fault(node, "expected starts: a number of them");
    return done;
  };
}

/// The rate alone of a constant plan; its length is that of the run.
struct paces {
  unsigned clients = 0;
  double rate = -1;
  std::vector<rate_stage> stages;
  burst_plan burst;
  spacing spaced = spacing::random;
};

yaml_reader pacing_into(paces& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    bool spaced = false;
    auto done = read_mapping(place, node,
                             {{"clients", count_into(to.clients, 1, most_clients)},
                              {"rate", rate_into(to.rate)},
                              {"stages", stages_into(to.stages)},
                              {"burst", burst_into(to.burst)},
                              {"spacing", [&](const yaml_place& at, const YAML::Node& value) {
                                 spaced = true;
                                 return name_into(to.spaced, spacing_names)(at, value);
                               }}});
    if (!done) return done;
    const int given = (to.clients > 0 ? 1 : 0) + (to.rate >= 0 ? 1 : 0) +
                      (to.stages.empty() ? 0 : 1) + (to.burst.starts > 0 ? 1 : 0);
    if (given != 1) {
      return place.fault(node, "expected one of clients, rate, stages or burst");
    }
    if (to.rate == 0) return place.fault(node, "rate: expected a number above 0");
    if (spaced && to.clients > 0) return place.fault(node, "clients have no spacing: remove it");
    if (!to.stages.empty() && expected_starts(rate_plan{to.stages, to.spaced}) == 0) {
      return place.fault(node, "the stages start nothing: every rate is 0");
    }
    return {};
  };
}

/// Fits pacing and duration together.
result<void> set_pace(const yaml_place& place, const YAML::Node& node, paces&& given,
                      workload& to) {
  if (given.clients > 0) {
    to.pace = closed_loop{given.clients};
  } else if (given.burst.starts > 0) {
    given.burst.spaced = given.spaced;
    if (given.burst.within > to.duration) {
      return place.fault(node["pacing"], "the burst is longer than the duration");
    }
    to.pace = given.burst;
  } else if (given.rate > 0) {
    to.pace = rate_plan{{{given.rate, given.rate, to.duration}}, given.spaced};
  } else if (!given.stages.empty()) {
    const rate_plan plan{std::move(given.stages), given.spaced};
    if (node["duration"] && length_of(plan) != to.duration) {
      return place.fault(node["duration"],
                         "differs from the length of the stages: remove it, the stages decide");
    }
    if (length_of(plan) > longest_run) {
      return place.fault(node["pacing"], "the stages are longer than a week");
    }
    to.duration = length_of(plan);
    to.pace = plan;
  }
  return {};
}

// ---- operations ----

bool uploads(operation_kind kind) {
  return kind == operation_kind::image_push || kind == operation_kind::blob_push;
}

result<void> check_use(const yaml_place& place, const YAML::Node& node, const operation& one) {
  const bool whole_image =
      one.kind == operation_kind::image_pull || one.kind == operation_kind::image_push;
  const bool in_parts =
      one.upload == upload_method::chunked || one.kind == operation_kind::blob_pull_range;
  const bool lists =
      one.kind == operation_kind::tag_list || one.kind == operation_kind::catalogue_list;
  using use = std::pair<const char*, bool>;
  const std::array uses{use{"upload", uploads(one.kind)},
                        use{"part-size", in_parts},
                        use{"warm", one.kind == operation_kind::image_pull},
                        use{"parallel", whole_image},
                        use{"ask", whole_image},
                        use{"new-repository", one.kind == operation_kind::image_push},
                        use{"page", lists}};
  for (const auto& [key, used] : uses) {
    if (!node[key] || used) continue;
    return place.fault(
        node[key], fmt::format("{} has no meaning for {}: remove it", key, to_string(one.kind)));
  }
  if (one.weight <= 0) return place.fault(node, "expected a weight above 0");
  return {};
}

bool is_operation_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !name.empty() && name.size() <= 40 &&
         name.find_first_not_of(allowed) == std::string_view::npos && name != "errors";
}

result<void> read_operation(const yaml_place& place, const YAML::Node& node, operation& to) {
  if (node.IsMap() && !node["do"]) {
    return place.fault(node, "expected do: what the operation does, " + any_of(operation_names));
  }
  auto done = read_mapping(place, node,
                           {{"do", name_into(to.kind, operation_names)},
                            {"weight", number_into(to.weight, 0, largest_weight)},
                            {"upload", name_into(to.upload, upload_names)},
                            {"part-size", bytes_into(to.part_bytes)},
                            {"warm", number_into(to.warm, 0, 1)},
                            {"parallel", count_into(to.parallel, 1, 64)},
                            {"same-image", switch_into(to.same_image)},
                            {"ask", switch_into(to.ask)},
                            {"new-repository", switch_into(to.new_repository)},
                            {"page", count_into(to.page, 0, most_page)}});
  if (!done) return done;
  // What docker does, unless the file says otherwise: 3 downloads, and 5 uploads of what the
  // registry has not got, at a time.
  if (to.kind == operation_kind::image_push && !node["parallel"]) to.parallel = 5;
  if (to.kind == operation_kind::image_push && !node["ask"]) to.ask = true;
  return check_use(place, node, to);
}

yaml_reader operations_into(std::vector<operation>& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (!node.IsMap() || node.size() == 0) {
      return place.mismatch(node, "a mapping of operations' names to what they do");
    }
    std::set<std::string> names;
    for (const auto& entry : node) {
      const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (!is_operation_name(name)) {
        return place.fault(entry.first,
                           "expected a name of small letters, digits and dashes, not \"errors\"");
      }
      if (!names.insert(name).second) {
        return place.fault(entry.first, fmt::format("\"{}\" is given twice", name));
      }
      operation& one = to.emplace_back();
      one.name = name;
      if (auto done = read_operation(place.under(name), entry.second, one); !done) return done;
    }
    return {};
  };
}

yaml_reader texts_into(std::vector<std::string>& to) {
  return [&to](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (!node.IsSequence()) return place.mismatch(node, "a list of texts");
    for (const auto& one : node) {
      if (auto done = text_into(to.emplace_back())(place, one); !done) return done;
    }
    return {};
  };
}

// ---- the file ----

std::string name_of(const std::string& file) {
  std::string name = file.substr(file.rfind('/') + 1);
  for (const std::string_view ending : {".yaml", ".yml"}) {
    if (name.size() > ending.size() && std::string_view(name).ends_with(ending)) {
      name.resize(name.size() - ending.size());
    }
  }
  return name;
}

result<workload> read_workload(const yaml_place& place, const YAML::Node& node) {
  workload made;
  made.name = name_of(place.file);
  paces pace;
  const auto done = read_mapping(place, node,
                                 {{"description", text_into(made.description)},
                                  {"duration", time_into(made.duration)},
                                  {"pacing", pacing_into(pace)},
                                  {"images", images_into(made.content)},
                                  {"popularity", popularity_into(made.asked_for)},
                                  {"operations", operations_into(made.operations)},
                                  {"verify", name_into(made.verify, verify_names)},
                                  {"content", name_into(made.bytes, content_names)},
                                  {"objectives", texts_into(made.objectives)}});
  if (!done) return done.error();
  if (made.operations.empty()) return place.fault(node, "expected operations: what clients do");
  if (made.duration.count() == 0) return place.fault(node["duration"], "expected a time above 0");
  if (const auto fits = set_pace(place, node, std::move(pace), made); !fits) return fits.error();
  return made;
}

}  // namespace

result<workload> parse_workload(const std::string& yaml, const std::string& file) {
  if (yaml.size() > largest_file) {
    return error::of(
        fmt::format("{}: expected at most 1 MiB, received {} bytes", file, yaml.size()));
  }
  try {
    const auto documents = YAML::LoadAll(yaml);
    if (documents.size() != 1 || documents.front().IsNull()) {
      return error::of(
          fmt::format("{}: expected one YAML document, received {}", file,
                      documents.size() == 1 ? "an empty one" : std::to_string(documents.size())));
    }
    return read_workload({file}, documents.front());
  } catch (const YAML::Exception& why) {
    return error::of(fmt::format("{}:{}: not YAML: {}", file, why.mark.line + 1, why.msg));
  } catch (const std::exception&) {
    return error::of(fmt::format("{}: cannot be read as YAML", file));
  }
}

}  // namespace plimsoll::load
