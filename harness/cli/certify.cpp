#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "artifact_place.hpp"
#include "certificate_artifact.hpp"
#include "commands.hpp"
#include "conformance.hpp"
#include "input_file.hpp"
#include "key_source.hpp"
#include "output_folder.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/base/utc_time.hpp"
#include "plimsoll/certificate/certificate.hpp"
#include "plimsoll/profile/profile.hpp"
#include "plimsoll/prove/prove.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/reports/json.hpp"
#include "plimsoll/suite/scenarios.hpp"
#include "settings.hpp"
#include "version.hpp"

namespace plimsoll::cli {
namespace {

using certificates::certificate;

struct certify_options {
  explicit certify_options(CLI::App& app) : settings(app) {
    app.add_option("--product", product, "What runs as the registry")->required();
    app.add_option("--product-version", product_version, "Its version")->required();
    app.add_option("--key", key, "The private key, PEM: a file, or env://NAME for a variable")
        ->required();
    app.add_option("--certificate", file, "Where it goes; certificate.json in the output folder")
        ->type_name("FILE");
    app.add_option("--attach", attach,
                   "Also attach it to this image: [http://]HOST[:PORT]/NAME(:TAG|@DIGEST)")
        ->type_name("REF");
    app.add_option("--proof", proof, "What `plimsoll prove --json` wrote; else it is made")
        ->type_name("FILE");
  }

