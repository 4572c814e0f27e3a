#include "inventory-service/reconciliation/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "common/money/testing_decimal.h"
#include "common/text/text.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Date InJune(int day) { return Date::FromYmd(2026, 6, day).value(); }

OnHandReport Row(const char* site, const char* product, int64_t units, const char* lot = "") {
  OnHandReport row;
  row.site = site;
  row.product = product;
  row.lot = lot;
  row.quantity = D(units);
  return row;
}

// Sets of two wheels and a bell.
OnHandReport Sets(const char* site, int64_t units) {
  OnHandReport row = Row(site, "set", units);
  row.parts = {{"bell", D(units)}, {"wheel", D(2 * units)}};
  return row;
}

PartnerReport Report(ReportMode mode, int from, int to, int64_t revision, int64_t rejected = 0, bool zero = false) {
  PartnerReport report;
  report.id = Uuid::New(absl::FromUnixSeconds(1780000000 + revision));
  report.mode = mode;
  report.coverage = {.from = InJune(from), .to = InJune(to), .activities = Activities::Of(Activity::kOnHand)};
  report.rank = {.revision = revision, .content = std::string(32, 'c')};
  report.zero_report = zero;
  report.counts = {.received = zero ? 0 : 5, .accepted = zero ? 0 : 5 - rejected, .rejected = rejected};
  return report;
}

// "main! bike=5 pump:L1=2": what was told, with "!" where it is complete.
std::string TextOf(const ToldStock& told) {
  std::string text;
  for (const auto& [site, stock] : told) {
    StrAppend(&text, text.empty() ? "" : "; ", site, stock.complete ? "!" : "");
    for (const auto& [what, units] : stock.units) {
      StrAppend(&text, " ", what.product, what.lot.empty() ? "" : ":", what.lot, "=", units.ToString());
    }
  }
  return text;
}

TEST(ToldAtTest, WhatIsToldAndWhetherItIsEverything) {
  struct Case {
    const char* name;
    std::vector<OnHandReport> after_closing;
    std::vector<OnHandReport> before_next_opening;
    std::vector<PartnerReport> reports;
    const char* want;
  };
  const auto snapshot = ReportMode::kSnapshot;
  for (const Case& test : {
           Case{"nothing", {}, {}, {}, ""},
           Case{"a snapshot tells of everything",
                {Row("main", "bike", 3), Row("main", "bike", 2), Row("main", "pump", 2, "L1")},
                {},
                {Report(snapshot, 9, 9, 1)},
                "main! bike=5 pump:L1=2"},
           Case{"rows that wait in the workbench may be anything",
                {Row("main", "bike", 3)},
                {},
                {Report(snapshot, 9, 9, 1, 1)},
                "main bike=3"},
           Case{"an addition is no list of everything",
                {Row("main", "bike", 3)},
                {},
                {Report(ReportMode::kAppend, 9, 9, 1)},
                "main bike=3"},
           Case{"the snapshot that has the say",
                {Row("main", "bike", 3)},
                {},
                {Report(snapshot, 9, 9, 1), Report(snapshot, 1, 30, 2, 4)},
                "main bike=3"},
           Case{"of kits lie there the parts",
                {Sets("main", 3), Row("main", "wheel", 4), Row("main", "wheel", 1, "L1")},
                {},
                {Report(snapshot, 9, 9, 1)},
                "main! bell=3 wheel=10 wheel:L1=1"},
           Case{"which where not all is told say nothing of loose ones",
                {Sets("main", 3), Row("main", "wheel", 4)},
                {},
                {Report(ReportMode::kAppend, 9, 9, 1)},
                "main wheel=10"},
           Case{"closing before the next opening",
                {Row("main", "bike", 3)},
                {Row("main", "bike", 4), Row("depot", "bike", 1)},
                {Report(snapshot, 9, 9, 1)},
                "depot bike=1; main! bike=3"},
           Case{"the next opening's own cell",
                {},
                {Row("main", "bike", 4)},
                {Report(snapshot, 10, 10, 1)},
                "main! bike=4"},
           Case{"a file of the month without a row of the day says nothing of the day",
                {},
                {},
                {Report(snapshot, 1, 30, 1)},
                ""},
           Case{"a zero report does", {}, {}, {Report(snapshot, 1, 30, 1, 0, true)}, "depot!; main!"},
           Case{"until a higher revision has the say",
                {},
                {},
                {Report(snapshot, 1, 30, 1, 0, true), Report(snapshot, 9, 9, 2)},
                ""},
           Case{"a file of which no row could be read says nothing",
                {Row("main", "bike", 3)},
                {},
                {Report(snapshot, 9, 9, 1), Report(snapshot, 9, 9, 2, 5)},
                "main! bike=3"},
       }) {
    EXPECT_EQ(TextOf(ToldAt(InJune(9), test.after_closing, test.before_next_opening, test.reports, {"main", "depot"})),
              test.want)
        << test.name;
  }
}

