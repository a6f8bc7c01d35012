#pragma once

#include <string>
#include <vector>

#include "plimsoll/artifact/artifact.hpp"
#include "plimsoll/base/error.hpp"
#include "plimsoll/config/config.hpp"
#include "plimsoll/http/client.hpp"
#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::cli {

/// Where a manifest lies in a registry.
struct manifest_place {
  std::string registry;  ///< scheme://host[:port]
  std::string repository;
  std::string reference;  ///< The digest where there is one, else the tag.
};

/// @param text HOST[:PORT]/NAME with a tag, a digest, or both; for a registry without TLS with
///        http:// in front
[[nodiscard]] result<manifest_place> parse_place(const std::string& text);

/// What the program does at one manifest, each call until it is over.
class artifact_place {
 public:
  [[nodiscard]] static result<artifact_place> open(const manifest_place& where,
                                                   const configuration& chosen,
                                                   const environment& env);

  [[nodiscard]] result<oci::descriptor> resolve();
  [[nodiscard]] result<artifacts::attached> attach(const oci::descriptor& subject,
                                                   const artifacts::artifact& what);
  [[nodiscard]] result<std::vector<oci::descriptor>> referrers(const oci::digest& subject,
                                                               const std::string& type);
  [[nodiscard]] result<std::string> content(const oci::descriptor& manifest);

 private:
  artifact_place(http::client registry, manifest_place where);

  http::client registry_;
  manifest_place where_;
};

}  // namespace plimsoll::cli
