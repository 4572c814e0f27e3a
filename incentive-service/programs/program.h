#pragma once

// Rebate programs: their terms, their periods, their life.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "incentive-service/engine/budget.h"
#include "incentive-service/engine/clawback.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/growth.h"
#include "incentive-service/programs/eligibility.h"
#include "incentive-service/programs/period.h"

namespace tributary::incentive {

// Which lines count, and by which date one falls into a period. The numbers are stored and are those of the wire.
enum class Basis {
  kOrder = 1,        // shipment lines, by order date
  kSellIn = 2,       // shipment lines, by ship date
  kInvoiced = 3,     // lines of invoices and credit notes, by invoice date
  kSellThrough = 4,  // sales of partners, by sale date
  kPaid = 5,         // parts of payments that settle invoices, by the day on which they did
  kWonDeal = 6,      // deal registrations that were won, by the day on which they were
};

// Which amount of a line counts. The numbers are stored and are those of the wire.
enum class CountedAmount {
  kNet = 1,
  kGross = 2,          // before discounts
  kGrossOfWallet = 3,  // before what the partner's wallet gave of the price
};

// Which lines count, by what was sold: included (by all that is empty: all), and not excluded. Full names, each list
// sorted.
struct LineFilter {
  std::vector<std::string> products;  // products/{product}
  std::vector<std::string> product_lines;
  std::vector<std::string> except_products;
  std::vector<std::string> except_product_lines;
  friend bool operator==(const LineFilter&, const LineFilter&) = default;

