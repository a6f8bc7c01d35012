#include "manifest_type.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <nlohmann/json.hpp>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "told.hpp"

namespace plimsoll::suite {
namespace {

using nlohmann::json;

enum class manifest_kind { unknown, image, index };

/// Formats of single manifests, those of the past among them: a registry may have some that were
/// pushed long ago.
constexpr std::array image_types{
    oci::media_type::image_manifest, oci::media_type::docker_manifest,
    std::string_view("application/vnd.oci.artifact.manifest.v1+json"),
    std::string_view("application/vnd.docker.distribution.manifest.v1+json"),
    std::string_view("application/vnd.docker.distribution.manifest.v1+prettyjws")};

manifest_kind kind_of_type(std::string_view type) {
  if (oci::media_type::is_index(type)) return manifest_kind::index;
  const bool is_image =
      std::find(image_types.begin(), image_types.end(), type) != image_types.end();
  return is_image ? manifest_kind::image : manifest_kind::unknown;
}

manifest_kind kind_of_document(const json& document) {
  if (document.contains("manifests")) return manifest_kind::index;
  for (const char* member : {"config", "layers", "fsLayers"}) {
    if (document.contains(member)) return manifest_kind::image;
  }
  return manifest_kind::unknown;
}

}  // namespace

std::string false_manifest_type(const http::exchange& answer) {
  const auto field = answer.response.header("Content-Type");
  if (!field) return "Content-Type is missing";
  const std::string type = to_lower(oci::media_type::without_parameters(*field));
  const json document = json::parse(answer.response.body, nullptr, false);
  if (!document.is_object()) return "";
  const auto member = document.find("mediaType");
  if (member != document.end() && member->is_string()) {
    const std::string own_type = member->get<std::string>();
    if (type == to_lower(own_type)) return "";
    return told_type(answer) + ", of a document whose mediaType is " + printable(own_type);
  }
  const manifest_kind by_type = kind_of_type(type);
  if (by_type == manifest_kind::unknown) {
    return told_type(answer) + ", which is the type of no manifest";
  }
  const manifest_kind by_document = kind_of_document(document);
  if (by_document == manifest_kind::unknown || by_document == by_type) return "";
  return told_type(answer) + (by_type == manifest_kind::index ? ", of an image" : ", of an index");
}

void expect_manifest_type(context& ctx, const http::exchange& answer) {
  if (answer.response.status != 200) return;
  const std::string problem = false_manifest_type(answer);
  ctx.expect(answer, "pull.manifest.content-type-present")
      .holds(problem.empty(), "the Content-Type of the manifest that comes", problem);
}

}  // namespace plimsoll::suite
