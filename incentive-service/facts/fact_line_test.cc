#include "incentive-service/facts/fact_line.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "common/status/status_matchers.h"
#include "incentive-service/facts/testing_changes.h"
#include "incentive-service/facts/watermark.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

Date InJanuary(int day) { return *Date::FromYmd(2026, 1, day); }

FactLine Line(std::string fact, int64_t seq, int day, int64_t net = 100) {
  FactLine line;
  line.partner = "p1";
  line.fact = std::move(fact);
  line.seq = seq;
  line.document = "D";
  line.line = 1;
  line.order_date = InJanuary(day);
  line.ship_date = InJanuary(day + 2);
  line.net = Decimal::FromInt(net);
  line.currency = "USD";
  line.order_basis = line.order_date;
  line.ship_basis = line.ship_date;
  return line;
}
FactLine Return(std::string fact, int64_t seq, int day, std::string of, int64_t net = -30) {
  FactLine line = Line(std::move(fact), seq, day, net);
  line.kind = FactKind::kReturn;
  line.refers = std::move(of);
  return line;
}
FactLine Reversal(int64_t seq, const FactLine& of) {
  FactLine line = of;
  line.kind = FactKind::kReversal;
  line.fact = of.fact + ".r1";
  line.refers = of.fact;
  line.seq = seq;
  line.net = -of.net;
  return line;
}

std::vector<std::string> Names(const std::vector<FactLine>& lines) {
  std::vector<std::string> names;
  for (const FactLine& line : lines) names.push_back(line.fact + "@" + std::to_string(line.order_basis.day()));
  return names;
}

TEST(PlaceTest, LinesEnter) {
  ASSERT_OK_AND_ASSIGN(const Placed placed, Place({Line("a", 1, 5), Line("b", 2, 6)}, {}));
  EXPECT_THAT(Names(LiveOf(placed.changes).entered), UnorderedElementsAre("a@5", "b@6"));
  EXPECT_THAT(LiveOf(placed.changes).left, IsEmpty());
  EXPECT_THAT(placed.fresh, SizeIs(2));
  EXPECT_THAT(LiveOf(placed.changes).changed, IsEmpty());
}

TEST(PlaceTest, AReversalTakesItsLineBack) {
  const FactLine line = Line("a", 1, 5);
  ASSERT_OK_AND_ASSIGN(const Placed known, Place({Reversal(7, line)}, {line}));
  EXPECT_THAT(LiveOf(known.changes).entered, IsEmpty());
  EXPECT_THAT(Names(LiveOf(known.changes).left), ElementsAre("a@5"));
  ASSERT_THAT(LiveOf(known.changes).changed, SizeIs(1));
  EXPECT_EQ(LiveOf(known.changes).changed[0].reversed->seq, 7);

  ASSERT_OK_AND_ASSIGN(const Placed together, Place({line, Reversal(7, line)}, {}));
  EXPECT_THAT(LiveOf(together.changes).entered, IsEmpty());
  EXPECT_THAT(LiveOf(together.changes).left, IsEmpty());
  EXPECT_EQ(together.fresh[0].reversed->seq, 7);

  FactLine early = Reversal(7, line);
  ASSERT_OK_AND_ASSIGN(const Placed after, Place({line}, {early}));
  EXPECT_THAT(LiveOf(after.changes).entered, IsEmpty());
  EXPECT_EQ(after.fresh[0].reversed->seq, 7);
}

TEST(PlaceTest, ALineOfAnotherPartnerIsAnotherLine) {
  FactLine other = Line("a", 3, 5);
  other.partner = "p2";
  ASSERT_OK_AND_ASSIGN(const Placed placed, Place({Reversal(7, Line("a", 1, 5))}, {other}));
  EXPECT_THAT(LiveOf(placed.changes).left, IsEmpty());
  EXPECT_THAT(LiveOf(placed.changes).changed, IsEmpty());
}

