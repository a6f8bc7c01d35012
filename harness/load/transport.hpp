#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <openssl/ssl.h>
#include <sys/uio.h>

namespace plimsoll::load {

enum class io_state : std::uint8_t {
  moved,        ///< `bytes` of them, at least one.
  drained,      ///< `bytes` of them, at least one, and no more for now.
  would_block,  ///< None for now: an event follows.
  ended,        ///< The peer sends no more.
  failed        ///< See `errno`, or the TLS library's queue.
};

struct io_result {
  io_state state = io_state::would_block;
  std::size_t bytes = 0;
};

/// The bytes of one connection, plain or TLS, without waiting.
///
/// TLS is on the descriptor itself (SSL_set_fd): no pair of buffers between, and the kernel's
/// TLS can be used where there is one.
class transport {
 public:
  transport() = default;
  transport(const transport&) = delete;
  transport& operator=(const transport&) = delete;
  ~transport() { close(); }

  /// Takes over the descriptor of a TCP connection.
  void open(int descriptor) noexcept { descriptor_ = descriptor; }
  void close() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] bool is_tls() const noexcept { return ssl_ != nullptr; }

  /// Begins TLS for `host`, a name or an address, which the certificate has to be for where
  /// the context verifies at all. False where the library refuses.
  [[nodiscard]] bool begin_tls(SSL_CTX* context, const std::string& host);
  /// One step of the handshake; `moved` once there is a session.
  [[nodiscard]] io_result handshake() noexcept;
  /// Why the handshake failed, for messages.
  [[nodiscard]] std::string tls_error() const;

  [[nodiscard]] io_result read(std::span<char> buffer) noexcept;
  /// Drops up to `most` bytes in the kernel. Only where it is not TLS.
  [[nodiscard]] io_result discard(std::size_t most) noexcept;
  [[nodiscard]] io_result write(std::span<const iovec> buffers) noexcept;

  /// Input is announced only once `least` bytes are there (SO_RCVLOWAT), or the end.
  void await_bytes(std::size_t least) noexcept;
  /// Opens the receive window to `bytes` at once, where the system allows it, instead of waiting
  /// for it to grow. Sets the low watermark as well.
  void open_window(std::size_t bytes) noexcept;
  [[nodiscard]] std::size_t awaited_bytes() const noexcept { return awaited_; }

 private:
  [[nodiscard]] io_result tls_result(int result) const noexcept;

  int descriptor_ = -1;
  std::size_t awaited_ = 1;
  SSL* ssl_ = nullptr;
};

}  // namespace plimsoll::load
