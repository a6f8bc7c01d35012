#include <array>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "catalog.hpp"
#include "plimsoll/oci/digest.hpp"
#include "plimsoll/scenario/context.hpp"
#include "plimsoll/scenario/requests.hpp"

namespace plimsoll::suite {
namespace {

constexpr auto unusable_judges = requirement_ids(
    "table.end-4a.failure-404", "table.end-4b.failure-404", "table.end-11.failure-404");

boost::asio::awaitable<void> unusable(context& ctx) {
  // A name that the grammar does not have cannot become a repository.
  const std::string name = ctx.repository() + "/-Not-A-Name-";
  const std::string content = ctx.bytes(64);
  const oci::digest digest = oci::digest_of(content);
  std::vector<http::request> requests;
  requests.push_back(api::start_upload(name));
  requests.push_back(api::post_blob(name, digest, content));
  requests.push_back(api::mount_blob(name, digest, ctx.repository()));
  const auto answers = co_await ctx.send_all(std::move(requests));

  // A push to it is refused: as not found, as a bad request, or as not allowed.
  const std::array<requirement_id, 3> rules{"table.end-4a.failure-404", "table.end-4b.failure-404",
                                            "table.end-11.failure-404"};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    ctx.expect(answers[i], rules[i]).status_in({404, 400, 401, 403});
  }
}

constexpr std::array scenarios{
    scenario{.id = "push/repository-unusable",
             .title = "Nothing is pushed to what is no repository name",
             .category = "push",
             .judges = unusable_judges,
             .body = unusable,
             .pushes_elsewhere = true},
};

}  // namespace

std::span<const scenario> unusable_repositories() noexcept {
  return scenarios;
}

}  // namespace plimsoll::suite