TEST(PlaceTest, ALinkedReturnCountsOnTheDatesOfItsLine) {
  const FactLine line = Line("a", 1, 5);
  ASSERT_OK_AND_ASSIGN(const Placed placed, Place({Return("r", 2, 20, "a")}, {line}));
  EXPECT_THAT(Names(LiveOf(placed.changes).entered), ElementsAre("r@5"));
  EXPECT_EQ(LiveOf(placed.changes).entered[0].ship_basis, InJanuary(7));
  EXPECT_EQ(LiveOf(placed.changes).entered[0].order_date, InJanuary(20));

  // It was there first: it moves.
  const FactLine early = Return("r", 1, 20, "a");
  ASSERT_OK_AND_ASSIGN(const Placed moved, Place({Line("a", 2, 5)}, {early}));
  EXPECT_THAT(Names(LiveOf(moved.changes).left), ElementsAre("r@20"));
  EXPECT_THAT(Names(LiveOf(moved.changes).entered), UnorderedElementsAre("a@5", "r@5"));
  EXPECT_THAT(LiveOf(moved.changes).changed, SizeIs(1));

  // What it returns is unknown, or a return itself.
  ASSERT_OK_AND_ASSIGN(const Placed alone, Place({Return("r", 2, 20, "z")}, {line}));
  EXPECT_THAT(Names(LiveOf(alone.changes).entered), ElementsAre("r@20"));
  ASSERT_OK_AND_ASSIGN(const Placed twice, Place({Return("r2", 3, 25, "r")}, {early}));
  EXPECT_THAT(Names(LiveOf(twice.changes).entered), ElementsAre("r2@25"));
}

TEST(PlaceTest, NobodyReversesAReversal) {
  const FactLine reversal = Reversal(2, Line("a", 1, 5));
  EXPECT_THAT(Place({Reversal(3, reversal)}, {reversal}), HasReason(Reason::kInvalidField));
}

FactLine Billed(std::string fact, int64_t seq, int day) {
  FactLine line = Line(std::move(fact), seq, day);
  line.source = FactSource::kInvoice;
  line.ship_date = line.ship_basis = line.order_date;
  return line;
}
FactLine Credit(std::string fact, int64_t seq, int day, std::string invoice) {
  FactLine line = Billed(std::move(fact), seq, day);
  line.kind = FactKind::kReturn;
  line.refers = std::move(invoice);
  line.net = -line.net;
  return line;
}

// A credit note names an invoice as a whole: the line of it that is live and was told first is the one that it returns.
TEST(PlaceTest, ACreditNoteCountsOnTheDateOfItsInvoice) {
  const FactLine first = Billed("invoices/I1/lines/1", 1, 5), second = Billed("invoices/I1/lines/2", 2, 5);
  const FactLine other = Billed("invoices/I1.x/lines/1", 3, 9);
  const FactLine credit = Credit("creditNotes/C1/lines/1", 4, 20, "invoices/I1");
  ASSERT_OK_AND_ASSIGN(const Placed placed, Place({credit}, {other, second, first}));
  EXPECT_THAT(Names(LiveOf(placed.changes).entered), ElementsAre("creditNotes/C1/lines/1@5"));
  EXPECT_EQ(placed.fresh[0].original->seq, 1);

  // The first is taken back: the other stands for the invoice; with both gone, the first again.
  ASSERT_OK_AND_ASSIGN(const Placed taken, Place({Reversal(7, first)}, {placed.fresh[0], first, second}));
  const std::vector<FactLine> changed = LiveOf(taken.changes).changed;
  ASSERT_THAT(changed, SizeIs(2));
  EXPECT_EQ(changed[0].fact, credit.fact);
  EXPECT_EQ(changed[0].original->seq, 2);
  ASSERT_OK_AND_ASSIGN(const Placed gone,
                       Place({Reversal(7, first), Reversal(8, second)}, {placed.fresh[0], first, second}));
  EXPECT_THAT(Names(LiveOf(gone.changes).left), UnorderedElementsAre("invoices/I1/lines/1@5", "invoices/I1/lines/2@5"));

  // It was there first: it moves. One that names no known invoice counts on its own date.
  ASSERT_OK_AND_ASSIGN(const Placed moved, Place({first}, {credit}));
  EXPECT_THAT(Names(LiveOf(moved.changes).left), ElementsAre("creditNotes/C1/lines/1@20"));
  EXPECT_THAT(Names(LiveOf(moved.changes).entered),
              UnorderedElementsAre("invoices/I1/lines/1@5", "creditNotes/C1/lines/1@5"));
  ASSERT_OK_AND_ASSIGN(const Placed alone, Place({credit}, {other}));
  EXPECT_THAT(Names(LiveOf(alone.changes).entered), ElementsAre("creditNotes/C1/lines/1@20"));
}

