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

task<failure> get_manifest(session& client, const std::string& repository,
                           const std::string& reference, step kind, const stored_manifest* known) {
  const std::string target = manifest_target(repository, reference);
  step_request get;
  get.kind = kind;
  get.target = target;
  get.repository = repository;
  get.fields = accept_all;
  get.follows = true;
  get.exchange.use = body_use::keep;
  if (known != nullptr) {
    get.digest = known->digest;
    get.text = known->text;
    if (client.context().verify != verify_mode::none) get.exchange.known_size = known->text.size();
  }
  const step_answer answer = co_await client.perform(get);
  co_return answer.outcome;
}

task<failure> head_manifest(session& client, const std::string& repository,
                            const std::string& reference, const stored_manifest* known,
                            bool may_be_absent) {
  const std::string target = manifest_target(repository, reference);
  step_request head;
  head.kind = step::head_manifest;
  head.method = "HEAD";
  head.target = target;
  head.repository = repository;
  head.fields = accept_all;
  head.follows = true;
  head.exchange.is_head = true;
  if (may_be_absent) head.exchange.alternative_status = 404;
  if (known != nullptr) head.digest = known->digest;
  const step_answer answer = co_await client.perform(head);
  co_return answer.outcome;
}

task<failure> put_manifest(session& client, const std::string& repository,
                           const std::string& reference, const stored_manifest& manifest) {
  const std::string target = manifest_target(repository, reference);
  const std::string fields = "Content-Type: " + manifest.media_type + "\r\n";
  step_request put;
  put.kind = step::push_manifest;
  put.method = "PUT";
  put.target = target;
  put.repository = repository;
  put.needs = access::push;
  put.fields = fields;
  put.exchange.text = manifest.text;
  put.exchange.expected_status = 201;
  put.digest = manifest.digest;
  const step_answer answer = co_await client.perform(put);
  co_return answer.outcome;
}

task<failure> remove(session& client, const std::string& repository, const std::string& target,
                     step kind, bool may_be_absent) {
  step_request request;
  request.kind = kind;
  request.method = "DELETE";
  request.target = target;
  request.repository = repository;
  request.needs = access::remove;
  request.exchange.expected_status = 202;
  if (may_be_absent) request.exchange.alternative_status = 404;
  const step_answer answer = co_await client.perform(request);
  co_return answer.outcome;
}

task<failure> list_tags(session& client, const std::string& repository, unsigned page_size) {
  std::string target = paged("/v2/" + repository + "/tags/list", page_size);
  for (unsigned page = 0; page < most_pages; ++page) {
    step_request get;
    get.kind = step::list_tags;
    get.target = target;
    get.repository = repository;
    get.exchange.use = body_use::keep;
    const step_answer answer = co_await client.perform(get);
    if (!answer.good()) co_return answer.outcome;
    if (!oci::parse_tag_list(answer.response->body)) co_return failure::protocol;
    const auto next = oci::next_link(answer.response->link);
    if (!next) co_return failure::none;
    target = resolve_location(client.context().registry_url, target, *next);
    if (target.empty()) co_return failure::protocol;
  }
  co_return failure::protocol;
}

task<failure> list_repositories(session& client, unsigned page_size) {
  const std::string target = paged("/v2/_catalog", page_size);
  step_request get;
  get.kind = step::list_repositories;
  get.target = target;
  get.needs = access::catalogue;
  get.exchange.use = body_use::keep;
  const step_answer answer = co_await client.perform(get);
  if (answer.good() && !oci::parse_repository_list(answer.response->body)) {
    co_return failure::protocol;
  }
  co_return answer.outcome;
}

task<failure> list_referrers(session& client, const std::string& repository,
                             const std::string& digest) {
  const std::string target = "/v2/" + repository + "/referrers/" + digest;
  step_request get;
  get.kind = step::list_referrers;
  get.target = target;
  get.repository = repository;
  get.exchange.use = body_use::keep;
  const step_answer answer = co_await client.perform(get);
  co_return answer.outcome;
}

}  // namespace plimsoll::load
