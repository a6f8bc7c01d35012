#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/certificate/key.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/verdict/proof.hpp"
#include "plimsoll/verdict/result.hpp"

namespace plimsoll::certificates {

/// What runs as the registry, as whoever signs says.
struct product {
  std::string name;
  std::string version;
  oci::digest digest;  ///< Of its image, for example; empty: none was told.
};

/// What the suite's run against itself came to.
struct proof_summary {
  std::uint64_t faults = 0;
  std::uint64_t caught = 0;  ///< Of the faults.
  std::uint64_t variants = 0;
  std::uint64_t clean = 0;  ///< Of the variants.
  oci::digest digest;       ///< Of the proof's JSON.
};

/// All that a certificate says.
struct certificate {
  certificates::product product;
  std::string registry;      ///< URL of what was judged.
  std::string spec_version;  ///< "1.1"
  std::string profile;
  std::string run_id;
  std::string started;  ///< RFC 3339, UTC, as the next.
  std::string issued;
  std::string suite_version;
  proof_summary proof;
  oci::digest result;         ///< Of the full result's JSON.
  oci::digest configuration;  ///< Of its settings, one `name = value` a line.
  std::vector<category_result> categories;
  std::vector<std::string> passed;  ///< Scenarios by id, as in the next two.
  std::vector<std::string> warned;
  std::vector<std::string> failed;
  std::vector<std::pair<std::string, std::string>> skipped;  ///< Id, and why.
};

/// What the run says: product, proof, `issued` and `result` are left empty.
[[nodiscard]] certificate certificate_of(const run_result& run);

/// @param json the proof as it was written
[[nodiscard]] proof_summary summary_of(const proof_result& proof, std::string_view json);

/// What keeps the certificate from saying that the registry is conformant: a category that is
/// missing or does not hold, a scenario that failed or is counted and not named, another profile,
/// a proof that does not hold. Empty where nothing does.
[[nodiscard]] std::string shortfall(const certificate& what);

/// Whether the run says what the certificate says of it.
[[nodiscard]] bool agrees(const certificate& what, const run_result& run);

/// The certificate as an in-toto Statement v1 with the predicate test-result v0.1. What that
/// predicate has no member for stands in its member `plimsoll_certificate`.
[[nodiscard]] std::string to_statement(const certificate& what);

/// DSSE's payloadType of a statement.
inline constexpr std::string_view statement_type = "application/vnd.in-toto+json";
/// in-toto's media type for a signed statement in a store of artifacts.
inline constexpr std::string_view signed_statement_type =
    "application/vnd.in-toto.test-result+dsse";
inline constexpr std::string_view predicate_type =
    "https://in-toto.io/attestation/test-result/v0.1";

/// Signs the certificate; returns its file.
[[nodiscard]] result<std::string> issue(const certificate& what, const private_key& key);

/// What lies beside a certificate that is checked.
struct evidence {
  std::optional<oci::digest> result;   ///< Of the full result's bytes.
  std::optional<oci::digest> proof;    ///< Of the proof's bytes.
  std::optional<oci::digest> product;  ///< Of what it was found attached to.
  std::string suite_version;           ///< Of this program.
  std::vector<std::string> scenarios;  ///< All that this program's suite has, by id.
};

enum class standing : std::uint8_t {
  certified,
  not_certified,  ///< Altered, signed by another, incomplete, or not about what it should be.
  not_judged,     ///< In a form that is newer than this program.
};

struct judgement {
  standing outcome = standing::not_judged;
  std::string why;                  ///< Empty where it is certified.
  std::optional<certificate> what;  ///< Where the signature is good and it can be read.
};

/// Checks a certificate's file, without asking anybody.
[[nodiscard]] judgement judge(std::string_view file, const public_key& key, const evidence& beside);

}  // namespace plimsoll::certificates
