#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plimsoll/plan/plan.hpp"
#include "plimsoll/scenario/requests.hpp"

/// Which requests the official suite's switches forbid.
namespace plimsoll {
namespace {

const oci::digest digest = oci::digest_of("content");

request_filter filter_with(const std::vector<setting>& flags) {
  const auto chosen = load_configuration(flags, {}, std::nullopt, "/nonexistent");
  EXPECT_TRUE(chosen.has_value()) << (chosen ? "" : chosen.error().what());
  return make_plan(*chosen, {}, {}).why_not_sent;
}

struct forbidden {
  const char* name;
  std::vector<setting> flags;
  http::request message;
  std::string reason;  ///< Empty: it may be sent.
};

void PrintTo(const forbidden& row, std::ostream* out) {
  *out << row.name;
}

class SwitchedOff : public testing::TestWithParam<forbidden> {};

TEST_P(SwitchedOff, IsOrIsNotSent) {
  const request_filter why_not_sent = filter_with(GetParam().flags);
  ASSERT_TRUE(why_not_sent);
  EXPECT_EQ(why_not_sent(GetParam().message), GetParam().reason);
}

const std::vector<setting> no_deletion{
    {"apis.tags.delete", "0"}, {"apis.manifests.delete", "0"}, {"apis.blobs.delete", "0"}};
const std::string session = "https://elsewhere/uploads/1?state=x";

std::vector<setting> with_cancel() {
  auto flags = no_deletion;
  flags.push_back({"apis.blobs.upload-cancel", "true"});
  return flags;
}

http::request pushed(std::string_view reference, std::string_view type, std::string text) {
  return api::put_manifest("a", reference, type, std::move(text));
}

constexpr std::string_view image = "application/vnd.oci.image.manifest.v1+json";
constexpr std::string_view index = "application/vnd.oci.image.index.v1+json";

INSTANTIATE_TEST_SUITE_P(
    , SwitchedOff,
    testing::Values(
        forbidden{"Tag",
                  {{"apis.tags.delete", "0"}},
                  api::delete_manifest("a", "v1"),
                  "apis.tags.delete is off (--apis.tags.delete)"},
        forbidden{"TagAlone", {{"apis.tags.delete", "0"}}, api::delete_blob("a", digest), ""},
        forbidden{"TagNotItsManifest",
                  {{"apis.tags.delete", "0"}},
                  api::delete_manifest("a", digest.str()),
                  ""},
        forbidden{"Manifest",
                  {{"apis.manifests.delete", "0"}},
                  api::delete_manifest("a", digest.str()),
                  "apis.manifests.delete is off (--apis.manifests.delete)"},
        forbidden{"ManifestIsPulled",
                  {{"apis.manifests.delete", "0"}},
                  api::get_manifest("a", digest.str()),
                  ""},
        forbidden{"Blob",
                  {{"apis.blobs.delete", "0"}},
                  api::delete_blob("a", digest),
                  "apis.blobs.delete is off (--apis.blobs.delete)"},
        forbidden{"UploadWithAllDeletions", no_deletion, api::cancel_upload(session),
                  "apis.blobs.delete is off (--apis.blobs.delete)"},
        forbidden{"UploadWhereAskedFor", with_cancel(), api::cancel_upload(session), ""},
        forbidden{"Upload",
                  {{"apis.blobs.upload-cancel", "0"}},
                  api::cancel_upload("/v2/a/blobs/uploads/1"),
                  "apis.blobs.upload-cancel is off (--apis.blobs.upload-cancel)"},
        forbidden{"Referrers",
                  {{"apis.referrer", "0"}},
                  api::list_referrers("a", digest.str(), "artifactType=x"),
                  "apis.referrer is off (--apis.referrer)"},
        forbidden{"Tags",
                  {{"apis.tags.list", "0"}},
                  api::list_tags("a", "n=1"),
                  "apis.tags.list is off (--apis.tags.list)"},
        forbidden{"Sha512Blob",
                  {{"data.sha512", "0"}},
                  api::start_upload("a", "sha512"),
                  "data.sha512 is off (--data.sha512)"},
        forbidden{"Sha512Reference",
                  {{"data.sha512", "0"}},
                  api::get_manifest("a", "sha512:00"),
                  "data.sha512 is off (--data.sha512)"},
        forbidden{"Sha512InManifest",
                  {{"data.sha512", "0"}},
                  pushed("v1", image, R"({"layers": [{"digest": "sha512:00"}]})"),
                  "data.sha512 is off (--data.sha512)"},
        forbidden{"Sha256",
                  {{"data.sha512", "0"}},
                  pushed("v1", image, R"({"layers": [{"digest": "sha256:00"}]})"),
                  ""},
        forbidden{"Index",
                  {{"data.index", "0"}},
                  pushed("v1", index, "{}"),
                  "data.index is off (--data.index)"},
        forbidden{"AnonymousMount",
                  {{"apis.blobs.mount-anonymous", "0"}},
                  api::mount_blob("a", digest, ""),
                  "apis.blobs.mount-anonymous is off (--apis.blobs.mount-anonymous)"},
        forbidden{
            "Mount", {{"apis.blobs.mount-anonymous", "0"}}, api::mount_blob("a", digest, "b"), ""}),
    [](const auto& row) { return row.param.name; });

TEST(RequestFilter, IsNothingWhereNobodySwitches) {
  EXPECT_FALSE(filter_with({}));
  EXPECT_FALSE(filter_with({{"apis.referrer", "true"}}));
}

}  // namespace
}  // namespace plimsoll
