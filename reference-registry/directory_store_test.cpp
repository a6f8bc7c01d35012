#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "registry_client.hpp"

namespace plimsoll::reference {
namespace {

namespace fs = std::filesystem;

constexpr const char* hello =
    "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
constexpr const char* index_type = "Content-Type: application/vnd.oci.image.index.v1+json\r\n";
constexpr const char* index_body =
    R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]})";
constexpr const char* no_body = "Content-Length: 0\r\n";

/// An index with this one entry.
std::string index_of(const std::string& digest, std::size_t size) {
  return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)"
         R"({"mediaType":"application/vnd.oci.image.index.v1+json","digest":")" +
         digest + R"(","size":)" + std::to_string(size) + "}]}";
}

std::string read(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

/// A registry in a folder of its own, which can be ended and started again.
class DirectoryStore : public testing::Test {
 protected:
  DirectoryStore() {
    std::string name = (fs::temp_directory_path() / "plimsoll-store-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    root = name;
    start();
  }
  ~DirectoryStore() override {
    end();
    fs::remove_all(root);
  }
  DirectoryStore(const DirectoryStore&) = delete;
  DirectoryStore& operator=(const DirectoryStore&) = delete;

  void start() {
    options how;
    how.store = root;
    how.version = spec_version::v1_2_dev;
    served.emplace(registry::start(how).value());
    client.emplace(*served);
  }
  void end() {
    client.reset();
    served.reset();
  }
  void restart() {
    end();
    start();
  }
  raw_reply push_blob(const std::string& repository, const std::string& digest,
                      std::string_view bytes) {
    return client->ask("POST", "/v2/" + repository + "/blobs/uploads/?digest=" + digest, "", bytes);
  }
  std::string push_index(const std::string& reference, std::string_view body = index_body) {
    const auto got = client->ask("PUT", "/v2/app/manifests/" + reference, index_type, body);
    EXPECT_EQ(got.status(), "201") << got.body;
    return got.header("Docker-Content-Digest");
  }
  std::string get(const std::string& target) { return client->ask("GET", target).body; }
  std::string why_not_started() {
    end();
    options how;
    how.store = root;
    const auto made = registry::start(how);
    return made ? "" : made.error().what();
  }

  fs::path root;
  std::optional<registry> served;
  std::optional<raw_client> client;
};

TEST_F(DirectoryStore, IsAnImageLayoutForEachRepository) {
  EXPECT_EQ(push_blob("app/sub", hello, "hello").status(), "201");
  const auto folder = root / "app" / "sub";
  EXPECT_EQ(read(folder / "oci-layout"), R"({"imageLayoutVersion":"1.0.0"})");
  EXPECT_EQ(read(folder / "index.json"),
            R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json",)"
            R"("manifests":[]})");
  EXPECT_EQ(read(folder / "blobs" / "sha256" / std::string(hello).substr(7)), "hello");
}

TEST_F(DirectoryStore, NamesTagsInTheIndex) {
  const auto digest = push_index("v1");
  const auto index = read(root / "app" / "index.json");
  EXPECT_NE(index.find(R"("org.opencontainers.image.ref.name":"v1")"), std::string::npos) << index;
  EXPECT_NE(index.find(R"("digest":")" + digest + '"'), std::string::npos) << index;
}

TEST_F(DirectoryStore, KeepsAllWhenItIsStartedAgain) {
  EXPECT_EQ(push_blob("app", hello, "hello").status(), "201");
  const auto digest = push_index("v1");
  push_index("v2");
  restart();
  EXPECT_EQ(get(std::string("/v2/app/blobs/") + hello), "hello");
  EXPECT_EQ(get("/v2/app/manifests/v1"), index_body);
  EXPECT_EQ(client->ask("HEAD", "/v2/app/manifests/" + digest).header("Content-Type"),
            "application/vnd.oci.image.index.v1+json");
  EXPECT_EQ(get("/v2/app/tags/list"), R"({"name":"app","tags":["v1","v2"]})");
}

TEST_F(DirectoryStore, ListsItsRepositories) {
  EXPECT_EQ(client->ask("POST", "/v2/opened/blobs/uploads/", no_body).status(), "202");
  EXPECT_EQ(push_blob("app/sub", hello, "hello").status(), "201");
  push_index("v1");
  EXPECT_EQ(get("/v2/_catalog"), R"({"repositories":["app","app/sub"]})");
  restart();
  EXPECT_EQ(get("/v2/_catalog"), R"({"repositories":["app","app/sub"]})");
}

TEST_F(DirectoryStore, ListsReferrersAsBefore) {
  const std::string subject = hello;
  const std::string referrer =
      R"({"schemaVersion":2,"artifactType":"a/b","manifests":[],"subject":{"mediaType":)"
      R"("application/vnd.oci.image.index.v1+json","digest":")" +
      subject + R"(","size":5}})";
  EXPECT_EQ(client->ask("PUT", "/v2/app/manifests/v1", index_type, referrer).header("OCI-Subject"),
            subject);
  const auto before = get("/v2/app/referrers/" + subject);
  EXPECT_NE(before.find(R"("artifactType":"a/b")"), std::string::npos) << before;
  restart();
  EXPECT_EQ(get("/v2/app/referrers/" + subject), before);
}

