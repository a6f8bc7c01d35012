#include "interleaved.hpp"

#include <iostream>
#include <vector>

#include <fmt/format.h>

#include "output_folder.hpp"
#include "plimsoll/load_reports/history.hpp"

namespace plimsoll::cli {
namespace {

constexpr const char* command = "plimsoll load";

/// A B B A, and again.
bool is_fresh(unsigned turn) {
  return turn % 4 == 1 || turn % 4 == 2;
}

int refuse(const std::string& why) {
  std::cerr << command << ": " << why << '\n';
  return 3;
}

}  // namespace

result<void> prepare_interleaved(const std::filesystem::path& output) {
  for (const char* const side : {"base", "new"}) {
    const auto folder = output / side;
    if (auto made = prepare_folder(folder); !made) return made;
    const auto there = load::list_runs(folder);
    if (!there) return there.error();
    if (!there->empty()) {
      return error::of(folder.string() + " has runs already: name another folder");
    }
  }
  return {};
}

int run_interleaved(const interleaved& wanted) {
  std::vector<load::load_result> base;
  std::vector<load::load_result> fresh;
  for (unsigned turn = 0; turn < 2 * wanted.runs; ++turn) {
    const bool second = is_fresh(turn);
    const std::string& registry = second ? wanted.fresh : wanted.base;
    std::cerr << fmt::format("{}: run {} of {}, {}\n", command, turn + 1, 2 * wanted.runs,
                             registry);
    auto run = wanted.run(registry, turn);
    if (!run) return refuse(run.error().what());
    if (wanted.is_interrupted()) break;
    const auto kept = load::store_run(wanted.output / (second ? "new" : "base"), *run);
    if (!kept) return refuse(kept.error().what());
    std::cout << "run: " << kept->string() << '\n';
    (second ? fresh : base).push_back(std::move(*run));
  }
  if (base.empty() || fresh.empty()) return refuse("interrupted before there was a run of each");
  comparing how = wanted.judged;
  how.json = wanted.output / "comparison.json";
  how.html = wanted.output / "comparison.html";
  const int verdict = compare_runs(command, base, fresh, how);
  std::cout << "comparison: " << how.json << ", " << how.html << '\n';
  return verdict;
}

}  // namespace plimsoll::cli
