#include "incentive-service/stock_rotations/stock_rotation.h"

#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

std::string_view NameOf(StockRotationState state) {
  switch (state) {
    case StockRotationState::kDraft:
      return "DRAFT";
    case StockRotationState::kApproved:
      return "APPROVED";
  }
  return {};
}

absl::Status CheckStockRotation(const StockRotation& rotation) {
  std::vector<FieldViolation> violations;
  const auto check_end = [&](std::string_view field, const DateRange& days) {
    if (days.start < days.end) return;
    violations.push_back({StrCat("stock_rotation.", field), days.end.ToString(),
                          StrCat("a day after ", days.start.ToString(), ", where it begins")});
  };
  check_end("move_to", rotation.window);
  check_end("purchases_to", rotation.purchases);
  if (Decimal::FromInt(1) <= rotation.fee_rate) {
    violations.push_back({"stock_rotation.restocking_fee_rate", rotation.fee_rate.ToString(), "less than 1"});
  }
  if (rotation.claim_deadline < rotation.window.end.AddDays(-1)) {
    violations.push_back(
        {"stock_rotation.claim_deadline", rotation.claim_deadline.ToString(),
         StrCat(rotation.window.end.AddDays(-1).ToString(), ", the last day of movements, or a later day")});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<StockRotation> Approve(StockRotation rotation, std::string_view principal, absl::Time now) {
  if (rotation.state != StockRotationState::kDraft) {
    return WrongState(rotation.name(), "approve", NameOf(rotation.state), NameOf(StockRotationState::kDraft));
  }
  if (principal == rotation.creator) return SecondPersonRequired(rotation.name(), "who made it", "approve it");
  rotation.state = StockRotationState::kApproved;
  rotation.approver = principal;
  rotation.update_time = now;
  ++rotation.version;
  return rotation;
}

}  // namespace tributary::incentive
