// Random histories of late lines and linked returns (SEMANTICS R7): what was stated of a period, and the ledger, differ
// from those of a world without the sales that came back by what CLAWBACK_WAIVED says; without a cap by nothing.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "incentive-service/engine/testing_numbers.h"
#include "incentive-service/ledger/testing_ledger.h"
#include "incentive-service/statements/clawback_entry.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {
namespace {

const Period kQuarter = PeriodOf(PeriodKind::kQuarter, *Date::FromYmd(2026, 1, 1));

// 2 %, from 5,000 4 % on the whole.
Program Retroactive(std::optional<ClawbackCap> cap) {
  Program program;
  program.id = "g";
  program.state = ProgramState::kActive;
  program.basis = Basis::kSellIn;
  program.terms.scale = {Shape::kRetroactive, Bound::kFrom, {{Decimal(), D("0.02")}, {D("5000"), D("0.04")}}};
  program.terms.currency = "CNY";
  program.effective = {On("01-01"), OpenEnd()};
  program.clawback_cap = std::move(cap);
  return program;
}

FactLine Sale(int64_t seq, Decimal net) {
  FactLine line;
  line.partner = "p1";
  line.document = StrCat("S", seq);
  line.line = 1;
  line.fact = StrCat("shipments/", line.document, "/lines/1");
  line.seq = seq;
  line.order_date = line.ship_date = On("01-10");
  line.product = "products/x";
  line.quantity = D("1");
  line.net = net;
  line.currency = "CNY";
  return line;
}

FactLine ReturnOf(const FactLine& sale, int64_t seq) {
  FactLine back = Sale(seq, -sale.net);
  back.kind = FactKind::kReturn;
  back.refers = sale.fact;
  back.order_date = back.ship_date = On("05-10");
  back.quantity = -sale.quantity;
  return back;
}

// One partner's period from its close on.
class History {
 public:
  History(Program program, Draw& draw) : program_(std::move(program)), draw_(draw) {
    for (int64_t i = draw_.Pick(1, 6); i > 0; --i) Sell();
    const auto stated = StatePeriod(program_, kQuarter, Dated(lines_), {}, {});
    EXPECT_OK(stated);
    close_ = ClosedPeriodOf(program_, kQuarter, Watermark{static_cast<int64_t>(lines_.size())});
    Issue(stated->entries.at(0).entry);
  }

  // Late facts, and what the next close says of them.
  void Step() {
    for (int64_t i = draw_.Pick(0, 3); i > 0; --i) {
      draw_.Pick(0, 2) == 0 ? Sell() : GiveBack();
    }
    auto entry = TrueUpOf(lines_, stated_);
    if (program_.clawback_cap.has_value()) EXPECT_OK(CapClawback(program_, said_, &entry));
    if (!entry.says_nothing()) Issue(std::move(entry));
  }

  void Check() {
    std::vector<FactLine> kept = lines_;
    std::erase_if(kept, [&](const FactLine& line) {
      return line.kind == FactKind::kReturn ||
             std::any_of(lines_.begin(), lines_.end(), [&](const FactLine& one) { return one.refers == line.fact; });
    });
    const int64_t without = TrueUpOf(kept, 0).value;
    Standing sums = SumOf(ledger_);
    EXPECT_EQ(sums[LedgerAccount::kCost], -without);
    EXPECT_EQ(sums[LedgerAccount::kStated], stated_);
    EXPECT_EQ(sums[LedgerAccount::kClawbackWaived], -said_.waived);
    EXPECT_EQ(stated_ - without, said_.waived);
    EXPECT_GE(said_.waived, 0);
    if (program_.clawback_cap.has_value()) {
      const auto stays = StaysStated(*program_.clawback_cap, said_.most, "CNY", Rounding::kHalfEven);
      EXPECT_OK(stays);
      EXPECT_EQ(stated_, std::max(without, *stays));
    } else {
      EXPECT_EQ(said_.waived, 0);
    }
  }

  int64_t waived() const { return said_.waived; }

 private:
  static std::vector<FactLine> Dated(std::vector<FactLine> lines) {
    auto placed = Place(std::move(lines), {});
    EXPECT_OK(placed);
    return std::move(placed->fresh);
  }
  StatementEntry TrueUpOf(const std::vector<FactLine>& lines, int64_t stated) const {
    auto entry = StateTrueUp(program_, kQuarter, close_, "2026Q2", Dated(lines), {}, stated);
    EXPECT_OK(entry);
    return *std::move(entry);
  }
  void Sell() {
    lines_.push_back(Sale(static_cast<int64_t>(lines_.size()) + 1, Decimal::FromMicros(draw_.Pick(1, 300000) * 10000)));
  }
  void GiveBack() {
    const FactLine sale = lines_[draw_.Pick(0, static_cast<int64_t>(lines_.size()) - 1)];
    const bool back =
        std::any_of(lines_.begin(), lines_.end(), [&](const FactLine& one) { return one.refers == sale.fact; });
    if (sale.kind == FactKind::kReturn || back) return;
    lines_.push_back(ReturnOf(sale, static_cast<int64_t>(lines_.size()) + 1));
  }
  void Issue(StatementEntry entry) {
    stated_ += entry.amount();
    said_.most = std::max(said_.most, entry.value);
    said_.waived += entry.waives();
    Statement statement{.partner = "p1", .number = ++number_, .period = kQuarter, .currency = "CNY"};
    entry.ordinal = 1;
    statement.entries.push_back(std::move(entry));
    for (LedgerEntry& one : IssueOf(statement)) {
      int64_t sum = 0;
      for (const LedgerLeg& leg : one.legs) sum += leg.amount;
      EXPECT_EQ(sum, 0);
      ledger_.push_back(std::move(one));
    }
  }

  const Program program_;
  Draw& draw_;
  ClosedPeriod close_;
  std::vector<FactLine> lines_;  // as told
  std::vector<LedgerEntry> ledger_;
  int64_t number_ = 0;
  int64_t stated_ = 0;
  ClawedPeriod said_;
};

TEST(ClawbackPropertyTest, WhatIsLeftOfReturnedSalesIsWhatTheAccountSays) {
  constexpr uint64_t kHistories = 2000;
  int waived = 0;
  for (uint64_t seed = 1; seed <= kHistories; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::optional<ClawbackCap> cap;
    const int64_t kind = draw.Pick(0, 3);  // none, an amount, a share, both
    if (kind > 0) cap.emplace();
    if (kind % 2 == 1) cap->amount = Decimal::FromMicros(draw.Pick(0, 20000) * 5000);
    if (kind > 1) cap->share = Decimal::FromMicros(draw.Pick(0, 1000) * 1000);
    History history(Retroactive(cap), draw);
    for (int64_t i = draw.Pick(1, 8); i > 0; --i) {
      history.Step();
      history.Check();
    }
    waived += history.waived() > 0;
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_GT(waived, 200);  // the caps bind
}

}  // namespace
}  // namespace tributary::incentive
