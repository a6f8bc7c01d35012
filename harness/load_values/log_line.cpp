#include "log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "names.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/load_values/workload.hpp"
#include "quantity.hpp"

namespace plimsoll::load {
namespace {

using std::chrono::nanoseconds;

constexpr name_table<12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/// Reads a text from the front. After the first failure all reads fail.
class scanner {
 public:
  explicit scanner(std::string_view text) : rest_(text) {}

  unsigned digits(std::size_t count) {
    unsigned number = 0;
    if (rest_.size() < count) return fail();
    const auto [stopped, code] = std::from_chars(rest_.data(), rest_.data() + count, number);
    if (code != std::errc() || stopped != rest_.data() + count) return fail();
    rest_.remove_prefix(count);
    return number;
  }

  void character(char expected) {
    if (!rest_.starts_with(expected)) fail();
    if (good_) rest_.remove_prefix(1);
  }

  /// The text up to a character, which is skipped.
  std::string_view until(char end) {
    const std::size_t length = rest_.find(end);
    if (length == std::string_view::npos) {
      fail();
      return {};
    }
    const std::string_view text = rest_.substr(0, length);
    rest_.remove_prefix(length + 1);
    return text;
  }

  [[nodiscard]] std::string_view rest() const { return rest_; }
  void skip(std::size_t count) { rest_.remove_prefix(std::min(count, rest_.size())); }
  [[nodiscard]] bool good() const { return good_; }
  unsigned fail() {
    good_ = false;
    rest_ = {};
    return 0;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::optional<nanoseconds> since_epoch(unsigned year, unsigned month, unsigned day, unsigned hour,
                                       unsigned minute, unsigned second) {
  using std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(month), std::chrono::day(day)};
  // Within the range of 64 bits of nanoseconds.
  if (!date.ok() || year < 1970 || year > 2200 || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  return std::chrono::sys_days(date).time_since_epoch() + hours(hour) + minutes(minute) +
         seconds(second);
}

/// "+0100", "+01:00"
nanoseconds parse_offset(scanner& scanner, bool colon) {
  const bool east = scanner.rest().starts_with('+');
  scanner.character(east ? '+' : '-');
  const unsigned hours = scanner.digits(2);
  if (colon) scanner.character(':');
  const auto offset = std::chrono::minutes(hours * 60 + scanner.digits(2));
  return east ? offset : -offset;
}

/// ".678", optional after the seconds.
nanoseconds parse_fraction(scanner& scanner) {
  if (!scanner.rest().starts_with('.')) return nanoseconds(0);
  scanner.skip(1);
  const std::size_t count =
      std::min(scanner.rest().find_first_not_of("0123456789"), scanner.rest().size());
  if (count == 0) scanner.fail();
  std::int64_t fraction = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    fraction = fraction * 10 + (i < count ? scanner.rest()[i] - '0' : 0);
  }
  scanner.skip(count);
  return nanoseconds(fraction);
}

/// "REPOSITORY/KIND/LAST". A repository may itself hold "blobs" or "manifests"; a reference holds
/// no slash.
struct parts {
  std::string_view repository;
  std::string_view last;
};

std::optional<parts> split_at(std::string_view path, std::string_view kind) {
  const std::size_t separator = path.rfind(kind);
  if (separator == std::string_view::npos || separator == 0) return std::nullopt;
  const std::string_view last = path.substr(separator + kind.size());
  if (last.find('/') != std::string_view::npos) return std::nullopt;
  return parts{path.substr(0, separator), last};
}

std::string query_value(std::string_view query, std::string_view name) {
  for (const std::string_view pair : split(query, '&')) {
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
      return percent_decode(pair.substr(equals + 1)).value_or(std::string());
    }
  }
  return {};
}

std::optional<logged_kind> by_method(std::string_view method, logged_kind head, logged_kind get,
                                     std::optional<logged_kind> put, logged_kind remove) {
  if (method == "HEAD") return head;
  if (method == "GET") return get;
  if (method == "PUT") return put;
  if (method == "DELETE") return remove;
  return std::nullopt;
}

std::optional<logged_kind> upload_kind(std::string_view method, std::string_view query) {
  if (method == "PATCH") return logged_kind::upload_part;
  if (method == "PUT") return logged_kind::blob_put;
  if (method != "POST") return std::nullopt;
  if (!query_value(query, "mount").empty()) return logged_kind::blob_mount;
  return query_value(query, "digest").empty() ? logged_kind::upload_start : logged_kind::blob_put;
}

std::optional<logged_request> make_request(std::optional<logged_kind> kind,
                                           std::string_view repository, std::string reference) {
  if (!kind) return std::nullopt;
  return logged_request{{}, *kind, std::string(repository), std::move(reference), 0};
}

std::optional<logged_request> classify(std::string_view method, std::string_view path,
                                       std::string_view query) {
  using enum logged_kind;
  const bool reads = method == "GET";
  if (path == "_catalog") {
    return make_request(reads ? std::optional(catalogue_list) : std::nullopt, "", "");
  }
  if (path.ends_with("/tags/list")) {
    return make_request(reads ? std::optional(tag_list) : std::nullopt,
                        path.substr(0, path.size() - 10), "");
  }
  if (const auto path_parts = split_at(path, "/blobs/uploads/")) {
    const std::string mount = query_value(query, "mount");
    return make_request(upload_kind(method, query), path_parts->repository,
                        mount.empty() ? query_value(query, "digest") : mount);
  }
  if (const auto path_parts = split_at(path, "/manifests/")) {
    return make_request(
        by_method(method, manifest_head, manifest_get, manifest_put, manifest_delete),
        path_parts->repository, std::string(path_parts->last));
  }
  if (const auto path_parts = split_at(path, "/blobs/")) {
    return make_request(by_method(method, blob_head, blob_get, std::nullopt, blob_delete),
                        path_parts->repository, std::string(path_parts->last));
  }
  if (const auto path_parts = split_at(path, "/referrers/")) {
    return make_request(reads ? std::optional(referrers_list) : std::nullopt,
                        path_parts->repository, std::string(path_parts->last));
  }
  return std::nullopt;
}

}  // namespace

std::optional<nanoseconds> parse_clf_time(std::string_view text) {
  scanner input(text);
  const unsigned day = input.digits(2);
  input.character('/');
  const auto* const month = std::find(months.begin(), months.end(), input.until('/'));
  const unsigned year = input.digits(4);
  input.character(':');
  const unsigned hour = input.digits(2);
  input.character(':');
  const unsigned minute = input.digits(2);
  input.character(':');
  const unsigned second = input.digits(2);
  input.character(' ');
  const nanoseconds offset = parse_offset(input, false);
  if (!input.good() || !input.rest().empty() || month == months.end()) return std::nullopt;
  const auto local = since_epoch(year, static_cast<unsigned>(month - months.begin()) + 1, day, hour,
                                 minute, second);
  if (!local) return std::nullopt;
  return *local - offset;
}

std::optional<nanoseconds> parse_rfc3339(std::string_view text) {
  scanner input(text);
  const unsigned year = input.digits(4);
  input.character('-');
  const unsigned month = input.digits(2);
  input.character('-');
  const unsigned day = input.digits(2);
  input.character('T');
  const unsigned hour = input.digits(2);
  input.character(':');
  const unsigned minute = input.digits(2);
  input.character(':');
  const unsigned second = input.digits(2);
  const nanoseconds fraction = parse_fraction(input);
  nanoseconds offset{0};
  if (input.rest() == "Z") {
    input.skip(1);
  } else {
    offset = parse_offset(input, true);
  }
  if (!input.good() || !input.rest().empty()) return std::nullopt;
  const auto local = since_epoch(year, month, day, hour, minute, second);
  if (!local) return std::nullopt;
  return *local + fraction - offset;
}

std::optional<logged_line> parse_combined(std::string_view line) {
  scanner input(line);
  input.until('[');
  const auto time = parse_clf_time(input.until(']'));
  input.character(' ');
  input.character('"');
  scanner request(input.until('"'));
  input.character(' ');
  logged_line read;
  read.method = request.until(' ');
  read.target = request.until(' ');
  const auto status = parse_whole_number(input.until(' '));
  const std::string_view rest = input.rest();
  const std::string_view size = rest.substr(0, rest.find(' '));
  const auto bytes = size == "-" ? std::optional<std::uint64_t>(0) : parse_whole_number(size);
  if (!input.good() || !request.good() || !time || !status || !bytes) return std::nullopt;
  read.since_epoch = *time;
  read.status = *status;
  read.bytes = *bytes;
  return read;
}

std::optional<logged_request> request_of(const logged_line& line) {
  std::string_view target = line.target;
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos) {
    target.remove_prefix(std::min(target.find('/', scheme + 3), target.size()));
  }
  // The traces of FAST 2018 omit the first slash.
  if (target.starts_with('/')) target.remove_prefix(1);
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, mark);
  const std::string_view query = target.substr(std::min(mark + 1, target.size()));
  constexpr std::string_view base = "v2/";
  if (!path.starts_with(base)) return std::nullopt;
  auto request = classify(line.method, path.substr(base.size()), query);
  if (!request) return std::nullopt;
  request->offset = line.since_epoch;
  const bool has_content = line.method == "GET" || line.method == "PUT" || line.method == "PATCH" ||
                           request->kind == logged_kind::blob_put;
  if (has_content) request->body_bytes = std::min(line.bytes, largest_blob_bytes);
  return request;
}

}  // namespace plimsoll::load
