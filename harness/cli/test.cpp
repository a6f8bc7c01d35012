#include <iostream>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "commands.hpp"
#include "conformance.hpp"
#include "input_file.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/base/utc_time.hpp"
#include "plimsoll/config/config.hpp"
#include "plimsoll/plan/plan.hpp"
#include "plimsoll/profile/profile.hpp"
#include "plimsoll/suite/scenarios.hpp"
#include "settings.hpp"

namespace plimsoll::cli {
namespace {

int refuse(int code, const std::string& why) {
  std::cerr << "plimsoll test: " << why << '\n';
  return code;
}

/// The profile of that name, or of the file that lies there.
result<profile> load_profile(const std::string& name) {
  if (const profile* const known = find_profile(name)) return *known;
  const auto text = read_file(name);
  if (!text) {
    return error::of(
        fmt::format("--profile: '{}' is neither spec nor certification, nor a file "
                    "that can be read",
                    printable(name)));
  }
  return parse_profile(*text, name);
}

struct test_options {
  explicit test_options(CLI::App& app) : settings(app) {
    app.add_flag("--show-config", show_config, "Print the configuration with its origins, and end");
    app.add_flag("--dry-run", dry_run, "Print what would run and what not, and end");
  }

  setting_flags settings;
  bool show_config = false;
  bool dry_run = false;
};

int test(const test_options& given) {
  const auto chosen = given.settings.load();
  if (!chosen) return refuse(2, chosen.error().what());
  if (given.show_config) {
    std::cout << show(*chosen);
    return 0;
  }
  const auto judged_by = load_profile(chosen->profile);
  if (!judged_by) return refuse(2, judged_by.error().what());
  if (const auto dated = check_dates(*judged_by, utc_today()); !dated) {
    return refuse(2, dated.error().what());
  }
  const plan what = make_plan(*chosen, suite::all_scenarios(), suite::all_observers());
  if (what.scenarios.empty()) {
    return refuse(2, "no scenario is chosen; `plimsoll list scenarios` shows their ids");
  }
  if (chosen->profile == "certification") {
    if (const auto why = not_whole(*chosen, what); !why.empty()) return refuse(2, why);
  }
  tell_notes("plimsoll test", what, *chosen);
  if (given.dry_run) {
    std::cout << to_text(what);
    return 0;
  }
  return judge_registry("plimsoll test", what, *chosen, *judged_by).code;
}

}  // namespace

runnable describe_test(CLI::App& app) {
  const auto given = std::make_shared<test_options>(app);
  return [given] { return test(*given); };
}

}  // namespace plimsoll::cli
