#include <array>
#include <string>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/oci/name.hpp"
#include "rules/deletion_steps.hpp"

namespace plimsoll::reference {
namespace {

template <int status>
std::optional<response> refuse(call& /*at*/) {
  return failure(status, "UNSUPPORTED", "this cannot be deleted");
}

/// Requests until a deletion shows.
constexpr std::uint64_t late_by = 4;

void delete_kept(store& kept, const std::string& repository, const std::string& last, bool blob) {
  if (!blob && oci::is_tag(last)) {
    (void)kept.remove_tag(repository, last);
    return;
  }
  const auto digest = oci::digest::parse(last);
  if (!digest) return;
  if (blob) {
    (void)kept.remove_blob(repository, *digest);
  } else {
    (void)kept.remove_manifest(repository, *digest);
  }
}

/// Carries out what was accepted long enough ago. A note is "b 17" or "m 17": what is deleted,
/// and from which request on; its key the place.
void delete_what_is_due(call& at) {
  auto& notes = at.remembered.notes;
  for (auto one = notes.begin(); one != notes.end();) {
    if (std::stoull(one->second.substr(2)) > at.remembered.count) {
      ++one;
      continue;
    }
    const auto space = one->first.find(' ');
    delete_kept(at.kept, one->first.substr(0, space), one->first.substr(space + 1),
                one->second.front() == 'b');
    one = notes.erase(one);
  }
}

std::optional<response> delete_late(call& at) {
  ++at.remembered.count;
  delete_what_is_due(at);
  if (!deletes_content(at) || !is_kept(at)) return std::nullopt;
  const char* const what = deletes_blob(at) ? "b " : "m ";
  at.remembered.notes.emplace(place_of(at), what + std::to_string(at.remembered.count + late_by));
  return accepted_deletion();
}

constexpr std::array table{
    rule{.name = "delete-no-tags-400",
         .summary = "Tags cannot be deleted: 400",
         .before = [](call& at) -> std::optional<response> {
           return deletes_tag(at) ? refuse<400>(at) : std::nullopt;
         }},
    rule{.name = "delete-no-tags-405",
         .summary = "Tags cannot be deleted: 405",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_tag(at)) return std::nullopt;
           return wrong_method("GET, HEAD, PUT");
         }},
    rule{.name = "delete-no-blobs-400",
         .summary = "Blobs cannot be deleted: 400",
         .before = [](call& at) -> std::optional<response> {
           return deletes_blob(at) ? refuse<400>(at) : std::nullopt;
         }},
    rule{.name = "delete-manifests-alone",
         .summary = "Manifests alone can be deleted, tags and blobs with 405 not",
         .before = [](call& at) -> std::optional<response> {
           if (deletes_tag(at) || deletes_blob(at)) return wrong_method("GET, HEAD");
           return std::nullopt;
         }},
    rule{.name = "delete-refused-400",
         .summary = "Deletes are switched off, and refused with 400",
         .before = [](call& at) -> std::optional<response> {
           return deletes_content(at) ? refuse<400>(at) : std::nullopt;
         }},
    rule{.name = "delete-denied",
         .summary = "This user may not delete: 403",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_content(at)) return std::nullopt;
           return failure(403, "DENIED", "you may not delete");
         }},
    rule{.name = "delete-with-body",
         .summary = "The 202 to a deletion has a body",
         .after =
             [](call& at, response& to) {
               if (!deletes_content(at) || to.status != 202) return;
               to.replace_body(R"({"deleted":true})");
               to.set_header("Content-Type", "application/json");
             }},
    rule{.name = "delete-late",
         .summary = "What is deleted is there for four requests more",
         .before = delete_late},
    rule{.name = "delete-last-tag-collects",
         .summary = "A manifest goes with its last tag",
         .before = [](call& at) -> std::optional<response> {
           if (!deletes_tag(at)) return std::nullopt;
           const auto& repository = at.where.repository;
           const auto digest = at.kept.tagged(repository, at.where.last);
           if (!digest) return std::nullopt;
           for (const auto& one : at.kept.tags(repository)) {
             if (one != at.where.last && at.kept.tagged(repository, one) == digest) {
               return std::nullopt;
             }
           }
           (void)at.kept.remove_manifest(repository, *digest);
           return accepted_deletion();
         }},
    rule{.name = "delete-subject-takes-referrers",
         .summary = "With a manifest those go that refer to it",
         .before = [](call& at) -> std::optional<response> {
           const auto digest = oci::digest::parse(at.where.last);
           if (!deletes_manifest(at) || !digest) return std::nullopt;
           for (const auto& one : at.kept.referrers(at.where.repository, *digest)) {
             (void)at.kept.remove_manifest(at.where.repository, one.first);
           }
           return std::nullopt;
         }},
};

}  // namespace

std::span<const rule> deletion_variants() noexcept {
  return table;
}

}  // namespace plimsoll::reference
