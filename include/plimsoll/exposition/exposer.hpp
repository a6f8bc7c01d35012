#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "plimsoll/base/error.hpp"
#include "plimsoll/reports/metrics.hpp"

namespace plimsoll::exposition {

/// Serves metrics to Prometheus at /metrics, from threads of its own, while it lives. They take
/// the signal mask of the thread that starts it. To end it takes up to two seconds.
class exposer {
 public:
  /// What a scrape shows, nothing where it throws; called on any thread.
  using source = std::function<reports::metric_families()>;

  /// @param where [ADDRESS:]PORT, as 127.0.0.1:9464 or [::1]:9464; this machine alone where there
  ///        is no address, all by IPv6 and IPv4 for [::], a free port for 0
  /// @return an error that says what was expected, or why nothing can listen there
  [[nodiscard]] static result<exposer> start(std::string_view where, source from);

  exposer(exposer&&) noexcept;
  exposer& operator=(exposer&&) noexcept;
  ~exposer();

  /// For example "http://127.0.0.1:9464/metrics".
  [[nodiscard]] const std::string& url() const noexcept;

 private:
  struct state;
  explicit exposer(std::unique_ptr<state> made);
  std::unique_ptr<state> state_;
};

/// The metrics that were published last, for a scrape to show meanwhile.
class published {
 public:
  void replace(reports::metric_families by);
  [[nodiscard]] reports::metric_families get() const;

 private:
  mutable std::mutex guard_;
  reports::metric_families last_;
};

}  // namespace plimsoll::exposition
