#include "plimsoll/oci/digest.hpp"

#include <algorithm>
#include <new>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "plimsoll/base/text.hpp"

namespace plimsoll::oci {
namespace {

bool is_lower_alphanumeric(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// `component ([+._-] component)*` with components of `[a-z0-9]+`.
bool is_algorithm(std::string_view text) noexcept {
  bool inside = false;
  for (const char c : text) {
    const bool separates = std::string_view("+._-").find(c) != std::string_view::npos;
    if (separates ? !inside : !is_lower_alphanumeric(c)) return false;
    inside = !separates;
  }
  return inside;
}

bool is_encoded(std::string_view text) noexcept {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_lower_alphanumeric(to_lower(c)) || c == '=' || c == '_' || c == '-';
  });
}

bool is_lower_hex(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::size_t hex_length(hash_algorithm algorithm) noexcept {
  return algorithm == hash_algorithm::sha256 ? 64 : 128;
}

error no_digest(std::string_view text, std::string_view why) {
  return error::of(fmt::format("digest \"{}\": {}", printable(text), why));
}

}  // namespace

result<digest> digest::parse(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return no_digest(text, "no ':' behind an algorithm");
  const std::string_view name = text.substr(0, colon);
  const std::string_view rest = text.substr(colon + 1);
  if (!is_algorithm(name)) return no_digest(text, "the part before ':' is no algorithm");
  if (!is_encoded(rest)) return no_digest(text, "the part behind ':' is not of [a-zA-Z0-9=_-]+");
  if (const auto known = hash_algorithm_of(name)) {
    const std::size_t length = hex_length(*known);
    if (rest.size() != length || !is_lower_hex(rest)) {
      return no_digest(text,
                       fmt::format("{} wants {} lower-case hexadecimal digits", name, length));
    }
  }
  digest made;
  made.text_ = text;
  made.colon_ = colon;
  return made;
}

std::string_view digest::algorithm() const noexcept {
  return std::string_view(text_).substr(0, colon_);
}

std::string_view digest::encoded() const noexcept {
  return empty() ? std::string_view() : std::string_view(text_).substr(colon_ + 1);
}

bool digest::is_registered() const noexcept {
  return algorithm() == "sha256" || algorithm() == "sha512";
}

std::string_view to_string(hash_algorithm algorithm) noexcept {
  return algorithm == hash_algorithm::sha256 ? "sha256" : "sha512";
}

result<hash_algorithm> hash_algorithm_of(std::string_view name) {
  if (name == "sha256") return hash_algorithm::sha256;
  if (name == "sha512") return hash_algorithm::sha512;
  return error::of(
      fmt::format("hash algorithm \"{}\": expected sha256 or sha512", printable(name)));
}

namespace {

struct free_context {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};
using context_pointer = std::unique_ptr<EVP_MD_CTX, free_context>;

/// OpenSSL's digests fail only where memory is short.
void check(bool succeeded) {
  if (!succeeded) throw std::bad_alloc();
}

context_pointer make_context() {
  context_pointer made(EVP_MD_CTX_new());
  check(made != nullptr);
  return made;
}

context_pointer clone(const context_pointer& original) {
  context_pointer made = make_context();
  check(EVP_MD_CTX_copy_ex(made.get(), original.get()) == 1);
  return made;
}

}  // namespace

struct hasher::state {
  hash_algorithm algorithm;
  context_pointer context;
};

hasher::hasher(hash_algorithm algorithm)
    : state_(std::make_unique<state>(state{algorithm, make_context()})) {
  const EVP_MD* const function = algorithm == hash_algorithm::sha256 ? EVP_sha256() : EVP_sha512();
  check(EVP_DigestInit_ex(state_->context.get(), function, nullptr) == 1);
}

hasher::hasher(const hasher& other)
    : state_(
          std::make_unique<state>(state{other.state_->algorithm, clone(other.state_->context)})) {}

hasher::hasher(hasher&&) noexcept = default;
hasher& hasher::operator=(hasher&&) noexcept = default;
hasher::~hasher() = default;

hasher& hasher::operator=(const hasher& other) {
  if (this != &other) *this = hasher(other);
  return *this;
}

void hasher::update(std::string_view bytes) {
  check(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1);
}

digest hasher::finish() const {
  const context_pointer last = clone(state_->context);
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned length = 0;
  check(EVP_DigestFinal_ex(last.get(), sum.data(), &length) == 1);

  constexpr std::string_view digits = "0123456789abcdef";
  digest made;
  made.text_ = to_string(state_->algorithm);
  made.colon_ = made.text_.size();
  made.text_ += ':';
  for (std::size_t i = 0; i < length; ++i) {
    const unsigned byte = sum.at(i);
    made.text_.append(1, digits[byte >> 4u]).append(1, digits[byte & 0xfu]);
  }
  return made;
}

digest digest_of(hash_algorithm algorithm, std::string_view bytes) {
  hasher one(algorithm);
  one.update(bytes);
  return one.finish();
}

digest digest_of(std::string_view bytes) {
  return digest_of(hash_algorithm::sha256, bytes);
}

}  // namespace plimsoll::oci
