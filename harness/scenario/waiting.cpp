#include <algorithm>
#include <utility>

#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"

namespace plimsoll {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds first_pause{50};
constexpr milliseconds longest_pause{2000};

milliseconds since(steady_clock::time_point began) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
}

/// Not yet there, or not to be had for a reason of the registry's own, is asked for again.
bool is_readable(const http::exchange& seen) {
  return seen.response.status != 404 && seen.response.status < 500;
}

/// The sha256 of the body, or what the answer tells of it where there is none; else empty.
std::string digest_in(const http::exchange& seen) {
  const http::response& got = seen.response;
  const bool is_whole = got.body.size() == got.body_size && !got.body.empty();
  if (is_whole) return oci::digest_of(got.body).str();
  const std::string told(got.header("Docker-Content-Digest").value_or(""));
  return told.starts_with("sha256:") ? told : "";
}

/// Whether an answer in the type that was pushed is fine with who asks.
bool accepts(const http::request& asked, const std::string& media_type) {
  const auto accepted = asked.headers().all("Accept");
  if (accepted.empty() || media_type.empty()) return true;
  return std::any_of(accepted.begin(), accepted.end(), [&](std::string_view one) {
    return one.find(media_type) != std::string_view::npos ||
           one.find("*/*") != std::string_view::npos;
  });
}

/// Whether it is the same content, whoever else pushes such.
bool is_same(const pushed_content& left, const pushed_content& right) {
  return left.what == right.what && left.repository == right.repository &&
         left.reference == right.reference;
}

/// What a DELETE of a manifest takes with it is not known: no manifest of the repository is
/// waited for any more.
bool may_be_deleted_by(const http::request& asked, const pushed_content& one) {
  const std::string repository = "/v2/" + one.repository;
  const bool is_blob = one.what == pushed_content::kind::blob;
  const std::string place = is_blob ? "/blobs/" + one.reference : "/manifests/";
  return asked.target().find(repository + place) != std::string::npos;
}

bool is_deleted_by(const http::request& asked, const pushed_content& one) {
  return may_be_deleted_by(asked, one) && asked.target().ends_with('/' + one.reference);
}

}  // namespace

waiting::waiting(context& ctx, settle_kind kind)
    : ctx_(&ctx),
      kind_(kind),
      began_(steady_clock::now()),
      limit_(ctx.around_.waits == nullptr ? milliseconds(0) : ctx.around_.waits->limit(kind)),
      next_(first_pause) {}

bool waiting::goes_on() const noexcept {
  return !ctx_->around_.stopping.stop_requested() && since(began_) < limit_;
}

boost::asio::awaitable<void> waiting::pause() {
  paused_ = true;
  const milliseconds left = limit_ - since(began_);
  const milliseconds time = std::clamp(next_, milliseconds(1), std::max(left, milliseconds(1)));
  next_ = std::min(next_ * 2, longest_pause);
  co_await ctx_->pause(time);
}

settle_record waiting::finish(bool settled) {
  settle_record record;
  record.kind = kind_;
  record.settled = settled;
  record.took = paused_ || !settled ? since(began_) : milliseconds(0);
  if (settling* const waits = ctx_->around_.waits; waits != nullptr) {
    record.prompt = waits->prompt();
    if (settled) {
      waits->settled(kind_, record.took);
    } else {
      waits->ran_out(kind_);
      record.cut_short = waits->cut_short();
    }
  }
  return record;
}

void waiting::end(const http::exchange& seen, bool settled) {
  if (!settled && ctx_->around_.stopping.stop_requested()) {
    throw not_judged("the run was ended before it was over");
  }
  ctx_->add_wait(seen, finish(settled));
}

void context::add_wait(const http::exchange& seen, settle_record record) {
  const settle_record& kept = waits_.insert_or_assign(seen.index, std::move(record)).first->second;
  observe(seen, seen.last.method, &kept);
}

boost::asio::awaitable<http::exchange> context::send_until(http::client& registry,
                                                           http::request message, settle_kind kind,
                                                           settle_condition condition,
                                                           settle_record& record) {
  waiting wait(*this, kind);
  http::exchange seen = co_await registry.send(message);
  while (seen.answered() && !condition(seen) && wait.goes_on()) {
    co_await wait.pause();
    seen = co_await registry.send(message);
  }
  if (!seen.answered()) co_return seen;
  const bool settled = condition(seen);
  if (!settled && around_.stopping.stop_requested()) {
    throw not_judged("the run was ended before it was over");
  }
  record = wait.finish(settled);
  co_return seen;
}

boost::asio::awaitable<http::exchange> context::settle(settle_kind kind, http::request message,
                                                       settle_condition condition) {
  require_sendable(message);
  settle_record record;
  http::exchange seen =
      co_await send_until(*registry_, std::move(message), kind, std::move(condition), record);
  take_in(seen, &record);
  if (!seen.answered()) throw not_judged(seen.error);
  co_return seen;
}

settle_condition context::condition_of(due_wait due) {
  return [wanted = std::move(due.digests)](const http::exchange& seen) {
    if (seen.response.status != 200 || wanted.empty()) return is_readable(seen);
    const std::string digest = digest_in(seen);
    return digest.empty() || std::find(wanted.begin(), wanted.end(), digest) != wanted.end();
  };
}

std::optional<context::due_wait> context::wait_for(const http::request& message) const {
  if (around_.waits == nullptr || unread_.empty()) return std::nullopt;
  const auto read = content_read_by(message);
  if (!read) return std::nullopt;
  due_wait due;
  bool is_unread = false;
  for (const unread_content& one : unread_) {
    if (!is_same(one.what, *read) || !accepts(message, one.media_type)) continue;
    is_unread = true;
    if (!one.digest.empty()) due.digests.push_back(one.digest);
  }
  if (!is_unread) return std::nullopt;
  const bool is_blob = read->what == pushed_content::kind::blob;
  due.kind = is_blob ? settle_kind::pushed_blob : settle_kind::pushed_manifest;
  return due;
}

void context::note_reads(const http::request& asked, const http::exchange& seen,
                         const std::vector<pushed_content>& taken) {
  if (around_.waits == nullptr) return;
  if (seen.response.status / 100 == 2 && asked.method() == "DELETE") {
    // Waits that are too short to judge go on, so that a read that fails says so.
    const bool judges = around_.waits->cut_short().empty();
    std::erase_if(unread_, [&](const unread_content& one) {
      return is_deleted_by(asked, one.what) || (judges && may_be_deleted_by(asked, one.what));
    });
  }
  if (const auto read = content_read_by(asked); read && seen.response.status < 400) {
    std::erase_if(unread_, [&](const unread_content& one) { return is_same(one.what, *read); });
  }
  const std::string_view sent = asked.headers().get("Content-Type").value_or("");
  const std::string type(sent.substr(0, sent.find(';')));
  using kind = pushed_content::kind;
  for (const pushed_content& one : taken) {
    unread_content unread;
    unread.what = one;
    if (one.what != kind::blob) unread.media_type = type;
    // A tag comes with the manifest that it was given.
    if (one.what == kind::tag) unread.digest = taken.back().reference;
    unread_.push_back(std::move(unread));
  }
}

}  // namespace plimsoll
