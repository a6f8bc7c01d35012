#include "plimsoll/scenario/policy.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/error_document.hpp"

namespace plimsoll {
namespace {

constexpr std::string_view api_root = "/v2/";
constexpr std::size_t longest_words = 200;

/// A larger manifest may be too large for the registry, which rules are about: then 413 is judged.
constexpr std::uint64_t largest_small_manifest = std::uint64_t{64} * 1024;

/// The path of a target or URL, without the query.
std::string_view path_of(std::string_view target) {
  if (const std::size_t scheme = target.find("://"); scheme != std::string_view::npos) {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target.substr(0, target.find('?'));
}

bool has_parameter(std::string_view target, std::string_view name) {
  const std::size_t query = target.find('?');
  if (query == std::string_view::npos) return false;
  const auto parts = split(target.substr(query + 1), '&');
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
    return part.starts_with(name) && part.substr(name.size()).starts_with('=');
  });
}

request_kind kind_of_post(std::string_view target) {
  if (has_parameter(target, "mount")) return request_kind::mount;
  return has_parameter(target, "digest") ? request_kind::blob_content : request_kind::open_upload;
}

bool is_in(int status, std::initializer_list<int> statuses) {
  return std::find(statuses.begin(), statuses.end(), status) != statuses.end();
}

bool has_code(const http::response& answer, std::initializer_list<std::string_view> codes) {
  const auto document = oci::parse_error_document(answer.body);
  return document && std::any_of(codes.begin(), codes.end(),
                                 [&](std::string_view code) { return document->has_code(code); });
}

/// Whether the body has one of these words, which registries use in their messages.
bool mentions(const http::response& answer, std::initializer_list<std::string_view> words) {
  const std::string text = to_lower(answer.body);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

bool mentions_quota(const http::response& answer) {
  return mentions(answer, {"quota", "storage limit", "out of space"});
}

bool is_about_quota(const http::response& answer) {
  return is_in(answer.status, {402, 413, 507}) || mentions(answer, {"exceed"}) ||
         mentions_quota(answer);
}

/// A registry may keep a tag where it is, and each has its own status for that.
bool refuses_to_move(const sent_request& request, const http::response& answer) {
  if (request.kind != request_kind::put_manifest || !request.moves_tag) return false;
  if (is_in(answer.status, {403, 409, 412})) return true;
  if (answer.status != 400) return false;
  return request.tags_are_fixed || has_code(answer, {"TAG_INVALID", "DENIED"}) ||
         mentions(answer, {"immutab", "overwrit", "already exists"});
}

bool exceeds_quota(const sent_request& request, const http::response& answer) {
  if (is_in(answer.status, {402, 507})) return true;
  if (answer.status != 413) return false;
  const bool is_small =
      request.kind != request_kind::put_manifest || request.body_bytes <= largest_small_manifest;
  return is_small || mentions_quota(answer);
}

/// Whether the login, or everybody, is kept from pushing this.
bool denies_access(const sent_request& request, const http::response& answer) {
  if (answer.status == 423) return true;
  // Where a mount is not possible, a session is opened in its place: that is a rule.
  if (request.kind == request_kind::mount) return answer.status == 403 && is_about_quota(answer);
  if (is_in(answer.status, {401, 403})) return true;
  if (answer.status == 400 && has_code(answer, {"DENIED", "UNAUTHORIZED"})) return true;
  // An upload that was opened has to go on: only there these say that nobody pushes.
  if (request.kind != request_kind::open_upload) return false;
  return is_in(answer.status, {405, 501}) ||
         (answer.status == 400 && has_code(answer, {"UNSUPPORTED"}));
}

/// The title of a page, as a proxy sends it; empty where there is none.
std::string_view title_of(std::string_view page) {
  constexpr std::string_view begin = "<title>";
  const std::size_t at = page.find(begin);
  if (at == std::string_view::npos) return "";
  page.remove_prefix(at + begin.size());
  return page.substr(0, page.find('<'));
}

std::string shown_body(const http::response& answer) {
  const std::string type = to_lower(answer.header("Content-Type").value_or(""));
  const std::string_view body = answer.body;
  if (type.starts_with("text/html")) return std::string(trim(title_of(body)));
  if (!type.starts_with("text/plain")) return "";
  return std::string(trim(body.substr(0, body.find('\n'))));
}

}  // namespace

request_kind kind_of(std::string_view method, std::string_view target) {
  if (method == "GET" || method == "HEAD") return request_kind::read;
  if (method == "DELETE") return request_kind::remove;
  if (method == "POST") return kind_of_post(target);
  const bool is_manifest = path_of(target).find("/manifests/") != std::string_view::npos;
  if (method == "PUT" && is_manifest) return request_kind::put_manifest;
  return method == "PUT" || method == "PATCH" ? request_kind::blob_content : request_kind::read;
}

std::string repository_in(std::string_view target) {
  const std::string_view path = path_of(target);
  if (!path.starts_with(api_root)) return "";
  // A component of the name may be "blobs", too: what the API puts behind the name comes last.
  std::size_t end = 0;
  for (const std::string_view part : {"/manifests/", "/blobs/", "/tags/list", "/referrers/"}) {
    const std::size_t at = path.rfind(part);
    if (at != std::string_view::npos) end = std::max(end, at);
  }
  if (end < api_root.size()) return "";
  return std::string(path.substr(api_root.size(), end - api_root.size()));
}

std::string reference_in(std::string_view target) {
  constexpr std::string_view part = "/manifests/";
  const std::string_view path = path_of(target);
  const std::size_t at = path.rfind(part);
  return at == std::string_view::npos ? "" : std::string(path.substr(at + part.size()));
}

std::optional<refusal> refusal_of(const sent_request& request, const http::response& answer) {
  if (request.kind == request_kind::read || request.kind == request_kind::remove) {
    return std::nullopt;
  }
  if (exceeds_quota(request, answer)) return refusal{policy::quota, words_of(answer)};
  const bool denied = denies_access(request, answer);
  if (denied && is_about_quota(answer)) return refusal{policy::quota, words_of(answer)};
  if (refuses_to_move(request, answer)) return refusal{policy::tag_changes, words_of(answer)};
  if (denied) return refusal{policy::access, words_of(answer)};
  const bool is_unknown = answer.status == 404 && has_code(answer, {"NAME_UNKNOWN"});
  if (request.kind == request_kind::open_upload && is_unknown) {
    return refusal{policy::names, words_of(answer)};
  }
  return std::nullopt;
}

std::string words_of(const http::response& answer) {
  const auto document = oci::parse_error_document(answer.body);
  if (!document || document->errors.empty()) {
    const std::string text = shown_body(answer);
    const std::string status = std::to_string(answer.status);
    return text.empty() ? status : status + ": " + printable(text, longest_words);
  }
  const oci::error_entry& first = document->errors.front();
  std::string words = fmt::format("{} {}", answer.status, printable(first.code, 64));
  if (!first.message.empty()) words += ": " + printable(first.message, longest_words);
  return words;
}

bool refuses_name(const http::response& answer) {
  return answer.status / 100 == 4 && has_code(answer, {"NAME_UNKNOWN", "NAME_INVALID"});
}

std::string reason_of(const refusal& refused) {
  switch (refused.by) {
    case policy::quota:
      return fmt::format(
          "the registry's limit for what is stored refuses a push ({}): make room "
          "there, or judge what is there with --read-only",
          refused.words);
    case policy::names:
      return fmt::format(
          "the registry refuses the repository's name ({}): --repo-prefix chooses "
          "another place, --repo names two repositories that exist",
          refused.words);
    case policy::tag_changes:
      return fmt::format("the registry does not move tags ({})", refused.words);
    case policy::access:
      break;
  }
  return fmt::format(
      "the registry refuses access ({}): --username names who has it, --repo two repositories that "
      "may be written to, --read-only judges what is there",
      refused.words);
}

}  // namespace plimsoll
