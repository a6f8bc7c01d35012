#include "storage/upload_session.hpp"

#include <utility>

namespace plimsoll::reference {

void upload_session::append(std::string_view piece) {
  if (piece.empty()) return;
  if (received_ == 0) hashed_.emplace(algorithm_);
  write(received_, piece);
  received_ += piece.size();
  if (hashed_) hashed_->update(piece);
}

void upload_session::keep() {
  sync(received_);
  kept_ = received_;
}

void upload_session::roll_back() {
  if (received_ == kept_) return;
  hashed_.reset();
  cut(kept_);
  received_ = kept_;
}

oci::digest upload_session::digest_by(oci::hash_algorithm algorithm) {
  if (hashed_ && algorithm == algorithm_) return hashed_->finish();
  oci::hasher again(algorithm);
  read([&again](std::string_view piece) { again.update(piece); });
  return again.finish();
}

std::optional<upload_hold> upload_hold::take(std::shared_ptr<upload_session> session) {
  if (session->is_held_.test_and_set()) return std::nullopt;
  return upload_hold(std::move(session));
}

upload_hold::~upload_hold() {
  if (!session_) return;
  try {
    session_->roll_back();
  } catch (const std::exception&) {
    // The disk fails: the bytes stay beyond the acknowledged size, which no reader passes.
  }
  if (!session_->is_closed_) session_->is_held_.clear();
}

}  // namespace plimsoll::reference
