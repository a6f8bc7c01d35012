// A registry whose parts do not agree at once: what was pushed shows later, what was deleted
// stays a while.
#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "plimsoll/oci/manifest.hpp"
#include "plimsoll/oci/name.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "rules/deletion_steps.hpp"
#include "rules/referrer_rules.hpp"
#include "rules/upload_steps.hpp"

namespace plimsoll::reference {
namespace {

using std::chrono::milliseconds;

milliseconds now() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

/// Notes when a place was first told of; the note's key is `what` and the place.
void note_time(call& at, const std::string& what) {
  at.remembered.notes.emplace(what, std::to_string(now().count()));
}

bool is_younger(const call& at, const std::string& what, milliseconds age) {
  const auto note = at.remembered.notes.find(what);
  return note != at.remembered.notes.end() && now() - milliseconds(std::stoll(note->second)) < age;
}

std::string pushed_place(const std::string& repository, std::string_view reference) {
  return "pushed " + repository + ' ' + std::string(reference);
}

/// Remembers when manifests and blobs were acknowledged.
void note_push(call& at, response& to) {
  if (to.status != 201) return;
  if (at.where.kind == endpoint::manifest && at.asked.method == "PUT") {
    note_time(at, pushed_place(at.where.repository, at.where.last));
    note_time(at, pushed_place(at.where.repository, oci::digest_of(at.asked.body).str()));
    return;
  }
  auto digest = at.where.parameter("digest");
  if (!digest) digest = at.where.parameter("mount");
  if (digest) note_time(at, pushed_place(at.where.repository, *digest));
}

bool is_pushed_lately(const call& at, milliseconds age) {
  return is_younger(at, pushed_place(at.where.repository, at.where.last), age);
}

constexpr milliseconds lag{300};
/// Longer than several reads take, and short of what `push.acknowledged-visible` calls late.
constexpr milliseconds long_lag{700};

std::optional<response> hide_what_is_new(call& at, milliseconds age) {
  const bool is_content = at.where.kind == endpoint::manifest || at.where.kind == endpoint::blob;
  if (!at.is_read() || !is_content || !is_pushed_lately(at, age)) return std::nullopt;
  return failure(404, at.where.kind == endpoint::blob ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN",
                 "not known here yet");
}

std::string moved_place(const call& at) {
  return "moved " + place_of(at);
}

/// Remembers what a tag had before this push, whose time then counts.
void note_move(call& at) {
  if (at.where.kind != endpoint::manifest || !oci::is_tag(at.where.last) || at.is_read()) return;
  const auto known = at.kept.tagged(at.where.repository, at.where.last);
  at.remembered.notes.erase(moved_place(at));
  if (!known || *known == oci::digest_of(at.asked.body)) return;
  at.remembered.notes.erase(pushed_place(at.where.repository, at.where.last));
  if (at.asked.method == "PUT") at.remembered.notes.emplace(moved_place(at), known->str());
}

/// A tag that was moved lately is not there, and neither is a new manifest.
std::optional<response> hide_new_manifests(call& at) {
  note_move(at);
  if (at.where.kind != endpoint::manifest) return std::nullopt;
  return hide_what_is_new(at, long_lag);
}

/// A tag that was moved lately has the manifest from before.
std::optional<response> move_late(call& at) {
  note_move(at);
  if (at.where.kind != endpoint::manifest || !at.is_read()) return std::nullopt;
  const auto before = at.remembered.notes.find(moved_place(at));
  if (before == at.remembered.notes.end() || !is_pushed_lately(at, long_lag)) return std::nullopt;
  if (at.kept.tagged(at.where.repository, at.where.last)) at.where.last = before->second;
  return std::nullopt;
}

/// Lists do not have yet what was pushed lately.
void list_late(call& at, response& to) {
  note_push(at, to);
  if (to.status != 200) return;
  const auto is_new = [&](const std::string& reference) {
    return is_younger(at, pushed_place(at.where.repository, reference), lag);
  };
  if (at.where.kind == endpoint::tags) {
    auto list = oci::parse_tag_list(to.payload());
    if (!list || std::none_of(list->tags.begin(), list->tags.end(), is_new)) return;
    std::erase_if(list->tags, is_new);
    to.replace_body(oci::to_json(*list));
  } else if (at.where.kind == endpoint::referrers) {
    auto index = oci::parse_image_index(to.payload());
    if (!index) return;
    std::erase_if(index->manifests,
                  [&](const oci::descriptor& one) { return is_new(one.digest.str()); });
    to.replace_body(oci::to_json(*index));
  }
}

/// What was deleted is served from a copy for a while.
std::optional<response> delete_later(call& at) {
  const std::string place = "deleted " + place_of(at);
  if (at.where.kind != endpoint::manifest && at.where.kind != endpoint::blob) return std::nullopt;
  const auto note = at.remembered.notes.find(place);
  if (deletes_content(at)) {
    if (!is_kept(at) || note != at.remembered.notes.end()) return std::nullopt;
    note_time(at, place);
    return accepted_deletion();
  }
  if (note == at.remembered.notes.end() || is_younger(at, place, lag)) return std::nullopt;
  at.remembered.notes.erase(note);
  const auto digest = oci::digest::parse(at.where.last);
  if (at.where.kind == endpoint::blob) {
    if (digest) (void)at.kept.remove_blob(at.where.repository, *digest);
  } else if (digest) {
    (void)at.kept.remove_manifest(at.where.repository, *digest);
  } else {
    (void)at.kept.remove_tag(at.where.repository, at.where.last);
  }
  return std::nullopt;
}

constexpr std::array late_pushes{
    rule{.name = "tags-visible-late",
         .requirement = "push.acknowledged-visible",
         .summary = "A tag can be pulled only a while after its push was acknowledged",
         .before = [](call& at) -> std::optional<response> {
           constexpr milliseconds late{100};
           const bool is_tag = at.where.kind == endpoint::manifest && oci::is_tag(at.where.last);
           if (!at.is_read() || !is_tag || !is_pushed_lately(at, late)) return std::nullopt;
           return failure(404, "MANIFEST_UNKNOWN", "not known here yet");
         },
         .after = note_push},
};

constexpr std::array late_answers{
    rule{.name = "reads-lag",
         .summary = "Blobs and manifests can be pulled 300 ms after they were acknowledged",
         .before = [](call& at) { return hide_what_is_new(at, lag); },
         .after = note_push},
    rule{.name = "manifests-lag",
         .summary = "A manifest, and a tag that was moved, can be pulled 700 ms later",
         .before = hide_new_manifests,
         .after = note_push},
    rule{.name = "tags-move-late",
         .summary = "A tag that was moved has the manifest from before for 700 ms more",
         .before = move_late,
         .after = note_push},
    rule{.name = "lists-lag",
         .summary = "Lists of tags and referrers have what is new 300 ms later",
         .after = list_late},
    rule{.name = "deletes-lag",
         .summary = "What is deleted can be pulled for 300 ms more",
         .before = delete_later},
};

}  // namespace

std::span<const rule> lag_faults() noexcept {
  return late_pushes;
}

std::span<const rule> lag_variants() noexcept {
  return late_answers;
}

}  // namespace plimsoll::reference
