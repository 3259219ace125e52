#include <dispatch/worker/command_pool.hpp>

#include <registry/compat/actor.hpp>
#include <registry/coro/spawn.hpp>

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace dispatch {

namespace {

using registry::coroutine_self;
using registry::member;
using registry::task;

/// Ends an actor when its owner goes.
class owned_actor {
public:
  explicit owned_actor(member who) noexcept : who_(std::move(who)) {}
  owned_actor(const owned_actor&) = delete;
  owned_actor& operator=(const owned_actor&) = delete;
  ~owned_actor() { registry::compat::kill(who_); }
  [[nodiscard]] const member& get() const noexcept { return who_; }

private:
  member who_;
};

/// An actor for one command: what the pool's thread sends can be for nobody else.
task<> command_runner(coroutine_self self, std::shared_ptr<command_pool> pool, std::vector<std::string> command) {
  auto asked = co_await self.accept<start_command>();
  const auto under_way = pool->start(std::move(command), self.handle());
  auto ended = co_await self.receive<command_ended>();
  asked.reply.answer(std::move(ended));
}

} // namespace

command_pool::running command_pool::start(std::vector<std::string> command, member observer) {
  const auto unwanted = std::make_shared<const cancellation>();
  boost::asio::post(threads_, [command = std::move(command), observer = std::move(observer), unwanted] {
    registry::compat::tell(observer, run_command(command, *unwanted));
  });
  return running{unwanted};
}

task<registry::result<command_ended>> run_command(coroutine_self self, std::shared_ptr<command_pool> pool,
                                                  std::vector<std::string> command) {
  // It is the submitter who loses patience.
  constexpr std::chrono::milliseconds ever = std::chrono::hours{24 * 365};
  const auto who = registry::spawn_coroutine(self.system(), command_runner, std::move(pool), std::move(command));
  const owned_actor runner{registry::compat::as_member(who)};
  const start_command begin;
  co_return co_await self.request<command_ended>(runner.get(), ever, begin);
}

} // namespace dispatch
