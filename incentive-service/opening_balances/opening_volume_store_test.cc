#include "incentive-service/opening_balances/opening_volume_store.h"

#include <memory>

#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/opening_balances/opening_balance_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class OpeningVolumeStoreTest : public ::testing::Test {
 protected:
  static OpeningBalance Told(const std::string& partner, const std::string& id) {
    OpeningBalance balance{.partner = partner,
                           .id = id,
                           .uid = Uuid::New(InstantFrom("2026-05-21")),
                           .create_time = InstantFrom("2026-05-21"),
                           .date = DayFrom("2026-05-20"),
                           .currency = "USD",
                           .document = "GL-1"};
    balance.volumes = {{"g", "2026", DecimalFrom("15000.000001"), DecimalFrom("300"), 15000},
                       {"h", "2026Q2", {}, DecimalFrom("7.5"), 0}};
    balance.update_time = balance.create_time;
    balance.state = OpeningBalanceState::kRequested;
    balance.requester = "clerk";
    return balance;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  OpeningBalanceStore balances_;
  OpeningVolumeStore volumes_;
};

TEST_F(OpeningVolumeStoreTest, BalancesAreKeptWithVolumesAndWhatWasDecided) {
  OpeningBalance told = Told("p1", "live");
  InTransaction(*database_, [&](mysql::Transaction& sql) { return balances_.Insert(sql, told); });
  told.state = OpeningBalanceState::kRejected;
  told.decider = "treasurer";
  told.decision_note = "无凭证";
  told.version = 2;
  InTransaction(*database_, [&](mysql::Transaction& sql) { return balances_.Update(sql, told); });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const OpeningBalance read, balances_.GetForUpdate(sql, "p1", "live"));
    EXPECT_EQ(read.volumes, told.volumes);
    EXPECT_EQ(read.state, told.state);
    EXPECT_EQ(read.requester, "clerk");
    EXPECT_EQ(read.decider, "treasurer");
    EXPECT_EQ(read.decision_note, "无凭证");
    EXPECT_EQ(read.version, 2);
    EXPECT_THAT(balances_.GetForUpdate(sql, "p1", "none"), HasReason(Reason::kNotFound));
    ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter("state = REQUESTED", OpeningBalanceStore::FilterFields()));
    ASSIGN_OR_RETURN(const std::vector<OpeningBalance> listed, balances_.List(sql, "p1", "", "", where, 10));
    EXPECT_THAT(listed, SizeIs(0));
    return absl::OkStatus();
  });
}

TEST_F(OpeningVolumeStoreTest, APeriodHasOneThatCountsFromWhenItIsInForce) {
  const OpeningBalance told = Told("p1", "live");
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(volumes_.Claim(sql, told));
    RETURN_IF_ERROR(volumes_.Claim(sql, Told("p2", "live")));
    const absl::Status twice = volumes_.Claim(sql, Told("p1", "again"));
    EXPECT_THAT(twice, HasReason(Reason::kAlreadyOpened));
    EXPECT_THAT(std::string(twice.message()), ::testing::HasSubstr("partners/p1/openingBalances/live"));
    ASSIGN_OR_RETURN(const auto nothing, volumes_.Into(sql, "g", "2026", "p1"));
    EXPECT_THAT(nothing, SizeIs(0));
    RETURN_IF_ERROR(volumes_.PutInForce(sql, told));
    RETURN_IF_ERROR(volumes_.GiveUp(sql, told));  // what is in force stays
    ASSIGN_OR_RETURN(const auto in_force, volumes_.Into(sql, "g", "2026", std::nullopt));
    const OpeningVolume volume{"openingBalances/live", "GL-1", DecimalFrom("15000.000001"), DecimalFrom("300"), 15000};
    EXPECT_THAT(in_force, UnorderedElementsAre(Pair("p1", volume)));
    ASSIGN_OR_RETURN(const OpeningVolumes all, volumes_.All(sql, "g"));
    EXPECT_EQ(all, (OpeningVolumes{{"2026", {{"p1", volume}}}})) << "p2's is not in force";
    ASSIGN_OR_RETURN(const OpeningVolumes of_none, volumes_.All(sql, "none"));
    EXPECT_EQ(of_none, OpeningVolumes());
    ASSIGN_OR_RETURN(const auto before, volumes_.Into(sql, "g", "2026", "p1", DayFrom("2026-05-20")));
    EXPECT_THAT(before, SizeIs(0));
    ASSIGN_OR_RETURN(const auto with, volumes_.Into(sql, "g", "2026", "p1", DayFrom("2026-05-21")));
    EXPECT_THAT(with, SizeIs(1));
    // Asked for, it holds its place too, until it is given up.
    EXPECT_THAT(volumes_.Claim(sql, Told("p2", "again")), HasReason(Reason::kAlreadyOpened));
    RETURN_IF_ERROR(volumes_.GiveUp(sql, Told("p2", "live")));
    RETURN_IF_ERROR(volumes_.Claim(sql, Told("p2", "again")));
    ASSIGN_OR_RETURN(const std::string since, volumes_.NamedSince(sql, "h", DayFrom("2026-05-20")));
    EXPECT_EQ(since, "partners/p1/openingBalances/live");
    ASSIGN_OR_RETURN(const std::string after, volumes_.NamedSince(sql, "h", DayFrom("2026-05-21")));
    EXPECT_EQ(after, "");
    return absl::OkStatus();
  });
}

TEST_F(OpeningVolumeStoreTest, AnAccrualIsThereWithoutALine) {
  AccrualStore accruals;
  const AccrualKey key{"p1", "g", "2026Q2"};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(accruals.Get(sql, key), HasReason(Reason::kNotFound));
    RETURN_IF_ERROR(accruals.Open(sql, key, DayFrom("2026-04-01"), InstantFrom("2026-05-21")));
    ASSIGN_OR_RETURN(const Accrual opened, accruals.Get(sql, key));
    EXPECT_TRUE(opened.opened);
    EXPECT_EQ(opened.sums, AccrualSums());
    AccrualMove move{.key = key, .period_start = DayFrom("2026-04-01"), .at = InstantFrom("2026-05-22")};
    move.sums.amount = DecimalFrom("5");
    move.sums.lines = 1;
    RETURN_IF_ERROR(accruals.Apply(sql, {move}));
    RETURN_IF_ERROR(accruals.Open(sql, key, DayFrom("2026-04-01"), InstantFrom("2026-05-21")));
    ASSIGN_OR_RETURN(const Accrual moved, accruals.Get(sql, key));
    EXPECT_TRUE(moved.opened);
    EXPECT_EQ(moved.sums.lines, 1);
    EXPECT_EQ(moved.update_time, InstantFrom("2026-05-22"));
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
