#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "content.hpp"
#include "plimsoll/load_values/replay.hpp"
#include "prepared_content.hpp"

namespace plimsoll::load {

/// What one start of a replay does. An upload is one start at the time of its POST: the log says
/// neither which PATCH belongs to which nor how long the client thought between them.
struct replayed_request {
  logged_kind kind = logged_kind::blob_get;
  std::size_t operation = 0;     ///< Among those of the workload that stands for the log.
  std::uint64_t repository = 0;  ///< Of the run's.
  std::size_t content = 0;       ///< What it asks for, among the script's; nothing for a push.
  std::uint64_t bytes = 0;       ///< Of what is pushed.
  std::uint64_t parts = 0;       ///< PATCHes of an upload.
  bool opened = false;           ///< Whether a POST opened the upload.
  bool absent = false;           ///< A HEAD for what is not there.
  std::string digest;            ///< Of a blob that is pushed.
};

/// What stands in the registry before the clock starts, because the log asks for it. All that a
/// request names is there for good: starts do not wait for one another, however far the pace is
/// scaled. What a DELETE takes away nobody else asks for, and what is pushed is new.
struct replayed_content {
  bool is_manifest = false;
  std::uint64_t repository = 0;
  std::uint64_t bytes = 0;
  std::string name;          ///< Of the repository, with its prefix.
  stored_blob blob;          ///< Where it is no manifest.
  stored_manifest manifest;  ///< Where it is one;
  std::string tag;           ///< then its tag,
  std::string target;        ///< and its path by digest.
};

/// A log, as what is to be pushed before and what is to be done then.
struct script {
  std::vector<std::string> repositories;  ///< By their place, with the prefix.
  std::vector<replayed_content> contents;
  std::vector<replayed_request> requests;    ///< By the start's index.
  std::vector<std::chrono::nanoseconds> at;  ///< When each begins, ascending; not scaled.
  std::vector<logged_kind> operations;       ///< What kinds there are.
};

/// A pure function of the log. Names, digests and texts are left to `fill_script`.
[[nodiscard]] script make_script(const replay& log);

/// Bytes that are pushed before the clock starts.
[[nodiscard]] double standing_bytes(const script& acts) noexcept;
/// Those of them that are held in memory: manifests are.
[[nodiscard]] double held_bytes(const script& acts) noexcept;

}  // namespace plimsoll::load
