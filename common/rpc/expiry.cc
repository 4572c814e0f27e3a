#include "common/rpc/expiry.h"

#include "common/events/outbox.h"
#include "common/rpc/lookout.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "spdlog/spdlog.h"

namespace tributary::rpc {
namespace {

constexpr int kAtOnce = 500;  // that are read, not ended, at once

}  // namespace

struct Expiry::State {
  mysql::Database& database;
  const Clock& clock;
  const Rules rules;
  const std::function<void()> committed;
  Lookout lookout;

  // Whether it ended it.
  absl::StatusOr<bool> ExpireOne(const Id& id, absl::Time now) {
    bool ended = false;
    RETURN_IF_ERROR(database.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      Unit unit(sql);
      ASSIGN_OR_RETURN(ended, rules.end(unit, id, now));
      return ended ? unit.outbox().Write(sql) : absl::OkStatus();
    }));
    return ended;
  }

  absl::StatusOr<int> ExpireDue() {
    const absl::Time now = absl::FromUnixMicros(absl::ToUnixMicros(clock.Now()));
    int ended = 0;
    absl::Status failed;
    std::vector<Id> before;
    while (failed.ok()) {
      std::vector<Id> due;
      RETURN_IF_ERROR(database.Transact({.autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(due, rules.due(sql, now, kAtOnce));
        return absl::OkStatus();
      }));
      if (due.empty()) break;
      const int ended_before = ended;
      for (const Id& id : due) {
        if (lookout.stopping()) return ended;
        const absl::StatusOr<bool> one = ExpireOne(id, now);
        if (!one.ok()) {
          failed.Update(one.status());
        } else if (*one) {
          ++ended;
          committed();
        }
      }
      if (ended == ended_before && due == before) break;
      before = std::move(due);
    }
    RETURN_IF_ERROR(failed);
    return ended;
  }

  absl::Duration Look() {
    const absl::StatusOr<int> ended = ExpireDue();
    if (!ended.ok()) spdlog::error("expiry of {}: {}", rules.things, ended.status().ToString());
    return rules.every;
  }
};

Expiry::Expiry(mysql::Database& database, const Clock& clock, Rules rules, std::function<void()> committed)
    : state_(new State{
          .database = database, .clock = clock, .rules = std::move(rules), .committed = std::move(committed)}) {}

Expiry::~Expiry() { Stop(); }

void Expiry::Start() {
  state_->lookout.Start(StrCat("expiry of ", state_->rules.things), [state = state_.get()] { return state->Look(); });
}

void Expiry::Stop() { state_->lookout.Stop(); }

absl::StatusOr<int> Expiry::ExpireDue() { return state_->ExpireDue(); }

}  // namespace tributary::rpc
