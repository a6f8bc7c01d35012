#include "plimsoll/certificate/certificate.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/certificate/envelope.hpp"
#include "statement.hpp"

namespace plimsoll::certificates {
namespace {

constexpr std::array<std::string_view, 4> all_categories{"pull", "push", "discovery", "management"};

bool holds(verdict outcome) {
  return outcome == verdict::pass || outcome == verdict::unsupported || outcome == verdict::warn;
}

std::size_t counted(const certificate& what, verdict outcome) {
  std::size_t all = 0;
  for (const category_result& category : what.categories) {
    for (const auto& [one, number] : category.scenarios) all += one == outcome ? number : 0;
  }
  return all;
}

/// Scenarios that are in the categories' numbers, and nowhere by name. An optional feature that is
/// not offered is named among the skipped.
std::string unnamed(const certificate& what) {
  const std::array named{std::pair{verdict::pass, what.passed.size()},
                         std::pair{verdict::warn, what.warned.size()},
                         std::pair{verdict::fail, what.failed.size()},
                         std::pair{verdict::skipped, what.skipped.size()}};
  for (const auto& [outcome, names] : named) {
    std::size_t number = counted(what, outcome);
    if (outcome == verdict::skipped) number += counted(what, verdict::unsupported);
    if (number == names) continue;
    return fmt::format("{} scenarios are named with the verdict {}, and {} are counted", names,
                       to_string(outcome), number);
  }
  for (const verdict outcome : {verdict::blocked, verdict::error}) {
    const std::size_t number = counted(what, outcome);
    if (number != 0) return fmt::format("{} scenarios are {}", number, to_string(outcome));
  }
  return {};
}

std::string broken_category(const certificate& what) {
  for (const std::string_view name : all_categories) {
    const auto found = std::find_if(what.categories.begin(), what.categories.end(),
                                    [&](const auto& one) { return one.category == name; });
    if (found == what.categories.end()) return fmt::format("nothing of {} was judged", name);
    if (!holds(found->outcome)) {
      return fmt::format("the verdict on {} is {}", name, to_string(found->outcome));
    }
  }
  return {};
}

/// What is missing of what this program's suite would have judged.
std::string missing_scenario(const certificate& what, const evidence& beside) {
  if (what.suite_version != beside.suite_version) return {};
  std::set<std::string_view> named(what.passed.begin(), what.passed.end());
  named.insert(what.warned.begin(), what.warned.end());
  for (const auto& [id, reason] : what.skipped) named.insert(id);
  for (const std::string& id : beside.scenarios) {
    if (!named.contains(id)) return fmt::format("it says nothing of the scenario {}", id);
  }
  return {};
}

std::string other_digest(std::string_view of, const oci::digest& certified,
                         const std::optional<oci::digest>& found) {
  if (!found || *found == certified) return {};
  return fmt::format("it is about another {}: {}, and this one is {}", of,
                     certified.empty() ? "none" : certified.str(), found->str());
}

/// Everything but the signature, in the order in which it weighs.
std::string complaint(const certificate& what, const evidence& beside) {
  for (std::string one : {other_digest("result", what.result, beside.result),
                          other_digest("proof", what.proof.digest, beside.proof),
                          other_digest("artifact", what.product.digest, beside.product),
                          shortfall(what), missing_scenario(what, beside)}) {
    if (!one.empty()) return one;
  }
  return {};
}

}  // namespace

certificate certificate_of(const run_result& run) {
  certificate out;
  out.registry = run.registry;
  out.spec_version = run.spec_version;
  out.profile = run.profile;
  out.run_id = run.run_id;
  out.started = run.started;
  out.suite_version = run.version;
  out.categories = run.categories;
  std::string settings;
  for (const auto& [name, value] : run.configuration) {
    settings += fmt::format("{} = {}\n", name, value);
  }
  out.configuration = oci::digest_of(settings);
  for (const scenario_result& one : run.scenarios) {
    if (one.outcome == verdict::pass) out.passed.push_back(one.id);
    if (one.outcome == verdict::warn) out.warned.push_back(one.id);
    if (one.outcome == verdict::fail) out.failed.push_back(one.id);
    if (one.outcome == verdict::skipped) out.skipped.emplace_back(one.id, one.reason);
    if (one.outcome == verdict::unsupported) {
      out.skipped.emplace_back(one.id, "not offered: " + one.reason);
    }
  }
  return out;
}

proof_summary summary_of(const proof_result& proof, std::string_view json) {
  proof_summary out;
  out.faults = proof.faults.size();
  out.variants = proof.variants.size();
  for (const fault_proof& one : proof.faults) out.caught += one.caught ? 1 : 0;
  for (const variant_proof& one : proof.variants) out.clean += one.clean ? 1 : 0;
  out.digest = oci::digest_of(json);
  return out;
}

std::string shortfall(const certificate& what) {
  if (what.profile != "certification") {
    return fmt::format("it was judged by the profile {}; only certification certifies",
                       printable(what.profile));
  }
  if (!what.failed.empty()) {
    return fmt::format("{} scenarios fail, the first is {}", what.failed.size(),
                       printable(what.failed.front()));
  }
  for (std::string one : {broken_category(what), unnamed(what)}) {
    if (!one.empty()) return one;
  }
  const proof_summary& proof = what.proof;
  if (proof.faults == 0 || proof.variants == 0 || proof.caught != proof.faults ||
      proof.clean != proof.variants) {
    return fmt::format("the suite's proof does not hold: {} of {} faults, {} of {} variants",
                       proof.caught, proof.faults, proof.clean, proof.variants);
  }
  if (what.result.empty() || proof.digest.empty() || what.configuration.empty()) {
    return "a digest is missing";
  }
  if (what.product.name.empty() || what.product.version.empty()) {
    return "it does not say which product is certified";
  }
  return {};
}

bool agrees(const certificate& what, const run_result& run) {
  certificate again = certificate_of(run);
  again.product = what.product;
  again.proof = what.proof;
  again.issued = what.issued;
  again.result = what.result;
  return to_statement(again) == to_statement(what);
}

result<std::string> issue(const certificate& what, const private_key& key) {
  const auto made = sign(std::string(statement_type), to_statement(what), key);
  if (!made) return made.error();
  return to_json(*made);
}

judgement judge(std::string_view file, const public_key& key, const evidence& beside) {
  const auto opened = parse_envelope(file);
  if (!opened) return {standing::not_certified, opened.error().what(), {}};
  if (const auto good = verify(*opened, key); !good) {
    return {standing::not_certified, good.error().what(), {}};
  }
  if (opened->payload_type != statement_type) {
    return {standing::not_certified,
            fmt::format("what was signed is no in-toto statement, but {}",
                        printable(opened->payload_type)),
            {}};
  }
  const read_statement read = parse_statement(opened->payload);
  if (!read.wrong.empty()) {
    return {read.is_newer ? standing::not_judged : standing::not_certified, read.wrong, {}};
  }
  std::string why = complaint(read.what, beside);
  const standing outcome = why.empty() ? standing::certified : standing::not_certified;
  return {outcome, std::move(why), read.what};
}

}  // namespace plimsoll::certificates
