#include "incentive-service/accruals/group_accruals.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "common/status/status.h"
#include "incentive-service/accruals/accrual_move_proto.h"

namespace tributary::incentive {

absl::Status GroupAccruals::AddEarners(mysql::Transaction& sql, absl::Span<const Program> programs,
                                       std::vector<AccrualMove>* moves) const {
  std::map<AccrualKey, AccrualMove> added;
  for (const Program& program : programs) {
    if (!program.rolls_up) continue;
    std::map<std::string, Earners> earners;  // by period
    for (const AccrualMove& move : *moves) {
      if (move.key.program != program.id) continue;
      const auto [known, unread] = earners.try_emplace(move.key.period);
      if (unread) {
        ASSIGN_OR_RETURN(known->second, growth_.ReadEarners(sql, program, PeriodOf(program.period, move.period_start)));
      }
      for (const std::string& earner : known->second.EarnersOf(move.key.partner)) {
        if (earner == move.key.partner) continue;
        AccrualMove& its = added[{earner, program.id, move.key.period}];
        its.period_start = move.period_start;
        its.rolled_up = true;
        its.at = std::max(its.at, move.at);
      }
    }
  }
  if (added.empty()) return absl::OkStatus();
  for (AccrualMove& move : *moves) move.rolled_up = added.erase(move.key) > 0;
  for (auto& [key, move] : added) {
    move.key = key;
    moves->push_back(std::move(move));
  }
  std::sort(moves->begin(), moves->end(), [](const AccrualMove& a, const AccrualMove& b) { return a.key < b.key; });
  return absl::OkStatus();
}

absl::Status GroupAccruals::Follow(mysql::Transaction& sql, absl::Span<const Relationship> told, absl::Time at,
                                   events::Outbox& outbox) const {
  std::set<std::string> moved;
  for (const Relationship& one : told) {
    if (one.moves_earners()) moved.insert(one.partner);
  }
  if (moved.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Program> programs, programs_.Accruing(sql));
  for (const Program& program : programs) {
    if (program.rolls_up) RETURN_IF_ERROR(FollowIn(sql, program, moved, at, outbox));
  }
  return absl::OkStatus();
}

absl::Status GroupAccruals::FollowIn(mysql::Transaction& sql, const Program& program,
                                     const std::set<std::string>& moved, absl::Time at, events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, accruals_.KeysOf(sql, program.id, std::nullopt));
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> rolled_up, accruals_.RolledUpKeys(sql, program.id));
  const std::set<AccrualKey> known(rolled_up.begin(), rolled_up.end());
  std::map<std::string, std::vector<AccrualKey>> by_period;
  for (const AccrualKey& key : keys) by_period[key.period].push_back(key);
  std::vector<Period> periods;
  for (const auto& of_period : by_period) {
    ASSIGN_OR_RETURN(periods.emplace_back(), ParsePeriod(program.period, of_period.first));
  }
  ASSIGN_OR_RETURN(const ClosedPeriods closed, closes_.Closed(sql, program, periods));
  std::set<AccrualKey> told;
  std::vector<AccrualMove> made;
  for (const Period& period : periods) {
    if (Find(closed, program, period) != nullptr) continue;
    ASSIGN_OR_RETURN(const Earners earners, growth_.ReadEarners(sql, program, period));
    std::set<AccrualKey> earning;
    for (const AccrualKey& key : by_period.at(period.id)) {
      const std::set<std::string> its = earners.EarnersOf(key.partner);
      if (its.size() > 1 || moved.contains(key.partner) || known.contains(key)) told.insert(key);
      for (const std::string& earner : its) {
        if (earner != key.partner) earning.insert(AccrualKey{earner, program.id, period.id});
      }
    }
    for (const AccrualKey& key : earning) {
      told.insert(key);
      if (known.contains(key)) continue;
      made.push_back({.key = key, .period_start = period.range.start, .rolled_up = true, .at = at});
    }
  }
  std::sort(made.begin(), made.end(), [](const AccrualMove& a, const AccrualMove& b) { return a.key < b.key; });
  RETURN_IF_ERROR(accruals_.Apply(sql, made));
  for (const AccrualKey& key : told) outbox.Add(DraftOf(AccrualMove{.key = key, .at = at}));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
