#include "plimsoll/artifact/artifact.hpp"

#include <optional>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/testing/run_coroutine.hpp"
#include "plimsoll/oci/media_type.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/reference_registry/registry.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::artifacts {
namespace {

namespace asio = boost::asio;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr const char* repository = "team/app";
constexpr const char* type = "application/vnd.example.certificate";

artifact note(std::string content) {
  artifact made;
  made.type = type;
  made.content_type = "text/plain";
  made.content = std::move(content);
  made.annotations = {{"org.example.note", "yes"}};
  return made;
}

/// A registry with an image index at `v1`, and a client of it.
class Artifact : public ::testing::Test {
 protected:
  void start(reference::options how) {
    registry_.emplace(reference::registry::start(std::move(how)).value());
    http::client_options where;
    where.registry = registry_->url();
    client_.emplace(http::client::make(io_.get_executor(), where).value());
    oci::image_index index;
    index.media_type = oci::media_type::image_index;
    ASSERT_EQ(
        sent(api::put_manifest(repository, "v1", index.media_type, to_json(index))).response.status,
        201);
    subject_ = got(resolve(*client_, repository, "v1")).value();
  }

  template <class T>
  T got(asio::awaitable<T> asked) {
    std::optional<T> out;
    const auto body = [&]() -> asio::awaitable<void> { out = co_await std::move(asked); };
    plimsoll::testing::run_coroutine(io_, body);
    return *std::move(out);
  }

  http::exchange sent(http::request message) { return got(client_->send(std::move(message))); }

  /// What is found of the type, as text.
  std::vector<std::string> found() {
    std::vector<std::string> out;
    const auto listed = got(referrers_of(*client_, repository, subject_.digest, type));
    EXPECT_TRUE(listed) << listed.error().what();
    for (const oci::descriptor& one : listed.value()) {
      EXPECT_EQ(one.annotations.at("org.example.note"), "yes");
      out.push_back(got(content_of(*client_, repository, one)).value());
    }
    return out;
  }

  asio::io_context io_;
  std::optional<reference::registry> registry_;
  std::optional<http::client> client_;
  oci::descriptor subject_;
};

reference::options with_variant(std::string name) {
  reference::options how;
  how.variant = std::move(name);
  return how;
}

TEST_F(Artifact, IsFoundByTheReferrersApi) {
  start({});
  const auto first = got(attach(*client_, repository, subject_, note("one")));
  ASSERT_TRUE(first) << first.error().what();
  EXPECT_FALSE(first->listed_by_tag);
  artifact other = note("other");
  other.type = "application/vnd.example.other";
  ASSERT_TRUE(got(attach(*client_, repository, subject_, other)));
  EXPECT_THAT(found(), ElementsAre("one"));
  EXPECT_EQ(
      sent(api::get_manifest(repository, oci::referrers_tag(subject_.digest))).response.status,
      404);
}

TEST_F(Artifact, IsFoundOnAllPages) {
  start(with_variant("referrers-one-a-page"));
  for (const char* const text : {"one", "two", "three"}) {
    ASSERT_TRUE(got(attach(*client_, repository, subject_, note(text))));
  }
  EXPECT_THAT(found(), UnorderedElementsAre("one", "two", "three"));
}

TEST_F(Artifact, IsListedByTagWithoutTheReferrersApi) {
  start(with_variant("no-referrers"));
  for (const char* const text : {"one", "two", "one"}) {
    const auto made = got(attach(*client_, repository, subject_, note(text)));
    ASSERT_TRUE(made) << made.error().what();
    EXPECT_TRUE(made->listed_by_tag);
  }
  EXPECT_THAT(found(), ElementsAre("one", "two"));
  const auto list = sent(api::get_manifest(repository, oci::referrers_tag(subject_.digest)));
  const auto index = oci::parse_image_index(list.response.body);
  ASSERT_TRUE(index);
  EXPECT_EQ(index->manifests.front().artifact_type, type);
}

TEST_F(Artifact, IsListedByTagWhetherPushesCanBeConditionalOrNot) {
  for (const char* const variant : {"conditional-pushes", "weak-etags"}) {
    reference::options how = with_variant(variant);
    how.referrers = false;
    start(std::move(how));
    for (const char* const text : {"one", "two"}) {
      const auto made = got(attach(*client_, repository, subject_, note(text)));
      ASSERT_TRUE(made) << variant << ": " << made.error().what();
    }
    EXPECT_THAT(found(), ElementsAre("one", "two")) << variant;
  }
}

TEST_F(Artifact, LeavesAloneWhatIsNoListOfReferrers) {
  start(with_variant("no-referrers"));
  const std::string tag = oci::referrers_tag(subject_.digest);
  const auto image = got(attach(*client_, repository, subject_, note("one")));
  const auto manifest = sent(api::get_manifest(repository, image->manifest.str()));
  ASSERT_EQ(sent(api::put_manifest(repository, tag, oci::media_type::image_manifest,
                                   manifest.response.body))
                .response.status,
            201);
  const auto made = got(attach(*client_, repository, subject_, note("two")));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what(), HasSubstr("expected an image index"));
  EXPECT_EQ(sent(api::get_manifest(repository, tag)).response.body, manifest.response.body);
}

TEST_F(Artifact, IsNoneWhereNothingIsAttached) {
  for (const char* const variant : {"", "no-referrers"}) {
    start(with_variant(variant));
    EXPECT_THAT(found(), IsEmpty());
  }
}

TEST_F(Artifact, ThatCannotBePushedSaysWhy) {
  reference::options how;
  how.manifest_limit_bytes = 300;
  start(how);
  const auto made = got(attach(*client_, repository, subject_, note("one")));
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().what(), HasSubstr("expected 201, received 413"));
}

TEST_F(Artifact, WhoseSubjectIsNotThereSaysWhy) {
  start({});
  const auto none = got(resolve(*client_, repository, "v2"));
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().what(), HasSubstr("expected 200, received 404 MANIFEST_UNKNOWN"));
}

TEST_F(Artifact, IsComparedWithItsDigest) {
  start({});
  const auto made = got(attach(*client_, repository, subject_, note("one"))).value();
  oci::descriptor other = oci::describe(oci::media_type::image_manifest, "no such content");
  EXPECT_FALSE(got(content_of(*client_, repository, other)));
  other.digest = made.manifest;
  EXPECT_EQ(got(content_of(*client_, repository, other)).value(), "one");
}

}  // namespace
}  // namespace plimsoll::artifacts