  bool empty() const { return *this == LineFilter(); }
  bool Includes(std::string_view product, std::string_view product_line) const;
};

// The least that each partner named by the eligibility is paid for a period; what is missing is stated on top.
struct Guarantee {
  Decimal amount;           // of each period, in whole smallest units of the program's currency
  bool cumulative = false;  // what a period earns beyond it counts for later ones
  bool recoupable = false;  // top-ups are advances: what later periods earn beyond it pays them back
  friend bool operator==(const Guarantee&, const Guarantee&) = default;
};

// The most that all partners together are paid for a period (engine/budget.h). Budgets of market development funds are
// others (budgets/).
struct PeriodBudget {
  Decimal amount;  // in whole smallest units of the program's currency
  BudgetPolicy policy = BudgetPolicy::kProRata;
  friend bool operator==(const PeriodBudget&, const PeriodBudget&) = default;
};

// What growth is measured against (engine/growth.h). The numbers are those of the wire.
enum class GrowthReference {
  kPreviousPeriod = 1,
  kYearBefore = 2,  // the same period a year before
  kFixed = 3,       // what was agreed with each partner
};

// What was agreed with one partner.
struct GrowthPartner {
  std::string partner;  // id
  std::optional<Decimal> baseline;
  std::optional<Date> active_from;  // active all along where unset
  friend bool operator==(const GrowthPartner&, const GrowthPartner&) = default;
};

struct GrowthTerms {
  GrowthReference reference = GrowthReference::kPreviousPeriod;
  GrowthFallback fallback = GrowthFallback::kNotEligible;
  std::vector<GrowthPartner> partners;  // each once
  friend bool operator==(const GrowthTerms&, const GrowthTerms&) = default;
};

// What is counted under Measure::kCount. The numbers are stored and are those of the wire.
enum class CountOf {
  kOrder = 1,
  kCustomer = 2,  // of partners
  kProduct = 3,
  kSite = 4,
};

// Where a return counts that names no sale. The numbers are stored and are those of the wire.
enum class ReturnPolicy {
  kReturnPeriod = 1,  // on its own dates
  kMatchLatest = 2,   // on those of sales of the same product at the same price (facts/matched_returns.h)
};

enum class ProgramState {
  kDraft = 1,   // being written
  kActive = 2,  // accrues
  kEnded = 3,   // accrues nothing dated from effective.end on; its periods before that are still closed
};
std::string_view NameOf(ProgramState state);  // "DRAFT"

// Which lines count, for whom, and how late.
struct CountedTerms {
  LineFilter lines;
  Eligibility eligibility;
  std::optional<int> grace_days;
  std::optional<int> clawback_days;
  friend bool operator==(const CountedTerms&, const CountedTerms&) = default;
};

// The terms of a program that was revised while it accrued, from a day on that begins a period of its scale.
struct TermsRevision {
  Date starts_on;
  int64_t version = 0;
  Terms terms;
  std::optional<CountedTerms> counts;  // unset: as the program has it
  friend bool operator==(const TermsRevision&, const TermsRevision&) = default;
};

struct Program {
  std::string id;  // the last segment of its name
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  ProgramState state = ProgramState::kDraft;
  std::string display_name;
  Basis basis = Basis::kOrder;
  CountedAmount amount_of = CountedAmount::kNet;
  Terms terms;
  Periods period = PeriodKind::kQuarter;  // of the scale
  std::optional<Periods> payout_period;   // set where it is stated several times within a period
  std::string fiscal_calendar;            // id of the one that has the periods; empty: they are calendar periods
  DateRange effective;                    // whole periods; the end is OpenEnd() where it has none
  // How many days after the end of a period a fact may be recorded to count, once the period is closed; without limit
  // where unset. Grace is for what adds to the amount, clawback for what lowers it.
  std::optional<int> grace_days;
  std::optional<int> clawback_days;
  std::optional<ClawbackCap>
      clawback_cap;       // of what late facts take back of a closed period; without limit where unset
  std::string time_zone;  // IANA; empty is UTC
  std::string rate_type;  // of the exchange rates for lines in another currency; empty: such lines do not count
  LineFilter lines;
  Eligibility eligibility;
  std::optional<Guarantee> guarantee;
  std::optional<PeriodBudget> budget;
  std::optional<GrowthTerms> growth;  // under Measure::kGrowth, and only there
  std::optional<CountOf> count_of;    // under Measure::kCount, and only there
  std::optional<LineFilter> mix_set;  // under Measure::kMix, and only there; not empty
  bool rolls_up = false;              // lines of partners that earn with another one count with that one's
  ReturnPolicy return_policy = ReturnPolicy::kReturnPeriod;
  // By day, beginning with the first terms; empty where `terms` hold throughout. `terms`, and which lines count, for
  // whom and how late, are those of the last (revision.h).
  std::vector<TermsRevision> revisions;
  friend bool operator==(const Program&, const Program&) = default;

