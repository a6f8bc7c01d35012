#include "plimsoll/scenario/policy.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plimsoll {
namespace {

using ::testing::HasSubstr;

http::response answer(int status, std::string_view code = "", std::string_view message = "") {
  http::response made;
  made.status = status;
  if (code.empty()) return made;
  made.body = R"({"errors":[{"code":")" + std::string(code) + R"(","message":")" +
              std::string(message) + R"("}]})";
  return made;
}

sent_request sent(request_kind kind, std::uint64_t body_bytes = 0) {
  return {.kind = kind, .body_bytes = body_bytes, .moves_tag = false, .tags_are_fixed = false};
}

sent_request tag_move(bool tags_are_fixed) {
  return {.kind = request_kind::put_manifest,
          .body_bytes = 500,
          .moves_tag = true,
          .tags_are_fixed = tags_are_fixed};
}

constexpr std::uint64_t four_megabytes = 4'000'000;

struct refused_push {
  sent_request request;
  http::response answer;
  policy by = policy::access;
};

TEST(RefusalOf, IsOfAPolicy) {
  const std::array<refused_push, 21> all{{
      {sent(request_kind::open_upload), answer(401, "UNAUTHORIZED"), policy::access},
      {sent(request_kind::open_upload), answer(403, "DENIED"), policy::access},
      {sent(request_kind::open_upload), answer(403), policy::access},
      {sent(request_kind::open_upload), answer(405, "UNSUPPORTED"), policy::access},
      {sent(request_kind::open_upload), answer(501), policy::access},
      {sent(request_kind::open_upload), answer(404, "NAME_UNKNOWN"), policy::names},
      {sent(request_kind::blob_content), answer(403, "DENIED"), policy::access},
      {sent(request_kind::blob_content), answer(403, "DENIED", "Quota exceeded"), policy::quota},
      {sent(request_kind::blob_content, four_megabytes), answer(413), policy::quota},
      {sent(request_kind::blob_content), answer(507), policy::quota},
      {sent(request_kind::mount), answer(507), policy::quota},
      {sent(request_kind::mount), answer(403, "DENIED", "over quota"), policy::quota},
      {sent(request_kind::open_upload), answer(400, "UNSUPPORTED"), policy::access},
      {sent(request_kind::put_manifest, 500), answer(413), policy::quota},
      {sent(request_kind::put_manifest, four_megabytes), answer(413, "DENIED", "over the quota"),
       policy::quota},
      {sent(request_kind::put_manifest, 500), answer(403, "DENIED"), policy::access},
      {sent(request_kind::put_manifest, 500), answer(400, "DENIED"), policy::access},
      {tag_move(false), answer(409, "DENIED"), policy::tag_changes},
      {tag_move(false), answer(412, "PRECONDITION"), policy::tag_changes},
      {tag_move(false), answer(400, "TAG_INVALID", "the tag exists"), policy::tag_changes},
      {tag_move(true), answer(400, "MANIFEST_INVALID"), policy::tag_changes},
  }};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto refused = refusal_of(all[i].request, all[i].answer);
    ASSERT_TRUE(refused) << i;
    EXPECT_EQ(refused->by, all[i].by) << i;
  }
}

struct judged_push {
  sent_request request;
  http::response answer;
};

TEST(RefusalOf, IsNotOfAPolicyWhereARuleIsAboutTheAnswer) {
  const std::array<judged_push, 16> all{{
      {sent(request_kind::open_upload), answer(200)},
      {sent(request_kind::open_upload), answer(404)},
      {sent(request_kind::open_upload), answer(500, "DENIED")},
      {sent(request_kind::open_upload), answer(400, "NAME_INVALID")},
      {sent(request_kind::blob_content), answer(400, "DIGEST_INVALID")},
      {sent(request_kind::blob_content), answer(405, "UNSUPPORTED")},
      {sent(request_kind::blob_content), answer(409, "DENIED")},
      {sent(request_kind::blob_content), answer(416)},
      {sent(request_kind::mount), answer(403, "DENIED")},
      {sent(request_kind::put_manifest, 500), answer(400, "MANIFEST_INVALID")},
      {sent(request_kind::put_manifest, 500), answer(405, "UNSUPPORTED")},
      {sent(request_kind::put_manifest, 500), answer(409, "DENIED")},
      {sent(request_kind::put_manifest, four_megabytes), answer(413)},
      {sent(request_kind::put_manifest, four_megabytes), answer(413, "DENIED", "too large")},
      {tag_move(false), answer(400, "MANIFEST_INVALID", "not JSON")},
      {sent(request_kind::read), answer(403, "DENIED")},
  }};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_FALSE(refusal_of(all[i].request, all[i].answer)) << i;
  }
}

