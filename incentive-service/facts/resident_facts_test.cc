#include "incentive-service/facts/resident_facts.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <utility>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "incentive-service/accruals/accrual.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FactLine Shipped(std::string partner, std::string fact, int64_t seq, std::string_view order, std::string_view ship,
                 int64_t net) {
  FactLine line;
  line.partner = std::move(partner);
  line.fact = std::move(fact);
  line.seq = seq;
  line.document = "D";
  line.order_date = line.order_basis = Day(order);
  line.ship_date = line.ship_basis = Day(ship);
  line.product = "products/x";
  line.product_line = "productLines/bikes";
  line.quantity = Decimal::FromInt(2);
  line.net = Decimal::FromInt(net);
  line.currency = "USD";
  return line;
}

Program Quarterly(Basis basis = Basis::kOrder) {
  Program program;
  program.id = "g";
  program.basis = basis;
  program.terms.currency = "USD";
  program.effective = {Day("2025-01-01"), OpenEnd()};
  return program;
}

// "p1 2025-01-01 USD 30 4 2": net, units, lines.
std::vector<std::string> Texts(const std::vector<FactTotal>& totals) {
  std::vector<std::string> texts;
  for (const FactTotal& total : totals) {
    texts.push_back(StrCat(total.partner, " ", total.basis_date.ToString(), " ", total.currency, " ",
                           total.amount.ToString(), " ", total.quantity.ToString(), " ", total.lines));
  }
  return texts;
}

TEST(ResidentFactsTest, AddsUpByPeriodAndByDayWhereRatesAskForIt) {
  ResidentFacts facts;
  EXPECT_THAT(facts.Totals(Quarterly()), IsEmpty());
  FactLine euros = Shipped("p1", "c", 3, "2025-02-01", "2025-04-01", 7);
  euros.currency = "EUR";
  FactLine taken_back = Shipped("p1", "d", 4, "2025-02-01", "2025-04-01", 1000);
  taken_back.reversed = Told{5, absl::Time()};
  FactLine paid = Shipped("p1", "e", 6, "2025-02-01", "2025-04-01", 1000);
  paid.source = FactSource::kPayment;
  facts.Load({Shipped("p2", "a", 1, "2025-01-05", "2025-04-02", 10),
              Shipped("p1", "a", 1, "2025-01-05", "2025-04-02", 10),
              Shipped("p1", "b", 2, "2025-03-31", "2025-04-02", 20), euros, taken_back, paid});
  EXPECT_EQ(facts.size(), 4);
  EXPECT_THAT(Texts(facts.Totals(Quarterly())),
              ElementsAre("p1 2025-01-05 USD 30 4 2", "p1 2025-01-05 EUR 7 2 1", "p2 2025-01-05 USD 10 2 1"));
  EXPECT_THAT(Texts(facts.Totals(Quarterly(Basis::kSellIn))),
              ElementsAre("p1 2025-04-01 USD 30 4 2", "p1 2025-04-01 EUR 7 2 1", "p2 2025-04-01 USD 10 2 1"));
  EXPECT_THAT(facts.Totals(Quarterly(Basis::kInvoiced)), IsEmpty());
  Program converting = Quarterly();
  converting.rate_type = "SPOT";
  EXPECT_THAT(Texts(facts.Totals(converting)), ElementsAre("p1 2025-01-05 USD 10 2 1", "p1 2025-02-01 EUR 7 2 1",
                                                           "p1 2025-03-31 USD 20 2 1", "p2 2025-01-05 USD 10 2 1"));
  Program some = Quarterly();
  some.eligibility.except_partners = {"p2"};
  some.effective = {Day("2025-01-06"), Day("2025-04-01")};
  EXPECT_THAT(Texts(facts.Totals(some)), ElementsAre("p1 2025-01-06 USD 20 2 1", "p1 2025-01-06 EUR 7 2 1"));
  some.lines.except_products = {"products/x"};
  EXPECT_THAT(facts.Totals(some), IsEmpty());
}

