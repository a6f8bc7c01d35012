#include "plimsoll/scenario/judge.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace plimsoll {
namespace {

bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

/// With other characters than plain ones as $'...', whose escapes no report has to change.
std::string shell_quoted(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), is_plain);
  std::string out = plain ? "'" : "$'";
  for (const char c : text) {
    if (!is_plain(c)) {
      out += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else if (c == '\'') {
      out += plain ? "'\\''" : "\\'";
    } else if (c == '\\' && !plain) {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out + '\'';
}

check_result check_of(const finding& one, const requirement& rule, spec_version version) {
  check_result check;
  check.requirement = rule.id;
  check.spec = rule.spec;
  check.section = rule.section;
  check.strength = rule.level_in(version).value_or(rule.strength);
  check.weight = rule.weight;
  check.statement = rule.statement;
  check.exchange = one.exchange;
  return check;
}

void mark_broken(check_result& check, const finding& one, const requirement& rule,
                 std::span<const recorded_exchange> transcript, spec_version version) {
  check.outcome = rule.when_broken(version);
  if (check.outcome == verdict::pass) return;  // a MAY is the registry's choice
  if (!one.capped.empty() && check.outcome == verdict::fail) check.outcome = verdict::warn;
  check.capped = one.capped;
  check.note.clear();
  check.expected = one.expected;
  check.received = one.received;
  check.exchange = one.exchange;
  if (one.exchange < transcript.size()) check.curl = curl_line(transcript[one.exchange]);
}

}  // namespace

std::vector<check_result> judge(std::span<const finding> findings,
                                std::span<const recorded_exchange> transcript,
                                spec_version version) {
  std::vector<check_result> checks;
  for (const finding& one : findings) {
    const requirement& rule = find(one.requirement);
    if (!rule.level_in(version)) continue;
    auto check = std::find_if(checks.begin(), checks.end(),
                              [&](const auto& known) { return known.requirement == rule.id; });
    if (check == checks.end()) check = checks.insert(check, check_of(one, rule, version));
    // A break that counts comes before one whose wait was cut short.
    const bool is_graver = !check->capped.empty() && one.capped.empty();
    if (!one.held && (check->outcome == verdict::pass || is_graver)) {
      mark_broken(*check, one, rule, transcript, version);
    } else if (check->outcome == verdict::pass && !one.note.empty()) {
      check->note = one.note;
    }
  }
  return checks;
}

std::string curl_line(const recorded_exchange& exchange) {
  std::string out = exchange.method == "HEAD" ? "curl -i --head" : "curl -i -X " + exchange.method;
  for (const auto& [name, value] : exchange.request_headers) {
    if (name == "Host" || name == "User-Agent" || name == "Content-Length") continue;
    if (name == "Accept-Encoding" && value == "identity") continue;  // curl asks for nothing else
    out.append(" -H ").append(shell_quoted(fmt::format("{}: {}", name, value)));
  }
  if (exchange.request_body_bytes != 0) {
    // No argument of a program can hold a zero byte.
    const bool fits = exchange.request_body.size() == exchange.request_body_bytes &&
                      exchange.request_body.find('\0') == std::string::npos;
    out += fits ? " --data-binary " + shell_quoted(exchange.request_body)
                : fmt::format(" --data-binary @body-of-{}-bytes", exchange.request_body_bytes);
  }
  return out + ' ' + shell_quoted(exchange.url);
}

}  // namespace plimsoll
