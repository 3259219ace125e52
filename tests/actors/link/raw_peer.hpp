#pragma once

#include <registry/link/internal/handshake.hpp>
#include <registry/link/internal/owned_socket.hpp>
#include <registry/membership/address.hpp>

#include <chrono>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace registry::testing {

using byte_string = std::vector<std::byte>;

byte_string bytes_of(std::string_view text);

/// The other end of a connection, under the control of the test. Blocking, but never longer than a minute.
class raw_peer {
public:
  explicit raw_peer(owned_socket socket);
  /// Connects to an IP address, from another if one is given.
  explicit raw_peer(const node_address& where, const char* from = nullptr);
  /// Not connected yet, for IPv4.
  raw_peer();
  void connect(const node_address& where) const;

  /// Sends the bytes that the other end accepts before it closes.
  void send(std::span<const std::byte> data) const;
  /// This many bytes, or fewer if the connection ends.
  [[nodiscard]] byte_string receive(std::size_t size) const;
  /// Whether no data arrives for this time.
  [[nodiscard]] bool is_silent(std::chrono::milliseconds time) const;
  /// All bytes until the connection ends.
  [[nodiscard]] byte_string receive_all() const { return receive(std::size_t{1} << 20); }
  /// Shakes hands up to the end, or until the connection ends. Returns all bytes sent.
  byte_string shake_hands(handshake& talk) const;

  [[nodiscard]] int descriptor() const { return socket_.descriptor(); }
  void close() { socket_.close(); }

private:
  void be_patient(std::chrono::milliseconds time) const;

  owned_socket socket_;
};

/// A port of 127.0.0.1 without a listener, which cannot get one while this object lives.
class closed_port {
public:
  closed_port();
  [[nodiscard]] node_address where() const;

protected:
  [[nodiscard]] const owned_socket& socket() const { return socket_; }

private:
  owned_socket socket_;
};

/// A port of 127.0.0.1 where only the system accepts connections.
class raw_listener : public closed_port {
public:
  raw_listener();
  /// The next connection; throws if there is none for a minute.
  [[nodiscard]] raw_peer accept() const;
};

} // namespace registry::testing
