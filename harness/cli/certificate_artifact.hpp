#pragma once

#include <string>
#include <string_view>

#include "plimsoll/artifact/artifact.hpp"
#include "plimsoll/certificate/certificate.hpp"

namespace plimsoll::cli {

/// The artifactType of certificates in a registry.
inline constexpr std::string_view certificate_artifact_type =
    "application/vnd.plimsoll.certificate.v1+json";

/// A certificate's file as an artifact.
[[nodiscard]] artifacts::artifact certificate_artifact(const std::string& file,
                                                       const certificates::certificate& what);

}  // namespace plimsoll::cli
