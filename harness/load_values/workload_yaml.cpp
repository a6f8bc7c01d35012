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

yaml_reader rate_into(double& rate) {
  return number_into(rate, 0, highest_rate_per_second);
}

yaml_reader stages_into(std::vector<rate_stage>& stages) {
  return [&stages](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (!node.IsSequence() || node.size() == 0) return place.mismatch(node, "a list of stages");
    for (const auto& stage_node : node) {
      // A stage begins where the last one ended, unless it says otherwise.
      const double before = stages.empty() ? 0 : stages.back().to_per_second;
      rate_stage& stage = stages.emplace_back();
      stage.from_per_second = before;
      auto done = read_mapping(place, stage_node,
                               {{"from", rate_into(stage.from_per_second)},
                                {"to", rate_into(stage.to_per_second)},
                                {"for", time_into(stage.lasting)}});
      if (!done) return done;
      if (stage.lasting.count() == 0) {
        return place.error_at(stage_node, "for: expected a time above 0");
      }
    }
    return {};
  };
}

yaml_reader burst_into(burst_plan& burst) {
  return [&burst](const yaml_place& place, const YAML::Node& node) -> result<void> {
    auto done = read_mapping(place, node,
                             {{"starts", count_into(burst.starts, 1, std::uint64_t{most_clients})},
                              {"within", time_into(burst.within)}});
    if (done && burst.starts == 0) return place.error_at(node, "expected starts: a number of them");
    return done;
  };
}

/// The rate alone of a constant plan; its length is that of the run.
struct pacing_keys {
  unsigned clients = 0;
  double rate = -1;
  std::vector<rate_stage> stages;
  burst_plan burst;
  spacing spaced = spacing::random;
};

yaml_reader pacing_into(pacing_keys& keys) {
  return [&keys](const yaml_place& place, const YAML::Node& node) -> result<void> {
    bool spaced = false;
    auto done =
        read_mapping(place, node,
                     {{"clients", count_into(keys.clients, 1, most_clients)},
                      {"rate", rate_into(keys.rate)},
                      {"stages", stages_into(keys.stages)},
                      {"burst", burst_into(keys.burst)},
                      {"spacing", [&](const yaml_place& value_place, const YAML::Node& value) {
                         spaced = true;
                         return name_into(keys.spaced, spacing_names)(value_place, value);
                       }}});
    if (!done) return done;
    const int count = (keys.clients > 0 ? 1 : 0) + (keys.rate >= 0 ? 1 : 0) +
                      (keys.stages.empty() ? 0 : 1) + (keys.burst.starts > 0 ? 1 : 0);
    if (count != 1) {
      return place.error_at(node, "expected one of clients, rate, stages or burst");
    }
    if (keys.rate == 0) return place.error_at(node, "rate: expected a number above 0");
    if (spaced && keys.clients > 0) {
      return place.error_at(node, "clients have no spacing: remove it");
    }
    if (!keys.stages.empty() && expected_starts(rate_plan{keys.stages, keys.spaced}) == 0) {
      return place.error_at(node, "the stages start nothing: every rate is 0");
    }
    return {};
  };
}

/// Fits pacing and duration together.
result<void> set_pace(const yaml_place& place, const YAML::Node& node, pacing_keys&& keys,
                      workload& workload) {
  if (keys.clients > 0) {
    workload.pace = closed_loop{keys.clients};
  } else if (keys.burst.starts > 0) {
    keys.burst.spaced = keys.spaced;
    if (keys.burst.within > workload.duration) {
      return place.error_at(node["pacing"], "the burst is longer than the duration");
    }
    workload.pace = keys.burst;
  } else if (keys.rate > 0) {
    workload.pace = rate_plan{{{keys.rate, keys.rate, workload.duration}}, keys.spaced};
  } else if (!keys.stages.empty()) {
    const rate_plan plan{std::move(keys.stages), keys.spaced};
    if (node["duration"] && length_of(plan) != workload.duration) {
      return place.error_at(node["duration"],
                            "differs from the length of the stages: remove it, the stages decide");
    }
    if (length_of(plan) > longest_run) {
      return place.error_at(node["pacing"], "the stages are longer than a week");
    }
    workload.duration = length_of(plan);
    workload.pace = plan;
  }
  return {};
}

// ---- operations ----

bool uploads(operation_kind kind) {
  return kind == operation_kind::image_push || kind == operation_kind::blob_push;
}

