#include "inventory-service/reconciliation/reconciliation.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

std::string_view NameOf(ReconciliationState state) {
  switch (state) {
    case ReconciliationState::kMatched:
      return "MATCHED";
    case ReconciliationState::kExplained:
      return "EXPLAINED";
    case ReconciliationState::kUnexplained:
      return "UNEXPLAINED";
    case ReconciliationState::kUnknown:
      return "UNKNOWN";
  }
  return {};
}

std::string SegmentOf(const ReconciliationKey& key) {
  std::string segment = StrCat(key.from.ToString(), ".", key.to.ToString(), ".", key.product);
  if (key.lot.has_value()) StrAppend(&segment, ".", *key.lot);
  return segment;
}

std::optional<ReconciliationKey> ParseReconciliationSegment(std::string_view partner, std::string_view segment) {
  constexpr size_t kDay = 10;  // "2026-06-01"
  if (segment.size() < 2 * kDay + 3 || segment[kDay] != '.' || segment[2 * kDay + 1] != '.') return std::nullopt;
  const auto from = Date::Parse(segment.substr(0, kDay));
  const auto to = Date::Parse(segment.substr(kDay + 1, kDay));
  const std::string_view rest = segment.substr(2 * kDay + 2);
  const size_t dot = rest.find('.');
  if (!from.ok() || !to.ok() || !IsResourceId(rest.substr(0, dot))) return std::nullopt;
  ReconciliationKey key{
      .partner = std::string(partner), .product = std::string(rest.substr(0, dot)), .from = *from, .to = *to};
  if (dot != std::string_view::npos) key.lot = rest.substr(dot + 1);
  return key;
}

std::string NameOf(const ReconciliationKey& key) {
  return StrCat("partners/", key.partner, "/reconciliations/", SegmentOf(key));
}

absl::Status CheckPeriod(Date from, Date to, Date today) {
  if (to < from) return InvalidField("to_date", to.ToString(), StrCat(from.ToString(), " or later"));
  if (to.days() - from.days() >= kMostReconciledDays) {
    return InvalidField("to_date", to.ToString(), StrCat("at most ", kMostReconciledDays, " days"));
  }
  if (today < to) return InvalidField("to_date", to.ToString(), StrCat("no day after ", today.ToString()));
  return absl::OkStatus();
}

std::optional<Decimal> ReconciliationFigures::gap() const {
  if (!reported.has_value()) return std::nullopt;
  return *reported - book;
}

ReconciliationState ReconciliationFigures::state() const {
  const std::optional<Decimal> difference = gap();
  if (!difference.has_value()) return ReconciliationState::kUnknown;
  if (difference->zero()) return ReconciliationState::kMatched;
  return explanation.unexplained.zero() ? ReconciliationState::kExplained : ReconciliationState::kUnexplained;
}

std::optional<Reconciliation> Rerun(const Reconciliation* before, const ReconciliationKey& key,
                                    ReconciliationFigures figures, absl::Time now) {
  if (before == nullptr) {
    return Reconciliation{.key = key,
                          .uid = Uuid::New(now),
                          .create_time = now,
                          .update_time = now,
                          .run_time = now,
                          .figures = std::move(figures)};
  }
  if (before->figures == figures) return std::nullopt;
  Reconciliation next = *before;
  ++next.version;
  ++next.revision;
  next.update_time = next.run_time = now;
  next.figures = std::move(figures);
  next.acceptance.reset();
  return next;
}

absl::StatusOr<Reconciliation> Accept(Reconciliation reconciliation, const ReconciliationFigures& current,
                                      std::string_view subject, std::string_view note, absl::Time now) {
  const ReconciliationState state = reconciliation.figures.state();
  if (state == ReconciliationState::kUnknown) {
    return WrongState(reconciliation.name(), "accept", NameOf(state), "MATCHED, EXPLAINED or UNEXPLAINED");
  }
  if (reconciliation.acceptance.has_value()) {
    return WrongState(reconciliation.name(), "accept",
                      StrCat(NameOf(state), ", accepted by ", reconciliation.acceptance->acceptor),
                      "figures that nobody has accepted");
  }
  if (current != reconciliation.figures) {
    return Error(Reason::kEtagMismatch,
                 StrCat(reconciliation.name(), " has changed: got revision ", reconciliation.revision,
                        ", want the one that a run makes of the facts as they are known now"),
                 {{"resource", reconciliation.name()}});
  }
  ++reconciliation.version;
  reconciliation.update_time = now;
  reconciliation.acceptance = Acceptance{.acceptor = std::string(subject), .time = now, .note = std::string(note)};
  return reconciliation;
}

}  // namespace tributary::inventory
