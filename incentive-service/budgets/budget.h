#pragma once

// Budgets of market development funds, and what partners are allocated of them. Values and decisions. Amounts are minor
// units of the budget's currency.
//
//   budget >= sum of allocations; allocation >= approved requests; approved request >= claims that are not refused
//
// Each holds at all times, since whoever takes of one holds its row (the stores).

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"

namespace tributary::incentive {

struct Budget {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::string display_name;
  std::string currency;
  int64_t amount = 0;
  DateRange effective;  // days of the activities that it pays for
  int claim_days = 0;   // after the last day of an activity
  int64_t allocated = 0;

  std::string name() const { return "budgets/" + id; }
  int64_t available() const { return amount - allocated; }
};

struct FundAllocation {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::string budget;  // id
  std::string currency;
  int64_t amount = 0;
  int64_t requested = 0;  // approved requests, less what they gave back
  int64_t claimed = 0;    // approved claims; read, never stored

  std::string path() const { return "fundAllocations/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  int64_t available() const { return amount - requested; }
};

// OVER_BUDGET: `subject` has `has` minor units, and `asked` is more.
absl::Status CheckWithin(std::string_view subject, int64_t has, int64_t asked, std::string_view currency);

// INVALID_FIELD below `field`: the days end before they begin, the amount is not above 0.
absl::Status CheckBudget(const Budget& budget, std::string_view field);

// The budget with what `wanted` says. Refused, in this order: as CheckBudget (below "budget"); INVALID_FIELD
// budget.amount.currency_code where it is another currency; OVER_BUDGET where more is allocated.
absl::StatusOr<Budget> Revise(const Budget& budget, const Budget& wanted, absl::Time now);

// The budget and the allocation after the allocation's amount has become `amount`; a new one has amount 0 before.
// Refused, in this order: INVALID_FIELD fund_allocation.amount where it is not above 0; OVER_BUDGET where more is
// requested of the allocation, where the budget has less.
struct Allocated {
  Budget budget;
  FundAllocation allocation;
};
absl::StatusOr<Allocated> Allocate(Budget budget, FundAllocation allocation, int64_t amount, absl::Time now);

}  // namespace tributary::incentive