result<void> check_use(const yaml_place& place, const YAML::Node& node,
                       const operation& operation) {
  const bool whole_image =
      operation.kind == operation_kind::image_pull || operation.kind == operation_kind::image_push;
  const bool in_parts = operation.upload == upload_method::chunked ||
                        operation.kind == operation_kind::blob_pull_range;
  const bool lists = operation.kind == operation_kind::tag_list ||
                     operation.kind == operation_kind::catalogue_list;
  using use = std::pair<const char*, bool>;
  const std::array uses{use{"upload", uploads(operation.kind)},
                        use{"part-size", in_parts},
                        use{"warm", operation.kind == operation_kind::image_pull},
                        use{"parallel", whole_image},
                        use{"ask", whole_image},
                        use{"new-repository", operation.kind == operation_kind::image_push},
                        use{"page", lists}};
  for (const auto& [key, used] : uses) {
    if (!node[key] || used) continue;
    return place.error_at(node[key], fmt::format("{} has no meaning for {}: remove it", key,
                                                 to_string(operation.kind)));
  }
  if (operation.weight <= 0) return place.error_at(node, "expected a weight above 0");
  return {};
}

bool is_operation_name(std::string_view name) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  return !name.empty() && name.size() <= 40 &&
         name.find_first_not_of(allowed) == std::string_view::npos && name != "errors";
}

result<void> read_operation(const yaml_place& place, const YAML::Node& node, operation& operation) {
  if (node.IsMap() && !node["do"]) {
    return place.error_at(node, "expected do: what the operation does, " + any_of(operation_names));
  }
  auto done = read_mapping(place, node,
                           {{"do", name_into(operation.kind, operation_names)},
                            {"weight", number_into(operation.weight, 0, largest_weight)},
                            {"upload", name_into(operation.upload, upload_names)},
                            {"part-size", bytes_into(operation.part_bytes)},
                            {"warm", number_into(operation.warm, 0, 1)},
                            {"parallel", count_into(operation.parallel, 1, 64)},
                            {"same-image", switch_into(operation.same_image)},
                            {"ask", switch_into(operation.ask)},
                            {"new-repository", switch_into(operation.new_repository)},
                            {"page", count_into(operation.page, 0, most_page)}});
  if (!done) return done;
  // What docker does, unless the file says otherwise: 3 downloads, and 5 uploads of what the
  // registry has not got, at a time.
  if (operation.kind == operation_kind::image_push && !node["parallel"]) operation.parallel = 5;
  if (operation.kind == operation_kind::image_push && !node["ask"]) operation.ask = true;
  return check_use(place, node, operation);
}

yaml_reader operations_into(std::vector<operation>& operations) {
  return [&operations](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (!node.IsMap() || node.size() == 0) {
      return place.mismatch(node, "a mapping of operations' names to what they do");
    }
    std::set<std::string> names;
    for (const auto& entry : node) {
      const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "";
      if (!is_operation_name(name)) {
        return place.error_at(
            entry.first, "expected a name of small letters, digits and dashes, not \"errors\"");
      }
      if (!names.insert(name).second) {
        return place.error_at(entry.first, fmt::format("\"{}\" is given twice", name));
      }
      operation& operation = operations.emplace_back();
      operation.name = name;
      if (auto done = read_operation(place.under(name), entry.second, operation); !done) {
        return done;
      }
    }
    return {};
  };
}

yaml_reader texts_into(std::vector<std::string>& texts) {
  return [&texts](const yaml_place& place, const YAML::Node& node) -> result<void> {
    if (!node.IsSequence()) return place.mismatch(node, "a list of texts");
    for (const auto& text : node) {
      if (auto done = text_into(texts.emplace_back())(place, text); !done) return done;
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
  workload workload;
  workload.name = name_of(place.file);
  pacing_keys pace;
  const auto done = read_mapping(place, node,
                                 {{"description", text_into(workload.description)},
                                  {"duration", time_into(workload.duration)},
                                  {"pacing", pacing_into(pace)},
                                  {"images", images_into(workload.content)},
                                  {"popularity", popularity_into(workload.demand)},
                                  {"operations", operations_into(workload.operations)},
                                  {"verify", name_into(workload.verify, verify_names)},
                                  {"content", name_into(workload.bytes, content_names)},
                                  {"objectives", texts_into(workload.objectives)}});
  if (!done) return done.error();
  if (workload.operations.empty()) {
    return place.error_at(node, "expected operations: what clients do");
  }
  if (workload.duration.count() == 0) {
    return place.error_at(node["duration"], "expected a time above 0");
  }
  if (const auto fits = set_pace(place, node, std::move(pace), workload); !fits) {
    return fits.error();
  }
  return workload;
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
  } catch (const YAML::Exception& failure) {
    return error::of(fmt::format("{}:{}: not YAML: {}", file, failure.mark.line + 1, failure.msg));
  } catch (const std::exception&) {
    return error::of(fmt::format("{}: cannot be read as YAML", file));
  }
}

}  // namespace plimsoll::load
