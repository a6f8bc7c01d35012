#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "artifact_place.hpp"
#include "certificate_artifact.hpp"
#include "commands.hpp"
#include "input_file.hpp"
#include "key_source.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/certificate/certificate.hpp"
#include "plimsoll/reports/json.hpp"
#include "plimsoll/suite/scenarios.hpp"
#include "settings.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

using certificates::certificate;
using certificates::evidence;
using certificates::judgement;
using certificates::standing;

struct verify_options {
  std::string what;
  std::string key;
  std::string result;
  std::string proof;
  std::vector<setting> settings;
};

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll verify: " << why << '\n';
  return code;
}

int exit_code(standing outcome) {
  if (outcome == standing::certified) return 0;
  return outcome == standing::not_certified ? 1 : 3;
}

std::string numbers(const category_result& category) {
  std::string out;
  for (const auto& [outcome, number] : category.scenarios) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", number, to_string(outcome));
  }
  return out;
}

/// What a certificate says, for a person.
void show(const certificate& one) {
  const auto row = [](std::string_view name, const std::string& value) {
    std::cout << fmt::format("  {:<13} {}\n", name, printable(value));
  };
  row("product", one.product.name + " " + one.product.version);
  row("registry", one.registry);
  row("spec", fmt::format("distribution-spec {}, profile {}", one.spec_version, one.profile));
  row("judged",
      fmt::format("{} by plimsoll {}, run {}", one.started, one.suite_version, one.run_id));
  for (const category_result& category : one.categories) {
    row(category.category, fmt::format("{} ({})", to_string(category.outcome), numbers(category)));
  }
  for (const std::string& id : one.warned) row("warned", id);
  row("suite's proof",
      fmt::format("{} of {} faults caught, {} of {} variants in peace", one.proof.caught,
                  one.proof.faults, one.proof.clean, one.proof.variants));
  if (!one.product.digest.empty()) row("attached to", one.product.digest.str());
  row("result", one.result.str());
  row("issued", one.issued);
}

/// The files that are compared with the certificate.
struct beside {
  std::string result;  ///< Its bytes; empty where none was given.
  evidence what;
};

result<beside> read_beside(const verify_options& given) {
  beside out;
  out.what.suite_version = version();
  for (const scenario* const one : suite::all_scenarios()) out.what.scenarios.emplace_back(one->id);
  for (const observer& one : suite::all_observers()) out.what.scenarios.emplace_back(one.id);
  if (!given.result.empty()) {
    auto bytes = read_file(given.result);
    if (!bytes) return bytes.error();
    out.result = std::move(*bytes);
    out.what.result = oci::digest_of(out.result);
  }
  if (!given.proof.empty()) {
    const auto bytes = read_file(given.proof);
    if (!bytes) return bytes.error();
    out.what.proof = oci::digest_of(*bytes);
  }
  return out;
}

/// The certificate by itself, then what it says of the result.
judgement judge_file(const std::string& file, const certificates::public_key& key,
                     const beside& with) {
  judgement found = certificates::judge(file, key, with.what);
  if (found.outcome != standing::certified || with.result.empty()) return found;
  const auto run = reports::parse_result(with.result);
  if (!run) {
    found.outcome = standing::not_judged;
    found.why = "the result has the certified digest, and cannot be read: " + run.error().what();
  } else if (!certificates::agrees(*found.what, *run)) {
    found.outcome = standing::not_certified;
    found.why = "the result says something else than the certificate";
  }
  return found;
}

int tell(const std::string& name, const judgement& found, const verify_options& given) {
  if (found.outcome == standing::certified) {
    std::cout << "certified: " << name << '\n';
    show(*found.what);
    if (given.result.empty()) {
      std::cout << "  The full result was not compared: --result FILE does that.\n";
    }
  } else {
    std::cerr << fmt::format(
        "plimsoll verify: {}: {}: {}\n", name,
        found.outcome == standing::not_certified ? "not certified" : "not judged", found.why);
  }
  return exit_code(found.outcome);
}

int verify_file(const verify_options& given, const certificates::public_key& key,
                const beside& with) {
  const auto file = read_file(given.what);
  if (!file) return refuse(2, file.error().what());
  return tell(printable(given.what), judge_file(*file, key, with), given);
}

/// One certificate that is good is enough; else the gravest of what was found.
int verify_attached(const verify_options& given, const certificates::public_key& key, beside with) {
  const environment env = process_environment();
  const auto where = parse_place(given.what);
  if (!where) {
    return refuse(2, fmt::format("{}: neither a file that is there, nor a {}",
                                 printable(given.what), where.error().what()));
  }
  const auto chosen = load_configuration(given.settings, without_key(env, given.key), {});
  if (!chosen) return refuse(2, chosen.error().what());
  auto place = artifact_place::open(*where, *chosen, env);
  if (!place) return refuse(2, place.error().what());
  const auto image = place->resolve();
  if (!image) return refuse(3, image.error().what());
  const auto found = place->referrers(image->digest, std::string(certificate_artifact_type));
  if (!found) return refuse(3, found.error().what());
  if (found->empty()) {
    return refuse(1, fmt::format("no certificate is attached to {}", printable(given.what)));
  }
  with.what.product = image->digest;
  int worst = 0;
  bool is_good = false;
  for (const oci::descriptor& one : *found) {
    const auto file = place->content(one);
    const int code = file ? tell(one.digest.str(), judge_file(*file, key, with), given)
                          : refuse(3, file.error().what());
    is_good = is_good || code == 0;
    worst = std::max(worst, code);
  }
  return is_good ? 0 : worst;
}

int verify(const verify_options& given) {
  const auto pem = read_key(given.key, process_environment());
  if (!pem) return refuse(2, "--key: " + pem.error().what());
  const auto key = certificates::public_key::from_pem(*pem, "--key " + printable(given.key));
  if (!key) return refuse(2, key.error().what());
  auto with = read_beside(given);
  if (!with) return refuse(2, with.error().what());
  std::error_code unknown;
  if (std::filesystem::exists(given.what, unknown)) return verify_file(given, *key, *with);
  return verify_attached(given, *key, std::move(*with));
}

constexpr const char* about =
    R"(Checks the signature, that all scenarios are accounted for and hold, and the digests of the files
that are given. A file is checked without a network; --username and its like are for a REF.
Exit codes: 0 certified, 1 not: altered, cut short, signed by another, incomplete, or about something
else, 2 bad usage, an unusable key or no such file, 3 could not be judged: a newer form, no registry.
)";

}  // namespace

runnable describe_verify(CLI::App& app) {
  const auto given = std::make_shared<verify_options>();
  app.add_option("CERTIFICATE", given->what,
                 "A file, or the image that it is attached to: [http://]HOST/NAME(:TAG|@DIGEST)")
      ->required();
  app.add_option("--key", given->key, "The public key, PEM: a file, or env://NAME for a variable")
      ->required();
  app.add_option("--result", given->result, "The full result, to be compared")->type_name("FILE");
  app.add_option("--proof", given->proof, "The suite's proof, to be compared")->type_name("FILE");
  for (const char* const name : {"username", "ca-file"}) {
    app.add_option_function<std::string>(
           "--" + std::string(name),
           [given, name](const std::string& value) {
             given->settings.push_back({name, value});
           },
           "As for `plimsoll test`")
        ->type_name("VALUE");
  }
  app.add_flag_function(
      "--insecure",
      [given](std::int64_t) {
        given->settings.push_back({"insecure", "true"});
      },
      "As for `plimsoll test`");
  app.footer(about);
  return [given] { return verify(*given); };
}

}  // namespace plimsoll::cli
