#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/base/error.hpp"
#include "plimsoll/reference_registry/statistics.hpp"

namespace plimsoll::reference {

enum class spec_version : std::uint8_t { v1_0, v1_1, v1_2_dev };

/// A repository that one user alone may read and write.
struct guarded_repository {
  std::string name;  ///< Empty: there is none.
  std::string username;
  std::string password;
};

/// How the registry behaves. The default is a registry with every feature of 1.1.
struct options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;                      ///< 0: one that is free.
  std::optional<std::filesystem::path> store;  ///< Nothing: in memory.
  spec_version version = spec_version::v1_1;
  std::uint64_t manifest_limit_bytes = 4 * 1024 * 1024;  // NOLINT(bugprone-implicit-widening*)
  std::uint64_t chunk_min_length = 0;                    ///< OCI-Chunk-Min-Length; 0: none.
  bool deletes = true;
  bool referrers = true;
  bool sparse = false;                 ///< Takes manifests whose blobs are missing.
  std::string warning;                 ///< Text of a Warning header on each response; empty: none.
  std::chrono::milliseconds delay{0};  ///< Before each response.
  std::string username;                ///< Basic authentication is asked for where it is not empty.
  std::string password;
  guarded_repository guarded;  ///< Its user may use all others, too.
  std::string fault;           ///< The one rule to break; empty: none.
  std::string variant;         ///< The legal choice to make; empty: none.
  unsigned threads = 1;
};

/// A registry of distribution-spec 1.1.1 that serves HTTP/1.1 from threads of its own
/// until it is destroyed or stopped.
class registry {
 public:
  /// Listens, and serves from then on. The error says why it cannot: the address is taken,
  /// the store cannot be written, no such fault.
  [[nodiscard]] static result<registry> start(options how);

  /// Ends `before`, and starts over what it holds with other options, as after an upgrade.
  /// `how.store` is not looked at.
  [[nodiscard]] static result<registry> restart(registry before, options how);

  registry(registry&&) noexcept;
  registry& operator=(registry&&) noexcept;
  ~registry();

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// For example "http://127.0.0.1:40123".
  [[nodiscard]] const std::string& url() const noexcept;

  /// What it served and holds. Called on any thread, but not while it is being stopped. Reads
  /// the names of all blobs where they lie in a folder.
  /// @throws std::exception where the store cannot be read
  [[nodiscard]] statistics seen() const;

  /// Ends all connections and the threads; what was acknowledged is in the store.
  void stop();

 private:
  struct state;
  explicit registry(std::unique_ptr<state> made);
  [[nodiscard]] static result<registry> serve_on(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

/// A registry that breaks one requirement and nothing else.
struct fault_info {
  std::string_view name;
  std::string_view requirement;  ///< The catalogue's id.
  std::string_view summary;      ///< What it does, in the present tense.
  /// Whether it shows only over what was left in a registry without the referrers API.
  bool is_upgraded = false;
};

/// A registry that makes a choice which the spec leaves open.
struct variant_info {
  std::string_view name;
  std::string_view summary;
  bool is_upgraded = false;  ///< As of a fault.
};

[[nodiscard]] std::vector<fault_info> faults();
[[nodiscard]] std::vector<variant_info> variants();

}  // namespace plimsoll::reference