// A return of the second quarter that came before its sale of the first moves there with it; a reversal takes one line.
TEST(ResidentFactsTest, FollowsWhatIsToldLater) {
  FactLine back = Shipped("p1", "r", 1, "2025-05-05", "2025-05-05", -3);
  back.kind = FactKind::kReturn;
  back.refers = "a";
  ResidentFacts facts;
  facts.Load({back, Shipped("p1", "b", 2, "2025-01-05", "2025-01-05", 5)});
  EXPECT_THAT(Texts(facts.Totals(Quarterly())), ElementsAre("p1 2025-01-05 USD 5 2 1", "p1 2025-04-01 USD -3 2 1"));

  const FactLine sale = Shipped("p1", "a", 3, "2025-02-02", "2025-02-02", 10);
  FactLine reversal = Shipped("p1", "b.r1", 4, "2025-01-05", "2025-01-05", -5);
  reversal.kind = FactKind::kReversal;
  reversal.refers = "b";
  const std::vector<FactLine> told = {sale, reversal};
  EXPECT_EQ(facts.MovedBy(told), (ResidentFacts::Names{{"p1", "b"}, {"p1", "r"}}));
  EXPECT_THAT(facts.MovedBy({Shipped("p2", "a", 3, "2025-02-02", "2025-02-02", 10)}), IsEmpty());
  FactLine gone = Shipped("p1", "b", 2, "2025-01-05", "2025-01-05", 5);
  gone.reversed = Told{4, absl::Time()};
  back.order_basis = back.ship_basis = Day("2025-02-02");
  back.original = Told{3, absl::Time()};
  facts.Follow(told, {gone, back}, {2});
  EXPECT_THAT(Texts(facts.Totals(Quarterly())), ElementsAre("p1 2025-01-05 USD 7 4 2"));
  // What has found its sale is settled.
  EXPECT_THAT(facts.MovedBy({sale}), IsEmpty());
}

// The facts of a feed, as the database would hold them.
class Feed {
 public:
  explicit Feed(uint64_t seed) : random_(seed) {}

  int64_t Pick(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }

  // Lines, invoices, returns, credit notes and reversals, some before what they refer to.
  std::vector<FactLine> NewFacts(int count) {
    std::vector<FactLine> fresh;
    while (static_cast<int>(fresh.size()) < count) {
      FactLine fact = One();
      const bool known = facts_.contains({fact.partner, fact.fact}) ||
                         std::any_of(fresh.begin(), fresh.end(), [&](const FactLine& one) {
                           return one.partner == fact.partner && one.fact == fact.fact;
                         });
      if (known) continue;
      fact.seq = ++seq_;
      fresh.push_back(std::move(fact));
    }
    return fresh;
  }

  // Stores them; answers them as they are now.
  std::vector<FactLine> Tell(std::vector<FactLine> fresh) {
    auto placed = Place(std::move(fresh), All());
    EXPECT_OK(placed);
    for (const LineChange& change : placed->changes) {
      facts_[{change.after.partner, change.after.fact}] = change.after;
    }
    return placed->fresh;
  }

  std::vector<FactLine> All() const {
    std::vector<FactLine> all;
    for (const auto& [name, fact] : facts_) all.push_back(fact);
    return all;
  }
  std::vector<FactLine> Named(const ResidentFacts::Names& names) const {
    std::vector<FactLine> named;
    for (const auto& name : names) {
      if (const auto fact = facts_.find(name); fact != facts_.end()) named.push_back(fact->second);
    }
    return named;
  }
  Watermark watermark() const { return {seq_}; }

