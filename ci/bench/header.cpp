// Reading a response's head: the load generator's own reader, and the parser of the client that
// judges, into the fields that it keeps. And the fields with a grammar of their own.

#include <string>
#include <string_view>

#include <benchmark/benchmark.h>
#include <boost/asio/buffer.hpp>

#include "harness/http/response_reader.hpp"
#include "harness/load/response_head.hpp"
#include "plimsoll/oci/challenge.hpp"
#include "plimsoll/oci/link.hpp"

namespace {

using namespace plimsoll;

/// As registries answer to the GET of a blob.
constexpr std::string_view blob_head =
    "HTTP/1.1 200 OK\r\n"
    "Accept-Ranges: bytes\r\n"
    "Cache-Control: max-age=31536000\r\n"
    "Content-Length: 1048576\r\n"
    "Content-Type: application/octet-stream\r\n"
    "Docker-Content-Digest: "
    "sha256:30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58\r\n"
    "Docker-Distribution-Api-Version: registry/2.0\r\n"
    "Etag: \"sha256:30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58\"\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Date: Tue, 24 Nov 2026 23:50:00 GMT\r\n"
    "\r\n";

void head_of_load(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(load::parse_response_head(blob_head));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(blob_head.size()));
}

void head_of_client(benchmark::State& state) {
  for (auto _ : state) {
    boost::beast::http::response_parser<http::piece_body> parser;
    boost::system::error_code code;
    parser.put(boost::asio::buffer(blob_head.data(), blob_head.size()), code);
    if (!parser.is_header_done()) state.SkipWithError("the head was not taken");
    http::header_fields kept;
    for (const auto& field : parser.get()) {
      kept.add(std::string(field.name_string()), std::string(field.value()));
    }
    benchmark::DoNotOptimize(kept.get("docker-content-digest"));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(blob_head.size()));
}

void challenge_of_a_token_service(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(oci::parse_challenges(
        "Bearer realm=\"https://auth.example/token\",service=\"registry.example\","
        "scope=\"repository:library/app:pull,push\""));
  }
}

void link_to_the_next_page(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        oci::next_link("</v2/library/app/tags/list?last=v1.2.3&n=100>; rel=\"next\""));
  }
}

BENCHMARK(head_of_load);
BENCHMARK(head_of_client);
BENCHMARK(challenge_of_a_token_service);
BENCHMARK(link_to_the_next_page);

}  // namespace
