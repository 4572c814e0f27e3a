#pragma once

// What partners have earned so far: sums, moved by lines as they begin to count and cease to. The engine evaluates a
// sum when it is read.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/engine/count.h"
#include "incentive-service/engine/days_to_pay.h"
#include "incentive-service/engine/free_goods.h"
#include "incentive-service/engine/margin.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

struct AccrualKey {
  std::string partner;
  std::string program;
  std::string period;  // "2013Q4"; a payout period where the program has one
  friend auto operator<=>(const AccrualKey&, const AccrualKey&) = default;

  std::string name() const { return "partners/" + partner + "/accruals/" + program + "." + period; }
};

// partners/{partner}/accruals/{program}.{period}; INVALID_FIELD `field`.
absl::StatusOr<AccrualKey> ParseAccrualName(std::string_view name, std::string_view field = "name");

// Lines of one currency and day, added up.
struct ForeignSum {
  Decimal amount;
  int64_t lines = 0;
  friend bool operator==(const ForeignSum&, const ForeignSum&) = default;
};

// What the lines that count add up to. Sums may be added, so that those of payout periods make that of a period.
struct AccrualSums {
  Decimal amount;    // of lines in the program's currency
  Decimal quantity;  // of all lines, base units
  int64_t lines = 0;
  int64_t other_currency_lines = 0;  // they do not count: the program converts none
  std::map<RateKey, ForeignSum> foreign;
  // Not stored: read from the lines.
  CountedUnits counted;  // under Measure::kCount
  Decimal set;           // of `amount`, under Measure::kMix: of lines of the set
  PaidByDays paid;       // under Measure::kDaysToPay
  GoodsUnits goods;      // under Measure::kFreeGoods
  MarginSums margin;     // under Measure::kMargin
  friend bool operator==(const AccrualSums&, const AccrualSums&) = default;

  void Add(const AccrualSums& other, int sign = 1);
};

struct Accrual {
  AccrualKey key;
  AccrualSums sums;           // as listed without `foreign`
  int64_t foreign_lines = 0;  // how many of the lines are in `foreign`
  bool stated = false;
  bool rolled_up = false;  // the partner may earn by lines of others, which have accruals of their own
  bool opened = false;     // an opening balance of the partner's says something of the period
  absl::Time update_time;
};

// By how much one accrual moves.
struct AccrualMove {
  AccrualKey key;
  Date period_start;
  AccrualSums sums;
  bool true_up_due = false;  // the scale's period is closed
  // Of a program that counts, rolls up, measures margin or asks for segments: what it counts, what units cost, or whom
  // lines name, may be other, though the sums are the same.
  bool recounted = false;
  bool rolled_up = false;  // others than the partner whose lines it may earn by
  absl::Time at;
};

// What one line adds to its accrual: nothing where it does not count.
AccrualSums SumsOf(const Program& program, const FactLine& line, const ClosedPeriod* close);
AccrualSums SumsOf(const Program& program, absl::Span<const FactLine> lines, const ClosedPeriod* close);

// One move for each (partner, program, period) whose sums move or that is recounted, in the order of the keys. Of a
// program that asks what partners are, with every line that may count.
std::vector<AccrualMove> MovesOf(absl::Span<const Program> programs, const ClosedPeriods& closes,
                                 absl::Span<const LineChange> changes);
// What lines that are of a program come to as of a watermark, one total each, with what they count as: what
// FactStore::TotalsAsOf adds up without that.
std::vector<FactTotal> TotalsOf(const Program& program, absl::Span<const FactLine> lines, const Watermark& watermark);
// Of a program without closes.
std::vector<AccrualMove> MovesOf(const Program& program, absl::Span<const FactTotal> totals);

}  // namespace tributary::incentive
