#include <string>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "plimsoll/reports/pipeline.hpp"
#include "reports/junit/xml.hpp"
#include "reports/wording.hpp"

namespace plimsoll::reports {
namespace {

constexpr std::string_view label = "OCI distribution";

struct badge {
  std::string message;
  std::string_view color;  ///< For shields.io: a name.
  std::string_view fill;
};

badge badge_of(const run_result& run) {
  const std::string version = shown(run.spec_version);
  if (run.outcome == verdict::partial) {
    return {fmt::format("{} partial: {}", version, part_summary(run)), "lightgrey", "#5f6368"};
  }
  const int code = exit_code(run);
  if (code == 1) return {version + " not conformant", "red", "#b3261e"};
  if (code != 0) return {version + " not judged", "lightgrey", "#5f6368"};
  if (run.outcome == verdict::warn) {
    return {version + " conformant, with warnings", "yellowgreen", "#66760c"};
  }
  return {version + " conformant", "brightgreen", "#2f7d32"};
}

/// Verdana at 11 px is about 6.6 px a character; textLength makes it fit exactly.
std::size_t width_of(std::string_view text) {
  return text.size() * 66 / 10 + 12;
}

}  // namespace

std::string badge_svg(const run_result& run) {
  const badge made = badge_of(run);
  const std::string message = xml_text(made.message);
  const std::size_t left = width_of(label);
  const std::size_t right = width_of(made.message);
  std::string out = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="20" role="img" aria-label="{}: {}">)"
      "\n",
      left + right, label, message);
  out += fmt::format("<title>{}: {}</title>\n", label, message);
  out += fmt::format(
      R"(<rect width="{0}" height="20" fill="#444"/><rect x="{0}" width="{1}" height="20" fill="{2}"/>)"
      "\n",
      left, right, made.fill);
  out += R"(<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">)";
  out += fmt::format(R"(<text x="6" y="14" textLength="{}">{}</text>)", left - 12, label);
  out += fmt::format(R"(<text x="{}" y="14" textLength="{}">{}</text></g>)", left + 6, right - 12,
                     message);
  return out + "\n</svg>\n";
}

std::string badge_json(const run_result& run) {
  const badge made = badge_of(run);
  const nlohmann::ordered_json document{{"schemaVersion", 1},
                                        {"label", label},
                                        {"message", made.message},
                                        {"color", made.color},
                                        {"isError", run.outcome == verdict::fail}};
  return document.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace plimsoll::reports
