#include "artifact_place.hpp"

#include <exception>
#include <string_view>
#include <utility>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include "conformance.hpp"
#include "connecting.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/name.hpp"

namespace plimsoll::cli {
namespace {

template <class Value>
result<Value> until_over(http::client& registry, boost::asio::awaitable<result<Value>> what) {
  result<Value> out = error::of("the request did not end");
  std::exception_ptr thrown;
  boost::asio::io_context& io = event_loop();
  io.restart();
  boost::asio::co_spawn(io, std::move(what), [&](std::exception_ptr why, result<Value> got) {
    thrown = std::move(why);
    out = std::move(got);
    registry.close_idle();
    io.stop();
  });
  io.run();
  io.restart();  // A run of the suite may follow.
  if (thrown) std::rethrow_exception(thrown);
  return out;
}

}  // namespace

result<manifest_place> parse_place(const std::string& text) {
  std::string_view rest = text;
  manifest_place out;
  out.registry = "https://";
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!rest.starts_with(scheme)) continue;
    out.registry = scheme;
    rest.remove_prefix(scheme.size());
  }
  auto parsed = oci::parse_reference(rest);
  if (!parsed) return parsed.error();
  if (parsed->registry.empty() || (!parsed->tag && !parsed->digest)) {
    return error::of(
        fmt::format("reference \"{}\": expected HOST[:PORT]/NAME with a tag or a digest behind it",
                    printable(text)));
  }
  out.registry += parsed->registry;
  out.repository = std::move(parsed->repository);
  out.reference = parsed->digest ? parsed->digest->str() : *parsed->tag;
  return out;
}

artifact_place::artifact_place(http::client registry, manifest_place where)
    : registry_(std::move(registry)), where_(std::move(where)) {}

result<artifact_place> artifact_place::open(const manifest_place& where,
                                            const configuration& chosen, const environment& env) {
  auto how = client_options_for(chosen, env, where.registry, "certificate");
  if (!how) return how.error();
  auto registry = http::client::make(event_loop().get_executor(), std::move(*how));
  if (!registry) return registry.error();
  return artifact_place(std::move(*registry), where);
}

result<oci::descriptor> artifact_place::resolve() {
  return until_over(registry_, artifacts::resolve(registry_, where_.repository, where_.reference));
}

result<artifacts::attached> artifact_place::attach(const oci::descriptor& subject,
                                                   const artifacts::artifact& what) {
  return until_over(registry_, artifacts::attach(registry_, where_.repository, subject, what));
}

result<std::vector<oci::descriptor>> artifact_place::referrers(const oci::digest& subject,
                                                               const std::string& type) {
  return until_over(registry_,
                    artifacts::referrers_of(registry_, where_.repository, subject, type));
}

result<std::string> artifact_place::content(const oci::descriptor& manifest) {
  return until_over(registry_, artifacts::content_of(registry_, where_.repository, manifest));
}

}  // namespace plimsoll::cli
