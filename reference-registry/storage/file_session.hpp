#pragma once

#include <string>

#include "storage/open_file.hpp"
#include "storage/upload_session.hpp"

namespace plimsoll::reference {

/// An upload in a file whose name has the id and how many bytes were acknowledged: what is
/// behind those does not count, and is cut off when the store is opened again.
class file_session final : public upload_session {
 public:
  /// Makes the file.
  file_session(std::string folder, std::string id, oci::hash_algorithm algorithm);
  /// One that is there: cuts it to its acknowledged size.
  file_session(std::string folder, std::string id, std::uint64_t size);

  /// What was received is on the disk then, acknowledged or not.
  void sync_received();
  /// Gives the file another name, for good.
  void move_to(const std::string& path);
  void remove();

 private:
  void write(std::uint64_t offset, std::string_view piece) override;
  void sync(std::uint64_t size) override;
  void cut(std::uint64_t size) override;
  void read(const std::function<void(std::string_view)>& take) override;

  [[nodiscard]] std::string path_at(std::uint64_t size) const;

  std::string folder_;
  std::string id_;
  std::string path_;
  open_file file_;  ///< Only while a request writes.
};

}  // namespace plimsoll::reference
