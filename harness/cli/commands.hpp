#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "plimsoll/catalogue/catalogue.hpp"

/// The program's subcommands; each returns the exit code.
namespace plimsoll::cli {

struct test_options {
  std::string url;  ///< Empty: the bundled registry, in this process.
  std::string output = "plimsoll-results";
  std::string filter;    ///< Only scenarios whose id contains it.
  std::string category;  ///< Only this category.
  std::string repository_prefix = "plimsoll";
  std::string username;
  std::string ca_file;
  bool insecure = false;
  spec_version version = spec_version::v1_1;
  std::uint64_t seed = 1;
  std::size_t concurrency = 8;
  unsigned timeout_seconds = 120;
};

struct serve_options {
  std::string listen = "127.0.0.1:5000";
};

[[nodiscard]] int test(const test_options& options);
[[nodiscard]] int serve(const serve_options& options);
[[nodiscard]] int list_scenarios();
[[nodiscard]] int list_requirements();

}  // namespace plimsoll::cli
