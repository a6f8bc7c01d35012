#include "plimsoll/load_values/replay.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "log_line.hpp"
#include "names.hpp"
#include "plimsoll/base/text.hpp"
#include "quantity.hpp"

namespace plimsoll::load {
namespace {

using nlohmann::json;

constexpr name_table<14> kind_names{
    "manifest-head", "manifest-get", "manifest-put",   "manifest-delete", "blob-head",
    "blob-get",      "blob-put",     "blob-delete",    "blob-mount",      "upload-start",
    "upload-part",   "tag-list",     "catalogue-list", "referrers-list"};

/// One entry of a log.
struct entry {
  std::optional<logged_line> line;
  bool other = false;  ///< A message of another kind, which is not an error.
};

const std::string* text_at(const json& object, const char* name) {
  const auto entry = object.find(name);
  return entry == object.end() || !entry->is_string() ? nullptr
                                                      : &entry->get_ref<const std::string&>();
}

std::optional<std::uint64_t> number_at(const json& object, const char* name) {
  const auto entry = object.find(name);
  if (entry == object.end()) return std::nullopt;
  if (entry->is_number_unsigned()) return entry->get<std::uint64_t>();
  if (entry->is_string()) return parse_whole_number(entry->get_ref<const std::string&>());
  return std::nullopt;
}

/// One request of the JSON formats, which differ in the name of the time alone: the traces were
/// made from the logs of docker-registry.
entry json_entry(const json& object, const char* time_name) {
  if (!object.is_object()) return {};
  const std::string* const time = text_at(object, time_name);
  const std::string* const method = text_at(object, "http.request.method");
  const std::string* const target = text_at(object, "http.request.uri");
  if (time != nullptr && method == nullptr) return {std::nullopt, true};
  const auto status = number_at(object, "http.response.status");
  const auto timestamp = time == nullptr ? std::nullopt : parse_rfc3339(*time);
  if (!timestamp || target == nullptr) return {};
  // Messages about a request on its way have no status.
  if (!status) return {std::nullopt, true};
  return {logged_line{*timestamp, *method, *target, *status,
                      number_at(object, "http.response.written").value_or(0)},
          false};
}

/// 404 is a valid answer to HEAD, which asks whether something exists.
bool succeeded(const logged_line& line) {
  return (line.status >= 200 && line.status < 400) || (line.method == "HEAD" && line.status == 404);
}

void add_complaint(replay& into, std::uint64_t number, std::string_view reason) {
  ++into.unreadable;
  if (into.complaints.size() < most_complaints) into.complaints.emplace_back(number, reason);
}

void take(replay& into, std::uint64_t number, const entry& read) {
  if (read.line) {
    auto request = succeeded(*read.line) ? request_of(*read.line) : std::nullopt;
    if (request) {
      request->absent = read.line->status == 404;
      into.requests.push_back(std::move(*request));
    } else {
      ++into.ignored;
    }
  } else if (read.other) {
    ++into.ignored;
  } else {
    add_complaint(into, number, fmt::format("no line of {}", to_string(into.format)));
  }
}

/// The text of the next JSON object, up to its closing brace outside of strings; all of the text
/// where there is none.
std::string_view next_object(std::string_view text) {
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return text.substr(0, i + 1);
    }
    // A longer object is not a log entry: skip to the next line.
    if (i >= longest_log_line) return text.substr(0, std::min(text.find('\n'), i));
  }
  return text;
}

bool is_full(const replay& into) {
  return into.requests.size() > most_logged_requests;
}

void read_objects(replay& into, std::string_view log, const char* time_name) {
  std::uint64_t number = 0;
  for (std::size_t start = log.find('{'); start != std::string_view::npos && !is_full(into);
       start = log.find('{', start)) {
    const std::string_view text = next_object(log.substr(start));
    start += std::max<std::size_t>(1, text.size());
    const json object = json::parse(text, nullptr, false);  // discarded where it is no JSON
    entry read = json_entry(object, time_name);
    take(into, ++number, read);
  }
}

