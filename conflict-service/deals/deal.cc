#include "conflict-service/deals/deal.h"

#include <initializer_list>
#include <utility>
#include <vector>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/matching/customer_name.h"
#include "common/matching/folding.h"
#include "common/status/status.h"
#include "common/time/today.h"

namespace tributary::conflict {
namespace {

using State = Deal::State;

void CheckNames(const std::vector<std::string>& names, std::string_view pattern, const std::string& field,
                std::vector<FieldViolation>* violations) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (ParseResourceName(names[i], pattern).ok()) continue;
    violations->push_back({StrCat(field, "[", i, "]"), Printable(names[i]), StrCat("a name of the form ", pattern)});
  }
}

absl::Status Want(const Deal& deal, std::string_view verb, std::initializer_list<State> states) {
  std::vector<std::string_view> names;
  for (const State state : states) {
    if (deal.state == state) return absl::OkStatus();
    names.push_back(NameOf(state));
  }
  return WrongState(deal.name, verb, NameOf(deal.state), StrJoin(names, ", "));
}

absl::Status CheckLimit(const Deal& deal, const DealLimits& limits) {
  if (deal.submissions < limits.submissions_per_deal) return absl::OkStatus();
  return Error(Reason::kSubmissionLimit,
               StrCat(deal.name, ": got ", deal.submissions, " submissions and appeals, want fewer than ",
                      limits.submissions_per_deal));
}

Deal Moved(Deal deal, State state, absl::Time now) {
  deal.state = state;
  deal.update_time = now;
  ++deal.version;
  return deal;
}

State StateOf(const Share& share) {
  if (share.whole) return State::kApproved;
  return share.granted.empty() && share.waitlisted.empty() ? State::kDuplicate : State::kPartApproved;
}

// Gives all of it up.
Deal Released(Deal deal, State state, absl::Time now) {
  deal.granted.clear();
  deal.waitlisted.clear();
  deal.contest.clear();
  return Moved(std::move(deal), state, now);
}

}  // namespace

bool Deal::Blocks() const {
  switch (state) {
    case State::kSubmitted:
    case State::kUnderReview:
    case State::kApproved:
    case State::kPartApproved:
    case State::kExpired:
    case State::kWon:
      return true;
    case State::kDraft:
    case State::kWithdrawn:
    case State::kDuplicate:
    case State::kRejected:
    case State::kLost:
      return false;
  }
  return false;
}

std::string_view NameOf(Deal::State state) {
  switch (state) {
    case Deal::State::kDraft:
      return "DRAFT";
    case Deal::State::kSubmitted:
      return "SUBMITTED";
    case Deal::State::kWithdrawn:
      return "WITHDRAWN";
    case Deal::State::kUnderReview:
      return "UNDER_REVIEW";
    case Deal::State::kApproved:
      return "APPROVED";
    case Deal::State::kPartApproved:
      return "PART_APPROVED";
    case Deal::State::kDuplicate:
      return "DUPLICATE";
    case Deal::State::kRejected:
      return "REJECTED";
    case Deal::State::kExpired:
      return "EXPIRED";
    case Deal::State::kWon:
      return "WON";
    case Deal::State::kLost:
      return "LOST";
  }
  return "STATE_UNSPECIFIED";
}

Deal AsHandedIn(Deal deal) {
  deal.state = State::kSubmitted;
  deal.granted.clear();
  deal.waitlisted.clear();
  return deal;
}

std::string CustomerKey(std::string_view customer_name) { return Sha256(matching::KeyOf(customer_name).key); }

absl::StatusOr<Deal> NewDeal(Deal draft, std::string_view field) {
  std::vector<FieldViolation> violations;
  if (matching::WordsOf(matching::FoldCase(draft.customer_name)).words.empty()) {
    violations.push_back({StrCat(field, ".customer_name"), Printable(draft.customer_name),
                          "a name with a letter or a digit, by which it is compared"});
  }
  CheckNames(draft.scope.product_lines, "productLines/{product_line}", StrCat(field, ".product_lines"), &violations);
  CheckNames(draft.scope.regions, "regions/{region}", StrCat(field, ".regions"), &violations);
  if (draft.scope.time.end <= draft.scope.time.start) {
    violations.push_back({StrCat(field, ".effective_to"), draft.scope.time.end.ToString(),
                          StrCat("a day after effective_from, ", draft.scope.time.start.ToString())});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  // Without a hierarchy: which region lies in which may change, what was asked for may not.
  draft.scope = Normalized(std::move(draft.scope), RegionTree());
  return draft;
}

absl::StatusOr<Deal> Submit(Deal deal, const DealLimits& limits, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "submit", {State::kDraft, State::kRejected, State::kDuplicate}));
  RETURN_IF_ERROR(CheckLimit(deal, limits));
  ++deal.submissions;
  deal.note.clear();
  return Moved(std::move(deal), State::kSubmitted, now);
}

absl::StatusOr<Deal> Withdraw(Deal deal, absl::Time now) {
  RETURN_IF_ERROR(
      Want(deal, "withdraw",
           {State::kDraft, State::kSubmitted, State::kUnderReview, State::kApproved, State::kPartApproved}));
  return Released(std::move(deal), State::kWithdrawn, now);
}

