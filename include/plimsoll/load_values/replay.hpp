#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plimsoll/base/error.hpp"

namespace plimsoll::load {

/// The kind of a logged request.
enum class logged_kind : std::uint8_t {
  manifest_head,
  manifest_get,
  manifest_put,
  manifest_delete,
  blob_head,
  blob_get,
  blob_put,  ///< An upload's end, or a whole upload in one POST.
  blob_delete,
  blob_mount,
  upload_start,  ///< The POST before the parts.
  upload_part,   ///< A PATCH.
  tag_list,
  catalogue_list,
  referrers_list,
};

[[nodiscard]] std::string_view to_string(logged_kind kind) noexcept;

/// One request of a log.
struct logged_request {
  /// Since the earliest request of the log. Access logs have whole seconds: requests of one
  /// second are spread over it.
  std::chrono::nanoseconds offset{0};
  logged_kind kind = logged_kind::blob_get;
  std::string repository;        ///< Empty for the catalogue.
  std::string reference;         ///< A tag or a digest; empty where the request has none.
  std::uint64_t body_bytes = 0;  ///< Of the response or the request, whichever carries content.
  bool absent = false;           ///< A HEAD that was answered with 404.

  friend bool operator==(const logged_request&, const logged_request&) = default;
};

enum class log_format : std::uint8_t {
  nginx,            ///< nginx's and Apache's "combined", a line a request.
  docker_registry,  ///< docker-registry's access log, or its JSON log ("response completed").
  fast18,           ///< The traces of "Improving Docker Registry Design" (FAST 2018): JSON.
};

[[nodiscard]] std::string_view to_string(log_format format) noexcept;

/// A log as a list of requests, the earliest first.
struct replay {
  log_format format = log_format::nginx;
  std::vector<logged_request> requests;
  std::uint64_t unreadable = 0;  ///< Lines that are not of this format.
  std::uint64_t ignored = 0;     ///< Requests that failed, or are none of the distribution API.
  /// The first unreadable lines: their number and why. At most `most_complaints`.
  std::vector<std::pair<std::uint64_t, std::string>> complaints;
};

inline constexpr std::size_t most_complaints = 10;
inline constexpr std::size_t most_logged_requests = 10'000'000;
inline constexpr std::size_t longest_log_line = 64u << 10u;

/// The format of a log, by its first lines; nothing where it is unknown.
[[nodiscard]] std::optional<log_format> recognize(std::string_view log);

/// Reads a log. Lines that cannot be read are counted, not fatal; requests that did not succeed
/// (no status of 2xx or 3xx) are left out: what they asked for may not exist.
///
/// @return an error where the format is not recognized, no line holds a request that can be
///         replayed, or there are more than `most_logged_requests`
[[nodiscard]] result<replay> parse_log(std::string_view log);

/// The same requests with content of `factor` times the sizes, of at least a byte where the log
/// has any.
///
/// @param factor above 0, at most 1
[[nodiscard]] replay scaled(replay whole, double factor);

}  // namespace plimsoll::load
