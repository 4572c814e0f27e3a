#include "incentive-service/facts/fact_consumer.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/accrual_move_proto.h"
#include "incentive-service/accruals/baseline.h"
#include "incentive-service/facts/fact_proto.h"

namespace tributary::incentive {
namespace {

// The periods of the program's scale that the lines lie in, now and before.
std::vector<Period> TouchedPeriods(const Program& program, absl::Span<const LineChange> changes) {
  std::map<std::string, Period> periods;
  const auto touch = [&](const FactLine& line) {
    if (line.source != SourceOf(program.basis)) return;
    const Date date = line.BasisDate(program.basis);
    if (!program.effective.Contains(date)) return;
    Period period = PeriodOf(program.period, date);
    periods.try_emplace(period.id, std::move(period));
  };
  for (const LineChange& change : changes) {
    if (change.before.has_value()) touch(*change.before);
    touch(change.after);
  }
  std::vector<Period> touched;
  for (auto& [id, period] : periods) touched.push_back(std::move(period));
  return touched;
}

}  // namespace

absl::Status FactConsumer::AddParts(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                                    std::vector<FactLine>* lines) const {
  using PaymentKey = std::pair<std::string, std::string>;  // partner, payment
  std::map<PaymentKey, std::vector<FactLine>> known;       // parts, and what was returned of them
  std::set<PaymentKey> read;
  for (const events::Event& event : batch) {
    ASSIGN_OR_RETURN(const std::optional<ToldPayment> payment, PaymentOf(event));
    if (!payment.has_value()) continue;
    std::vector<FactLine>& parts = known[{payment->partner, payment->settled_by()}];
    for (const std::string& id : {payment->settled_by(), payment->payment}) {
      if (!read.emplace(payment->partner, id).second) continue;
      ASSIGN_OR_RETURN(const std::vector<FactLine> stored, facts_.PartsOf(sql, payment->partner, id));
      parts.insert(parts.end(), stored.begin(), stored.end());
    }
    const std::vector<FactLine> told = PartsToTell(*payment, parts);
    Keep(told, &parts);
    lines->insert(lines->end(), told.begin(), told.end());
  }
  return absl::OkStatus();
}

absl::Status FactConsumer::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                                 events::Outbox& outbox) const {
  std::vector<FactLine> lines;
  lines.reserve(batch.size());
  for (const events::Event& event : batch) {
    ASSIGN_OR_RETURN(std::optional<FactLine> line, FactOf(event));
    if (line.has_value()) lines.push_back(*std::move(line));
  }
  RETURN_IF_ERROR(AddParts(sql, batch, &lines));
  if (lines.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(programs_.HoldSet(sql));
  ASSIGN_OR_RETURN(const std::vector<Program> programs, programs_.Accruing(sql));
  ASSIGN_OR_RETURN(const std::vector<LineChange> changes, facts_.Add(sql, std::move(lines)));
  ClosedPeriods closes;
  for (const Program& program : programs) {
    ASSIGN_OR_RETURN(ClosedPeriods own, closes_.Closed(sql, program, TouchedPeriods(program, changes)));
    closes.merge(own);
  }
  const std::vector<AccrualMove> moves = MovesOf(programs, closes, changes);
  RETURN_IF_ERROR(accruals_.Apply(sql, moves));
  for (const AccrualMove& move : moves) outbox.Add(DraftOf(move));
  for (const Program& program : programs) RETURN_IF_ERROR(TellMeasured(sql, program, changes, moves, outbox));
  return absl::OkStatus();
}

absl::Status FactConsumer::TellMeasured(mysql::Transaction& sql, const Program& program,
                                        absl::Span<const LineChange> changes, absl::Span<const AccrualMove> moves,
                                        events::Outbox& outbox) const {
  if (!program.growth.has_value()) return absl::OkStatus();
  std::map<std::string, std::set<std::string>> scales;  // periods of the scale, by partner
  absl::Time at;
  const auto touch = [&](const FactLine& line) {
    if (line.source != SourceOf(program.basis)) return;
    for (const Period& period : MeasuredAgainst(program, line.BasisDate(program.basis))) {
      scales[line.partner].insert(period.id);
    }
  };
  for (const LineChange& change : changes) {
    if (change.before.has_value()) touch(*change.before);
    touch(change.after);
    at = std::max(at, change.after.recorded_at);
  }
  std::set<AccrualKey> told;
  for (const AccrualMove& move : moves) told.insert(move.key);
  for (const auto& [partner, measured] : scales) {
    ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, accruals_.KeysOf(sql, program.id, partner));
    for (const AccrualKey& key : keys) {
      const absl::StatusOr<Period> period = ParsePeriod(program.paid(), key.period);
      if (!period.ok() || told.contains(key)) continue;
      if (!measured.contains(PeriodOf(program.period, period->range.start).id)) continue;
      outbox.Add(DraftOf(AccrualMove{.key = key, .at = at}));
    }
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
