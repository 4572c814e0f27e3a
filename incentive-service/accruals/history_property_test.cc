// Random histories of lines, returns and reversals, told between closes: whatever comes when, what moved the accruals
// bit by bit is what all facts come to at once, and what statements have said of a period is in sum what it is worth.

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "common/money/rational.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/engine/testing_numbers.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {
namespace {

// Of two days in three.
const Rates& DatedRates() {
  static const Rates rates = [] {
    Rates made;
    for (int i = 0; i < 365; ++i) {
      if (i % 3 != 0) made[{"EUR", Day("2025-01-01").AddDays(i)}] = Rational(Decimal::FromMicros(1'100'000 + 100 * i));
    }
    return made;
  }();
  return rates;
}

class History {
 public:
  explicit History(uint64_t seed) : draw_(seed) {
    program_.id = "g";
    program_.state = ProgramState::kActive;
    program_.basis = draw_.Pick(0, 1) == 0 ? Basis::kOrder : Basis::kSellIn;
    program_.effective = {Day("2025-01-01"), OpenEnd()};
    if (draw_.Pick(0, 2) == 0) program_.payout_period = PeriodKind::kMonth;
    if (draw_.Pick(0, 1) == 0) program_.grace_days = static_cast<int>(draw_.Pick(0, 90));
    if (draw_.Pick(0, 1) == 0) program_.clawback_days = static_cast<int>(draw_.Pick(0, 120));
    if (draw_.Pick(0, 1) == 0) program_.rate_type = "spot";
    const int64_t asks = draw_.Pick(0, 5);
    if (asks == 0) program_.eligibility.customer_segments = {"s0", "s1"};
    if (asks == 1) program_.eligibility.except_customer_segments = {"s0"};
    program_.terms = AnyTerms();
  }

  // A dozen facts or so come in while the year passes, some after it is closed.
  void Run() {
    for (int64_t batches = draw_.Pick(3, 8); batches > 0; --batches) {
      today_ = today_.AddDays(static_cast<int>(draw_.Pick(0, 70)));
      Tell(draw_.Pick(1, 4));
      while (open_ < kEnd && EndOfOpen() <= today_ && draw_.Pick(0, 1) == 0) CloseNext();
    }
    CheckMoves();
    today_ = std::max(today_, kEnd);
    while (open_ < kEnd) CloseNext();
    today_ = today_.AddDays(static_cast<int>(draw_.Pick(0, 60)));
    Tell(draw_.Pick(1, 3));
    StateTrueUps("2026Q1");
    CheckMoves();
    CheckStatements();
  }

  int64_t true_ups() const { return true_ups_; }
  int64_t too_late() const { return too_late_; }

 private:
  static inline const Date kEnd = Day("2026-01-01");

  Terms AnyTerms() {
    constexpr Shape kShapes[] = {Shape::kMarginal, Shape::kRetroactive, Shape::kRolling,
                                 Shape::kTotal,    Shape::kFlat,        Shape::kTarget};
    Terms terms;
    terms.currency = "USD";
    terms.scale.shape = kShapes[static_cast<size_t>(draw_.Pick(0, 5))];
    terms.scale.bound = draw_.Pick(0, 1) == 0 ? Bound::kFrom : Bound::kUpto;
    Decimal from = Decimal::FromInt(terms.scale.shape == Shape::kTarget ? draw_.Pick(1, 3000) : 0);
    for (int64_t tiers = terms.scale.shape == Shape::kFlat ? 1 : draw_.Pick(1, 3); tiers > 0; --tiers) {
      terms.scale.tiers.push_back({from, Decimal::FromMicros(1000 * draw_.Pick(1, 300)), Decimal()});
      from += Decimal::FromInt(draw_.Pick(1, 3000));
    }
    if (draw_.Pick(0, 3) == 0) terms.floor = Decimal::FromInt(draw_.Pick(0, 100));
    if (draw_.Pick(0, 3) == 0) terms.cap = Decimal::FromInt(draw_.Pick(100, 1000));
    EXPECT_TRUE(CheckTermsValue(terms, "terms").empty());
    return terms;
  }

