#include "incentive-service/fund_requests/fund_request.h"

#include <utility>
#include <vector>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

void Touch(absl::Time now, FundRequest* request) {
  request->update_time = now;
  ++request->version;
}
void Touch(absl::Time now, FundAllocation* allocation) {
  allocation->update_time = now;
  ++allocation->version;
}

absl::Status CheckState(const FundRequest& request, std::string_view verb, FundRequestState want) {
  if (request.state == want) return absl::OkStatus();
  return WrongState(request.name(), verb, NameOf(request.state), NameOf(want));
}

absl::Status CheckDecider(const FundRequest& request, std::string_view principal) {
  if (principal != request.requester) return absl::OkStatus();
  return SecondPersonRequired(request.name(), "who asks for it", "decide it");
}

}  // namespace

std::string_view NameOf(FundRequestState state) {
  switch (state) {
    case FundRequestState::kSubmitted:
      return "SUBMITTED";
    case FundRequestState::kApproved:
      return "APPROVED";
    case FundRequestState::kRejected:
      return "REJECTED";
    case FundRequestState::kWithdrawn:
      return "WITHDRAWN";
    case FundRequestState::kClosed:
      return "CLOSED";
  }
  return {};
}

absl::Status CheckFundRequest(const FundRequest& request, const Budget& budget) {
  std::vector<FieldViolation> violations;
  if (request.amount <= 0) violations.push_back({"fund_request.amount", StrCat(request.amount), "more than 0"});
  if (!budget.effective.Contains(request.days.start)) {
    violations.push_back({"fund_request.activity_from", request.days.start.ToString(),
                          StrCat("a day from ", budget.effective.start.ToString(), " on and before ",
                                 budget.effective.end.ToString(), ", as the budget's")});
  }
  if (request.days.end <= request.days.start || budget.effective.end < request.days.end) {
    violations.push_back({"fund_request.activity_to", request.days.end.ToString(),
                          StrCat("a day after activity_from, at latest ", budget.effective.end.ToString())});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return absl::OkStatus();
}

absl::StatusOr<FundDecision> Approve(FundRequest request, FundAllocation allocation, const Budget& budget,
                                     std::optional<int64_t> amount, std::string_view note, std::string_view principal,
                                     absl::Time now) {
  RETURN_IF_ERROR(CheckState(request, "approve", FundRequestState::kSubmitted));
  RETURN_IF_ERROR(CheckDecider(request, principal));
  const int64_t approved = amount.value_or(request.amount);
  if (approved <= 0 || approved > request.amount) {
    return InvalidField("amount", FormatMinorUnits(approved, request.currency),
                        StrCat("more than 0 and at most ", FormatMinorUnits(request.amount, request.currency),
                               ", which was asked for"));
  }
  RETURN_IF_ERROR(CheckWithin(allocation.name(), allocation.available(), approved, allocation.currency));
  request.state = FundRequestState::kApproved;
  request.approved = approved;
  request.decider = principal;
  request.decision_note = note;
  request.claim_deadline = request.days.end.AddDays(budget.claim_days - 1);
  allocation.requested += approved;
  Touch(now, &request);
  Touch(now, &allocation);
  return FundDecision{std::move(request), std::move(allocation)};
}

absl::StatusOr<FundRequest> Reject(FundRequest request, std::string_view note, std::string_view principal,
                                   absl::Time now) {
  RETURN_IF_ERROR(CheckState(request, "reject", FundRequestState::kSubmitted));
  RETURN_IF_ERROR(CheckDecider(request, principal));
  request.state = FundRequestState::kRejected;
  request.decider = principal;
  request.decision_note = note;
  Touch(now, &request);
  return request;
}

absl::StatusOr<FundRequest> Withdraw(FundRequest request, absl::Time now) {
  RETURN_IF_ERROR(CheckState(request, "withdraw", FundRequestState::kSubmitted));
  request.state = FundRequestState::kWithdrawn;
  Touch(now, &request);
  return request;
}

absl::StatusOr<FundDecision> Close(FundRequest request, FundAllocation allocation, absl::Time now) {
  RETURN_IF_ERROR(CheckState(request, "close", FundRequestState::kApproved));
  if (request.pending > 0) {
    return Error(Reason::kInUse,
                 StrCat(request.name(), ": got claims of ", FormatMinorUnits(request.pending, request.currency), " ",
                        request.currency, " that are not decided, want none"));
  }
  request.state = FundRequestState::kClosed;
  request.returned = request.available();
  allocation.requested -= request.returned;
  Touch(now, &request);
  Touch(now, &allocation);
  return FundDecision{std::move(request), std::move(allocation)};
}

}  // namespace tributary::incentive
