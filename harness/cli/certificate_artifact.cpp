#include "certificate_artifact.hpp"

namespace plimsoll::cli {

artifacts::artifact certificate_artifact(const std::string& file,
                                         const certificates::certificate& what) {
  artifacts::artifact out;
  out.type = certificate_artifact_type;
  out.content_type = certificates::signed_statement_type;
  out.content = file;
  out.annotations = {{"org.opencontainers.image.created", what.issued},
                     {"in-toto.io/predicate-type", std::string(certificates::predicate_type)}};
  return out;
}

}  // namespace plimsoll::cli