 private:
  FactLine One() {
    const auto day = [&] { return Date::FromDays(Day("2025-01-01").days() + static_cast<int32_t>(Pick(0, 300))); };
    const std::string of = StrCat(Pick(1, 12));
    const Date order = day(), ship = day();
    FactLine fact = Shipped(StrCat("p", Pick(1, 2)), StrCat("shipments/", of, "/lines/1"), 0, order.ToString(),
                            ship.ToString(), Pick(-50, 1000));
    fact.product = StrCat("products/", Pick(1, 3));
    if (Pick(1, 5) == 1) fact.currency = Pick(1, 2) == 1 ? "EUR" : "";
    // All lines of an invoice have one date.
    const auto invoiced = [&](std::string name, Date date) {
      fact.source = FactSource::kInvoice;
      fact.fact = std::move(name);
      fact.order_date = fact.ship_date = fact.order_basis = fact.ship_basis = date;
    };
    const std::string invoice = StrCat("invoices/", of);
    switch (Pick(1, 6)) {
      case 1:
        invoiced(StrCat(invoice, "/lines/", Pick(1, 2)), Date::FromDays(Day("2025-02-01").days() + std::stoi(of) * 20));
        break;
      case 2:
        fact.kind = FactKind::kReturn;
        fact.refers = std::exchange(fact.fact, StrCat("shipments/R", Pick(1, 30), "/lines/1"));
        break;
      case 3:
        invoiced(StrCat("creditNotes/", Pick(1, 30), "/lines/1"), day());
        fact.kind = FactKind::kReturn;
        fact.refers = invoice;
        break;
      case 4:
      case 5: {
        const char* const kinds[] = {"shipments/", "shipments/R", "invoices/", "creditNotes/"};
        const int64_t kind = Pick(0, 3);
        fact.source = kind < 2 ? FactSource::kShipment : FactSource::kInvoice;
        fact.kind = FactKind::kReversal;
        fact.refers = StrCat(kinds[kind], Pick(1, 12), "/lines/1");
        fact.fact = fact.refers + ".r1";
        break;
      }
      default:
        break;
    }
    return fact;
  }

  std::mt19937_64 random_;
  int64_t seq_ = 0;
  std::map<std::pair<std::string, std::string>, FactLine> facts_;
};

std::vector<std::string> Sums(const Program& program, const std::vector<FactTotal>& totals) {
  std::vector<std::string> texts;
  for (const AccrualMove& move : MovesOf(program, totals)) {
    std::string text = StrCat(move.key.name(), " ", move.sums.amount.ToString(), " ", move.sums.quantity.ToString(),
                              " ", move.sums.lines, " ", move.sums.other_currency_lines);
    for (const auto& [key, sum] : move.sums.foreign) {
      StrAppend(&text, " ", key.first, key.second.ToString(), " ", sum.amount.ToString(), " ", sum.lines);
    }
    texts.push_back(std::move(text));
  }
  return texts;
}

// Loaded at any moment and followed in any steps, the sums of any program are those of the lines themselves.
TEST(ResidentFactsTest, FollowedOrReadAnewItIsTheSame) {
  for (uint64_t seed = 1; seed <= 150; ++seed) {
    SCOPED_TRACE(seed);
    Feed feed(seed);
    feed.Tell(feed.NewFacts(static_cast<int>(feed.Pick(0, 40))));
    ResidentFacts facts;
    facts.Load(feed.All());
    for (int step = 0; step < 6; ++step) {
      const Watermark before = feed.watermark();
      const std::vector<FactLine> told = feed.Tell(feed.NewFacts(static_cast<int>(feed.Pick(0, 8))));
      facts.Follow(told, feed.Named(facts.MovedBy(told)), before);
      const std::vector<FactLine> all = feed.All();
      for (const Basis basis : {Basis::kOrder, Basis::kSellIn, Basis::kInvoiced}) {
        Program program = Quarterly(basis);
        program.period = feed.Pick(1, 2) == 1 ? PeriodKind::kMonth : PeriodKind::kYear;
        if (feed.Pick(1, 2) == 1) program.rate_type = "SPOT";
        if (feed.Pick(1, 2) == 1) program.lines.products = {"products/1", "products/3"};
        if (feed.Pick(1, 4) == 1) program.eligibility.partners = {"p2"};
        std::vector<FactLine> of_basis;
        std::copy_if(all.begin(), all.end(), std::back_inserter(of_basis),
                     [&](const FactLine& line) { return line.source == SourceOf(basis); });
        ASSERT_EQ(Sums(program, facts.Totals(program)), Sums(program, TotalsOf(program, of_basis, feed.watermark())));
      }
    }
  }
}

}  // namespace
}  // namespace tributary::incentive
