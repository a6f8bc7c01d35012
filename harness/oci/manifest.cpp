#include "plimsoll/oci/manifest.hpp"

#include <fmt/format.h>

#include "json_reader.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/media_type.hpp"

namespace plimsoll::oci {
namespace {

using failure = std::optional<error>;

oci::platform read_platform(const json::value& value, std::string place, failure& why) {
  json::object_reader reader(value, std::move(place), why);
  oci::platform made;
  made.architecture = reader.required_text("architecture");
  made.os = reader.required_text("os");
  made.os_version = reader.text("os.version");
  made.os_features = reader.texts("os.features");
  made.variant = reader.text("variant");
  return made;
}

descriptor read_descriptor(const json::value& value, std::string place, failure& why) {
  json::object_reader reader(value, std::move(place), why);
  descriptor made;
  made.media_type = reader.required_text("mediaType");
  const std::string digest_text = reader.required_text("digest");
  if (auto parsed = digest::parse(digest_text)) {
    made.digest = *std::move(parsed);
  } else {
    reader.fail("digest", parsed.error().what());
  }
  made.size = reader.required_number("size");
  made.urls = reader.texts("urls");
  made.annotations = reader.text_map("annotations");
  if (reader.find("data") != nullptr) {
    made.data = base64_decode(reader.text("data"));
    if (!made.data) reader.fail("data", "not base64 with padding");
  }
  made.artifact_type = reader.text("artifactType");
  if (const auto* const found = reader.find("platform")) {
    made.platform = read_platform(*found, reader.place_of("platform"), why);
  }
  made.unknown = reader.unknown();
  return made;
}

std::vector<descriptor> read_descriptors(json::object_reader& reader, std::string_view name,
                                         failure& why) {
  std::vector<descriptor> made;
  for (const auto* const one : reader.required_elements(name)) {
    made.push_back(
        read_descriptor(*one, fmt::format("{}[{}]", reader.place_of(name), made.size()), why));
  }
  return made;
}

std::optional<descriptor> read_subject(json::object_reader& reader, failure& why) {
  const auto* const found = reader.find("subject");
  if (found == nullptr) return std::nullopt;
  return read_descriptor(*found, reader.place_of("subject"), why);
}

void check_schema_version(json::object_reader& reader) {
  const std::uint64_t version = reader.required_number("schemaVersion");
  if (version != 2) reader.fail("schemaVersion", fmt::format("expected 2, found {}", version));
}

image_manifest read_image_manifest(const json::value& document, failure& why) {
  json::object_reader reader(document, "", why);
  image_manifest made;
  check_schema_version(reader);
  made.media_type = reader.text("mediaType");
  made.artifact_type = reader.text("artifactType");
  if (const auto* const found = reader.require("config")) {
    made.config = read_descriptor(*found, "config", why);
  }
  made.layers = read_descriptors(reader, "layers", why);
  made.subject = read_subject(reader, why);
  made.annotations = reader.text_map("annotations");
  made.unknown = reader.unknown();
  return made;
}

image_index read_image_index(const json::value& document, failure& why) {
  json::object_reader reader(document, "", why);
  image_index made;
  check_schema_version(reader);
  made.media_type = reader.text("mediaType");
  made.artifact_type = reader.text("artifactType");
  made.manifests = read_descriptors(reader, "manifests", why);
  made.subject = read_subject(reader, why);
  made.annotations = reader.text_map("annotations");
  made.unknown = reader.unknown();
  return made;
}

std::string to_json(const oci::platform& one) {
  return json::object_writer()
      .text_if_any("architecture", one.architecture)
      .text_if_any("os", one.os)
      .text_if_any("os.version", one.os_version)
      .texts_if_any("os.features", one.os_features)
      .text_if_any("variant", one.variant)
      .finish();
}

std::string to_json(const std::vector<descriptor>& descriptors) {
  std::string made = "[";
  for (const descriptor& one : descriptors) {
    if (made.size() > 1) made += ',';
    made += oci::to_json(one);
  }
  made += ']';
  return made;
}

manifest_summary summary_of(image_manifest&& from) {
  manifest_summary made;
  made.media_type = std::move(from.media_type);
  made.artifact_type = std::move(from.artifact_type);
  made.config_media_type = from.config.media_type;
  made.subject = std::move(from.subject);
  made.annotations = std::move(from.annotations);
  made.references.push_back(std::move(from.config));
  for (descriptor& one : from.layers) made.references.push_back(std::move(one));
  return made;
}

manifest_summary summary_of(image_index&& from) {
  manifest_summary made;
  made.media_type = std::move(from.media_type);
  made.artifact_type = std::move(from.artifact_type);
  made.subject = std::move(from.subject);
  made.annotations = std::move(from.annotations);
  made.references = std::move(from.manifests);
  made.is_index = true;
  return made;
}

bool is_image_manifest(std::string_view type) noexcept {
  return equal_ignoring_case(type, media_type::image_manifest) ||
         equal_ignoring_case(type, media_type::docker_manifest);
}

}  // namespace

descriptor describe(std::string_view type, std::string_view content) {
  return describe(hash_algorithm::sha256, type, content);
}

descriptor describe(hash_algorithm algorithm, std::string_view type, std::string_view content) {
  descriptor made;
  made.media_type = type;
  made.digest = digest_of(algorithm, content);
  made.size = content.size();
  return made;
}

descriptor empty_descriptor() {
  return describe(media_type::empty, empty_content);
}

std::string to_json(const descriptor& one) {
  json::object_writer writer;
  writer.text_if_any("mediaType", one.media_type)
      .text_if_any("digest", one.digest.str())
      .number("size", one.size)
      .texts_if_any("urls", one.urls)
      .map_if_any("annotations", one.annotations);
  if (one.data) writer.text("data", base64_encode(*one.data));
  writer.text_if_any("artifactType", one.artifact_type);
  if (one.platform) writer.raw("platform", to_json(*one.platform));
  return writer.members_of(one.unknown).finish();
}

std::string to_json(const image_manifest& manifest) {
  json::object_writer writer;
  writer.number("schemaVersion", 2)
      .text_if_any("mediaType", manifest.media_type)
      .text_if_any("artifactType", manifest.artifact_type)
      .raw("config", to_json(manifest.config))
      .raw("layers", to_json(manifest.layers));
  if (manifest.subject) writer.raw("subject", to_json(*manifest.subject));
  return writer.map_if_any("annotations", manifest.annotations)
      .members_of(manifest.unknown)
      .finish();
}

std::string to_json(const image_index& index) {
  json::object_writer writer;
  writer.number("schemaVersion", 2)
      .text_if_any("mediaType", index.media_type)
      .text_if_any("artifactType", index.artifact_type)
      .raw("manifests", to_json(index.manifests));
  if (index.subject) writer.raw("subject", to_json(*index.subject));
  return writer.map_if_any("annotations", index.annotations).members_of(index.unknown).finish();
}

result<image_manifest> parse_image_manifest(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  failure why;
  image_manifest made = read_image_manifest(*document, why);
  if (why) return *why;
  return made;
}

result<image_index> parse_image_index(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  failure why;
  image_index made = read_image_index(*document, why);
  if (why) return *why;
  return made;
}

result<descriptor> parse_descriptor(std::string_view text) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  failure why;
  descriptor made = read_descriptor(*document, "", why);
  if (why) return *why;
  return made;
}

result<manifest_summary> summarize(std::string_view text, std::string_view content_type) {
  const auto document = json::parse(text);
  if (!document) return document.error();
  failure why;
  std::string type = json::object_reader(*document, "", why).text("mediaType");
  if (why) return *why;
  if (type.empty()) type = media_type::without_parameters(content_type);

  if (media_type::is_index(type)) {
    image_index made = read_image_index(*document, why);
    if (why) return *why;
    return summary_of(std::move(made));
  }
  if (!is_image_manifest(type)) {
    return error::of(fmt::format("media type \"{}\": neither an image manifest's nor an index's",
                                 printable(type)));
  }
  image_manifest made = read_image_manifest(*document, why);
  if (why) return *why;
  return summary_of(std::move(made));
}

}  // namespace plimsoll::oci
