#include <array>
#include <stdexcept>
#include <string>
#include <string_view>

#include <zlib.h>
#include <zstd.h>

#include "plimsoll/oci/digest.hpp"
#include "rules/rule.hpp"

namespace plimsoll::reference {
namespace {

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  // NOLINTNEXTLINE(*-old-style-cast): in zlib's macro
  if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib does not start");
  }
  std::string input(bytes);
  std::string out(deflateBound(&stream, input.size()), '\0');
  // NOLINTBEGIN(*-reinterpret-cast): zlib's bytes are unsigned
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  // NOLINTEND(*-reinterpret-cast)
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string with_zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

bool accepts(const call& at, std::string_view coding) {
  return at.asked.header("Accept-Encoding").value_or("").find(coding) != std::string_view::npos;
}

bool is_json(const response& to) {
  return to.find_header("Content-Type").value_or("").find("json") != std::string_view::npos;
}

/// A whole answer with content, as a proxy codes it.
bool can_be_coded(const response& to) {
  return to.status == 200 && !to.part && !to.file && !to.payload().empty();
}

void code_with_gzip(response& to) {
  if (!can_be_coded(to)) return;
  to.replace_body(gzipped(to.payload()));
  to.header("Content-Encoding", "gzip").header("Vary", "Accept-Encoding");
}

bool is_blob(const call& at) {
  return at.where.kind == endpoint::blob;
}

constexpr std::array fault_table{
    rule{.name = "coding-not-asked-for",
         .requirement = "http.rfc9110.coding-not-asked",
         .summary = "JSON is coded with gzip, whatever Accept-Encoding says",
         .after =
             [](call&, response& to) {
               if (is_json(to)) code_with_gzip(to);
             }},
    rule{.name = "coding-named-and-not-there",
         .requirement = "http.rfc9110.content-encoding",
         .summary = "Blobs have Content-Encoding: gzip, and are not coded",
         .after =
             [](call& at, response& to) {
               if (is_blob(at) && to.status == 200) to.header("Content-Encoding", "gzip");
             }},
    rule{.name = "coding-cut-short",
         .requirement = "http.rfc9110.content-encoding",
         .summary = "To who accepts gzip, a coded body lacks the end of its stream",
         .after =
             [](call& at, response& to) {
               if (!accepts(at, "gzip") || !is_json(to) || !can_be_coded(to)) return;
               code_with_gzip(to);
               to.replace_body(std::string(to.payload().substr(0, to.payload().size() - 12)));
             }},
    rule{.name = "coding-not-named",
         .requirement = "http.rfc9110.coded-content",
         .summary = "To who accepts gzip, blobs are coded without Content-Encoding",
         .after =
             [](call& at, response& to) {
               if (!accepts(at, "gzip") || !is_blob(at)) return;
               code_with_gzip(to);
               to.remove_header("Content-Encoding");
             }},
    rule{.name = "coding-in-the-digest",
         .requirement = "pull.manifest.dcd-value",
         .summary = "To who accepts gzip, Docker-Content-Digest is that of the coded bytes",
         .after =
             [](call& at, response& to) {
               if (!accepts(at, "gzip") || at.where.kind != endpoint::manifest) return;
               if (!can_be_coded(to)) return;
               code_with_gzip(to);
               to.set_header("Docker-Content-Digest", oci::digest_of(to.payload()).str());
             }},
};

constexpr std::array variant_table{
    rule{.name = "codes-json-on-request",
         .summary = "JSON is coded with gzip for who accepts that, as by a proxy",
         .after =
             [](call& at, response& to) {
               if (accepts(at, "gzip") && is_json(to)) code_with_gzip(to);
             }},
    rule{.name = "codes-everything-with-zstd-on-request",
         .summary = "Manifests and blobs are coded with zstd for who accepts that",
         .after =
             [](call& at, response& to) {
               if (!accepts(at, "zstd") || !can_be_coded(to)) return;
               to.replace_body(with_zstd(to.payload()));
               to.header("Content-Encoding", "zstd");
             }},
};

}  // namespace

std::span<const rule> coding_faults() noexcept {
  return fault_table;
}

std::span<const rule> coding_variants() noexcept {
  return variant_table;
}

}  // namespace plimsoll::reference
