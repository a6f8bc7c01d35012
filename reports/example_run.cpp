#include "reports/example_run.hpp"

namespace plimsoll::reports {
namespace {

using std::chrono::microseconds;

recorded_exchange refused_upload() {
  recorded_exchange one;
  one.index = 4;
  one.method = "PATCH";
  one.url = "http://localhost:5000/v2/a/blobs/uploads/1";
  one.request_headers = {{"Content-Range", "5-9"}, {"Accept", "*/*"}};
  one.request_body_bytes = 5;
  one.request_body = "hello";
  one.status = 202;
  one.response_headers = {{"Location", "/v2/a/blobs/uploads/1"}};
  one.response_body_bytes = 17;
  one.response_body = "<b>accepted</b>\nok";
  one.error = "body: closed early";
  one.started = microseconds(1500);
  one.took = microseconds(2500);
  one.purpose = "retry";
  return one;
}

check_result broken(verdict outcome, level strength, std::string requirement) {
  check_result one;
  one.requirement = std::move(requirement);
  one.spec = "distribution";
  one.section = "Pushing a blob in chunks";
  one.strength = strength;
  one.weight = rule_weight::keyword;
  one.outcome = outcome;
  one.statement = "A chunk out of order is refused.";
  one.expected = "status 416";
  one.received = "status 202";
  one.exchange = 4;
  one.curl = "curl -X PATCH 'http://localhost:5000/v2/a/blobs/uploads/1'";
  one.allowed = "being mended (allowed until 2026-12-31)";
  return one;
}

check_result held(std::string requirement) {
  check_result one;
  one.requirement = std::move(requirement);
  one.spec = "image";
  one.section = "Descriptors";
  one.statement = "The digest is that of the content.";
  return one;
}

scenario_result scenario(std::string id, std::string category, verdict outcome,
                         std::string reason) {
  scenario_result one;
  one.title = "Title of " + id;
  one.id = std::move(id);
  one.category = std::move(category);
  one.outcome = outcome;
  one.reason = std::move(reason);
  one.exchanges = 3;
  one.took = microseconds(1250000);
  return one;
}

std::vector<scenario_result> one_of_each() {
  std::vector<scenario_result> all{
      scenario("blob/get", "pull", verdict::pass, ""),
      scenario("upload/out-of-order", "push", verdict::fail, ""),
      scenario("upload/headers", "push", verdict::warn, ""),
      scenario("upload/monolithic", "push", verdict::error, "connect: Connection refused"),
      scenario("tags/paging", "discovery", verdict::blocked, "no tag could be pushed"),
      scenario("referrers/filter", "discovery", verdict::unsupported, "the API answers 404"),
      scenario("blob/delete", "management", verdict::skipped, "switched off by configuration"),
  };
  all[0].judges = {"pull.blob.body"};
  all[0].checks = {held("pull.blob.body")};
  all[1].checks = {held("push.upload.start"),
                   broken(verdict::fail, level::must, "push.chunk.out-of-order"),
                   broken(verdict::warn, level::should_not, "push.chunk.status")};
  all[1].transcript = {refused_upload()};
  all[2].checks = {broken(verdict::warn, level::should, "push.upload.min-length")};
  all[2].transcript = {refused_upload()};
  all[4].blocked_by = "push.manifest.201";
  return all;
}

}  // namespace

run_result example_run() {
  run_result run;
  run.version = "0.1.0";
  run.run_id = "r-1a2b";
  run.registry = "http://localhost:5000";
  run.spec_version = "1.1";
  run.profile = "full";
  run.started = "2024-05-06T07:08:09Z";
  run.took = microseconds(61000001);
  run.seed = 18446744073709551615u;
  run.scenarios = one_of_each();
  run.requests = 21;
  run.bytes_sent = 4096;
  run.bytes_received = 9007199254740993u;
  run.configuration = {{"registry", "http://localhost:5000"}, {"profile", "full"}};
  run.left_behind = {"a: manifest sha256:00"};
  run.stale = {"tags.order: holds, and needs no allowance"};
  run.claims = {"pull", "push"};
  run.coverage = {{"pull.blob.get-body", {"blob-get-flips-a-bit", "blob-get-cut-at-64-kib"}, ""},
                  {"tags.empty", {}, "A MAY: an empty list and 404 are both right."}};
  run.reason = "one scenario could not reach the registry";
  summarize(run);
  return run;
}

run_result poisoned_run(const std::string& bytes) {
  run_result run = example_run();
  for (std::string* text : {&run.version, &run.registry, &run.profile, &run.run_id, &run.reason,
                            &run.started, &run.spec_version}) {
    *text += bytes;
  }
  for (auto& note : run.coverage) note.not_judged += bytes;
  for (auto& scenario : run.scenarios) {
    for (std::string* text :
         {&scenario.id, &scenario.title, &scenario.category, &scenario.reason}) {
      *text += bytes;
    }
    for (auto& check : scenario.checks) {
      for (std::string* text : {&check.requirement, &check.spec, &check.section, &check.statement,
                                &check.expected, &check.received, &check.curl, &check.allowed}) {
        *text += bytes;
      }
    }
    for (auto& one : scenario.transcript) {
      for (std::string* text :
           {&one.method, &one.url, &one.request_body, &one.response_body, &one.error}) {
        *text += bytes;
      }
      one.response_headers.emplace_back(bytes, bytes);
    }
  }
  return run;
}

run_result hostile_run() {
  return poisoned_run(hostile_bytes());
}

proof_result example_proof() {
  proof_result proof;
  proof.version = "0.1.0";
  proof.spec_version = "1.1";
  proof.started = "2024-05-06T07:08:09Z";
  proof.took = microseconds(8000000);
  proof.seed = 7;
  proof.faults = {{"chunk-order-ignored",
                   "push.chunk.out-of-order",
                   "Chunks are taken in any order.",
                   true,
                   {"push.chunk.out-of-order", "push.upload.status"}},
                  {"digest-unchecked", "push.put.digest", "Any digest is believed.", false, {}}};
  proof.variants = {
      {"no-referrers-api", "The referrers API answers 404.", true, {}},
      {"lower-case-headers", "Header names are in lower case.", false, {"pull.digest"}}};
  return proof;
}

std::string hostile_bytes() {
  return std::string("\x1b[31m]]><&\"'\r\n\t\0\x08", 17) + "\xc0\xaf\xff\xed\xa0\x80" +
         "\xef\xbf\xbf" + "\xe2\x80\xae" + "\xf0\x9f\x9a\xa2";
}

}  // namespace plimsoll::reports
