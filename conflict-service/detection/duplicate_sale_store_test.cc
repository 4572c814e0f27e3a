// DUPLICATE_SALE on a real database: open findings are a function of the sales, in whatever order they come.

#include <algorithm>
#include <random>

#include "common/status/status_matchers.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/detection/duplicate_sale_detector.h"
#include "conflict-service/detection/testing_moment.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class DuplicateSaleStoreTest : public ::testing::Test {
 protected:
  static FactBatch Sold(const std::string& partner, const std::string& id, std::vector<std::string> keys,
                        bool is_return = false, const std::string& reverses = "") {
    const Sale sale{.name = StrCat("partners/", partner, "/sales/", id),
                    .partner = StrCat("partners/", partner),
                    .date = *Date::Parse("2026-06-10"),
                    .is_return = is_return,
                    .reverses = reverses};
    FactBatch facts{.sales = {sale}};
    for (std::string& key : keys) facts.sale_keys.push_back({std::move(key), sale});
    return facts;
  }
  void Tell(const FactBatch& facts) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
      RETURN_IF_ERROR(FindDuplicateSales(sql, facts, kNow, outbox));
      return outbox.Write(sql);
    }));
  }
  std::vector<std::string> Open() {
    std::vector<std::string> open;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto findings, findings_.List(sql, {}, false, "", 100));
      for (const Finding& finding : findings) {
        if (finding.conclusion.kind != FindingKind::kDuplicateSale) continue;
        open.push_back(StrCat(finding.id, " ", finding.conclusion.explanation));
      }
      return absl::OkStatus();
    }));
    return open;
  }
  void Forget() {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      for (const char* table : {"sale", "sale_key", "finding", "finding_subject", "conflict_case"}) {
        RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
      }
      return absl::OkStatus();
    }));
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::conflict()});
  DealStore deals_;
  GrantStore grants_;
  RegionStore regions_;
  SaleStore sales_;
  FindingStore findings_;
  CustomerIndex customers_;
  const Detector detector_{deals_, grants_, regions_, sales_, findings_, customers_};
};

TEST_F(DuplicateSaleStoreTest, TheCustomerOfAnInvoiceIsSealedAndErased) {
  const auto sold = [](const std::string& partner) {
    FactBatch facts = Sold(partner, "I-7.1", {"invoice I-7: 2 of products/x on 2026-06-10 to 'harborworks'"});
    facts.sales[0].customer = facts.sale_keys[0].sale.customer = "Harbor Works";
    facts.sales[0].region = facts.sale_keys[0].sale.region = "regions/cn-50";
    return facts;
  };
  const auto words = [&] {
    std::string all;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      for (const char* query :
           {"SELECT explanation FROM finding", "SELECT evidence FROM conflict_case",
            "SELECT value FROM case_evidence_line", "SELECT customer FROM sale", "SELECT words FROM sale_key"}) {
        ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(query));
        for (const mysql::Row& row : rows) StrAppend(&all, row.Text(0), "\n");
      }
      return absl::OkStatus();
    }));
    return all;
  };
  Tell(sold("a"));
  Tell(sold("b"));
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_THAT(words(), HasSubstr("harborworks"));
  EXPECT_THAT(words(), HasSubstr("regions/cn-50")) << "what a sale says is in the evidence, whole";
  const std::string before = Open()[0].substr(0, Open()[0].find(' '));
  Tell(FactBatch{
      .customers = {
          {.name = "customers/c", .merged_into = {}, .erased = true, .keys = {CustomerKey("Harbor Works")}}}});
  EXPECT_THAT(words(), Not(HasSubstr("arbor")));
  // Told once more it is the same finding, and no name comes back.
  Tell(sold("a"));
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_THAT(Open()[0], HasSubstr(before));
  EXPECT_THAT(words(), Not(HasSubstr("arbor")));
}

TEST_F(DuplicateSaleStoreTest, EveryOrderGivesTheSameFindings) {
  const std::vector<FactBatch> facts = {
      Sold("a", "1", {"unit x serial s1", "unit x serial s2"}),
      Sold("b", "1", {"unit x serial s1", "unit x serial s2"}),
      Sold("c", "1", {"unit x serial s2"}),
      Sold("c", "2", {"unit x serial s3"}),
      Sold("d", "1", {"unit x serial s3"}),
      Sold("d", "1.r1", {}, true, "partners/d/sales/1"),
      Sold("e", "1", {"unit x serial s4"}),
      Sold("e", "2", {"unit x serial s4"}, true),
      Sold("f", "1", {"unit x serial s4"}),
  };
  for (const FactBatch& fact : facts) Tell(fact);
  const std::vector<std::string> expected = Open();
  ASSERT_THAT(expected, SizeIs(3)) << "a and b, a and c, b and c";

  std::mt19937 random(7);
  for (int round = 0; round < 25; ++round) {
    std::vector<FactBatch> told = facts;
    if (round % 2 == 0) told.insert(told.end(), facts.begin(), facts.end());
    std::shuffle(told.begin(), told.end(), random);
    Forget();
    for (const FactBatch& fact : told) Tell(fact);
    ASSERT_EQ(Open(), expected) << "round " << round;
  }
}

TEST_F(DuplicateSaleStoreTest, IsWithdrawnWhenASaleIsTakenBack) {
  Tell(Sold("a", "1", {"invoice I-7"}));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Sold("b", "1", {"invoice I-7"}));
  ASSERT_THAT(Open(), SizeIs(1));
  EXPECT_THAT(Open()[0], HasSubstr("same invoice I-7"));
  Tell(Sold("b", "1.r1", {}, true, "partners/b/sales/1"));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Sold("b", "1.2", {"invoice I-7"}));
  EXPECT_THAT(Open(), SizeIs(1));
}

// Of each line there are two statements, the first of which is taken back; they share no key.
TEST_F(DuplicateSaleStoreTest, ACorrectedLineKeepsItsFindingInEveryOrder) {
  const std::vector<FactBatch> facts = {
      Sold("a", "I.1", {"unit x serial s1"}),
      Sold("b", "J.1", {"unit x serial s1"}),
      Sold("a", "I.1.r1", {}, true, "partners/a/sales/I.1"),
      Sold("b", "J.1.r1", {}, true, "partners/b/sales/J.1"),
      Sold("a", "I.1.1", {"unit x serial s2"}),
      Sold("b", "J.1.1", {"unit x serial s2"}),
  };
  Tell(facts[0]);
  Tell(facts[1]);
  ASSERT_THAT(Open(), SizeIs(1));
  const std::string id = Open()[0].substr(0, 32);
  for (size_t i = 2; i < facts.size(); ++i) Tell(facts[i]);
  const std::vector<std::string> expected = Open();
  ASSERT_THAT(expected, SizeIs(1));
  EXPECT_EQ(expected[0].substr(0, 32), id);
  EXPECT_THAT(expected[0], HasSubstr("partners/a/sales/I.1.1 (2026-06-10) and partners/b/sales/J.1.1"));

  std::mt19937 random(11);
  std::vector<int> order = {4, 5, 0, 1, 2, 3};  // corrected before it was known
  for (int round = 0; round < 30; ++round) {
    Forget();
    for (int i : order) Tell(facts[i]);
    ASSERT_EQ(Open(), expected) << StrJoin(order, " ");
    std::shuffle(order.begin(), order.end(), random);
  }
}

}  // namespace
}  // namespace tributary::conflict