void read_lines(replay& into, std::string_view log) {
  std::uint64_t number = 0;
  while (!log.empty() && !is_full(into)) {
    const std::size_t end = std::min(log.find('\n'), log.size());
    std::string_view line = log.substr(0, end);
    log.remove_prefix(std::min(end + 1, log.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    ++number;
    if (line.empty()) continue;
    if (line.size() > longest_log_line) {
      add_complaint(into, number, "the line is too long");
      continue;
    }
    take(into, number, {parse_combined(line), false});
  }
}

/// Access logs have the size of responses only. The size of a push is that of a later pull of it.
void find_pushed_sizes(std::vector<logged_request>& requests) {
  std::map<std::pair<std::string_view, std::string_view>, std::uint64_t> pulled;
  for (const logged_request& request : requests) {
    if (request.kind == logged_kind::blob_get || request.kind == logged_kind::manifest_get) {
      auto& bytes = pulled[{request.repository, request.reference}];
      bytes = std::max(bytes, request.body_bytes);
    }
  }
  for (logged_request& request : requests) {
    const bool pushed =
        request.kind == logged_kind::blob_put || request.kind == logged_kind::manifest_put;
    if (!pushed || request.body_bytes > 0) continue;
    const auto entry = pulled.find({request.repository, request.reference});
    if (entry != pulled.end()) request.body_bytes = entry->second;
  }
}

void set_offsets(std::vector<logged_request>& requests) {
  std::stable_sort(
      requests.begin(), requests.end(),
      [](const logged_request& a, const logged_request& b) { return a.offset < b.offset; });
  const auto earliest = requests.front().offset;
  for (logged_request& request : requests) request.offset -= earliest;
}

/// Access logs have whole seconds: spreads the requests of a second evenly within it, in the log's
/// order. All at its beginning they would be a burst that did not happen.
void spread_within_seconds(std::vector<logged_request>& requests) {
  const std::chrono::nanoseconds second = std::chrono::seconds(1);
  for (auto first = requests.begin(); first != requests.end();) {
    const auto second_start = first->offset;
    const auto end = std::find_if(
        first, requests.end(),
        [second_start](const logged_request& request) { return request.offset != second_start; });
    const auto count = end - first;
    for (auto request = first; request != end; ++request) {
      request->offset += second * (request - first) / count;
    }
    first = end;
  }
}

error unusable(const replay& read) {
  const std::string first = read.complaints.empty()
                                ? std::string()
                                : fmt::format("; entry {}: {}", read.complaints.front().first,
                                              read.complaints.front().second);
  return error::of(
      fmt::format("no request in the log can be replayed: {} entries are none of {}, "
                  "{} are of other things or failed{}",
                  read.unreadable, to_string(read.format), read.ignored, first));
}

}  // namespace

std::string_view to_string(logged_kind kind) noexcept {
  return kind_names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(log_format format) noexcept {
  switch (format) {
    case log_format::nginx:
      return "an access log (combined)";
    case log_format::docker_registry:
      return "a docker-registry JSON log";
    case log_format::fast18:
      break;
  }
  return "a FAST 2018 trace";
}

std::optional<log_format> recognize(std::string_view log) {
  constexpr std::size_t looked_at = 256u << 10u;
  std::string_view head = log.substr(0, looked_at);
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::nullopt;
  if (head[first] == '[' || head[first] == '{') {
    if (head.find("\"http.request.method\"") == std::string_view::npos) return std::nullopt;
    return head.find("\"timestamp\"") != std::string_view::npos ? log_format::fast18
                                                                : log_format::docker_registry;
  }
  while (!head.empty()) {
    const std::size_t end = std::min(head.find('\n'), head.size());
    if (parse_combined(head.substr(0, end))) return log_format::nginx;
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return std::nullopt;
}

result<replay> parse_log(std::string_view log) {
  const auto format = recognize(log);
  if (!format) {
    return error::of(
        "the log is in no known format, expected nginx combined, docker-registry JSON "
        "or a FAST 2018 trace");
  }
  replay read;
  read.format = *format;
  if (read.format == log_format::nginx) {
    read_lines(read, log);
  } else {
    read_objects(read, log, read.format == log_format::fast18 ? "timestamp" : "time");
  }
  if (is_full(read)) {
    return error::of(fmt::format("the log has more than {} requests", most_logged_requests));
  }
  if (read.requests.empty()) return unusable(read);
  find_pushed_sizes(read.requests);
  set_offsets(read.requests);
  if (read.format == log_format::nginx) spread_within_seconds(read.requests);
  return read;
}

replay scaled(replay whole, double factor) {
  for (logged_request& request : whole.requests) {
    if (request.body_bytes == 0) continue;
    const double bytes = std::round(static_cast<double>(request.body_bytes) * factor);
    request.body_bytes = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(bytes));
  }
  return whole;
}

}  // namespace plimsoll::load
