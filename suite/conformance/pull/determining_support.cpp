#include <array>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto support_judges = requirement_ids("base.200", "table.end-1.failure");

boost::asio::awaitable<void> support(context& ctx) {
  // With the credentials that were given, if any, the API says that it is there.
  const auto known = co_await ctx.send(api::ping());
  // A registry may keep it for those who log in, and serve its content to everybody.
  const bool is_closed = known.response.status == 401 || known.response.status == 403;
  if (!is_closed) ctx.expect(known, "base.200").status(200);

  // Without, it is the same, or the registry asks for them.
  const auto unknown = co_await ctx.send(api::ping().anonymous());
  const int status = unknown.response.status;
  if (status == 200) co_return;
  ctx.expect(unknown, "table.end-1.failure").status_in({401, 404});
  if (status == 401) ctx.expect(unknown, "table.end-1.failure").has_header("WWW-Authenticate");
}

constexpr std::array scenarios{
    scenario{.id = "pull/determining-support",
             .title = "GET /v2/ says that the registry implements the spec",
             .category = "pull",
             .judges = support_judges,
             .body = support,
             .stands_on = basis::nothing},
};

}  // namespace

std::span<const scenario> determining_support() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
