#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace tributary::cli {

// Runs body(0..count-1) on some threads; the first error ends it.
inline absl::Status ParallelFor(size_t count, int threads, absl::FunctionRef<absl::Status(size_t)> body) {
  std::atomic<size_t> next{0};
  std::mutex mutex;
  absl::Status status;
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      for (size_t index = next++; index < count; index = next++) {
        absl::Status one = body(index);
        if (one.ok()) continue;
        std::lock_guard lock(mutex);
        if (status.ok()) status = std::move(one);
        next = count;
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return status;
}

}  // namespace tributary::cli