  static std::string FactOf(int64_t number) { return StrCat("shipments/SO", number, "/lines/1"); }
  // Of a fact that has been told, or will be.
  FactKind KindOf(int64_t partner, int64_t number) {
    const auto [kind, unknown] = kinds_.try_emplace({partner, number}, FactKind::kLine);
    if (!unknown) return kind->second;
    const int64_t pick = draw_.Pick(0, 9);
    kind->second = pick < 6 ? FactKind::kLine : pick < 8 ? FactKind::kReturn : FactKind::kReversal;
    return kind->second;
  }
  // What a fact of the partner refers to: told before it or after it, or never.
  std::string TargetOf(int64_t partner, int64_t number) {
    for (int i = 0; i < 5; ++i) {
      const int64_t target = draw_.Pick(1, number + 2);
      if (target != number && KindOf(partner, target) != FactKind::kReversal) return FactOf(target);
    }
    return FactOf(0);
  }
  FactLine NextFact() {
    const int64_t partner = draw_.Pick(0, 1);
    FactLine line;
    line.partner = StrCat("p", partner);
    line.shard = static_cast<int>(partner);
    line.seq = ++told_[static_cast<size_t>(partner)];
    line.recorded_at = absl::UnixEpoch() + absl::Hours(24) * today_.days() + absl::Microseconds(line.seq);
    line.fact = FactOf(line.seq);
    line.document = StrCat("SO", line.seq);
    line.line = 1;
    line.kind = KindOf(partner, line.seq);
    if (line.kind != FactKind::kLine) line.refers = TargetOf(partner, line.seq);
    line.order_date = line.order_basis = Day("2025-01-01").AddDays(static_cast<int>(draw_.Pick(0, 300)));
    line.ship_date = line.ship_basis = line.order_date.AddDays(static_cast<int>(draw_.Pick(0, 40)));
    line.quantity = Decimal::FromInt(draw_.Pick(1, 9));
    line.net = Decimal::FromMicros(100 * draw_.Pick(1, 30'000'000));
    line.currency = draw_.Pick(0, 5) == 0 ? "EUR" : "USD";
    if (line.kind == FactKind::kReturn || draw_.Pick(0, 9) == 0) {
      line.quantity = -line.quantity;
      line.net = -line.net;
    }
    // Of one customer in four the segment is not known.
    if (const int64_t segment = draw_.Pick(0, 3); program_.reads_standing()) {
      line.standing = std::make_shared<const PartnerStanding>(
          PartnerStanding{.customer = "customers/c", .segment = segment == 3 ? "" : StrCat("s", segment)});
    }
    return line;
  }

  std::vector<FactLine> Known() const {
    std::vector<FactLine> lines;
    for (const auto& [name, line] : known_) lines.push_back(line);
    return lines;
  }
  std::vector<FactLine> Within(const DateRange& days) const {
    std::vector<FactLine> lines;
    for (const auto& [name, line] : known_) {
      if (days.Contains(line.BasisDate(program_.basis))) lines.push_back(line);
    }
    return lines;
  }

  void Tell(int64_t facts) {
    std::vector<FactLine> fresh;
    for (; facts > 0; --facts) fresh.push_back(NextFact());
    ASSERT_OK_AND_ASSIGN(const Placed placed, Place(std::move(fresh), Known()));
    for (const AccrualMove& move : MovesOf(absl::MakeConstSpan(&program_, 1), closes_, placed.changes)) {
      accrued_[move.key].Add(move.sums);
    }
    for (const LineChange& change : placed.changes) known_[change.after.name()] = change.after;
  }

  Date EndOfOpen() const { return PeriodOf(program_.paid(), open_).range.end; }
  void CloseNext() {
    const Period payout = PeriodOf(program_.paid(), open_);
    const Period scale = PeriodOf(program_.period, open_);
    open_ = payout.range.end;
    ASSERT_OK_AND_ASSIGN(
        const StatedPeriod earned,
        StatePeriod(program_, payout, Within({scale.range.start, payout.range.end}), DatedRates(), stated_[scale.id]));
    Say(earned);
    StateTrueUps(payout.id);
    if (payout == program_.LastPayoutOf(scale)) {
      closes_[{program_.id, scale.id}] = ClosedPeriodOf(program_, scale, told_);
    }
  }
  void StateTrueUps(const std::string& close_period) {
    for (const auto& [key, close] : closes_) {
      ASSERT_OK_AND_ASSIGN(const Period scale, ParsePeriod(program_.period, key.second));
      ASSERT_OK_AND_ASSIGN(const StatedPeriod now, StateClosed(program_, scale, close, close_period,
                                                               Within(scale.range), DatedRates(), stated_[scale.id]));
      for (const PartnerEntry& one : now.entries) true_ups_ += one.entry.amount() == 0 ? 0 : 1;
      Say(now);
    }
  }
  void Say(const StatedPeriod& stated) {
    for (const PartnerEntry& one : stated.entries) stated_[one.entry.scale.id][one.partner] += one.entry.amount();
  }

