#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include "plimsoll/verdict/result.hpp"

namespace plimsoll::cli {

/// Tells a person how far a run is: one line that changes on a terminal, else a line for each
/// scenario as it ends.
class progress {
 public:
  /// @param to where it goes; has to outlive this
  /// @param total how many scenarios there are to run
  progress(std::FILE* to, std::size_t total);

  void ended(const scenario_result& one);

  /// Takes the changing line away, so that what follows starts on an empty one.
  void finish();

 private:
  std::FILE* to_;
  std::size_t total_;
  std::size_t width_ = 0;  ///< Of the terminal; 0 where it is none.
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
};

}  // namespace plimsoll::cli
