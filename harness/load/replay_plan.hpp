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

/// One start of a replay. An upload is one start, at the time of its POST: a log says neither which
/// PATCH belongs to which upload nor how long the client waited between them.
struct replayed_request {
  logged_kind kind = logged_kind::blob_get;
  std::size_t operation = 0;     ///< Index into the operations of the log's workload.
  std::uint64_t repository = 0;  ///< Index of the repository.
  std::size_t content = 0;       ///< Index into the plan's contents; unused by a push.
  std::uint64_t bytes = 0;       ///< Of what is pushed.
  std::uint64_t parts = 0;       ///< PATCHes of an upload.
  bool opened = false;           ///< Whether a POST opened the upload.
  bool absent = false;           ///< A HEAD that is expected to answer 404.
  std::string digest;            ///< Of a blob that is pushed.
};

/// Content that is pushed before the clock starts, because the log asks for it. It stays there
/// during the whole run: starts do not wait for each other, at whatever speed. Content that is
/// deleted is asked for by no other request, and content that is pushed is new.
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

/// A log as the content to push first and the requests to send then.
struct replay_plan {
  std::vector<std::string> repositories;  ///< With the prefix.
  std::vector<replayed_content> contents;
  std::vector<replayed_request> requests;             ///< By the start's index.
  std::vector<std::chrono::nanoseconds> start_times;  ///< When each begins, ascending; not scaled.
  std::vector<logged_kind> operations;                ///< What kinds there are.
};

/// A pure function of the log. Names, digests and texts are left to `fill_script`.
[[nodiscard]] replay_plan make_replay_plan(const replay& log);

/// Bytes that are pushed before the clock starts.
[[nodiscard]] double prepared_bytes(const replay_plan& plan) noexcept;
/// Those of them that are held in memory: manifests are.
[[nodiscard]] double held_bytes(const replay_plan& plan) noexcept;

}  // namespace plimsoll::load
