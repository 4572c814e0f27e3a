#pragma once

// What a service counts in its own tables and shows as gauges: how many applications wait, what is accrued, whether the
// ledger balances. Read from the database, so every replica shows the same.

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/rpc/lookout.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"

namespace tributary::process {

// Gauges of one name that differ in one label. Its values come from a closed set (an enum, ISO 4217), never from data.
class CensusGauge {
 public:
  // Shows 0 for each of `values` from the beginning on.
  CensusGauge(prometheus::Registry& registry, const char* name, const char* help, std::string label,
              const std::vector<std::string>& values = {});
  // What `counts` leaves out becomes 0.
  void Set(const std::map<std::string, double>& counts);

 private:
  prometheus::Family<prometheus::Gauge>& family_;
  const std::string label_;
  std::map<std::string, prometheus::Gauge*> gauges_;  // kept: Family::Add takes a lock
};

class Census {
 public:
  // Reads only; sets gauges of its own.
  using Count = std::function<absl::Status(mysql::Transaction&)>;

  Census(mysql::Database& database, prometheus::Registry& registry);
  // Stops.
  ~Census();

  // Counts `what` when it starts and then `every` so long, each in a snapshot of its own. Before Start.
  void Add(const std::string& what, absl::Duration every, Count count);
  void Start();
  void Stop();

 private:
  struct Entry {
    std::string what;
    absl::Duration every;
    Count count;
    absl::Time due;
    prometheus::Gauge& counted_at;  // Unix seconds
    prometheus::Gauge& took;        // seconds
    prometheus::Counter& failed;
  };
  // Counts what is due; how long nothing will be.
  absl::Duration CountDue();
  void CountNow(Entry& entry);

  mysql::Database& database_;
  prometheus::Family<prometheus::Gauge>& counted_at_;
  prometheus::Family<prometheus::Gauge>& took_;
  prometheus::Family<prometheus::Counter>& failed_;
  std::vector<Entry> entries_;
  rpc::Lookout lookout_;
};

}  // namespace tributary::process
