#include <array>

#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

bool is_blob_get(const call& at) {
  return at.where.kind == endpoint::blob && at.asked.method == "GET";
}

constexpr std::array table{
    rule{.name = "blob-get-flips-a-bit",
         .requirement = "pull.blob.get-body",
         .summary = "A blob is answered with one bit of it changed",
         .after =
             [](call& at, response& to) {
               if (!is_blob_get(at) || to.status != 200 || to.payload().empty()) return;
               std::string bytes(to.payload());
               bytes.back() = static_cast<char>(bytes.back() ^ 1);
               to.replace_body(std::move(bytes));
             }},
    rule{.name = "blob-get-absent-200",
         .requirement = "pull.blob.404",
         .summary = "GET of a blob that is not there is answered with 200 and no bytes",
         .after =
             [](call& at, response& to) {
               if (!is_blob_get(at) || to.status != 404) return;
               to.status = 200;
               to.replace_body("");
             }},
};

}  // namespace

std::span<const rule> blob_pull_faults() noexcept {
  return table;
}

}  // namespace plimsoll::reference
