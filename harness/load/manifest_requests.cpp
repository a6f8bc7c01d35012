#include "plimsoll/oci/link.hpp"
#include "plimsoll/oci/repository_list.hpp"
#include "plimsoll/oci/tag_list.hpp"
#include "requests.hpp"

namespace plimsoll::load {
namespace {

constexpr std::string_view accept_all =
    "Accept: application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, "
    "application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.docker.distribution.manifest.v2+json\r\n";

std::string paged(std::string target, unsigned page_size) {
  if (page_size > 0) target += "?n=" + std::to_string(page_size);
  return target;
}

/// A registry that never stops linking on is no reason to go on for ever.
constexpr unsigned most_pages = 10'000;

}  // namespace

std::string manifest_target(std::string_view repository, std::string_view reference) {
  return std::string("/v2/").append(repository).append("/manifests/").append(reference);
}

task<failure> get_manifest(session& who, const std::string& repository,
                           const std::string& reference, step kind, const stored_manifest* known) {
  const std::string target = manifest_target(repository, reference);
  call get;
  get.kind = kind;
  get.target = target;
  get.repository = repository;
  get.fields = accept_all;
  get.follows = true;
  get.what.use = body_use::keep;
  if (known != nullptr) {
    get.digest = known->digest;
    get.text = known->text;
    if (who.at().verify != verify_mode::none) get.what.known_size = known->text.size();
  }
  const answer got = co_await who.perform(get);
  co_return got.why;
}

task<failure> head_manifest(session& who, const std::string& repository,
                            const std::string& reference, const stored_manifest* known,
                            bool may_be_absent) {
  const std::string target = manifest_target(repository, reference);
  call head;
  head.kind = step::head_manifest;
  head.method = "HEAD";
  head.target = target;
  head.repository = repository;
  head.fields = accept_all;
  head.follows = true;
  head.what.is_head = true;
  if (may_be_absent) head.what.also_status = 404;
  if (known != nullptr) head.digest = known->digest;
  const answer got = co_await who.perform(head);
  co_return got.why;
}

task<failure> put_manifest(session& who, const std::string& repository,
                           const std::string& reference, const stored_manifest& one) {
  const std::string target = manifest_target(repository, reference);
  const std::string fields = "Content-Type: " + one.media_type + "\r\n";
  call put;
  put.kind = step::push_manifest;
  put.method = "PUT";
  put.target = target;
  put.repository = repository;
  put.needs = access::push;
  put.fields = fields;
  put.what.text = one.text;
  put.what.hoped_status = 201;
  put.digest = one.digest;
  const answer got = co_await who.perform(put);
  co_return got.why;
}

task<failure> remove(session& who, const std::string& repository, const std::string& target,
                     step kind, bool may_be_absent) {
  call gone;
  gone.kind = kind;
  gone.method = "DELETE";
  gone.target = target;
  gone.repository = repository;
  gone.needs = access::remove;
  gone.what.hoped_status = 202;
  if (may_be_absent) gone.what.also_status = 404;
  const answer got = co_await who.perform(gone);
  co_return got.why;
}

task<failure> list_tags(session& who, const std::string& repository, unsigned page_size) {
  std::string target = paged("/v2/" + repository + "/tags/list", page_size);
  for (unsigned page = 0; page < most_pages; ++page) {
    call get;
    get.kind = step::list_tags;
    get.target = target;
    get.repository = repository;
    get.what.use = body_use::keep;
    const answer got = co_await who.perform(get);
    if (!got.good()) co_return got.why;
    if (!oci::parse_tag_list(got.got->body)) co_return failure::protocol;
    const auto next = oci::next_link(got.got->link);
    if (!next) co_return failure::none;
    target = locate(who.at().home_url, target, *next);
    if (target.empty()) co_return failure::protocol;
  }
  co_return failure::protocol;
}

task<failure> list_repositories(session& who, unsigned page_size) {
  const std::string target = paged("/v2/_catalog", page_size);
  call get;
  get.kind = step::list_repositories;
  get.target = target;
  get.needs = access::catalogue;
  get.what.use = body_use::keep;
  const answer got = co_await who.perform(get);
  if (got.good() && !oci::parse_repository_list(got.got->body)) co_return failure::protocol;
  co_return got.why;
}

task<failure> list_referrers(session& who, const std::string& repository,
                             const std::string& digest) {
  const std::string target = "/v2/" + repository + "/referrers/" + digest;
  call get;
  get.kind = step::list_referrers;
  get.target = target;
  get.repository = repository;
  get.what.use = body_use::keep;
  const answer got = co_await who.perform(get);
  co_return got.why;
}

}  // namespace plimsoll::load
