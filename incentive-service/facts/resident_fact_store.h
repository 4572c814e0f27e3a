#pragma once

// The facts of the database in memory, for simulations: loaded by the first that asks, brought up to the feeds by each
// that asks again. An index, which any replica can build anew. Thread-safe.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/facts/resident_facts.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

class ResidentFactStore {
 public:
  struct Limits {
    int64_t lines = 20'000'000;  // more are not held: 1 GB
    int load = 20'000;           // rows that are read at a time
    int64_t behind = 200'000;    // events; what is further behind is loaded anew
  };

  // `database` outlives it.
  explicit ResidentFactStore(mysql::Database& database) : ResidentFactStore(database, Limits()) {}
  ResidentFactStore(mysql::Database& database, Limits limits) : database_(database), limits_(limits) {}

  // What was in memory at one moment. Nothing changes while it lives, so it should not live long.
  class Reading {
   public:
    // How far the feeds had been read: what was told up to there is in it, and nothing else.
    const Watermark& watermark() const { return store_->watermark_; }
    std::vector<FactTotal> Totals(const Program& program) const { return store_->facts_.Totals(program); }
    int64_t lines() const { return store_->facts_.size(); }

   private:
    friend class ResidentFactStore;
    explicit Reading(const ResidentFactStore& store) : store_(&store), lock_(store.changing_) {}
    const ResidentFactStore* store_;
    std::shared_lock<std::shared_mutex> lock_;
  };

  // With all that was told when it was called. What a call has loaded before its deadline is there for the next one.
  // nullopt where the database must be asked: another call is loading, or there are too many lines.
  absl::StatusOr<std::optional<Reading>> Read(absl::Time deadline);

 private:
  using Name = std::pair<std::string, std::string>;  // partner, fact
  // What one snapshot of the database adds.
  struct Step {
    Watermark now;
    bool anew = false;  // what is here is of no use
    std::vector<FactLine> told, moved, more;
    std::optional<Name> position;  // of the last that was loaded
    bool loaded = false;           // none comes after it
  };

  absl::Status Advance(absl::Time deadline);
  bool TooFarBehind(const Watermark& now) const;
  absl::Status ReadTold(mysql::Transaction& sql, Step* step) const;
  absl::Status ReadMore(mysql::Transaction& sql, Step* step) const;
  void Apply(Step step);

  mysql::Database& database_;
  const Limits limits_;
  FactStore store_;

  std::mutex following_;                // held by whoever brings it up to date
  mutable std::shared_mutex changing_;  // held alone while what follows changes, which its holder alone does
  ResidentFacts facts_;                 // of names up to position_, as of watermark_
  Watermark watermark_;
  Name position_;
  std::atomic<bool> loaded_ = false;
  std::atomic<bool> too_many_ = false;
};

}  // namespace tributary::incentive