class EvidenceTest : public ::testing::Test {
 protected:
  // From the vendor to acme's site, sold on from there, and so on: "vendor" -> "main".
  void Move(const char* from, const char* to, int64_t units, bool within = true, const char* lot = "",
            const char* product = "bike") {
    const auto place = [](std::string_view name) {
      return name == "vendor" || name == "customer" || name == "adjustment" || name == "transfer" || name == "scrap"
                 ? StrCat("@", name)
                 : std::string(name);
    };
    evidence_.movements.push_back({{product, lot}, place(from), place(to), within, D(units)});
  }
  void Tell(ToldStock& told, const char* site, std::optional<int64_t> units, const char* lot = "",
            bool complete = false) {
    told[site].complete = complete;
    if (units.has_value()) told[site].units[{"bike", lot}] += D(*units);
  }
  void May(const char* fact, int day, int64_t units, const char* lot = "") {
    evidence_.candidates.push_back({{"bike", lot}, {.fact = fact, .date = InJune(day), .units = D(units)}});
  }
  // ".L9 reported 5 book 4 gap 1: UNEXPLAINED 1" for each, by key.
  std::vector<std::string> Reconciled(const std::set<ReconciliationKey>& known = {}) {
    std::vector<std::string> out;
    for (const auto& [key, figures] : Reconcile("acme", InJune(1), InJune(9), evidence_, known)) {
      std::string text = SegmentOf(key).substr(22);
      StrAppend(&text, " reported ", figures.reported.has_value() ? figures.reported->ToString() : "-", " book ",
                figures.book.ToString(), ": ", NameOf(figures.state()));
      for (const Candidate& fact : figures.explanation.facts) StrAppend(&text, " ", fact.fact);
      for (const std::string& site : figures.unreported_sites) StrAppend(&text, " ?", site);
      out.push_back(std::move(text));
    }
    return out;
  }
  ReconciliationFigures Only() { return Reconcile("acme", InJune(1), InJune(9), evidence_, {}).begin()->second; }

  Evidence evidence_;
};

// Golden vector 6, with the shipment that is on its way and does not explain it.
TEST_F(EvidenceTest, FiveHundredUnexplained) {
  Move("vendor", "main", 9000, false);
  Move("main", "customer", 2000, false);
  Move("main", "customer", 500);
  Move("vendor", "main/in_transit", 400);
  Tell(evidence_.closing, "main", 7000);
  May("partners/acme/shipments/D/lines/1", 8, 400);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported 7000 book 6500: UNEXPLAINED"));
  const ReconciliationFigures figures = Only();
  EXPECT_EQ(figures.explanation.unexplained, D(500));
  EXPECT_EQ(figures.opening_book, D(7000));
  EXPECT_EQ(figures.sell_in, D(400));
  EXPECT_EQ(figures.sell_through, D(500));
  EXPECT_EQ(figures.in_transit, D(400));
  EXPECT_EQ(figures.opening_reported, std::nullopt);

  Move("main", "customer", 300);  // told late
  EXPECT_EQ(Only().explanation.unexplained, D(800));
  evidence_.closing["main"].units[{"bike", ""}] = D(6600);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported 6600 book 6200: EXPLAINED partners/acme/shipments/D/lines/1"));
}

