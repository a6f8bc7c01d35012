#include "plimsoll/http/credentials.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "credential_helper.hpp"
#include "plimsoll/base/text.hpp"
#include "plimsoll/oci/manifest.hpp"

namespace plimsoll::http {
namespace {

using nlohmann::json;
using login = std::optional<credentials>;

constexpr std::size_t most_config = 1'048'576;

/// The file's text; nothing where it is not there.
result<std::optional<std::string>> read_config(const std::filesystem::path& path) {
  const auto bad = [&path](std::string_view why) {
    return error::of(fmt::format("read {}: {}", path.string(), why));
  };
  std::error_code failed;
  const auto status = std::filesystem::status(path, failed);
  if (status.type() == std::filesystem::file_type::not_found) return std::optional<std::string>();
  if (failed) return bad(failed.message());
  if (!std::filesystem::is_regular_file(status)) return bad("no regular file");
  std::ifstream file(path, std::ios::binary);
  if (!file) return bad("cannot be opened");
  std::string text(most_config + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return bad("cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  if (text.size() > most_config) return bad("larger than 1 MiB");
  return std::optional<std::string>(std::move(text));
}

/// The host and port of a key of the file, which may be an URL with a path.
std::string_view host_of(std::string_view key) noexcept {
  const std::size_t scheme = key.find("://");
  if (scheme != std::string_view::npos) key.remove_prefix(scheme + 3);
  return key.substr(0, key.find('/'));
}

/// The entry for the registry in one of the file's objects; a key that is the same text
/// goes before one of the same host. Null where there is none.
const json* find_entry(const json& config, const char* member, std::string_view registry) {
  const auto entries = config.find(member);
  if (entries == config.end() || !entries->is_object()) return nullptr;
  const auto exact = entries->find(std::string(registry));
  if (exact != entries->end()) return &*exact;
  for (const auto& [key, entry] : entries->items()) {
    if (equal_ignoring_case(host_of(key), host_of(registry))) return &entry;
  }
  return nullptr;
}

std::string text_of(const json& object, const char* member) {
  const auto found = object.find(member);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

result<login> read_entry(const json& entry, std::string_view registry) {
  const auto bad = [registry](std::string_view why) {
    return error::of(fmt::format("auths, {}: {}", printable(registry), why));
  };
  if (!entry.is_object()) return bad("expected an object");
  credentials out{text_of(entry, "username"), text_of(entry, "password"),
                  text_of(entry, "identitytoken")};
  if (const std::string encoded = text_of(entry, "auth"); !encoded.empty()) {
    const auto decoded = oci::base64_decode(encoded);
    const std::size_t colon = decoded ? decoded->find(':') : std::string::npos;
    if (colon == std::string::npos) return bad("auth is not base64 of \"user:password\"");
    out.username = decoded->substr(0, colon);
    out.password = decoded->substr(colon + 1);
    // Old clients padded it.
    out.password.erase(out.password.find_last_not_of('\0') + 1);
  }
  if (out.username.empty() && out.identity_token.empty()) return login();
  return login(std::move(out));
}

bool is_helper_name(std::string_view name) noexcept {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    const char small = to_lower(c);
    return (small >= 'a' && small <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

/// What a helper that failed said, where that cannot be an answer with a secret in it.
std::string complaint(std::string_view output) {
  const std::string_view line = trim(output.substr(0, output.find_first_of("\r\n")));
  const bool plain = !line.empty() && output.find_first_of("{\"") == std::string_view::npos;
  return plain ? printable(line) : "failed";
}

result<login> ask_helper(const std::string& name, std::string_view registry,
                         std::chrono::milliseconds limit) {
  if (!is_helper_name(name)) {
    return error::of(fmt::format("credential helper \"{}\": no valid name", printable(name)));
  }
  const std::string program = "docker-credential-" + name;
  const auto answer = run_credential_helper(program, std::string(registry), limit);
  if (!answer) return answer.error();
  if (!answer->success) {
    // The protocol's way to say that it has none.
    if (answer->output.find("credentials not found") != std::string::npos) return login();
    return error::of(fmt::format("{} get: {}", program, complaint(answer->output)));
  }
  const json said = json::parse(answer->output, nullptr, false);
  if (!said.is_object()) return error::of(fmt::format("{} get: answer is no JSON object", program));
  const std::string username = text_of(said, "Username");
  const std::string secret = text_of(said, "Secret");
  if (secret.empty()) return error::of(fmt::format("{} get: answer without Secret", program));
  // The protocol's mark of an identity token.
  if (username == "<token>") return login(credentials{"", "", secret});
  return login(credentials{username, secret, ""});
}

}  // namespace

result<std::optional<credentials>> docker_credentials(const std::filesystem::path& config_json,
                                                      std::string_view registry,
                                                      std::chrono::milliseconds limit) {
  const auto text = read_config(config_json);
  if (!text) return text.error();
  if (!*text) return login();
  const json config = json::parse(**text, nullptr, false);
  if (!config.is_object()) {
    return error::of(fmt::format("read {}: no JSON object", config_json.string()));
  }
  const json* const helper = find_entry(config, "credHelpers", registry);
  const std::string name = helper != nullptr && helper->is_string() ? helper->get<std::string>()
                                                                    : text_of(config, "credsStore");
  if (!name.empty()) {
    auto found = ask_helper(name, registry, limit);
    if (!found || *found) return found;
  }
  const json* const entry = find_entry(config, "auths", registry);
  return entry == nullptr ? login() : read_entry(*entry, registry);
}

}  // namespace plimsoll::http
