#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "plimsoll/reports/json.hpp"
#include "plimsoll/reports/junit.hpp"
#include "plimsoll/reports/pipeline.hpp"
#include "reports/example_run.hpp"

namespace {

bool write(const std::string& path, const std::string& bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  return static_cast<bool>(out.flush());
}

}  // namespace

/// Writes example runs in every format into the folder that the argument names, for readers that
/// share nothing with the writers.
int main(int argc, char** argv) {
  using namespace plimsoll::reports;
  if (argc != 2) {
    std::cerr << "usage: write_report_examples FOLDER\n";
    return EXIT_FAILURE;
  }
  const std::string folder = std::string(argv[1]) + "/";
  bool written = write(folder + "proof.json", to_json(example_proof()));
  for (const auto& [name, run] :
       {std::pair{"example", example_run()}, {"hostile", hostile_run()}}) {
    written = write(folder + name + ".json", to_json(run)) &&
              write(folder + name + ".xml", junit(run)) &&
              write(folder + name + ".prom", prometheus_text(run)) &&
              write(folder + name + ".sarif", sarif(run)) &&
              write(folder + name + ".svg", badge_svg(run)) && written;
  }
  return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