TEST(WordsOf, AreTheRegistrysOwnAndFitForATerminal) {
  EXPECT_EQ(words_of(answer(403, "DENIED", "nobody pushes")), "403 DENIED: nobody pushes");
  EXPECT_EQ(words_of(answer(403, "DENIED")), "403 DENIED");
  EXPECT_EQ(words_of(answer(405)), "405");
  EXPECT_THAT(words_of(answer(403, "DENIED", "\\u001b[2J")), HasSubstr("\\x1B[2J"));
  EXPECT_LT(words_of(answer(403, "DENIED", std::string(5000, 'a'))).size(), 400u);
  http::response text = answer(413);
  text.body = "client intended to send too large body\nnginx";
  text.headers.add("Content-Type", "text/plain; charset=utf-8");
  EXPECT_EQ(words_of(text), "413: client intended to send too large body");
  http::response page = answer(413);
  page.body = "<html>\r\n<head><title>413 Request Entity Too Large</title></head>";
  page.headers.add("Content-Type", "text/html");
  EXPECT_EQ(words_of(page), "413: 413 Request Entity Too Large");
}

TEST(KindOf, TellsTheRequestsOfTheApiApart) {
  EXPECT_EQ(kind_of("POST", "/v2/a/blobs/uploads/"), request_kind::open_upload);
  EXPECT_EQ(kind_of("POST", "/v2/a/blobs/uploads/?digest-algorithm=sha512"),
            request_kind::open_upload);
  EXPECT_EQ(kind_of("POST", "/v2/a/blobs/uploads/?digest=x"), request_kind::blob_content);
  EXPECT_EQ(kind_of("POST", "/v2/a/blobs/uploads/?from=b&mount=x"), request_kind::mount);
  EXPECT_EQ(kind_of("PATCH", "/upload/1"), request_kind::blob_content);
  EXPECT_EQ(kind_of("PUT", "https://r.example/v2/a/blobs/uploads/1?digest=x"),
            request_kind::blob_content);
  EXPECT_EQ(kind_of("PUT", "https://r.example/v2/a/manifests/v1"), request_kind::put_manifest);
  EXPECT_EQ(kind_of("DELETE", "/v2/a/manifests/v1"), request_kind::remove);
  EXPECT_EQ(kind_of("HEAD", "/v2/a/manifests/v1"), request_kind::read);
}

TEST(RepositoryIn, IsTheNameInAPathOfTheApi) {
  EXPECT_EQ(repository_in("/v2/a/b/manifests/v1"), "a/b");
  EXPECT_EQ(repository_in("http://r.example:5000/v2/a/blobs/uploads/?mount=x&from=c"), "a");
  EXPECT_EQ(repository_in("/v2/a/blobs/b/blobs/uploads/1"), "a/blobs/b");
  EXPECT_EQ(repository_in("/v2/a/tags/list?n=1"), "a");
  EXPECT_EQ(repository_in("/v2/"), "");
  EXPECT_EQ(repository_in("/upload/1"), "");
  EXPECT_EQ(reference_in("/v2/a/manifests/v1?x=y"), "v1");
}

TEST(ReasonOf, NamesTheWordsAndTheFlags) {
  EXPECT_THAT(reason_of({policy::access, "403 DENIED"}), HasSubstr("403 DENIED"));
  EXPECT_THAT(reason_of({policy::access, "403"}), HasSubstr("--read-only"));
  EXPECT_THAT(reason_of({policy::names, "404"}), HasSubstr("--repo-prefix"));
}

}  // namespace
}  // namespace plimsoll
