#include "incentive-service/adjustments/adjustment.h"

#include <utility>
#include <vector>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

absl::Status CheckDecidable(const Adjustment& adjustment, std::string_view verb, std::string_view principal) {
  if (adjustment.state != AdjustmentState::kRequested) {
    return WrongState(adjustment.name(), verb, NameOf(adjustment.state), "REQUESTED");
  }
  if (principal != adjustment.requester) return absl::OkStatus();
  return SecondPersonRequired(adjustment.name(), "who asks for it", StrCat(verb, " it"));
}

Adjustment Decided(Adjustment adjustment, AdjustmentState state, std::string_view principal, std::string_view note,
                   absl::Time now) {
  adjustment.state = state;
  adjustment.decider = principal;
  adjustment.decision_note = note;
  adjustment.update_time = now;
  ++adjustment.version;
  return adjustment;
}

}  // namespace

std::string_view NameOf(AdjustmentState state) {
  switch (state) {
    case AdjustmentState::kRequested:
      return "REQUESTED";
    case AdjustmentState::kApproved:
      return "APPROVED";
    case AdjustmentState::kRejected:
      return "REJECTED";
  }
  return {};
}

absl::Status CheckRequest(const Adjustment& adjustment) {
  std::vector<FieldViolation> violations;
  if (adjustment.amount == 0) violations.push_back({"adjustment.amount", "0", "more or less than 0"});
  if (adjustment.document.empty() && adjustment.dispute.empty()) {
    violations.push_back({"adjustment.document", "nothing", "what it rests on"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

Adjustment TakeBack(const Adjustment& approved, absl::Time now) {
  Adjustment back = approved;
  back.id.clear();
  back.version = 1;
  back.create_time = back.update_time = now;
  back.amount = -approved.amount;
  back.compensates = approved.id;
  back.decision_note = StrCat("Takes back ", approved.name(), ": a later step of its remedy was refused.");
  back.statement = back.ordinal = 0;
  return back;
}

absl::StatusOr<Adjustment> Approve(Adjustment adjustment, const Authority& authority, std::string_view note,
                                   absl::Time now) {
  RETURN_IF_ERROR(CheckDecidable(adjustment, "approve", authority.principal));
  const int64_t size = adjustment.amount < 0 ? -adjustment.amount : adjustment.amount;
  if (authority.most.has_value() && size > *authority.most) {
    return Error(Reason::kAboveAuthority,
                 StrCat(adjustment.name(), ": got ", FormatMinorUnits(size, adjustment.currency), ", want at most ",
                        FormatMinorUnits(*authority.most, adjustment.currency), " ", adjustment.currency,
                        ", the caller's limit"),
                 {{"resource", adjustment.name()}});
  }
  return Decided(std::move(adjustment), AdjustmentState::kApproved, authority.principal, note, now);
}

absl::StatusOr<Adjustment> Reject(Adjustment adjustment, std::string_view principal, std::string_view note,
                                  absl::Time now) {
  RETURN_IF_ERROR(CheckDecidable(adjustment, "reject", principal));
  return Decided(std::move(adjustment), AdjustmentState::kRejected, principal, note, now);
}

}  // namespace tributary::incentive
