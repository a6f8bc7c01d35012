#include "plimsoll/reports/html.hpp"

#include <array>
#include <string_view>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "reports/html/page_data.hpp"
#include "reports/html/page_files.hpp"

namespace plimsoll::reports {
namespace {

/// Of the whole file, which is to stay under 2 MB with its script and its style.
constexpr std::size_t most_data_bytes = 1'800'000;

/// As a Content-Security-Policy names what may run or apply.
std::string source_hash(std::string_view content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr);
  std::array<unsigned char, std::size_t{2} * EVP_MAX_MD_SIZE> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return "'sha256-" + std::string(text.begin(), text.begin() + length) + "'";
}

/// Nothing loads, and nothing runs but what is in the page; not even the page's own script can
/// make markup of text.
std::string policy() {
  return fmt::format(
      "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'; "
      "require-trusted-types-for 'script'; trusted-types 'none'",
      source_hash(page_script()), source_hash(page_style()));
}

/// For a reader that runs no script, in words that are all ours.
std::string without_script(const report_source& source) {
  std::string verdict = "This report";
  if (source.run) verdict = fmt::format("Verdict: {}. This report", to_string(source.run->outcome));
  return fmt::format(
      "<noscript><p>{} is drawn by the script inside the file: open it in a browser "
      "that may run it. The same is in result.json and junit.xml.</p></noscript>\n",
      verdict);
}

}  // namespace

std::string html(const report_source& source) {
  std::string out = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  out += fmt::format("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n", policy());
  out +=
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<title>Plimsoll report</title>\n<style>";
  out.append(page_style()).append("</style>\n</head>\n<body>\n").append(without_script(source));
  out.append("<script type=\"application/json\" id=\"data\">");
  out.append(page_data(source, most_data_bytes)).append("</script>\n<script>");
  out.append(page_script()).append("</script>\n</body>\n</html>\n");
  return out;
}

}  // namespace plimsoll::reports
