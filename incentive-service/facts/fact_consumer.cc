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
#include "incentive-service/facts/known_lines.h"

namespace tributary::incentive {
namespace {

// Calls `touch` with each line that may count on the basis, as it was before and as it is now.
template <typename Touch>
void EachTouched(Basis basis, absl::Span<const LineChange> changes, const Touch& touch) {
  const FactSource source = SourceOf(basis);
  for (const LineChange& change : changes) {
    if (change.before.has_value() && change.before->source == source) touch(*change.before);
    if (change.after.source == source) touch(change.after);
  }
}

// The days on which they count, or did.
std::set<Date> DaysOf(Basis basis, absl::Span<const LineChange> changes) {
  std::set<Date> days;
  EachTouched(basis, changes, [&](const FactLine& line) { days.insert(line.BasisDate(basis)); });
  return days;
}

// The periods of the program's scale that the days lie in.
std::vector<Period> ScalesOf(const Program& program, const std::set<Date>& days) {
  std::vector<Period> scales;
  for (const Date day : days) {
    if (!program.HasDay(day)) continue;
    if (scales.empty() || !scales.back().range.Contains(day)) scales.push_back(PeriodOf(program.period, day));
  }
  return scales;
}

}  // namespace

absl::Status FactConsumer::AddParts(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                                    std::vector<FactLine>* lines) const {
  std::vector<ToldPayment> payments;
  std::set<PaymentKey> keys;
  for (const events::Event& event : batch) {
    ASSIGN_OR_RETURN(std::optional<ToldPayment> payment, PaymentOf(event));
    if (!payment.has_value()) continue;
    keys.emplace(payment->partner, payment->settled_by());
    keys.emplace(payment->partner, payment->payment);
    payments.push_back(*std::move(payment));
  }
  ASSIGN_OR_RETURN(auto stored, PartsOfPayments(sql, keys));
  std::map<PaymentKey, std::vector<FactLine>> known;  // parts, and what was returned of them
  for (const ToldPayment& payment : payments) {
    std::vector<FactLine>& parts = known[{payment.partner, payment.settled_by()}];
    for (const std::string& id : {payment.settled_by(), payment.payment}) {
      const auto of = stored.find({payment.partner, id});
      if (of == stored.end()) continue;
      parts.insert(parts.end(), of->second.begin(), of->second.end());
      stored.erase(of);
    }
    const std::vector<FactLine> told = PartsToTell(payment, parts);
    Keep(told, &parts);
    lines->insert(lines->end(), told.begin(), told.end());
  }
  return absl::OkStatus();
}

absl::Status FactConsumer::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                                 events::Outbox& outbox) {
  std::vector<FactLine> lines;
  lines.reserve(batch.size());
  for (const events::Event& event : batch) {
    ASSIGN_OR_RETURN(std::optional<FactLine> line, FactOf(event));
    if (line.has_value()) lines.push_back(*std::move(line));
  }
  RETURN_IF_ERROR(AddParts(sql, batch, &lines));
  if (lines.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(accruing_.Hold(sql));
  ASSIGN_OR_RETURN(const std::vector<LineChange> changes, facts_.Add(sql, std::move(lines)));
  std::map<Basis, std::set<Date>> days;
  for (const Program& program : accruing_.programs()) {
    const auto [of_basis, first] = days.try_emplace(program.basis);
    if (first) of_basis->second = DaysOf(program.basis, changes);
    RETURN_IF_ERROR(accruing_.LookAt(sql, program, ScalesOf(program, of_basis->second)));
  }
  std::vector<AccrualMove> moves = MovesOf(accruing_.programs(), accruing_.closes(), changes);
  for (const Program& program : accruing_.programs()) {
    RETURN_IF_ERROR(AddRematched(sql, program, changes, &moves));
  }
  RETURN_IF_ERROR(groups_.AddEarners(sql, accruing_.programs(), &moves));
  RETURN_IF_ERROR(accruals_.Apply(sql, moves));
  for (const AccrualMove& move : moves) outbox.Add(DraftOf(move));
  for (const Program& program : accruing_.programs()) {
    RETURN_IF_ERROR(TellMeasured(sql, program, changes, moves, outbox));
    RETURN_IF_ERROR(TellCarried(sql, program, moves, outbox));
  }
  return absl::OkStatus();
}

absl::Status FactConsumer::AddRematched(mysql::Transaction& sql, const Program& program,
                                        absl::Span<const LineChange> changes, std::vector<AccrualMove>* moves) {
  if (!program.matches_returns()) return absl::OkStatus();
  std::set<PartnerProduct> touched;
  absl::Time at;
  EachTouched(program.basis, changes, [&](const FactLine& line) {
    if (!program.eligibility.Includes(line.partner)) return;
    if (!program.lines.Includes(line.product, line.product_line)) return;
    touched.emplace(line.partner, line.product);
    at = std::max(at, line.recorded_at);
  });
  const FactSource source = SourceOf(program.basis);
  ASSIGN_OR_RETURN(const std::set<PartnerProduct> matched, unlinked_.Among(sql, source, touched));
  if (matched.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<FactLine> lines, unlinked_.Lines(sql, source, matched));
  std::map<std::string, std::set<Date>> days;  // by partner
  std::set<Date> all;
  for (const FactLine& line : lines) {
    const Date day = line.BasisDate(program.basis);
    if (!line.counts() || !program.HasDay(day)) continue;
    days[line.partner].insert(day);
    all.insert(day);
  }
  RETURN_IF_ERROR(accruing_.LookAt(sql, program, ScalesOf(program, all)));
  std::map<AccrualKey, AccrualMove> rematched;
  for (const auto& [partner, its] : days) {
    for (const Date day : its) {
      const Period paid = PeriodOf(program.paid(), day);
      AccrualMove& move = rematched[{partner, program.id, paid.id}];
      move.period_start = paid.range.start;
      move.true_up_due = Find(accruing_.closes(), program, PeriodOf(program.period, day)) != nullptr;
      move.recounted = true;
      move.at = at;
    }
  }
  for (const AccrualMove& move : *moves) rematched.erase(move.key);
  for (auto& [key, move] : rematched) {
    move.key = key;
    moves->push_back(std::move(move));
  }
  std::sort(moves->begin(), moves->end(), [](const AccrualMove& a, const AccrualMove& b) { return a.key < b.key; });
  return absl::OkStatus();
}

absl::Status FactConsumer::TellCarried(mysql::Transaction& sql, const Program& program,
                                       absl::Span<const AccrualMove> moves, events::Outbox& outbox) const {
  if (!program.terms.carry_negative) return absl::OkStatus();
  std::map<std::string, const AccrualMove*> first;  // of each partner's moves that of the earliest period
  std::set<AccrualKey> told;
  for (const AccrualMove& move : moves) {
    if (move.key.program != program.id) continue;
    told.insert(move.key);
    const AccrualMove*& earliest = first[move.key.partner];
    if (earliest == nullptr || move.period_start < earliest->period_start) earliest = &move;
  }
  std::vector<std::string> partners;
  for (const auto& one : first) partners.push_back(one.first);
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, accruals_.KeysOfSome(sql, program.id, partners));
  for (const AccrualKey& key : keys) {
    const absl::StatusOr<Period> period = ParsePeriod(program.paid(), key.period);
    const AccrualMove& moved = *first.at(key.partner);
    if (!period.ok() || period->range.start <= moved.period_start || told.contains(key)) continue;
    outbox.Add(DraftOf(AccrualMove{.key = key, .at = moved.at}));
  }
  return absl::OkStatus();
}

