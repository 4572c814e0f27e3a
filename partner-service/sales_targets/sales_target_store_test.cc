#include "partner-service/sales_targets/sales_target_store.h"

#include <gmock/gmock.h>

#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class SalesTargetStoreTest : public StoreTest {
 protected:
  static SalesTarget Of(std::string id, std::string partner = "p-1", std::string parent = "") {
    return Begin({.partner_id = std::move(partner),
                  .id = std::move(id),
                  .display_name = "目标",
                  .basis = TargetBasis::kSellThrough,
                  .calendar_id = "main",
                  .period = "2026Q1",
                  .days = {*Date::Parse("2026-01-01"), *Date::Parse("2026-04-01")},
                  .product_lines = {"productLines/a", "productLines/b"},
                  .products = {"products/x"},
                  .currency = "CNY",
                  .figure = *Decimal::Parse("123.456789"),
                  .parent = std::move(parent),
                  .weight = *Decimal::Parse("0.5"),
                  .consequence = MissConsequence::kReview,
                  .consequence_note = "说明"},
                 "manager", kNow);
  }
  absl::Status Create(const SalesTarget& target) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, target); });
  }
  absl::StatusOr<SalesTarget> Get(std::string_view id) {
    return Ask<SalesTarget>([&](mysql::Transaction& sql) { return store_.Get(sql, "p-1", id); });
  }
  absl::StatusOr<TargetTree> Tree(std::string_view partner, std::string_view id) {
    return Ask<TargetTree>([&](mysql::Transaction& sql) { return store_.GetTree(sql, partner, id); });
  }
  SalesTargetStore store_;
};

TEST_F(SalesTargetStoreTest, IsReadAsItWasWrittenWithItsHistory) {
  const SalesTarget target = Of("t");
  ASSERT_OK(Create(target));
  EXPECT_THAT(Create(target), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const SalesTarget read, Get("t"));
  EXPECT_EQ(read.revision, target.revision);
  EXPECT_EQ(read.display_name, target.display_name);
  EXPECT_EQ(read.basis, target.basis);
  EXPECT_EQ(read.days, target.days);
  EXPECT_EQ(read.product_lines, target.product_lines);
  EXPECT_EQ(read.products, target.products);
  EXPECT_EQ(read.currency, target.currency);
  EXPECT_EQ(read.figure, target.figure);
  EXPECT_EQ(read.weight, target.weight);
  EXPECT_EQ(read.consequence, target.consequence);
  EXPECT_EQ(read.consequence_note, target.consequence_note);
  EXPECT_EQ(read.revisions, target.revisions);
  EXPECT_THAT(Get("none"), HasReason(Reason::kNotFound));

  SalesTarget moved = read;
  moved.figure = *Decimal::Parse("200");
  moved.revision = read.revision.Next(kNow + absl::Seconds(1));
  moved.revisions.push_back({2, moved.figure, "why", "boss", kNow + absl::Seconds(1)});
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, moved); }));
  SalesTarget renamed = moved;
  renamed.display_name = "Target";
  renamed.revision = moved.revision.Next(kNow + absl::Seconds(2));
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, renamed); }));
  ASSERT_OK_AND_ASSIGN(const SalesTarget after, Get("t"));
  EXPECT_EQ(after.revisions, moved.revisions);
  EXPECT_EQ(after.display_name, "Target");
  EXPECT_EQ(after.revision.version, 3);
}

TEST_F(SalesTargetStoreTest, TheTreeIsThatOfTheUppermostWhole) {
  ASSERT_OK(Create(Of("year")));
  ASSERT_OK(Create(Of("q1", "p-1", "partners/p-1/targets/year")));
  ASSERT_OK(Create(Of("q2", "p-1", "partners/p-1/targets/year")));
  ASSERT_OK(Create(Of("dealer", "p-2", "partners/p-1/targets/q1")));
  ASSERT_OK(Create(Of("another")));
  for (const auto& [partner, id] : {std::pair("p-1", "year"), std::pair("p-1", "q2"), std::pair("p-2", "dealer")}) {
    ASSERT_OK_AND_ASSIGN(const TargetTree tree, Tree(partner, id));
    std::vector<std::string> names;
    for (const auto& [name, target] : tree) {
      names.push_back(name);
      EXPECT_THAT(target.revisions, SizeIs(1));
    }
    EXPECT_THAT(names, ElementsAre("partners/p-1/targets/q1", "partners/p-1/targets/q2", "partners/p-1/targets/year",
                                   "partners/p-2/targets/dealer"));
  }
  EXPECT_THAT(Tree("p-1", "none"), HasReason(Reason::kNotFound));
}

TEST_F(SalesTargetStoreTest, ListsInPagesAndByFilter) {
  for (const char* id : {"b", "a", "c"}) ASSERT_OK(Create(Of(id)));
  SalesTarget other = Of("d", "p-2");
  other.period = "2026Q2";
  other.basis = TargetBasis::kOrder;
  ASSERT_OK(Create(other));
  const auto ids = [&](std::string_view partner, const std::string& filter) {
    std::vector<std::string> found;
    for (const SalesTarget& target : All<SalesTarget>(
             SalesTargetStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, partner, page); },
             [](const SalesTarget&last) {
               return std::vector{last.partner_id, last.id};
             })) {
      found.push_back(target.id);
    }
    return found;
  };
  EXPECT_THAT(ids("p-1", ""), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ids("", ""), ElementsAre("a", "b", "c", "d"));
  EXPECT_THAT(ids("", "period = 2026Q2 AND basis = ORDER"), ElementsAre("d"));
  EXPECT_THAT(ids("", "fiscal_calendar = 'fiscalCalendars/main' AND consequence = REVIEW AND start >= 2026-01-01"),
              ElementsAre("a", "b", "c", "d"));
}

}  // namespace
}  // namespace tributary::partner