TEST_F(DirectoryStore, ResumesAnUploadBehindTheLastAcknowledgedByte) {
  const auto session = client->ask("POST", "/v2/app/blobs/uploads/", no_body).header("Location");
  EXPECT_EQ(client->ask("PATCH", session, "", "hel").status(), "202");
  for (const auto& one : fs::directory_iterator(root / "app" / "_uploads")) {
    // As if it had died with bytes written and not acknowledged.
    std::ofstream(one.path(), std::ios::app) << "XYZ";
  }
  restart();
  EXPECT_EQ(client->ask("GET", session).header("Range"), "0-2");
  EXPECT_EQ(client->ask("PUT", session + "?digest=" + hello, "", "lo").status(), "201");
  EXPECT_EQ(get(std::string("/v2/app/blobs/") + hello), "hello");
  EXPECT_TRUE(fs::is_empty(root / "app" / "_uploads"));
}

TEST_F(DirectoryStore, ForgetsUploadsThatAreCancelledOrWrong) {
  const auto session = client->ask("POST", "/v2/app/blobs/uploads/", no_body).header("Location");
  EXPECT_EQ(client->ask("PUT", session + "?digest=" + hello, "", "jello").status(), "400");
  EXPECT_EQ(client->ask("DELETE", session).status(), "204");
  EXPECT_EQ(push_blob("app", hello, "jello").status(), "400");
  EXPECT_TRUE(fs::is_empty(root / "app" / "_uploads"));
}

TEST_F(DirectoryStore, ThrowsAwayWhatWasBeingWrittenWhenItDied) {
  push_index("v1");
  end();
  std::ofstream(root / "app" / "_uploads" / "temporary") << "half";
  start();
  EXPECT_EQ(get("/v2/app/manifests/v1"), index_body);
  EXPECT_TRUE(fs::is_empty(root / "app" / "_uploads"));
}

TEST_F(DirectoryStore, MountsWithoutACopy) {
  EXPECT_EQ(push_blob("app", hello, "hello").status(), "201");
  const auto target = std::string("/v2/other/blobs/uploads/?from=app&mount=") + hello;
  EXPECT_EQ(client->ask("POST", target, no_body).status(), "201");
  const auto path = fs::path("blobs") / "sha256" / std::string(hello).substr(7);
  EXPECT_TRUE(fs::equivalent(root / "app" / path, root / "other" / path));
  EXPECT_EQ(client->ask("DELETE", std::string("/v2/app/blobs/") + hello).status(), "202");
  EXPECT_EQ(get(std::string("/v2/other/blobs/") + hello), "hello");
}

TEST_F(DirectoryStore, TellsAManifestFromABlobOfTheSameBytes) {
  const auto digest = push_index("v1");
  EXPECT_EQ(client->ask("GET", "/v2/app/blobs/" + digest).status(), "404");
  EXPECT_EQ(push_blob("app", digest, index_body).status(), "201");
  restart();
  EXPECT_EQ(get("/v2/app/blobs/" + digest), index_body);
  EXPECT_EQ(client->ask("DELETE", "/v2/app/blobs/" + digest).status(), "202");
  EXPECT_EQ(client->ask("GET", "/v2/app/blobs/" + digest).status(), "404");
  EXPECT_EQ(get("/v2/app/manifests/v1"), index_body);
  EXPECT_EQ(push_blob("app", digest, index_body).status(), "201");
  EXPECT_EQ(client->ask("DELETE", "/v2/app/manifests/" + digest).status(), "202");
  restart();
  EXPECT_EQ(client->ask("GET", "/v2/app/manifests/v1").status(), "404");
  EXPECT_EQ(get("/v2/app/blobs/" + digest), index_body);
}

TEST_F(DirectoryStore, KeepsABlobThatAnIndexLists) {
  EXPECT_EQ(push_blob("app", hello, "hello").status(), "201");
  push_index("v1", index_of(hello, 5));
  restart();
  EXPECT_EQ(get(std::string("/v2/app/blobs/") + hello), "hello");
  EXPECT_EQ(client->ask("GET", std::string("/v2/app/manifests/") + hello).status(), "404");
}

TEST_F(DirectoryStore, DoesNotBringADeletedManifestBackThatAnIndexLists) {
  const auto child = push_index("child");
  EXPECT_EQ(push_blob("app", child, index_body).status(), "201");
  push_index("v1", index_of(child, std::string_view(index_body).size()));
  EXPECT_EQ(client->ask("DELETE", "/v2/app/manifests/" + child).status(), "202");
  restart();
  EXPECT_EQ(client->ask("GET", "/v2/app/manifests/" + child).status(), "404");
  EXPECT_EQ(get("/v2/app/blobs/" + child), index_body);
}

