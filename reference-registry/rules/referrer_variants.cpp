#include <algorithm>
#include <array>
#include <string>

#include "plimsoll/oci/media_type.hpp"
#include "rules/referrer_rules.hpp"

namespace plimsoll::reference {
namespace {

/// The target of the answer's Link; empty where there is none.
std::string link_target(const response& to) {
  const auto link = to.find_header("Link");
  return link ? std::string(link->substr(1, link->find('>') - 1)) : std::string();
}

void limit_to(call& at, const char* n) {
  if (!asks_referrers(at)) return;
  at.where.remove_parameter("n");
  at.where.query.emplace_back("n", n);
}

void tell_etag(const call& at, response& to, const char* weak) {
  const auto digest = to.find_header("Docker-Content-Digest");
  if (at.where.kind != endpoint::manifest || !at.is_read() || to.status != 200 || !digest) return;
  to.header("ETag", weak + ('"' + std::string(*digest) + '"'));
}

/// 412 to a push under a tag whose manifest is another one by now (to each, where no ETag matches),
/// or which has one where none was to be: RFC 9110, 13.1.1 and 13.1.2.
std::optional<response> refuse_unmatched(const call& at, bool never_matches) {
  if (at.where.kind != endpoint::manifest || at.asked.method != "PUT") return std::nullopt;
  const auto now = at.kept.tagged(at.where.repository, at.where.last);
  if (now && at.asked.header("If-None-Match") == "*") {
    return failure(412, "DENIED", "the tag has a manifest already");
  }
  const auto wanted = at.asked.header("If-Match");
  if (!wanted) return std::nullopt;
  if (!never_matches && now && *wanted == '"' + now->str() + '"') return std::nullopt;
  return failure(412, "DENIED", "the tag has another manifest by now");
}

/// Remembers the indexes that are pushed while the API is on.
std::optional<response> remember_index(call& at) {
  if (at.where.kind == endpoint::manifest && at.asked.method == "PUT") {
    at.remembered.notes[oci::digest_of(at.asked.body).str()] = "";
  }
  return std::nullopt;
}

void drop_older_indexes(call& at, oci::image_index& index) {
  std::erase_if(index.manifests, [&](const oci::descriptor& one) {
    return is_index(one) && !at.remembered.notes.contains(one.digest.str());
  });
}

constexpr std::array table{
    rule{.name = "referrers-one-a-page",
         .summary = "A list of referrers has one entry a page",
         .before = [](call& at) -> std::optional<response> {
           limit_to(at, "1");
           return std::nullopt;
         }},
    rule{.name = "referrers-link-absolute",
         .summary = "Referrers come two a page, and the Link is an absolute URL",
         .before = [](call& at) -> std::optional<response> {
           limit_to(at, "2");
           return std::nullopt;
         },
         .after =
             [](call& at, response& to) {
               const std::string target = link_target(to);
               if (!asks_referrers(at) || target.empty()) return;
               const std::string host(at.asked.header("Host").value_or("localhost"));
               to.set_header("Link", "<http://" + host + target + ">; rel=next; title=\"more\"");
             }},
    rule{.name = "referrers-newest-last",
         .summary = "The entries of a page stand in another order",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 std::reverse(index.manifests.begin(), index.manifests.end());
               });
             }},
    rule{.name = "referrers-more-annotations",
         .summary = "Each entry has an annotation of the registry's own",
         .after =
             [](call& at, response& to) {
               change_index(at, to, [](call&, oci::image_index& index) {
                 for (auto& one : index.manifests) one.annotations["org.example.seen"] = "yes";
               });
             }},
    rule{.name = "referrers-index-without-media-type",
         .summary = "The index of referrers has no mediaType of its own",
         .after =
             [](call& at, response& to) {
               change_index(at, to,
                            [](call&, oci::image_index& index) { index.media_type.clear(); });
             }},
    rule{.name = "referrers-sha512-400",
         .summary = "The referrers of a sha512 digest are refused with 400",
         .before = [](call& at) -> std::optional<response> {
           if (!asks_referrers(at) || !at.where.last.starts_with("sha512:")) return std::nullopt;
           return failure(400, "DIGEST_INVALID", "only sha256 is known");
         }},
    rule{.name = "conditional-pushes",
         .summary = "Manifests have an ETag, and If-Match and If-None-Match are held to",
         .before = [](call& at) { return refuse_unmatched(at, false); },
         .after = [](call& at, response& to) { tell_etag(at, to, ""); }},
    rule{.name = "weak-etags",
         .summary = "Manifests have a weak ETag, which no If-Match matches",
         .before = [](call& at) { return refuse_unmatched(at, true); },
         .after = [](call& at, response& to) { tell_etag(at, to, "W/"); }},
    rule{.name = "referrers-switched-on",
         .summary = "The referrers API is switched on over what clients kept under tags",
         .is_upgraded = true},
    rule{.name = "referrers-switched-on-for-images",
         .summary = "The indexes of before the referrers API was switched on are not listed",
         .before = remember_index,
         .after = [](call& at, response& to) { change_index(at, to, drop_older_indexes); },
         .is_upgraded = true},
    rule{.name = "referrers-unknown-repository-404",
         .summary = "The referrers of a repository that is not there are 404",
         .before = [](call& at) -> std::optional<response> {
           if (!asks_referrers(at) || at.kept.has_repository(at.where.repository)) {
             return std::nullopt;
           }
           return failure(404, "NAME_UNKNOWN", "no such repository");
         }},
};

}  // namespace

std::span<const rule> referrer_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
