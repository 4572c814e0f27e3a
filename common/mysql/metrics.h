#pragma once

// What the pool and the transactions show of themselves: tributary_mysql_*, label schema.

#include <memory>
#include <string>

#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace tributary::mysql {

// References are looked up once here: Family::Add takes a lock. Thread-safe.
class Metrics {
 public:
  // `registry` may be null; the numbers are then kept and shown to nobody.
  Metrics(prometheus::Registry* registry, const std::string& schema);

  // The counter of one error code that made a transaction run again.
  prometheus::Counter& Rerun(int code);

 private:
  std::unique_ptr<prometheus::Registry> own_;
  prometheus::Registry& registry_;
  std::string schema_;
  prometheus::Family<prometheus::Gauge>& connections_;
  prometheus::Family<prometheus::Counter>& closed_;
  prometheus::Family<prometheus::Counter>& transactions_;
  prometheus::Family<prometheus::Counter>& reruns_;

 public:
  prometheus::Gauge& limit;
  prometheus::Gauge& idle;
  prometheus::Gauge& in_use;
  prometheus::Histogram& wait_seconds;
  prometheus::Counter& opened;
  prometheus::Counter& closed_lost;  // the connection broke
  prometheus::Counter& closed_age;   // it had reached its age
  prometheus::Counter& connect_failed;
  prometheus::Counter& wait_expired;  // the deadline came before a connection was free
  prometheus::Counter& committed;
  prometheus::Counter& rolled_back;
  prometheus::Counter& commit_unknown;

 private:
  prometheus::Counter& rerun_deadlock_;
  prometheus::Counter& rerun_lock_wait_;
  prometheus::Counter& rerun_changed_;
  prometheus::Counter& rerun_not_ready_;
  prometheus::Counter& rerun_lost_;
};

}  // namespace tributary::mysql
