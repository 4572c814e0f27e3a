#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/money.h"
#include "common/scopes/scope_box.h"
#include "conflict-service/deals/deal_limits.h"
#include "conflict-service/scopes/box.h"

namespace tributary::conflict {

// What a partner is told of a conflict: its own scope, coarsely, and nothing of the others (R22).
struct DealConflict {
  std::vector<std::string> product_lines;  // sorted; empty: every line of its scope
  std::vector<std::string> regions;        // of the first level, sorted
  Date until;                              // the last day of a month
  std::optional<Date> contest_end;
  friend bool operator==(const DealConflict&, const DealConflict&) = default;
};

// A partner's registration of a deal.
struct Deal {
  enum class State {
    kDraft = 1,
    kSubmitted = 2,
    kWithdrawn = 3,
    kUnderReview = 4,
    kApproved = 5,
    kPartApproved = 6,
    kDuplicate = 7,
    kRejected = 8,
    kExpired = 9,
    kWon = 10,
    kLost = 11,
  };

  std::string name;     // partners/{partner}/deals/{deal}
  std::string partner;  // partners/{partner}
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  State state = State::kDraft;
  std::string customer_name;
  ScopeBox scope;  // what is asked for; no segments, at most one route
  std::optional<Money> value;

  int64_t sequence = 0;  // the place among all that was handed in; 0 before
  int submissions = 0;
  std::vector<Box> granted;
  std::vector<Box> waitlisted;  // kept free for it until it is accepted or given up
  std::optional<DealConflict> conflict;
  std::string contest;  // contests/{contest} while it is to be decided by one
  std::optional<Date> contest_end;
  std::string note;
  std::optional<Date> won_on;  // of kWon
  // customers/{customer} that its customer is known to be, each as the one that it is in the end; not part of what is
  // stored, and filled in where customers are compared (customer_tie_store.h).
  std::set<std::string> customers;

  // Waits for a decision: all of its scope is claimed.
  bool Claims() const { return state == State::kSubmitted || state == State::kUnderReview; }
  // Waits for somebody's decision, not for a contest's.
  bool AwaitsApproval() const { return Claims() && contest.empty(); }
  // Claims or holds something and may still be won.
  bool Open() const { return Claims() || state == State::kApproved || state == State::kPartApproved; }
  // Keeps others away: from what it claims, and from what was granted or waitlisted. Days are part of a scope, so that
  // what has expired keeps nobody away from days to come.
  bool Blocks() const;
};

inline constexpr Deal::State kAllDealStates[] = {
    Deal::State::kDraft,    Deal::State::kSubmitted,    Deal::State::kWithdrawn, Deal::State::kUnderReview,
    Deal::State::kApproved, Deal::State::kPartApproved, Deal::State::kDuplicate, Deal::State::kRejected,
    Deal::State::kExpired,  Deal::State::kWon,          Deal::State::kLost};
std::string_view NameOf(Deal::State state);

// A registration, and from when until when it kept others away (Deal::Blocks), as far as is known: what was handed in
// again after its end counts from the first time on.
struct HandedInDeal {
  Deal deal;
  absl::Time from;
  absl::Time until;  // InfiniteFuture where it still does
};
// As it was before anything was decided: it waits, and all that it asked for is claimed.
Deal AsHandedIn(Deal deal);

// What registrations are indexed by: SHA-256 of the customer name's key (common/matching).
std::string CustomerKey(std::string_view customer_name);

// A registration as it comes in, brought into order. Refuses, all at once: a customer's name without a letter or digit;
// effective_to not after effective_from; a region or product line that is no name of one. Field paths begin with
// `field`.
absl::StatusOr<Deal> NewDeal(Deal draft, std::string_view field);

// What is left of a scope.
struct Share {
  std::vector<Box> granted;
  std::vector<Box> waitlisted;
  bool whole = false;  // nothing is missing
  friend bool operator==(const Share&, const Share&) = default;
};

// The moves of a registration's life. Each refuses, in this order: another state than it wants (STATE_CONFLICT); what
// it says itself.
// DRAFT, REJECTED or DUPLICATE to SUBMITTED; SUBMISSION_LIMIT.
absl::StatusOr<Deal> Submit(Deal deal, const DealLimits& limits, absl::Time now);
// DRAFT, SUBMITTED, UNDER_REVIEW, APPROVED or PART_APPROVED to WITHDRAWN.
absl::StatusOr<Deal> Withdraw(Deal deal, absl::Time now);
// SUBMITTED or UNDER_REVIEW to APPROVED, PART_APPROVED or DUPLICATE, by what is left for it; CONTEST_OPEN before
// contest_end and while a contest is to decide.
absl::Status CheckMayApprove(const Deal& deal, absl::Time now);
Deal Approve(Deal deal, const Share& share, std::string note, absl::Time now);
// The contest that decided it is decided again, on another's appeal: as Approve, but one that waits for the decision on
// an appeal of its own goes on waiting. Its note stays.
Deal DecideAgain(Deal deal, const Share& share, absl::Time now);
// SUBMITTED or UNDER_REVIEW to REJECTED; to PART_APPROVED where a part was granted before an appeal.
absl::StatusOr<Deal> Reject(Deal deal, std::string note, absl::Time now);
// What is waitlisted becomes granted; STATE_CONFLICT where nothing is.
absl::StatusOr<Deal> Accept(Deal deal, absl::Time now);
// APPROVED or PART_APPROVED: what of it to protect for longer; INVALID_FIELD effective_to, which is later than now.
absl::StatusOr<std::vector<Box>> Extension(const Deal& deal, Date effective_to);
Deal Renew(Deal deal, Date effective_to, const Share& share, absl::Time now);
// APPROVED or PART_APPROVED to WON; what is waitlisted is given up. STATE_CONFLICT where nothing is granted.
absl::StatusOr<Deal> Win(Deal deal, absl::Time now);
// SUBMITTED, UNDER_REVIEW, APPROVED or PART_APPROVED to LOST.
absl::StatusOr<Deal> Lose(Deal deal, absl::Time now);
// REJECTED, DUPLICATE or PART_APPROVED to UNDER_REVIEW; SUBMISSION_LIMIT.
absl::StatusOr<Deal> Appeal(Deal deal, const DealLimits& limits, std::string note, absl::Time now);
// APPROVED or PART_APPROVED whose last day is over, to EXPIRED; what is waitlisted is given up.
absl::StatusOr<Deal> Expire(Deal deal, absl::Time now);

// As SUBMITTED, but others claim the same: to UNDER_REVIEW, to be decided by a contest.
Deal Contested(Deal deal, std::string contest, Date contest_end, absl::Time now);

}  // namespace tributary::conflict
