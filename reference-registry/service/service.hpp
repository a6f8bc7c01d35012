#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "plimsoll/reference_registry/registry.hpp"
#include "service/message.hpp"
#include "service/route.hpp"
#include "storage/store.hpp"

namespace plimsoll::reference {

struct rule;

/// What the rules that are on remember from one request to the next.
struct rule_memory {
  std::mutex one_at_a_time;  ///< Held while the rules and the service between them work.
  std::uint64_t count = 0;
  std::map<std::string, std::string, std::less<>> notes;
};

/// What the service works with.
struct service_state {
  store& kept;
  const options& how;
  std::span<const rule* const> rules;  ///< The fault and the variants that are on.
  rule_memory& remembered;
};

/// One request at work: what each group of endpoints gets.
struct call {
  request& asked;
  route& where;
  store& kept;
  const options& how;
  rule_memory& remembered;

  [[nodiscard]] bool is_read() const { return asked.method == "GET" || asked.method == "HEAD"; }
  /// For a name or digest of bad syntax: to a read it is not found (the spec's table of
  /// endpoints has no 400 there), to a write it is a bad request.
  [[nodiscard]] int bad_syntax_status() const { return is_read() ? 404 : 400; }
  /// Whether who asks may read and write the repository.
  [[nodiscard]] bool may_use(std::string_view repository) const;
};

/// The response to a whole request. HEAD is answered as GET: who sends it leaves the
/// body out. 500 where the store fails.
[[nodiscard]] response answer(call& at, const service_state& with);

/// The response that the head alone decides, so that its body is not waited for.
/// @param body_bytes the announced length; nothing where there is none
[[nodiscard]] std::optional<response> refusal(call& at, std::optional<std::uint64_t> body_bytes,
                                              const service_state& with);

/// The response to a body that turned out larger than `body_limit`.
[[nodiscard]] response refuse_large(call& at, const service_state& with);

/// How many bytes the request's body may have.
[[nodiscard]] std::uint64_t body_limit(const call& at);
[[nodiscard]] response too_large(const call& at);
/// The response where the grammar does not have the repository's name.
[[nodiscard]] response bad_name(const call& at);
/// Gives the repository the blob of whichever other one has it, of those that who asks may use.
[[nodiscard]] bool mount_from_anywhere(const call& at, const oci::digest& digest);

/// What every response gets, whatever made it: common headers, and the rules' changes.
void finish(call& at, response& made, const service_state& with);
[[nodiscard]] response store_failed();

/// Tells the rules of a request whose connection ended before its body did.
void broke_off(call& at, const service_state& with);

[[nodiscard]] bool has_referrers(const options& how) noexcept;

[[nodiscard]] response answer_blob(const call& at);
[[nodiscard]] response answer_uploads(const call& at);
[[nodiscard]] response answer_upload(const call& at);
[[nodiscard]] response answer_manifest(const call& at);
[[nodiscard]] response answer_tags(const call& at);
[[nodiscard]] response answer_referrers(const call& at);
[[nodiscard]] response answer_discover(const call& at);
[[nodiscard]] response answer_catalog(const call& at);

/// The parameter `n`; nothing where it is not given, an error where it is no number.
[[nodiscard]] result<std::optional<std::uint64_t>> page_size(const route& where);

}  // namespace plimsoll::reference
