#include "common/rpc/lookout.h"

#include <exception>
#include <string_view>

#include "spdlog/spdlog.h"

namespace tributary::rpc {
namespace {

constexpr absl::Duration kPauseAfterThrow = absl::Seconds(1);

absl::Duration LookOnce(std::string_view what, const Lookout::Look& look) {
  try {
    return look();
  } catch (const std::exception& e) {
    spdlog::error("{}: {}", what, e.what());
  } catch (...) {
    spdlog::error("{}: threw what is no std::exception", what);
  }
  return kPauseAfterThrow;
}

}  // namespace

Lookout::~Lookout() { Stop(); }

void Lookout::Start(const std::string& what, const Look& look, absl::Duration pause, int threads) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this, what, look, pause] { Run(what, look, pause); });
  }
}

void Lookout::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Lookout::stopping() const {
  std::lock_guard lock(mutex_);
  return stopping_;
}

void Lookout::Run(const std::string& what, const Look& look, absl::Duration pause) {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, absl::ToChronoNanoseconds(pause), [this] { return stopping_; })) {
    lock.unlock();
    pause = LookOnce(what, look);
    lock.lock();
  }
}

}  // namespace tributary::rpc
