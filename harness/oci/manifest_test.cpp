#include "plimsoll/oci/manifest.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/oci/media_type.hpp"

namespace plimsoll::oci {
namespace {

using testing::HasSubstr;

const std::string empty_text =
    R"({"mediaType":"application/vnd.oci.empty.v1+json",)"
    R"("digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2})";

image_manifest full_manifest() {
  image_manifest made;
  made.media_type = media_type::image_manifest;
  made.artifact_type = "application/vnd.example";
  made.config = empty_descriptor();
  made.layers = {describe(media_type::layer_gzip, "layer"),
                 describe(hash_algorithm::sha512, media_type::layer_tar, "other")};
  made.layers[0].urls = {"https://example.test/a", "https://example.test/b"};
  made.layers[0].annotations = {{"a", "1"}, {"b", "2"}};
  made.layers[0].data = "layer";
  made.layers[0].unknown = R"({"x":[1,{"y":null}]})";
  made.subject = describe(media_type::image_manifest, "subject");
  made.annotations = {{"org.example", "\"quoted\"\n"}};
  made.unknown = R"({"other":1.5,"z":"\u00e4"})";
  return made;
}

TEST(Descriptor, OfEmptyContentIsTheSpecs) {
  EXPECT_EQ(to_json(empty_descriptor()), empty_text);
  EXPECT_EQ(describe(media_type::empty, empty_content), empty_descriptor());
}

TEST(Descriptor, WhatIsWrittenIsReadBack) {
  descriptor one = describe("application/x", "content");
  one.data = "";
  one.artifact_type = "application/y";
  one.platform = platform{"arm", "linux", "10", {"win32k"}, "v7"};
  one.unknown = R"({"newest":true})";
  const auto parsed = parse_descriptor(to_json(one));
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(*parsed, one);
}

TEST(ImageManifest, IsWrittenInTheSpecsOrder) {
  image_manifest one;
  one.media_type = media_type::image_manifest;
  one.config = empty_descriptor();
  EXPECT_EQ(to_json(one),
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",)"
            R"("config":)" +
                empty_text + R"(,"layers":[]})");
}

TEST(ImageManifest, WhatIsWrittenIsReadBack) {
  const image_manifest one = full_manifest();
  const auto parsed = parse_image_manifest(to_json(one));
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->media_type, one.media_type);
  EXPECT_EQ(parsed->artifact_type, one.artifact_type);
  EXPECT_EQ(parsed->config, one.config);
  EXPECT_EQ(parsed->layers, one.layers);
  EXPECT_EQ(parsed->subject, one.subject);
  EXPECT_EQ(parsed->annotations, one.annotations);
  EXPECT_EQ(to_json(*parsed), to_json(one));
}

TEST(ImageManifest, ReplacesInvalidUtf8) {
  image_manifest one;
  one.annotations = {{"a", "\xff"}};
  EXPECT_THAT(to_json(one), HasSubstr("\"a\":\"\xef\xbf\xbd\""));
}

TEST(ImageManifest, LeavesOutUnknownTextThatIsNoObject) {
  for (const auto* const text : {"", "[1]", "{", "\"x\""}) {
    descriptor one = empty_descriptor();
    one.unknown = text;
    EXPECT_EQ(to_json(one), empty_text) << text;
  }
}

TEST(ImageManifest, KeepsNumbersOfEverySize) {
  const auto parsed =
      parse_descriptor(R"({"mediaType":"a/b","digest":"other:x","size":18446744073709551615,)"
                       R"("less":-9223372036854775808,"more":100000000000000000000,"part":0.5})");
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->size, 18446744073709551615u);
  EXPECT_EQ(parsed->unknown, R"({"less":-9223372036854775808,"more":1e+20,"part":0.5})");
}

TEST(ImageManifest, OfANameThatComesTwiceTheLastCounts) {
  for (const auto* const beside : {"", R"(,"more":123456789012345678901234)"}) {
    const auto parsed = parse_descriptor(
        R"({"mediaType":"a/b","digest":"other:x","size":1,"size":2)" + std::string(beside) + "}");
    ASSERT_TRUE(parsed) << parsed.error().what();
    EXPECT_EQ(parsed->size, 2u) << beside;
  }
}

TEST(ImageIndex, WhatIsWrittenIsReadBack) {
  image_index one;
  one.media_type = media_type::image_index;
  one.artifact_type = "application/vnd.example";
  one.manifests = {describe(media_type::image_manifest, "a")};
  one.manifests[0].platform = platform{"amd64", "linux", "", {}, ""};
  one.subject = empty_descriptor();
  one.annotations = {{"k", "v"}};
  one.unknown = R"({"more":{}})";
  const auto parsed = parse_image_index(to_json(one));
  ASSERT_TRUE(parsed) << parsed.error().what();
  EXPECT_EQ(parsed->manifests, one.manifests);
  EXPECT_EQ(parsed->subject, one.subject);
  EXPECT_EQ(parsed->unknown, one.unknown);
  EXPECT_EQ(to_json(*parsed), to_json(one));
}

struct broken {
  const char* name;
  std::string text;
  const char* why;
};

void PrintTo(const broken& row, std::ostream* out) {
  *out << row.text.substr(0, 300);
}

class ManifestNames : public testing::TestWithParam<broken> {};