absl::Status CheckMayApprove(const Deal& deal, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "approve", {State::kSubmitted, State::kUnderReview}));
  if (deal.contest_end && UtcToday(now) < *deal.contest_end) {
    return Error(Reason::kContestOpen, StrCat(deal.name, ": got ", UtcToday(now).ToString(), ", want ",
                                              deal.contest_end->ToString(), " or later: others may contest it before"));
  }
  if (!deal.contest.empty()) {
    return Error(Reason::kContestOpen, StrCat(deal.name, ": got a registration in ", deal.contest,
                                              ", want one outside a contest: it is decided by the contest's award"));
  }
  return absl::OkStatus();
}

Deal Approve(Deal deal, const Share& share, std::string note, absl::Time now) {
  deal.granted = share.granted;
  deal.waitlisted = share.waitlisted;
  deal.note = std::move(note);
  deal.contest.clear();
  return Moved(std::move(deal), StateOf(share), now);
}

Deal DecideAgain(Deal deal, const Share& share, absl::Time now) {
  deal.granted = share.granted;
  deal.waitlisted = share.waitlisted;
  const State state = deal.Claims() ? deal.state : StateOf(share);
  return Moved(std::move(deal), state, now);
}

absl::StatusOr<Deal> Reject(Deal deal, std::string note, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "reject", {State::kSubmitted, State::kUnderReview}));
  deal.note = std::move(note);
  deal.contest.clear();
  const bool had_part = !deal.granted.empty() || !deal.waitlisted.empty();
  return Moved(std::move(deal), had_part ? State::kPartApproved : State::kRejected, now);
}

absl::StatusOr<Deal> Accept(Deal deal, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "accept", {State::kPartApproved}));
  if (deal.waitlisted.empty()) {
    return WrongState(deal.name, "accept", "PART_APPROVED with nothing waitlisted",
                      "PART_APPROVED with a waitlisted part");
  }
  deal.granted.insert(deal.granted.end(), deal.waitlisted.begin(), deal.waitlisted.end());
  deal.waitlisted.clear();
  return Moved(std::move(deal), State::kPartApproved, now);
}

absl::StatusOr<std::vector<Box>> Extension(const Deal& deal, Date effective_to) {
  RETURN_IF_ERROR(Want(deal, "renew", {State::kApproved, State::kPartApproved}));
  const Date end = deal.scope.time.end;
  if (effective_to <= end) {
    return InvalidField("effective_to", effective_to.ToString(), StrCat("a day after ", end.ToString()));
  }
  std::vector<Box> longer;
  for (Box box : deal.granted) {
    if (box.time.end != end) continue;
    box.time = {end, effective_to};
    longer.push_back(std::move(box));
  }
  if (longer.empty()) {
    return WrongState(deal.name, "renew", "nothing granted until its end", "something granted until its end");
  }
  return longer;
}

Deal Renew(Deal deal, Date effective_to, const Share& share, absl::Time now) {
  const bool none = share.granted.empty() && share.waitlisted.empty();
  if (!none) deal.scope.time.end = effective_to;
  deal.granted.insert(deal.granted.end(), share.granted.begin(), share.granted.end());
  deal.waitlisted.insert(deal.waitlisted.end(), share.waitlisted.begin(), share.waitlisted.end());
  const State state = share.whole || none ? deal.state : State::kPartApproved;
  return Moved(std::move(deal), state, now);
}

absl::StatusOr<Deal> Win(Deal deal, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "win", {State::kApproved, State::kPartApproved}));
  if (deal.granted.empty()) {
    return WrongState(deal.name, "win", "nothing granted", "something granted: accept what is waitlisted before");
  }
  deal.waitlisted.clear();
  deal.won_on = UtcToday(now);
  return Moved(std::move(deal), State::kWon, now);
}

absl::StatusOr<Deal> Lose(Deal deal, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "lose", {State::kSubmitted, State::kUnderReview, State::kApproved, State::kPartApproved}));
  return Released(std::move(deal), State::kLost, now);
}

absl::StatusOr<Deal> Appeal(Deal deal, const DealLimits& limits, std::string note, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "appeal", {State::kRejected, State::kDuplicate, State::kPartApproved}));
  RETURN_IF_ERROR(CheckLimit(deal, limits));
  ++deal.submissions;
  deal.note = std::move(note);
  return Moved(std::move(deal), State::kUnderReview, now);
}

absl::StatusOr<Deal> Expire(Deal deal, absl::Time now) {
  RETURN_IF_ERROR(Want(deal, "expire", {State::kApproved, State::kPartApproved}));
  if (UtcToday(now) < deal.scope.time.end) {
    return WrongState(deal.name, "expire", StrCat("protected until before ", deal.scope.time.end.ToString()),
                      "one whose last day is over");
  }
  deal.waitlisted.clear();
  return Moved(std::move(deal), State::kExpired, now);
}

Deal Contested(Deal deal, std::string contest, Date contest_end, absl::Time now) {
  deal.contest = std::move(contest);
  deal.contest_end = contest_end;
  if (deal.conflict) deal.conflict->contest_end = contest_end;
  return Moved(std::move(deal), State::kUnderReview, now);
}

}  // namespace tributary::conflict