TEST_F(EvidenceTest, TheBooksAddUpWhateverMoved) {
  const char* const places[] = {"main",   "main/reserved", "main/in_transit", "depot", "depot/quarantine",
                                "vendor", "customer",      "adjustment",      "scrap", "transfer"};
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE(StrCat("seed ", seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    evidence_ = {};
    Tell(evidence_.closing, "main", 5);
    for (size_t i = 0, n = random() % 20; i < n; ++i) {
      Move(places[random() % 10], places[random() % 10], static_cast<int64_t>(random() % 21) - 10, random() % 2 == 0);
    }
    const ReconciliationFigures f = Only();
    ASSERT_EQ(f.book + f.in_transit, f.opening_book + f.opening_in_transit + f.sell_in - f.sell_through +
                                         f.transferred_in - f.transferred_out + f.adjusted);
    std::shuffle(evidence_.movements.begin(), evidence_.movements.end(), random);
    ASSERT_EQ(Only(), f);
  }
}

TEST_F(EvidenceTest, NoReportIsNotZero) {
  Move("vendor", "main", 10);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported - book 10: UNKNOWN ?main"));
  Tell(evidence_.closing, "main", std::nullopt);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported - book 10: UNKNOWN ?main")) << "of other products alone";
  Tell(evidence_.closing, "main", std::nullopt, "", true);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported 0 book 10: UNEXPLAINED")) << "everything, and none of this";
  Move("vendor", "depot", 1);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported - book 11: UNKNOWN ?depot")) << "one of two sites";
  Move("depot", "main", 1);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported - book 11: UNKNOWN ?depot")) << "it moved some";
  Tell(evidence_.closing, "depot", 1);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported 1 book 11: UNEXPLAINED"));
}

TEST_F(EvidenceTest, LotsAreToldApartWhereThePartnerDoes) {
  Move("vendor", "main", 10, true, "L1");
  Move("vendor", "main", 20, true, "L2");
  May("r1", 3, -4, "L1");
  Tell(evidence_.closing, "main", 26);
  EXPECT_THAT(Reconciled(), ElementsAre("bike reported 26 book 30: EXPLAINED r1"));
  ReconciliationKey together{.partner = "acme", .product = "bike", .from = InJune(1), .to = InJune(9)};

  evidence_.closing.clear();
  Tell(evidence_.closing, "main", 6, "L1");
  Tell(evidence_.closing, "main", 21, "L2");
  EXPECT_THAT(Reconciled(),
              ElementsAre("bike.L1 reported 6 book 10: EXPLAINED r1", "bike.L2 reported 21 book 20: UNEXPLAINED"));
  // What was reconciled before keeps its truth.
  EXPECT_THAT(Reconciled({together}),
              ElementsAre("bike reported 27 book 30: UNEXPLAINED", "bike.L1 reported 6 book 10: EXPLAINED r1",
                          "bike.L2 reported 21 book 20: UNEXPLAINED"));
  // A lot that the partner does not name is none only where it told of everything.
  evidence_.closing["main"].units.erase({"bike", "L2"});
  EXPECT_THAT(Reconciled(),
              ElementsAre("bike.L1 reported 6 book 10: EXPLAINED r1", "bike.L2 reported - book 20: UNKNOWN ?main"));
  evidence_.closing["main"].complete = true;
  EXPECT_THAT(Reconciled(),
              ElementsAre("bike.L1 reported 6 book 10: EXPLAINED r1", "bike.L2 reported 0 book 20: UNEXPLAINED"));
  // Told without lots again, it says nothing of one of them.
  evidence_.closing["main"].units = {{{"bike", ""}, D(30)}};
  ReconciliationKey lot = together;
  lot.lot = "L1";
  EXPECT_THAT(Reconciled({lot}),
              ElementsAre("bike reported 30 book 30: MATCHED", "bike.L1 reported - book 10: UNKNOWN"));
}

TEST_F(EvidenceTest, TheOpeningIsReportedOrUnknown) {
  Move("vendor", "main", 8, false);
  Move("vendor", "main", 50);
  Tell(evidence_.closing, "main", 58);
  EXPECT_EQ(Only().opening_reported, std::nullopt);
  Tell(evidence_.opening, "main", 20);
  EXPECT_EQ(Only().opening_reported, D(20));
  Move("vendor", "depot", 1, false);
  EXPECT_EQ(Only().opening_reported, std::nullopt);
}

TEST_F(EvidenceTest, WhatNobodySpeaksOfIsLeftOut) {
  Move("vendor", "main", 3, false);
  Move("main", "customer", 3, false);
  Tell(evidence_.closing, "main", std::nullopt, "", true);
  EXPECT_THAT(Reconciled(), IsEmpty());
  Tell(evidence_.closing, "main", 0, "", true);
  EXPECT_THAT(Reconciled(), UnorderedElementsAre("bike reported 0 book 0: MATCHED"));
}

}  // namespace
}  // namespace tributary::inventory