TEST_P(ManifestNames, WhatIsWrongAndWhere) {
  const auto parsed = parse_image_manifest(GetParam().text);
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().what(), GetParam().why);
}

/// A manifest whose third layer has these members besides its digest.
std::string with_layer(const std::string& members) {
  return R"({"schemaVersion":2,"config":)" + empty_text + R"(,"layers":[)" + empty_text + "," +
         empty_text + R"(,{"digest":"other:x",)" + members + "}]}";
}

INSTANTIATE_TEST_SUITE_P(
    , ManifestNames,
    testing::Values(
        broken{"NoText", "", "JSON: broken at byte 1 of 0"},
        broken{"CutShort", R"({"a":)", "JSON: broken at byte 6 of 5"},
        broken{"TrailingText", "{} x", "JSON: broken at byte 4 of 4"},
        broken{"InvalidUtf8", "\"\xff\"", "JSON: broken at byte 2 of 3"},
        broken{"HugeNumber", "[1e999]", "JSON: broken at byte 6 of 7"},
        broken{"TooDeep", std::string(65, '['), "JSON: values nested deeper than 64"},
        broken{"MuchTooDeep", std::string(1'000'000, '['), "JSON: values nested deeper than 64"},
        broken{"NoObject", "[]", "the document: expected an object, found an array"},
        broken{"NoVersion", "{}", "schemaVersion: missing"},
        broken{"OldVersion", R"({"schemaVersion":1})", "schemaVersion: expected 2, found 1"},
        broken{"NoConfig", R"({"schemaVersion":2,"layers":[]})", "config: missing"},
        broken{"NoLayers", R"({"schemaVersion":2,"config":)" + empty_text + "}", "layers: missing"},
        broken{"NullLayers", R"({"schemaVersion":2,"layers":null,"config":)" + empty_text + "}",
               "layers: expected an array, found null"},
        broken{"NumberAsDescriptor", R"({"schemaVersion":2,"config":1,"layers":[]})",
               "config: expected an object, found an unsigned number"},
        broken{"NoMediaType", with_layer(R"("size":1)"), "layers[2].mediaType: missing"},
        broken{"TextAsSize", with_layer(R"("mediaType":"a/b","size":"1")"),
               "layers[2].size: expected an unsigned number, found a string"},
        broken{"NegativeSize", with_layer(R"("mediaType":"a/b","size":-1)"),
               "layers[2].size: expected an unsigned number, found a negative number"},
        broken{"FractionAsSize", with_layer(R"("mediaType":"a/b","size":1.0)"),
               "layers[2].size: expected an unsigned number, found a number with a fraction"},
        broken{"NumberAsUrl", with_layer(R"("mediaType":"a/b","size":1,"urls":["x",2])"),
               "layers[2].urls[1]: expected a string, found an unsigned number"},
        broken{"NumberAsAnnotation",
               with_layer(R"("mediaType":"a/b","size":1,"annotations":{"k":1})"),
               "layers[2].annotations[\"k\"]: expected a string, found an unsigned number"},
        broken{"NoBase64", with_layer(R"("mediaType":"a/b","size":1,"data":"?")"),
               "layers[2].data: not base64 with padding"},
        broken{"PlatformWithoutOs",
               with_layer(R"("mediaType":"a/b","size":1,"platform":{"architecture":"arm"})"),
               "layers[2].platform.os: missing"}),
    [](const auto& row) { return row.param.name; });

TEST(ManifestSummary, OfAManifestHoldsConfigAndLayers) {
  const image_manifest one = full_manifest();
  const auto summary = summarize(to_json(one), "");
  ASSERT_TRUE(summary) << summary.error().what();
  EXPECT_FALSE(summary->is_index);
  EXPECT_EQ(summary->media_type, media_type::image_manifest);
  EXPECT_EQ(summary->artifact_type, one.artifact_type);
  EXPECT_EQ(summary->config_media_type, media_type::empty);
  EXPECT_EQ(summary->subject, one.subject);
  EXPECT_EQ(summary->annotations, one.annotations);
  EXPECT_EQ(summary->references,
            (std::vector<descriptor>{one.config, one.layers[0], one.layers[1]}));
}

TEST(ManifestSummary, TakesTheKindFromTheContentTypeWhereTheDocumentIsSilent) {
  image_index one;
  one.manifests = {empty_descriptor()};
  const auto summary =
      summarize(to_json(one), "application/vnd.oci.image.index.v1+json; charset=utf-8");
  ASSERT_TRUE(summary) << summary.error().what();
  EXPECT_TRUE(summary->is_index);
  EXPECT_EQ(summary->media_type, "");
  EXPECT_EQ(summary->references, one.manifests);
}

TEST(ManifestSummary, PrefersTheDocumentsOwnMediaType) {
  image_index one;
  one.media_type = media_type::docker_manifest_list;
  const auto summary = summarize(to_json(one), media_type::image_manifest);
  ASSERT_TRUE(summary) << summary.error().what();
  EXPECT_TRUE(summary->is_index);
}

TEST(ManifestSummary, RefusesOtherKinds) {
  EXPECT_EQ(summarize("{}", "text/plain").error().what(),
            "media type \"text/plain\": neither an image manifest's nor an index's");
  EXPECT_EQ(summarize(R"({"mediaType":1})", media_type::image_index).error().what(),
            "mediaType: expected a string, found an unsigned number");
}

}  // namespace
}  // namespace plimsoll::oci