  // The facts put together anew, all at once and in another order.
  void CheckMoves() {
    std::vector<FactLine> all = Known();
    draw_.Shuffle(&all);
    ASSERT_OK_AND_ASSIGN(const Placed placed, Place(std::move(all), {}));
    // Of a program that asks whom lines name, they have every line that may count.
    Program by_name = program_;
    by_name.eligibility = program_.eligibility.by_name();
    std::map<AccrualKey, AccrualSums> want;
    for (const LineChange& change : placed.changes) {
      const FactLine& line = change.after;
      const Date date = line.BasisDate(program_.basis);
      const ClosedPeriod* close = Find(closes_, program_, PeriodOf(program_.period, date));
      want[{line.partner, program_.id, PeriodOf(program_.paid(), date).id}].Add(SumsOf(by_name, line, close));
      const std::optional<AbsenceReason> absent = WhyAbsent(program_, line, close);
      if (absent == AbsenceReason::kLateBeyondGrace || absent == AbsenceReason::kLateBeyondClawback) ++too_late_;
    }
    const auto nothing = [](const auto& accrual) { return accrual.second == AccrualSums(); };
    std::erase_if(want, nothing);
    std::erase_if(accrued_, nothing);
    EXPECT_TRUE(accrued_ == want) << "the moves sum to something else than the facts";
  }

  int64_t Worth(const AccrualSums& sums) const {
    const auto value = ValueOf(program_.terms, PriceOf(sums, DatedRates()));
    EXPECT_OK(value);
    return value.ok() ? value->minor : 0;
  }
  void CheckStatements() {
    std::map<std::pair<std::string, std::string>, AccrualSums> moved;  // by (period of the scale, partner)
    for (const auto& [key, sums] : accrued_) {
      ASSERT_OK_AND_ASSIGN(const Period paid, ParsePeriod(program_.paid(), key.period));
      moved[{PeriodOf(program_.period, paid.range.start).id, key.partner}].Add(sums);
    }
    const bool all_count = !program_.grace_days.has_value() && !program_.clawback_days.has_value();
    for (Date day = Day("2025-01-01"); day < kEnd;) {
      const Period scale = PeriodOf(program_.period, day);
      for (const char* partner : {"p0", "p1"}) {
        std::vector<FactLine> lines = Within(scale.range);
        std::erase_if(lines, [&](const FactLine& line) { return line.partner != partner; });
        const AccrualSums counted = program_.reads_standing() ? SumsOf(program_, lines, Find(closes_, program_, scale))
                                                              : moved[{scale.id, partner}];
        EXPECT_EQ(stated_[scale.id][partner], Worth(counted)) << scale.id << " of " << partner;
        if (!all_count) continue;
        EXPECT_EQ(stated_[scale.id][partner], Worth(SumsOf(program_, lines, nullptr))) << scale.id << " of " << partner;
      }
      day = scale.range.end;
    }
  }

  Draw draw_;
  Program program_;
  Date today_ = Day("2025-01-10");
  Date open_ = Day("2025-01-01");  // the first day of the first payout period that is not closed
  Watermark told_ = {0, 0};        // by partner
  std::map<std::pair<int64_t, int64_t>, FactKind> kinds_;
  std::map<std::string, FactLine> known_;
  std::map<AccrualKey, AccrualSums> accrued_;
  ClosedPeriods closes_;
  std::map<std::string, StatedAmounts> stated_;  // by period of the scale
  int64_t true_ups_ = 0;
  int64_t too_late_ = 0;
};

TEST(HistoryPropertyTest, MovesAndStatementsSumToWhatTheFactsAreWorth) {
  int64_t true_ups = 0, too_late = 0;
  for (uint64_t seed = 1; seed <= 10'000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    History history(seed);
    history.Run();
    true_ups += history.true_ups();
    too_late += history.too_late();
    if (::testing::Test::HasFailure()) return;  // the first seed that fails is enough
  }
  // Histories are worth their while.
  EXPECT_GT(true_ups, 1000);
  EXPECT_GT(too_late, 1000);
}

}  // namespace
}  // namespace tributary::incentive