TEST_F(DirectoryStore, FindsTheManifestsOfAnIndexThatAnotherToolWrote) {
  const auto child = push_index("child");
  const auto parent_body = index_of(child, std::string_view(index_body).size());
  const auto parent = push_index("v1", parent_body);
  end();
  // Another tool lists what has a name alone.
  std::ofstream(root / "app" / "index.json") << index_of(parent, parent_body.size());
  start();
  EXPECT_EQ(get("/v2/app/manifests/" + parent), parent_body);
  EXPECT_EQ(get("/v2/app/manifests/" + child), index_body);
  EXPECT_EQ(client->ask("DELETE", "/v2/app/manifests/" + child).status(), "202");
  restart();
  EXPECT_EQ(get("/v2/app/manifests/" + parent), parent_body);
  EXPECT_EQ(client->ask("GET", "/v2/app/manifests/" + child).status(), "404");
}

TEST_F(DirectoryStore, AcknowledgesNothingBeforeTheLayoutIsWhole) {
  // Where a folder has its name, oci-layout cannot be written.
  fs::create_directories(root / "app" / "oci-layout" / "in-the-way");
  for (int i = 0; i < 2; ++i) {
    const auto pushed = push_blob("app", hello, "hello").status();
    EXPECT_NE(pushed, "201") << i;
    client.emplace(*served);
  }
  fs::remove_all(root / "app" / "oci-layout");
  EXPECT_EQ(push_blob("app", hello, "hello").status(), "201");
  restart();
  EXPECT_EQ(get(std::string("/v2/app/blobs/") + hello), "hello");
}

TEST_F(DirectoryStore, ServesOnWhereAnUploadThatBrokeOffCannotBeTakenAway) {
  const auto uploads = root / "app" / "_uploads";
  {
    raw_client leaves(*served);
    leaves.send(std::string("POST /v2/app/blobs/uploads/?digest=") + hello +
                " HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhel");
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while ((!fs::exists(uploads) || fs::is_empty(uploads)) &&
           std::chrono::steady_clock::now() < limit) {
      std::this_thread::yield();
    }
    EXPECT_FALSE(fs::is_empty(uploads));
    // A folder cannot be unlinked, as a file on a disk that fails cannot.
    const auto file = fs::directory_iterator(uploads)->path();
    fs::remove(file);
    fs::create_directory(file);
    leaves.end_sending();
    (void)leaves.receive();
  }
  EXPECT_EQ(client->ask("GET", "/v2/").status(), "200");
}

TEST_F(DirectoryStore, KeepsRepositoriesApartWhoseNamesALayoutUses) {
  for (const char* name : {"app", "app/blobs", "app/blobs/sha256", "app/index.json"}) {
    EXPECT_EQ(push_blob(name, hello, "hello").status(), "201") << name;
  }
  restart();
  for (const char* name : {"app", "app/blobs", "app/blobs/sha256", "app/index.json"}) {
    EXPECT_EQ(get(std::string("/v2/") + name + "/blobs/" + hello), "hello") << name;
  }
}

TEST_F(DirectoryStore, SendsRangesOfLargeFiles) {
  const std::string million(1000000, 'a');
  const std::string digest =
      "sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  EXPECT_EQ(push_blob("app", digest, million).status(), "201");
  EXPECT_EQ(get("/v2/app/blobs/" + digest), million);
  const auto part = client->ask("GET", "/v2/app/blobs/" + digest, "Range: bytes=100-299999\r\n");
  EXPECT_EQ(part.status(), "206");
  EXPECT_EQ(part.body, million.substr(100, 299900));
  EXPECT_EQ(client->ask("HEAD", "/v2/app/blobs/" + digest).header("Content-Length"), "1000000");
}

TEST_F(DirectoryStore, ServesOnWhenAClientLeavesInTheMiddleOfAFile) {
  const std::string digest =
      "sha256:cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
  EXPECT_EQ(push_blob("app", digest, std::string(1000000, 'a')).status(), "201");
  const auto one = "GET /v2/app/blobs/" + digest + " HTTP/1.1\r\nHost: x\r\n\r\n";
  for (int i = 0; i < 5; ++i) {
    // It asks for more than the socket takes, ends its side and goes: what is sent then would
    // be a broken pipe.
    raw_client leaves(*served);
    for (int j = 0; j < 50; ++j) leaves.send(one);
    leaves.end_sending();
    EXPECT_EQ(leaves.receive().status(), "200");
  }
  EXPECT_EQ(client->ask("GET", "/v2/").status(), "200");
}

TEST_F(DirectoryStore, IsOpenOnce) {
  options how;
  how.store = root;
  const auto second = registry::start(how);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().what().find("another process"), std::string::npos);
}

TEST_F(DirectoryStore, DoesNotStartOnWhatIsBroken) {
  const auto digest = push_index("v1");
  const auto path = root / "app" / "blobs" / "sha256" / digest.substr(7);
  std::ofstream(path) << "other";
  EXPECT_NE(why_not_started().find("does not have the digest"), std::string::npos);
  fs::remove(path);
  EXPECT_NE(why_not_started().find(digest), std::string::npos);
  std::ofstream(root / "app" / "index.json") << "{";
  EXPECT_NE(why_not_started().find("app/index.json"), std::string::npos);
}

}  // namespace
}  // namespace plimsoll::reference
