// Who enters what a program accrues and who issues what speaks of it wait for each other, also where nothing is
// entered.

#include "incentive-service/ledger/accrued_store.h"

#include <atomic>
#include <memory>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "incentive-service/ledger/testing_ledger.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

void Once(absl::Notification& notification) {
  if (!notification.HasBeenNotified()) notification.Notify();  // a body may run again
}

class AccruedStoreTest : public ::testing::Test {
 protected:
  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  const AccruedStore accrued_{};
  const Statement statement_ = StatementOf({70, 20});  // p2's, of g1 and g2
};

TEST_F(AccruedStoreTest, WhoEntersWaitsForWhatIsBeingIssued) {
  absl::Notification held, entering, go;
  std::atomic<bool> issued = false;
  std::thread issuer([&] {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(accrued_.Hold(sql, {&statement_, 1}));
      Once(held);
      go.WaitForNotification();
      issued = true;
      return absl::OkStatus();
    });
  });
  held.WaitForNotification();
  InTransaction(*database_, [&](mysql::Transaction& sql) { return accrued_.Lock(sql, "g3"); });  // which it is not of
  std::thread enterer([&] {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      Once(entering);
      RETURN_IF_ERROR(accrued_.Lock(sql, "g2"));
      EXPECT_TRUE(issued);
      return absl::OkStatus();
    });
  });
  entering.WaitForNotification();
  absl::SleepFor(absl::Milliseconds(50));  // time enough to go past who does not wait
  go.Notify();
  issuer.join();
  enterer.join();
  // Many may issue at a time.
  InTransaction(*database_, [&](mysql::Transaction& outer) -> absl::Status {
    RETURN_IF_ERROR(accrued_.Hold(outer, {&statement_, 1}));
    InTransaction(*database_, [&](mysql::Transaction& inner) { return accrued_.Hold(inner, {&statement_, 1}); });
    return absl::OkStatus();
  });
}

TEST_F(AccruedStoreTest, WhoIssuesTakesWhatIsBeingEntered) {
  absl::Notification locked, issuing;
  std::thread enterer([&] {
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(accrued_.Lock(sql, "g1"));
      Once(locked);
      issuing.WaitForNotification();
      return accrued_.Enter(
          sql, {{.partner = "p2", .program = "g1", .period = "2026Q1", .currency = "CNY", .before = 0, .after = 70}},
          absl::UnixEpoch());
    });
  });
  locked.WaitForNotification();
  Standing released;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    Once(issuing);
    RETURN_IF_ERROR(accrued_.Hold(sql, {&statement_, 1}));
    ASSIGN_OR_RETURN(const std::vector<LedgerEntry> entries, accrued_.Release(sql, statement_));
    released = SumOf(entries);
    return absl::OkStatus();
  });
  enterer.join();
  EXPECT_EQ(released[LedgerAccount::kAccrued], -70);
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const AccruedAmounts entered, accrued_.EnteredForUpdate(sql, "g1"));
    EXPECT_TRUE(entered.empty());
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
