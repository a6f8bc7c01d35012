#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plimsoll/load_values/workload.hpp"

/// The tests of zb, zot's benchmark, as workloads: by the same names, with the same images and
/// the same requests, so that figures of both can be put side by side. What is set up and cleaned
/// up is outside the clock here, and inside it there.
namespace plimsoll::load {

/// One of the tests.
struct zb_test {
  std::string_view name;     ///< As zb lists it, for example "Push Monolith 1MB".
  bool by_upstream = false;  ///< Pulls what is pushed to a second registry, and fetched from there.
};

/// All 18, in zb's order.
[[nodiscard]] const std::vector<zb_test>& zb_tests();

/// A closed loop of the test.
///
/// An image is one layer (of 1, 10 or 100 MiB), a config and a manifest with a tag. Each that is
/// pushed goes to a repository of its own, in five requests one after the other: POST and PUT of
/// config and layer, PUT of the manifest; in the tests with chunks a PATCH brings all of the layer.
/// A pull is HEAD and GET of manifest, config and layer, one after the other. "Get Catalog" asks
/// for all repositories at once, of which there are as many as requests. The tests of on-demand
/// sync are pulls: as in zb, each client has one image, of which the first pull is what makes the
/// registry fetch it.
///
/// @param clients at once, at least 1
/// @param requests of all clients, at least 1
/// @param scale the layers' sizes times this; above 0, at most 1
[[nodiscard]] workload zb_workload(const zb_test& test, unsigned clients, std::uint64_t requests,
                                   double scale);

/// The bytes that it pushes, about: what it sets up, and what its requests push.
[[nodiscard]] double zb_pushed_bytes(const workload& test, std::uint64_t requests);

}  // namespace plimsoll::load
