#pragma once

#include <cstdint>
#include <type_traits>

#include "plimsoll/verdict/proof.hpp"
#include "plimsoll/verdict/result.hpp"

/// The members of the JSON forms, once, for the writer and for the reader alike.
namespace plimsoll::reports {

/// A number that may go beyond 2^53, where many readers of JSON round: a string of digits.
template <class Number>
struct wide_number {
  Number& value;
};

template <class Number>
wide_number(Number&) -> wide_number<Number>;

/// A member that came to version 1 after it was first written: a document may lack it.
template <class Value>
struct added_later {
  Value& value;
};

template <class Value>
added_later(Value&) -> added_later<Value>;

template <class T, class... Structs>
concept one_of = (std::is_same_v<std::remove_const_t<T>, Structs> || ...);

template <class T>
concept has_members =
    one_of<T, recorded_exchange, check_result, scenario_result, category_result, requirement_note,
           run_result, fault_proof, variant_proof, proof_result>;

template <class Visitor, one_of<recorded_exchange> Value>
void describe(Visitor& visit, Value& exchange) {
  visit("index", exchange.index);
  visit("purpose", exchange.purpose);
  visit("method", exchange.method);
  visit("url", exchange.url);
  visit("request_headers", exchange.request_headers);
  visit("request_body_bytes", exchange.request_body_bytes);
  visit("request_body", exchange.request_body);
  visit("status", exchange.status);
  visit("response_headers", exchange.response_headers);
  visit("response_body_bytes", exchange.response_body_bytes);
  visit("response_body", exchange.response_body);
  visit("error", exchange.error);
  visit("started_us", exchange.started);
  visit("took_us", exchange.took);
}

template <class Visitor, one_of<check_result> Value>
void describe(Visitor& visit, Value& check) {
  visit("requirement", check.requirement);
  visit("spec", check.spec);
  visit("section", check.section);
  visit("level", check.strength);
  visit("verdict", check.outcome);
  visit("statement", check.statement);
  visit("expected", check.expected);
  visit("received", check.received);
  visit("exchange", check.exchange);
  visit("curl", check.curl);
  visit("allowed", added_later{check.allowed});
  visit("weight", check.weight);
  visit("capped", added_later{check.capped});
  visit("note", added_later{check.note});
}

template <class Visitor, one_of<scenario_result> Value>
void describe(Visitor& visit, Value& scenario) {
  visit("id", scenario.id);
  visit("title", scenario.title);
  visit("category", scenario.category);
  visit("verdict", scenario.outcome);
  visit("reason", scenario.reason);
  visit("blocked_by", scenario.blocked_by);
  visit("judges", added_later{scenario.judges});
  visit("checks", scenario.checks);
  visit("exchanges", scenario.exchanges);
  visit("took_us", scenario.took);
  visit("transcript", scenario.transcript);
}

template <class Visitor, one_of<category_result> Value>
void describe(Visitor& visit, Value& category) {
  visit("category", category.category);
  visit("verdict", category.outcome);
  visit("scenarios", category.scenarios);
  visit("checks", category.checks);
}

template <class Visitor, one_of<requirement_note> Value>
void describe(Visitor& visit, Value& note) {
  visit("requirement", note.requirement);
  visit("faults", note.faults);
  visit("not_judged", note.not_judged);
}

template <class Visitor, one_of<run_result> Value>
void describe(Visitor& visit, Value& run) {
  visit("suite_version", run.version);
  visit("run_id", run.run_id);
  visit("registry", run.registry);
  visit("spec_version", run.spec_version);
  visit("profile", run.profile);
  visit("started", run.started);
  visit("took_us", run.took);
  visit("seed", wide_number{run.seed});
  visit("verdict", run.outcome);
  visit("reason", run.reason);
  visit("requests", run.requests);
  visit("bytes_sent", run.bytes_sent);
  visit("bytes_received", run.bytes_received);
  visit("configuration", run.configuration);
  visit("categories", run.categories);
  visit("scenarios", run.scenarios);
  visit("left_behind", run.left_behind);
  visit("stale", added_later{run.stale});
  visit("claims", added_later{run.claims});
  visit("coverage", added_later{run.coverage});
}

template <class Visitor, one_of<fault_proof> Value>
void describe(Visitor& visit, Value& fault) {
  visit("name", fault.name);
  visit("requirement", fault.requirement);
  visit("summary", fault.summary);
  visit("caught", fault.caught);
  visit("failed", fault.failed);
}

template <class Visitor, one_of<variant_proof> Value>
void describe(Visitor& visit, Value& variant) {
  visit("name", variant.name);
  visit("summary", variant.summary);
  visit("clean", variant.clean);
  visit("complaints", variant.complaints);
}

template <class Visitor, one_of<proof_result> Value>
void describe(Visitor& visit, Value& proof) {
  visit("suite_version", proof.version);
  visit("spec_version", proof.spec_version);
  visit("started", proof.started);
  visit("took_us", proof.took);
  visit("seed", wide_number{proof.seed});
  visit("faults", proof.faults);
  visit("variants", proof.variants);
}

}  // namespace plimsoll::reports
