#include "tests/bench/bench.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "nlohmann/json.hpp"

namespace tributary::bench {
namespace {

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

// How long each call took, one after the other for so long; at least one.
std::vector<double> Times(absl::Duration round, const std::function<void()>& call) {
  std::vector<double> seconds;
  const absl::Time end = absl::Now() + round;
  do {
    const absl::Time start = absl::Now();
    call();
    seconds.push_back(absl::ToDoubleSeconds(absl::Now() - start));
  } while (absl::Now() < end);
  return seconds;
}

double Rounded(double value, double step) { return std::round(value / step) * step; }

}  // namespace

void Print(const Line& line) {
  const nlohmann::ordered_json json = {
      {"name", line.name}, {"value", Rounded(line.value, 1)},           {"unit", line.unit},
      {"peer", line.peer}, {"peer_value", Rounded(line.peer_value, 1)}, {"ratio", Rounded(line.ratio, 0.001)},
      {"goal", line.goal}};
  std::printf("%s\n", json.dump().c_str());
  std::fflush(stdout);
}

void Compare(Line line, const Settings& settings, const std::function<double()>& ours,
             const std::function<double()>& theirs) {
  std::vector<double> values, peers, ratios;
  for (int round = 0; round <= settings.rounds; ++round) {
    // Who goes first alternates as well.
    const bool first = round % 2 == 0;
    double value = first ? ours() : 0;
    const double peer = theirs();
    if (!first) value = ours();
    std::fprintf(stderr, "%s %s: %.0f to %.0f %s, ratio %.3f\n", line.name.c_str(), round == 0 ? "warm-up" : "round",
                 value, peer, line.unit.c_str(), value / peer);
    if (round == 0) continue;
    values.push_back(value);
    peers.push_back(peer);
    ratios.push_back(value / peer);
  }
  line.value = Median(values);
  line.peer_value = Median(peers);
  line.ratio = Median(ratios);
  Print(line);
}

double MedianRate(absl::Duration round, const std::function<void()>& call) { return 1 / Median(Times(round, call)); }

double BatchRate(int senders, int batches, const std::function<void(int batch)>& send) {
  std::atomic<int> next{0};
  const absl::Time start = absl::Now();
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<size_t>(senders));
    for (int i = 0; i < senders; ++i) {
      threads.emplace_back([&] {
        for (int batch = next++; batch < batches; batch = next++) send(batch);
      });
    }
  }
  return batches / absl::ToDoubleSeconds(absl::Now() - start);
}

double SlowRate(absl::Duration round, const std::function<void()>& call) {
  std::vector<double> seconds = Times(round, call);
  std::sort(seconds.begin(), seconds.end());
  return 1 / seconds[(seconds.size() * 99 + 99) / 100 - 1];
}

double RateOf(int clients, absl::Duration round, const std::function<void()>& call) {
  std::atomic<int64_t> done{0};
  const absl::Time start = absl::Now();
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<size_t>(clients));
    for (int client = 0; client < clients; ++client) {
      threads.emplace_back([&, end = start + round] {
        while (absl::Now() < end) {
          call();
          ++done;
        }
      });
    }
  }
  return static_cast<double>(done) / absl::ToDoubleSeconds(absl::Now() - start);
}

void Must(const absl::Status& status, const std::string& what) {
  if (status.ok()) return;
  std::fprintf(stderr, "tributary_bench: %s: %s\n", what.c_str(), status.ToString().c_str());
  std::exit(1);
}

}  // namespace tributary::bench
