#include <iostream>

#include "plimsoll/load_reports/json.hpp"
#include "reports/load/example_load.hpp"

/// For readers in other languages.
int main() {
  std::cout << plimsoll::load::to_json(plimsoll::load::example_load());
}