TEST(PlaceTest, AnAdjustmentIsNeverLive) {
  FactLine adjustment = Line("sales/A.1", 1, 5);
  adjustment.source = FactSource::kSellThrough;
  adjustment.kind = FactKind::kAdjustment;
  ASSERT_OK_AND_ASSIGN(const Placed placed, Place({adjustment, Return("sales/R.1", 2, 20, "sales/A.1")}, {}));
  EXPECT_THAT(Names(LiveOf(placed.changes).entered), ElementsAre("sales/R.1@20"));
  ASSERT_OK_AND_ASSIGN(const Placed back, Place({Reversal(3, adjustment)}, {adjustment}));
  EXPECT_THAT(LiveOf(back.changes).left, IsEmpty());
}

TEST(FactNameTest, NamesLinesAndSales) {
  EXPECT_EQ(InvoiceOf("invoices/I1/lines/2.r1"), "invoices/I1");
  EXPECT_EQ(InvoiceOf("shipments/I1/lines/2"), "");
  EXPECT_EQ(InvoiceOf("invoices/I1"), "");
  for (const char* fact : {"shipments/S1/lines/1", "invoices/I1/lines/2.r1", "creditNotes/C1/lines/3", "sales/R1.2"}) {
    ASSERT_OK_AND_ASSIGN(const FactName name, ParseFactName("partners/p1/" + std::string(fact)));
    EXPECT_EQ(name.partner, "p1");
    EXPECT_EQ(name.fact, fact);
  }
  for (const char* name : {"", "partners/p1", "partners/p1/invoices/I1", "partners/p1/receipts/R1/lines/1"}) {
    EXPECT_THAT(ParseFactName(name), Blames("name")) << name;
  }
}

// Whatever comes first: the live set and its dates are the same in the end, and what entered less what left is it.
TEST(PlaceTest, TheOrderOfArrivalLeavesNoTrace) {
  const FactLine a = Line("a", 1, 5), b = Line("b", 2, 6), c = Line("c", 3, 7);
  const FactLine r = Return("r", 4, 20, "a"), q = Return("q", 5, 21, "b"), s = Return("s", 6, 22, "c");
  std::vector<FactLine> all = {a, b, c, r, q, s, Reversal(7, b), Reversal(8, s)};
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    std::shuffle(all.begin(), all.end(), random);
    std::map<std::string, FactLine> stored;
    std::multiset<std::string> live;
    for (size_t at = 0; at < all.size();) {
      const size_t count = std::min<size_t>(1 + random() % 4, all.size() - at);
      std::vector<FactLine> batch(all.begin() + at, all.begin() + at + count);
      at += count;
      std::vector<FactLine> known;
      for (const auto& [name, line] : stored) known.push_back(line);
      ASSERT_OK_AND_ASSIGN(const Placed placed, Place(batch, known));
      for (const FactLine& line : placed.fresh) stored[line.fact] = line;
      for (const FactLine& line : LiveOf(placed.changes).changed) stored[line.fact] = line;
      for (const std::string& name : Names(LiveOf(placed.changes).left)) {
        ASSERT_TRUE(live.contains(name)) << name;
        live.erase(live.find(name));
      }
      for (const std::string& name : Names(LiveOf(placed.changes).entered)) live.insert(name);
    }
    EXPECT_THAT(live, ElementsAre("a@5", "c@7", "q@6", "r@5"));
  }
}

TEST(WatermarkTest, KeepsItsText) {
  Watermark watermark(64);
  EXPECT_EQ(WatermarkText(watermark), "");
  watermark[0] = 12;
  watermark[63] = 9223372036854775807;
  EXPECT_EQ(WatermarkText(watermark), "0:12 63:9223372036854775807");
  EXPECT_EQ(ParseWatermarkText(WatermarkText(watermark)), watermark);
  EXPECT_THAT(ParseWatermarkText(""), IsEmpty());
}

}  // namespace
}  // namespace tributary::incentive
