#include "statement.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "json_members.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/verdict/names.hpp"

namespace plimsoll::certificates {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::string_view type_of_statement = "https://in-toto.io/Statement/v1";
constexpr std::string_view result_name = "result.json";
constexpr std::string_view configuration_name = "configuration";
constexpr std::string_view proof_name = "proof.json";
constexpr std::uint64_t form_version = 1;

/// An in-toto DigestSet.
ordered_json digest_set(const oci::digest& from) {
  ordered_json out = ordered_json::object();
  if (!from.empty()) out[std::string(from.algorithm())] = from.encoded();
  return out;
}

/// An in-toto ResourceDescriptor.
ordered_json resource(std::string_view name, const oci::digest& digest) {
  return {{"name", name}, {"digest", digest_set(digest)}};
}

std::string_view result_of(const certificate& what) {
  if (!what.failed.empty()) return "FAILED";
  return what.warned.empty() ? "PASSED" : "WARNED";
}

ordered_json counts(const std::vector<std::pair<verdict, std::size_t>>& numbers) {
  ordered_json out = ordered_json::object();
  for (const auto& [outcome, number] : numbers) out[std::string(to_string(outcome))] = number;
  return out;
}

ordered_json categories(const certificate& what) {
  ordered_json out = ordered_json::array();
  for (const category_result& one : what.categories) {
    out.push_back({{"category", one.category},
                   {"verdict", to_string(one.outcome)},
                   {"scenarios", counts(one.scenarios)},
                   {"checks", counts(one.checks)}});
  }
  return out;
}

/// What the predicate has no member for.
ordered_json extension(const certificate& what) {
  ordered_json skipped = ordered_json::array();
  for (const auto& [id, reason] : what.skipped) {
    skipped.push_back({{"name", id}, {"reason", reason}});
  }
  return {{"version", form_version},
          {"product", what.product.name},
          {"product_version", what.product.version},
          {"registry", what.registry},
          {"spec_version", what.spec_version},
          {"profile", what.profile},
          {"run_id", what.run_id},
          {"started", what.started},
          {"issued", what.issued},
          {"suite_version", what.suite_version},
          {"proof",
           {{"faults", what.proof.faults},
            {"caught", what.proof.caught},
            {"variants", what.proof.variants},
            {"clean", what.proof.clean}}},
          {"categories", categories(what)},
          {"skipped", skipped}};
}

oci::digest read_digest(members from) {
  for (const auto* const algorithm : {"sha256", "sha512"}) {
    const std::string encoded = from.optional_text(algorithm);
    if (encoded.empty()) continue;
    const auto parsed = oci::digest::parse(std::string(algorithm) + ":" + encoded);
    if (parsed) return *parsed;
    from.fail(algorithm, "is no digest");
  }
  return {};
}

/// The digests of the resources, by what they are called; others are passed over.
void read_resources(std::vector<members> from,
                    std::vector<std::pair<std::string, oci::digest>>& to) {
  for (members& one : from) to.emplace_back(one.text("name"), read_digest(one.object("digest")));
}

verdict read_verdict(members& from, const char* member, std::string_view name) {
  if (const auto found = verdict_named(name)) return *found;
  from.fail(member, fmt::format("\"{}\" is no verdict", printable(name, 40)));
  return verdict::error;
}

std::vector<std::pair<verdict, std::size_t>> read_counts(members& from, const char* member) {
  std::vector<std::pair<verdict, std::size_t>> out;
  for (const auto& [name, number] : from.numbers(member)) {
    out.emplace_back(read_verdict(from, member, name), number);
  }
  std::sort(out.begin(), out.end());
  return out;
}

void read_extension(members from, certificate& to) {
  to.product.name = from.text("product");
  to.product.version = from.text("product_version");
  to.registry = from.text("registry");
  to.spec_version = from.text("spec_version");
  to.profile = from.text("profile");
  to.run_id = from.text("run_id");
  to.started = from.text("started");
  to.issued = from.text("issued");
  to.suite_version = from.text("suite_version");
  members proof = from.object("proof");
  to.proof.faults = proof.number("faults");
  to.proof.caught = proof.number("caught");
  to.proof.variants = proof.number("variants");
  to.proof.clean = proof.number("clean");
  for (members& one : from.objects("categories")) {
    category_result category;
    category.category = one.text("category");
    category.outcome = read_verdict(one, "verdict", one.text("verdict"));
    category.scenarios = read_counts(one, "scenarios");
    category.checks = read_counts(one, "checks");
    to.categories.push_back(std::move(category));
  }
  for (members& one : from.objects("skipped")) {
    to.skipped.emplace_back(one.text("name"), one.text("reason"));
  }
}

void read_predicate(members from, certificate& to) {
  to.passed = from.texts("passedTests");
  to.warned = from.texts("warnedTests");
  to.failed = from.texts("failedTests");
  read_extension(from.object("plimsoll_certificate"), to);
  std::vector<std::pair<std::string, oci::digest>> beside;
  read_resources(from.objects("configuration"), beside);
  for (const auto& [name, digest] : beside) {
    if (name == configuration_name) to.configuration = digest;
    if (name == proof_name) to.proof.digest = digest;
  }
  if (from.text("result") != result_of(to)) from.fail("result", "is not what the tests came to");
}

}  // namespace

std::string to_statement(const certificate& what) {
  ordered_json subjects = ordered_json::array();
  subjects.push_back(resource(result_name, what.result));
  if (!what.product.digest.empty()) {
    subjects.push_back(
        resource(what.product.name + " " + what.product.version, what.product.digest));
  }
  ordered_json configuration = ordered_json::array();
  configuration.push_back(resource(configuration_name, what.configuration));
  configuration.push_back(resource(proof_name, what.proof.digest));
  const ordered_json out = {{"_type", type_of_statement},
                            {"subject", subjects},
                            {"predicateType", predicate_type},
                            {"predicate",
                             {{"result", result_of(what)},
                              {"configuration", configuration},
                              {"passedTests", what.passed},
                              {"warnedTests", what.warned},
                              {"failedTests", what.failed},
                              {"plimsoll_certificate", extension(what)}}}};
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

read_statement parse_statement(std::string_view text) {
  read_statement out;
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) {
    out.wrong = "what was signed is not JSON";
    return out;
  }
  members root(document, "", out.wrong);
  if (root.text("_type") != type_of_statement) root.fail("_type", "is not in-toto's Statement v1");
  if (root.text("predicateType") != predicate_type) {
    root.fail("predicateType", "is not test-result v0.1");
  }
  members predicate = root.object("predicate");
  const std::uint64_t version = predicate.object("plimsoll_certificate").number("version");
  out.is_newer = out.wrong.empty() && version > form_version;
  if (out.is_newer) {
    out.wrong = fmt::format("the certificate is of form {}, and this plimsoll reads up to {}",
                            version, form_version);
  }
  if (!out.wrong.empty()) return out;
  read_predicate(predicate, out.what);
  std::vector<std::pair<std::string, oci::digest>> subjects;
  read_resources(root.objects("subject"), subjects);
  for (const auto& [name, digest] : subjects) {
    (name == result_name ? out.what.result : out.what.product.digest) = digest;
  }
  return out;
}

}  // namespace plimsoll::certificates
