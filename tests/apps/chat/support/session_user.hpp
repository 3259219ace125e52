#pragma once

#include <apps/chat/support/irc_user.hpp>

#include <chat/session/session.hpp>
#include <chat/system_config.hpp>

#include <caf/actor_system.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

namespace chat::testing {

/// A sink that keeps what is written.
class kept_lines : public sink {
public:
  void write(std::string_view line) override;
  void acknowledge() override;
  void close() override;

  std::optional<std::string> next();
  [[nodiscard]] std::size_t acknowledged() const;

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;
  std::size_t acknowledged_ = 0;
  bool closed_ = false;
};

/// The scopes of a chat on one node, perhaps of several, without a server: sessions have no connections.
class chat_world {
public:
  explicit chat_world(server_info info = {}, const registry::cluster_options& cluster = {});
  ~chat_world();
  chat_world(const chat_world&) = delete;
  chat_world& operator=(const chat_world&) = delete;

  /// Returns when all that happened has been told to the sessions.
  void flush() const;

  chat::system_config config;
  caf::actor_system system{config};
  registry::node home;
  std::shared_ptr<world> shared;
  std::shared_ptr<session_list> sessions = std::make_shared<session_list>();
};

/// A user with a session but no connection.
class session_user : public irc_user {
public:
  explicit session_user(chat_world& where);
  /// Logs in and joins, too.
  session_user(chat_world& where, const std::string& nick, const std::vector<std::string>& channels = {});

  void send(std::string_view line) override;
  std::optional<std::string> next() override { return lines_->next(); }

  [[nodiscard]] const registry::member& session() const noexcept { return session_; }
  [[nodiscard]] const kept_lines& lines() const noexcept { return *lines_; }

private:
  std::shared_ptr<kept_lines> lines_ = std::make_shared<kept_lines>();
  registry::member session_;
};

} // namespace chat::testing
