#include "deletable.hpp"

#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "plimsoll/scenario/requests.hpp"

namespace plimsoll {
namespace {

using kind = pushed_content::kind;

/// Empty where it may be deleted.
std::string why_kept(const pushed_content& content, const request_filter& why_not_sent) {
  const std::string target = content.what == kind::blob
                                 ? api::blob_path(content.repository, content.reference)
                                 : api::manifest_path(content.repository, content.reference);
  return why_not_sent(http::request("DELETE", target));
}

std::string_view plural(kind what) {
  switch (what) {
    case kind::tag:
      return "tags";
    case kind::manifest:
      return "manifests";
    case kind::blob:
      break;
  }
  return "blobs";
}

struct kept_content {
  std::set<std::string> references;
  std::string why;
};

}  // namespace

std::vector<pushed_content> deletable(std::vector<pushed_content> pushed,
                                      const request_filter& why_not_sent,
                                      std::vector<std::string>& left_behind) {
  if (!why_not_sent) return pushed;
  std::vector<pushed_content> allowed;
  std::map<std::pair<std::string, kind>, kept_content> kept;
  for (pushed_content& content : pushed) {
    std::string why = why_kept(content, why_not_sent);
    if (why.empty()) {
      allowed.push_back(std::move(content));
      continue;
    }
    kept_content& group = kept[{content.repository, content.what}];
    group.references.insert(content.reference);
    group.why = std::move(why);
  }
  for (const auto& [place, group] : kept) {
    const auto& [repository, what] = place;
    if (what == kind::tag && !kept.contains({repository, kind::manifest})) continue;
    left_behind.push_back(fmt::format("{}: {} {} ({})", repository, group.references.size(),
                                      plural(what), group.why));
  }
  return allowed;
}

}  // namespace plimsoll
