#include "incentive-service/facts/fact_consumer.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/accrual_move_proto.h"
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
  std::map<std::pair<std::string, std::string>, ToldPayment> payments;
  for (const events::Event& event : batch) {
    ASSIGN_OR_RETURN(std::optional<ToldPayment> payment, PaymentOf(event));
    if (!payment.has_value()) continue;
    std::pair key(payment->partner, payment->payment);
    payments.insert_or_assign(std::move(key), *std::move(payment));
  }
  for (const auto& [key, payment] : payments) {
    ASSIGN_OR_RETURN(const std::vector<FactLine> known, facts_.PartsOf(sql, payment.partner, payment.payment));
    for (FactLine& line : PartsToTell(payment, known)) lines->push_back(std::move(line));
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
  return absl::OkStatus();
}

}  // namespace tributary::incentive