absl::Status FactConsumer::TellMeasured(mysql::Transaction& sql, const Program& program,
                                        absl::Span<const LineChange> changes, absl::Span<const AccrualMove> moves,
                                        events::Outbox& outbox) const {
  if (!program.growth.has_value()) return absl::OkStatus();
  std::map<Date, std::vector<Period>> against;          // what is measured against the day
  std::map<std::string, std::set<std::string>> scales;  // periods of the scale, by partner
  EachTouched(program.basis, changes, [&](const FactLine& line) {
    const Date day = line.BasisDate(program.basis);
    const auto [known, first] = against.try_emplace(day);
    if (first) known->second = MeasuredAgainst(program, day);
    for (const Period& period : known->second) scales[line.partner].insert(period.id);
  });
  if (scales.empty()) return absl::OkStatus();
  absl::Time at;
  for (const LineChange& change : changes) at = std::max(at, change.after.recorded_at);
  std::set<AccrualKey> told;
  for (const AccrualMove& move : moves) told.insert(move.key);
  std::vector<std::string> partners;
  for (const auto& [partner, measured] : scales) partners.push_back(partner);
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, accruals_.KeysOfSome(sql, program.id, partners));
  for (const AccrualKey& key : keys) {
    const absl::StatusOr<Period> period = ParsePeriod(program.paid(), key.period);
    if (!period.ok() || told.contains(key)) continue;
    if (!scales.at(key.partner).contains(PeriodOf(program.period, period->range.start).id)) continue;
    outbox.Add(DraftOf(AccrualMove{.key = key, .at = at}));
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
