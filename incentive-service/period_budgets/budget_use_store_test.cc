#include "incentive-service/period_budgets/budget_use_store.h"

#include <memory>

#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class BudgetUseStoreTest : public ::testing::Test {
 protected:
  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  BudgetUseStore store_;
};

// Of a budget of 60.00: p1 was stated all of it before p2 had its half.
BudgetUse Overrun() {
  return {.program = "g",
          .period = "2026Q1",
          .currency = "USD",
          .budget = 6000,
          .asked = 12000,
          .used = 9000,
          .term = {.factor = *Rational::ParseDecimal("0.5")},
          .grants = {{"p1", 6000, 3000, 6000}, {"p2", 6000, 3000, 3000}}};
}

TEST_F(BudgetUseStoreTest, KeepsWhatIsKnownLast) {
  BudgetUse later = Overrun();
  later.period = "2026Q2";
  later.term = {.used_up_on = DayFrom("2026-05-01")};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<BudgetUse> none, store_.Find(sql, "g", "2026Q1"));
    EXPECT_FALSE(none.has_value());
    RETURN_IF_ERROR(store_.Save(sql, later));
    RETURN_IF_ERROR(store_.Save(sql, Overrun()));
    ASSIGN_OR_RETURN(const std::optional<BudgetUse> found, store_.Find(sql, "g", "2026Q1"));
    EXPECT_TRUE(found.has_value());
    BudgetUse without = Overrun();
    without.grants.clear();
    EXPECT_TRUE(found == without);
    EXPECT_THAT(store_.Grants(sql, "g", "2026Q1"), IsOkAndHolds(Overrun().grants));
    EXPECT_THAT(store_.Overruns(sql, "g", "2026Q1"), IsOkAndHolds(ElementsAre(Pair("p1", 3000))));
    ASSIGN_OR_RETURN(const std::vector<BudgetUse> uses, store_.List(sql, "g"));
    EXPECT_EQ(uses.size(), 2u);
    EXPECT_EQ(uses[1].term, later.term);
    // p1 has returned all, and is gone.
    BudgetUse less = Overrun();
    less.asked = less.used = 6000;
    less.term.factor = Rational::FromInt(1);
    less.grants = {{"p2", 6000, 6000, 6000}};
    RETURN_IF_ERROR(store_.Save(sql, less));
    EXPECT_THAT(store_.Grants(sql, "g", "2026Q1"), IsOkAndHolds(less.grants));
    EXPECT_THAT(store_.Overruns(sql, "g", "2026Q1"), IsOkAndHolds(IsEmpty()));
    ASSIGN_OR_RETURN(const std::optional<BudgetUse> now, store_.Find(sql, "g", "2026Q1"));
    EXPECT_EQ(now->overrun(), 0);
    EXPECT_EQ(now->term, less.term);
    return absl::OkStatus();
  });
}

TEST_F(BudgetUseStoreTest, SumsByCurrency) {
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    for (const char* id : {"g", "h", "i"}) {
      Program program = GrowthProgram(id);
      if (id[0] == 'i') program.terms.currency = "CNY";
      RETURN_IF_ERROR(ProgramStore().Insert(sql, program));
    }
    RETURN_IF_ERROR(store_.Save(sql, Overrun()));
    BudgetUse other = Overrun();
    other.program = "h";
    other.used = 2000;
    RETURN_IF_ERROR(store_.Save(sql, other));
    ASSIGN_OR_RETURN(const std::vector<BudgetTotal> totals, store_.Totals(sql));
    EXPECT_TRUE((totals == std::vector<BudgetTotal>{{"CNY", 0, 0, 0}, {"USD", 12000, 11000, 3000}}));
    return absl::OkStatus();
  });
}

// What partners have beyond their shares is in the ledger.
TEST_F(BudgetUseStoreTest, TheLedgerIsHeldAgainstIt) {
  const auto mismatches = [&] {
    int64_t count = -1;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(count, LedgerStore().Mismatches(sql));
      return absl::OkStatus();
    });
    return count;
  };
  const BudgetUse use = Overrun();
  InTransaction(*database_, [&](mysql::Transaction& sql) { return store_.Save(sql, use); });
  EXPECT_EQ(mismatches(), 1);
  InTransaction(*database_, [&](mysql::Transaction& sql) {
    return LedgerStore().Post(sql, OverrunOf(use, use.grants[0], 0), InstantFrom("2026-04-05"));
  });
  EXPECT_EQ(mismatches(), 0);
}

}  // namespace
}  // namespace tributary::incentive
