#include <cstdlib>
#include <fstream>
#include <iostream>

#include "plimsoll/reports/junit.hpp"
#include "reports/example_run.hpp"

namespace {

using plimsoll::run_result;

void poison(std::string& text) {
  text += plimsoll::reports::hostile_bytes();
}

/// Foreign bytes wherever a report shows text.
run_result hostile_run() {
  run_result run = plimsoll::reports::example_run();
  for (std::string* text : {&run.version, &run.registry, &run.profile, &run.run_id, &run.reason,
                            &run.started, &run.spec_version}) {
    poison(*text);
  }
  for (auto& scenario : run.scenarios) {
    for (std::string* text :
         {&scenario.id, &scenario.title, &scenario.category, &scenario.reason}) {
      poison(*text);
    }
    for (auto& check : scenario.checks) {
      for (std::string* text : {&check.requirement, &check.spec, &check.section, &check.statement,
                                &check.expected, &check.received, &check.curl}) {
        poison(*text);
      }
    }
    for (auto& one : scenario.transcript) {
      for (std::string* text :
           {&one.method, &one.url, &one.request_body, &one.response_body, &one.error}) {
        poison(*text);
      }
      one.response_headers.emplace_back(plimsoll::reports::hostile_bytes(),
                                        plimsoll::reports::hostile_bytes());
    }
  }
  return run;
}

}  // namespace

/// Writes example.xml and hostile.xml into the folder that the argument names.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: write_junit_examples FOLDER\n";
    return EXIT_FAILURE;
  }
  const std::string folder = argv[1];
  std::ofstream example(folder + "/example.xml", std::ios::binary);
  example << plimsoll::reports::junit(plimsoll::reports::example_run());
  std::ofstream hostile(folder + "/hostile.xml", std::ios::binary);
  hostile << plimsoll::reports::junit(hostile_run());
  return example.flush() && hostile.flush() ? EXIT_SUCCESS : EXIT_FAILURE;
}
