#include "incentive-service/deductions/deduction_store.h"

#include <memory>

#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

class DeductionStoreTest : public ::testing::Test {
 protected:
  Deduction Kept(const std::string& partner, const std::string& id, std::string_view day = "2026-04-01",
                 const std::string& currency = "CNY") {
    Deduction deduction{.partner = partner,
                        .id = id,
                        .uid = Uuid::New(now_),
                        .create_time = now_,
                        .update_time = now_,
                        .invoice = "I1",
                        .currency = currency,
                        .amount = 1000,
                        .taken_on = DayFrom(day),
                        .reason = "展会",
                        .recorder = "clerk"};
    InTransaction(*database_, [&](mysql::Transaction& sql) { return deductions_.Insert(sql, deduction); });
    return deduction;
  }
  std::vector<std::string> Listed(const std::string& filter, const std::optional<std::string>& partner = {},
                                  std::string_view after_partner = "", std::string_view after_id = "", int limit = 9) {
    std::vector<std::string> names;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      names.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, DeductionStore::FilterFields()));
      ASSIGN_OR_RETURN(const auto deductions, deductions_.List(sql, partner, after_partner, after_id, where, limit));
      for (const Deduction& deduction : deductions) names.push_back(StrCat(deduction.partner, ".", deduction.id));
      return absl::OkStatus();
    });
    return names;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, LedgerStore().Mismatches(sql));
      return absl::OkStatus();
    });
    return mismatches;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  const absl::Time now_ = InstantFrom("2026-04-02");
  DeductionStore deductions_;
};

TEST_F(DeductionStoreTest, KeepsMatchesAndWhatIsWrittenOff) {
  const Deduction kept = Kept("p2", "d1");
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(deductions_.Get(sql, "p1", "d1"), HasReason(Reason::kNotFound));
    EXPECT_THAT(deductions_.Insert(sql, kept), HasReason(Reason::kAlreadyExists));
    ASSIGN_OR_RETURN(const Deduction read, deductions_.GetForUpdate(sql, "p2", "d1"));
    EXPECT_EQ(read.reason, "展会");
    EXPECT_EQ(read.taken_on, kept.taken_on);
    ASSIGN_OR_RETURN(const Deduction written_off, WriteOff(read, "treasurer", "small", now_));
    return deductions_.Update(sql, read, written_off);
  });
  EXPECT_EQ(Mismatches(), 0);
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Deduction read, deductions_.Get(sql, "p2", "d1"));
    EXPECT_EQ(read.state, DeductionState::kWrittenOff);
    EXPECT_EQ(read.written_off, 1000);
    EXPECT_EQ(read.version, 2);
    return absl::OkStatus();
  });
  const Deduction other = Kept("p2", "d2");
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Deduction once, Match(other, "claims/c1", 300, "treasurer", now_));
    RETURN_IF_ERROR(deductions_.Update(sql, other, once));
    ASSIGN_OR_RETURN(const Deduction twice, Match(once, "statements/3", 700, "cashier", now_));
    return deductions_.Update(sql, once, twice);
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Deduction read, deductions_.Get(sql, "p2", "d2"));
    EXPECT_EQ(read.state, DeductionState::kMatched);
    EXPECT_THAT(read.matches, ElementsAre(DeductionMatch{"claims/c1", 300, "treasurer", now_},
                                          DeductionMatch{"statements/3", 700, "cashier", now_}));
    return absl::OkStatus();
  });
  // Nothing was entered of what it says to be matched to.
  EXPECT_GT(Mismatches(), 0);
  const absl::Status late = database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    return deductions_.Update(sql, kept, *ChargeBack(kept, "treasurer", "", now_));
  });
  EXPECT_THAT(late, HasReason(Reason::kConflictRetry));
}

TEST_F(DeductionStoreTest, ListsByPartnerAndIdAndWhatIsOpenByDay) {
  Kept("p2", "b", "2026-03-01");
  Kept("p2", "a");
  Kept("p2", "c", "2026-02-01", "USD");
  const Deduction closed = Kept("p2", "d");
  Kept("p1", "e");
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    return deductions_.Update(sql, closed, *ChargeBack(closed, "treasurer", "no", now_));
  });
  EXPECT_THAT(Listed(""), ElementsAre("p1.e", "p2.a", "p2.b", "p2.c", "p2.d"));
  EXPECT_THAT(Listed("", {}, "p1", "e", 2), ElementsAre("p2.a", "p2.b"));
  EXPECT_THAT(Listed("state = CHARGED_BACK"), ElementsAre("p2.d"));
  EXPECT_THAT(Listed("currency = USD", "p2"), ElementsAre("p2.c"));
  EXPECT_THAT(Listed("invoice = 'partners/p1/invoices/I1'"), ElementsAre("p1.e"));
  std::vector<std::string> open;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    open.clear();
    ASSIGN_OR_RETURN(const auto deductions, deductions_.Open(sql, "p2"));
    for (const Deduction& deduction : deductions) open.push_back(deduction.id);
    return absl::OkStatus();
  });
  EXPECT_THAT(open, ElementsAre("b", "a", "c"));
}

}  // namespace
}  // namespace tributary::incentive
