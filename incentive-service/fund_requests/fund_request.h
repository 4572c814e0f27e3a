#pragma once

// Requests for market development funds: money that is set aside for an activity before it is spent. Values and
// decisions. Amounts are minor units of the budget's currency.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"
#include "incentive-service/budgets/budget.h"

namespace tributary::incentive {

// The numbers of both are stored and are those of the wire.
enum class FundRequestState : int { kSubmitted = 1, kApproved = 2, kRejected = 3, kWithdrawn = 4, kClosed = 5 };
std::string_view NameOf(FundRequestState state);
enum class FundActivity : int { kEvent = 1, kAdvertising = 2, kTraining = 3, kDemonstration = 4, kOther = 5 };

struct FundRequest {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  FundRequestState state = FundRequestState::kSubmitted;
  std::string allocation;  // id
  FundActivity activity = FundActivity::kEvent;
  std::string description;
  DateRange days;
  std::string currency;
  int64_t amount = 0;
  std::string requester;  // principal
  std::string decider;
  std::string decision_note;
  int64_t approved = 0;
  int64_t pending = 0;   // claims that are not decided
  int64_t claimed = 0;   // claims that were approved
  int64_t returned = 0;  // to the allocation
  std::optional<Date> claim_deadline;

  std::string path() const { return "fundRequests/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  int64_t available() const { return approved - pending - claimed - returned; }
};

// INVALID_FIELD below "fund_request": the amount is not above 0, the days end before they begin or are not within the
// budget's.
absl::Status CheckFundRequest(const FundRequest& request, const Budget& budget);

// A request and its allocation as they are afterwards.
struct FundDecision {
  FundRequest request;
  FundAllocation allocation;
};

// Sets the money aside; without an amount all that was asked for. Refused, in this order: STATE_CONFLICT unless it is
// submitted; SECOND_PERSON_REQUIRED where the requester decides; INVALID_FIELD amount where it is not above 0 or more
// than was asked for; OVER_BUDGET where the allocation has less.
absl::StatusOr<FundDecision> Approve(FundRequest request, FundAllocation allocation, const Budget& budget,
                                     std::optional<int64_t> amount, std::string_view note, std::string_view principal,
                                     absl::Time now);

// STATE_CONFLICT unless it is submitted; SECOND_PERSON_REQUIRED where the requester decides.
absl::StatusOr<FundRequest> Reject(FundRequest request, std::string_view note, std::string_view principal,
                                   absl::Time now);

// STATE_CONFLICT unless it is submitted.
absl::StatusOr<FundRequest> Withdraw(FundRequest request, absl::Time now);

// What was not claimed goes back to the allocation. STATE_CONFLICT unless it is approved; IN_USE while a claim is not
// decided.
absl::StatusOr<FundDecision> Close(FundRequest request, FundAllocation allocation, absl::Time now);

}  // namespace tributary::incentive