  setting_flags settings;
  std::string product;
  std::string product_version;
  std::string key;
  std::string file;
  std::string attach;
  std::string proof;
};

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll certify: " << why << '\n';
  return code;
}

/// Why the run would not be a whole one; empty where it is.
std::string narrowed(const configuration& chosen, const plan& what) {
  if (chosen.registry.empty()) return "which registry? `plimsoll certify URL`";
  if (chosen.profile != "certification" && chosen.origins.contains("profile")) {
    return fmt::format("--profile {}: a certificate stands on the profile certification",
                       printable(chosen.profile));
  }
  if (auto why = not_whole(chosen, what); !why.empty()) return why;
  if (!what.switched_off.empty()) {
    return fmt::format("{} is switched off: a certificate stands on all that the spec has",
                       what.switched_off.front());
  }
  return {};
}

/// Whether the proof is of this program's suite, and of all faults and variants that it has.
std::string not_this_suite(const proof_result& proof) {
  if (proof.version != version()) {
    return fmt::format("it is of plimsoll {}, and this is {}", printable(proof.version), version());
  }
  std::set<std::string_view> proven;
  for (const fault_proof& one : proof.faults) proven.insert(one.name);
  for (const variant_proof& one : proof.variants) proven.insert(one.name);
  for (const auto& one : reference::faults()) {
    if (!proven.contains(one.name)) return fmt::format("the fault {} is not in it", one.name);
  }
  for (const auto& one : reference::variants()) {
    if (!proven.contains(one.name)) return fmt::format("the variant {} is not in it", one.name);
  }
  return holds(proof) ? "" : "the suite does not stand the proof";
}

/// The proof's JSON, read or made.
result<std::string> proof_from(const certify_options& given) {
  if (!given.proof.empty()) return read_file(given.proof);
  prove_options how;
  how.suite_version = version();
  how.threads = std::max(1U, std::thread::hardware_concurrency());
  std::cerr << "plimsoll certify: proving the suite on registries that are wrong\n";
  return reports::to_json(prove(suite::all_scenarios(), suite::all_observers(), how));
}

result<certificates::proof_summary> proven(const certify_options& given,
                                           const std::filesystem::path& folder) {
  const auto json = proof_from(given);
  if (!json) return json.error();
  const auto proof = reports::parse_proof(*json);
  if (!proof) return proof.error();
  const std::string other = not_this_suite(*proof);
  if (!other.empty()) return error::of("the proof: " + other);
  if (auto written = write_file(folder / "proof.json", *json); !written) return written.error();
  return certificates::summary_of(*proof, *json);
}

certificate describe(const certify_options& given, const run_result& run,
                     const certificates::proof_summary& proof, const oci::digest& image) {
  certificate out = certificates::certificate_of(run);
  out.product = {given.product, given.product_version, image};
  out.issued = utc_now();
  out.proof = proof;
  out.result = oci::digest_of(reports::to_json(run));
  return out;
}

/// Where the certificate is attached to, and the image there; resolved before the run, for
/// the certificate names it.
struct attachment {
  artifact_place place;
  oci::descriptor image;
};

result<attachment> open_attachment(const manifest_place& where, const configuration& chosen,
                                   const environment& env) {
  auto place = artifact_place::open(where, chosen, env);
  if (!place) return place.error();
  auto image = place->resolve();
  if (!image) return image.error();
  return attachment{std::move(*place), std::move(*image)};
}

int attach(attachment& to, const std::string& file, const certificate& what) {
  const auto made = to.place.attach(to.image, certificate_artifact(file, what));
  if (!made) return refuse(3, "--attach: " + made.error().what());
  std::cout << fmt::format("attached: {}{}\n", made->manifest.str(),
                           made->listed_by_tag ? ", listed by the referrers tag" : "");
  return 0;
}

/// All that can be found wrong before the registry is asked anything.
struct prepared {
  configuration chosen;
  plan what;
  certificates::private_key key;
  std::optional<manifest_place> attach_to;
};

result<prepared> prepare(const certify_options& given, const environment& env) {
  auto chosen = given.settings.load(without_key(env, given.key));
  if (!chosen) return chosen.error();
  plan what = make_plan(*chosen, suite::all_scenarios(), suite::all_observers());
  const std::string why = narrowed(*chosen, what);
  if (!why.empty()) return error::of(why);
  chosen->profile = "certification";
  const auto pem = read_key(given.key, env);
  if (!pem) return error::of("--key: " + pem.error().what());
  auto key = certificates::private_key::from_pem(*pem, "--key " + printable(given.key));
  if (!key) return key.error();
  std::optional<manifest_place> attach_to;
  if (!given.attach.empty()) {
    auto place = parse_place(given.attach);
    if (!place) return error::of("--attach: " + place.error().what());
    attach_to = std::move(*place);
  }
  return prepared{std::move(*chosen), std::move(what), std::move(*key), std::move(attach_to)};
}

int certify(const certify_options& given) {
  const environment env = process_environment();
  const auto ready = prepare(given, env);
  if (!ready) return refuse(2, ready.error().what());
  const configuration& chosen = ready->chosen;
  tell_notes("plimsoll certify", ready->what, chosen);

  std::optional<attachment> image;
  if (ready->attach_to) {
    auto opened = open_attachment(*ready->attach_to, chosen, env);
    if (!opened) return refuse(3, "--attach: " + opened.error().what());
    image.emplace(std::move(*opened));
  }
  const std::filesystem::path file =
      given.file.empty() ? chosen.output / "certificate.json" : std::filesystem::path(given.file);
  const conformance judged =
      judge_registry("plimsoll certify", ready->what, chosen, *find_profile("certification"));
  if (!judged.run) return judged.code;
  if (judged.code != 0) return refuse(judged.code, "not certified, so no certificate is written");

  const auto proof = proven(given, chosen.output);
  if (!proof) return refuse(3, proof.error().what());
  const certificate made =
      describe(given, *judged.run, *proof, image ? image->image.digest : oci::digest());
  const std::string lacks = certificates::shortfall(made);
  if (!lacks.empty()) return refuse(1, "not certified: " + lacks);
  const auto issued = certificates::issue(made, ready->key);
  if (!issued) return refuse(3, issued.error().what());
  if (auto done = write_file(file, *issued); !done) return refuse(3, done.error().what());
  std::cout << fmt::format("certificate: {}, signed by the key {}\n", file.string(),
                           ready->key.verifier().id());
  return image ? attach(*image, *issued, made) : 0;
}

constexpr const char* about =
    R"(Judges the registry by the profile certification, proves the suite on registries that are wrong,
and signs what came of it. Nothing is written where the registry is not conformant.
Exit codes: 0 certified, 1 not conformant, 2 bad usage or an unusable key, 3 could not be judged.
)";

}  // namespace

runnable describe_certify(CLI::App& app) {
  const auto given = std::make_shared<certify_options>(app);
  app.footer(about);
  return [given] { return certify(*given); };
}

}  // namespace plimsoll::cli