  std::string name() const { return "programs/" + id; }
  // Whether a partner may know of it: drafts and what is for others alone, in all of its time, are not shown. By name;
  // what the partner is, StandingStore::IsFor looks at too.
  bool IsFor(std::string_view partner) const {
    if (state == ProgramState::kDraft) return false;
    bool includes = eligibility.Includes(partner);
    for (const TermsRevision& revision : revisions) {
      includes = includes || (revision.counts.has_value() && revision.counts->eligibility.Includes(partner));
    }
    return includes;
  }
  const Periods& paid() const { return payout_period.has_value() ? *payout_period : period; }
  // Whether the day is one of its time that has a period: a fiscal calendar may not reach it yet.
  bool HasDay(Date day) const {
    return effective.Contains(day) && (!period.is_fiscal() || period.days().Contains(day));
  }
  // Whether a line must state an amount: not where units, or what is counted, alone reach tiers and are paid.
  bool needs_amounts() const {
    const Measure measure = terms.scale.measure;
    return terms.scale.shape != Shape::kPerUnit || (measure != Measure::kQuantity && measure != Measure::kCount);
  }
  // Whether it charges partners whom it names, also one without a line: each has missed the target.
  bool charges_by_name() const {
    return terms.max_penalty.has_value() && terms.scale.shape == Shape::kTarget && !eligibility.partners.empty();
  }
  // Whether what reaches the tiers is measured by the lines themselves, not by their sums.
  bool measures_lines() const {
    return count_of.has_value() || mix_set.has_value() || basis == Basis::kPaid || terms.free_goods.has_value() ||
           terms.margin.has_value();
  }
  // Whether it asks what partners or their customers are. The sums that are stored then have every line that may count:
  // which do is worked out from the lines when somebody asks, so that it does not matter in which order lines and
  // attributes were told.
  bool reads_standing() const { return eligibility.asks_standing(); }
  // Whether sums are worked out from the lines, for any of these reasons.
  bool reads_lines() const { return measures_lines() || matches_returns() || reads_standing(); }
  // Whether net amounts of each partner's whole periods are all that it asks of its lines.
  bool asks_net_sums() const {
    return !reads_lines() && amount_of == CountedAmount::kNet && !rolls_up &&
           !(budget.has_value() && budget->policy == BudgetPolicy::kByEvent);
  }
  bool matches_returns() const { return return_policy == ReturnPolicy::kMatchLatest; }
  // Whether it counts by what lines name beside their products.
  bool reads_parties() const { return gives_by_order() || (count_of.has_value() && count_of != CountOf::kProduct); }
  // Whether it pays by a score, in any of its periods.
  bool scores() const {
    bool scored = terms.composite.has_value();
    for (const TermsRevision& revision : revisions) scored = scored || revision.terms.composite.has_value();
    return scored;
  }
  bool gives_by_order() const {
    return terms.free_goods.has_value() && terms.free_goods->scope == FreeGoodsScope::kOrder;
  }
  // In smallest units of its currency. It has a budget.
  int64_t budget_minor() const;
  // The last payout period within a period of the scale.
  Period LastPayoutOf(const Period& scale) const { return PeriodOf(paid(), scale.range.end.AddDays(-1)); }
};

// Every fault of the terms, each with its path below `field` ("program.tiers[1].rate"): tiers that rise from 0, dates
// that begin a period, an end after the beginning, a payout period that divides the period, a time zone that is known,
// a guarantee above 0 for partners that are named, of a program that is stated once a period and is no penalty; a
// budget above 0 of a program that pays money, is stated once a period, and neither guarantees, charges nor rolls up; a
// cap of clawbacks that has a limit, of a program that pays money and has no budget;
// amounts or units in one currency where it rolls up, stated once a period, without penalty and guarantee; what growth
// is measured against where it reaches the tiers, for what goes with it; what is counted where a count does, on a basis
// that knows it; the set of a mix where a mix does, for what goes with it; days to pay on what is paid, and nothing
// else on it; nothing of products on won deals; how many units are free where free goods are given, on shipments; of
// what a score is made where one reaches the tiers, for what goes with it; whose margin is measured where one is, on a
// basis that tells it, the vendor's where its costs are disclosed; nothing that is the same a year before under a
// fiscal calendar; gross amounts of shipments alone, where amounts count; nothing asked of what partners or their
// customers are where partners without a line, lines of others, or lines before the program, are judged; returns that
// are matched with shipments or sales, by amounts or units of each partner; what is below 0 carried of such sums in one
// currency, stated once a period, of a program that pays and has no budget.
std::vector<FieldViolation> CheckTerms(const Program& program, std::string_view field);

// DRAFT -> ACTIVE, and ACTIVE -> ENDED at the end of the period that is running today (at its beginning where that is
// still to come; an earlier effective_to stays). STATE_CONFLICT from another state.
absl::StatusOr<Program> Activate(const Program& program, absl::Time now);
absl::StatusOr<Program> End(const Program& program, absl::Time now);

// A draft with other terms. STATE_CONFLICT once it is active.
absl::StatusOr<Program> Revise(const Program& program, Program revised, absl::Time now);

// The calendar day at `now`, where the program is.
Date DayOf(const Program& program, absl::Time now);
// When the day begins there.
absl::Time StartOf(const Program& program, Date day);

}  // namespace tributary::incentive
