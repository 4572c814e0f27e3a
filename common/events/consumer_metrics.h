#pragma once

#include <memory>
#include <string>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"

namespace tributary::events {

// What is seen of one feed's consumer.
class ConsumerMetrics {
 public:
  // `registry` may be null.
  ConsumerMetrics(prometheus::Registry* registry, const std::string& feed);

 private:
  std::unique_ptr<prometheus::Registry> own_;
  prometheus::Registry& registry_;

 public:
  prometheus::Gauge& lag;        // durable events of the shards held here that are not applied
  prometheus::Gauge& held;       // shards
  prometheus::Gauge& halted;     // 1: stopped for good
  prometheus::Counter& applied;  // events
  prometheus::Counter& parked;   // events
  prometheus::Counter& restarts;
};

}  // namespace tributary::events
