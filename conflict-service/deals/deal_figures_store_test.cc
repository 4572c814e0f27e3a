#include "conflict-service/deals/deal_figures_store.h"

#include <functional>
#include <memory>
#include <vector>

#include "common/status/status_matchers.h"
#include "conflict-service/deals/deal_limits_store.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

class DealFiguresStoreTest : public ::testing::Test {
 protected:
  void In(const std::function<absl::Status(mysql::Transaction&)>& body) {
    ASSERT_THAT(database_->Transact({}, body), IsOk());
  }

  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::conflict()});
  const DealFiguresStore store_{};
};

TEST_F(DealFiguresStoreTest, CountsOfAPartnerFromADayOn) {
  const Date day = *Date::Parse("2026-07-01");
  In([&](mysql::Transaction& sql) -> absl::Status {
    for (int i = 0; i < 3; ++i) RETURN_IF_ERROR(store_.Count(sql, "partners/p-1", day, DealStep::kRegistered));
    RETURN_IF_ERROR(store_.Count(sql, "partners/p-1", day.AddDays(1), DealStep::kRegistered));
    RETURN_IF_ERROR(store_.Count(sql, "partners/p-1", day.AddDays(1), DealStep::kExpired));
    return store_.Count(sql, "partners/p-10", day, DealStep::kWon);
  });
  const auto deal = [](const char* id, Deal::State state) {
    Deal deal;
    deal.partner = "partners/p-1";
    deal.name = deal.partner + "/deals/" + id;
    deal.uid = Uuid::New(absl::FromUnixSeconds(1790000000));
    deal.create_time = deal.update_time = absl::FromUnixSeconds(1790000000);
    deal.customer_name = "Contoso";
    deal.scope.regions = {"regions/a"};
    deal.scope.time = {*Date::Parse("2026-07-08"), *Date::Parse("2026-10-06")};
    deal.state = state;
    return deal;
  };
  const DealStore deals{};
  In([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(deals.Create(sql, deal("draft", Deal::State::kDraft)));
    RETURN_IF_ERROR(deals.Create(sql, deal("submitted", Deal::State::kSubmitted)));
    RETURN_IF_ERROR(deals.Create(sql, deal("part", Deal::State::kPartApproved)));
    return deals.Create(sql, deal("won", Deal::State::kWon));
  });
  In([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const DealFigures all, store_.Of(sql, "partners/p-1", day));
    EXPECT_EQ(all, (DealFigures{.registered = 4, .expired = 1, .open = 2}));
    ASSIGN_OR_RETURN(const DealFigures later, store_.Of(sql, "partners/p-1", day.AddDays(1)));
    EXPECT_EQ(later, (DealFigures{.registered = 1, .expired = 1, .open = 2}));
    ASSIGN_OR_RETURN(const DealFigures nobody, store_.Of(sql, "partners/p-2", day));
    EXPECT_EQ(nobody, DealFigures());
    ASSIGN_OR_RETURN(const auto partners, store_.All(sql, day));
    EXPECT_EQ(partners.size(), 2u);
    EXPECT_EQ(partners.at("partners/p-1"), (DealFigures{.registered = 4, .expired = 1}));
    EXPECT_EQ(partners.at("partners/p-10"), (DealFigures{.won = 1}));
    ASSIGN_OR_RETURN(const auto states, store_.CountByState(sql));
    EXPECT_EQ(states.size(), 4u);
    EXPECT_EQ(states.at(Deal::State::kWon), 1);
    return absl::OkStatus();
  });
}

TEST_F(DealFiguresStoreTest, TrialsAreCountedByPartnerAndDay) {
  const Date day = *Date::Parse("2026-07-01");
  In([&](mysql::Transaction& sql) -> absl::Status {
    for (int64_t times = 1; times <= 3; ++times) {
      ASSIGN_OR_RETURN(const int64_t counted, store_.CountTrial(sql, "partners/p-1", day));
      EXPECT_EQ(counted, times);
    }
    ASSIGN_OR_RETURN(const int64_t other, store_.CountTrial(sql, "partners/p-2", day));
    EXPECT_EQ(other, 1);
    ASSIGN_OR_RETURN(const int64_t next, store_.CountTrial(sql, "partners/p-1", day.AddDays(1)));
    EXPECT_EQ(next, 1);
    return absl::OkStatus();
  });
}

TEST_F(DealFiguresStoreTest, TheLatestLimitsHold) {
  const DealLimitsStore limits(DealLimits{.submissions_per_deal = 7});
  In([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const DealLimits built_in, limits.Current(sql));
    EXPECT_EQ(built_in.version, 0);
    EXPECT_EQ(built_in.submissions_per_deal, 7);
    DealLimits next{.submissions_per_deal = 1,
                    .submissions_per_day = 2,
                    .trials_per_day = 3,
                    .version = 1,
                    .update_time = absl::FromUnixSeconds(1790000000),
                    .window_days = 4,
                    .open_limit = 6,
                    .lower_open_limit = 5,
                    .most_registrations_per_win = 8,
                    .least_ended = 9};
    RETURN_IF_ERROR(limits.Add(sql, next));
    next.version = 2;
    next.most_expiry_rate = *Decimal::Parse("0.25");
    next.expiry_notice_days = {60, 30, 7};
    RETURN_IF_ERROR(limits.Add(sql, next));
    ASSIGN_OR_RETURN(const std::vector<DealLimits> all, limits.Versions(sql, 100, 10));
    EXPECT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0].version, 2);
    EXPECT_EQ(all[0].most_expiry_rate, next.most_expiry_rate);
    EXPECT_EQ(all[0].expiry_notice_days, next.expiry_notice_days);
    EXPECT_EQ(all[1].expiry_notice_days, built_in.expiry_notice_days);
    EXPECT_EQ(all[0].update_time, next.update_time);
    EXPECT_EQ(all[1].most_expiry_rate, std::nullopt);
    EXPECT_EQ(all[1].submissions_per_deal, 1);
    EXPECT_EQ(all[1].submissions_per_day, 2);
    EXPECT_EQ(all[1].trials_per_day, 3);
    EXPECT_EQ(all[1].window_days, 4);
    EXPECT_EQ(all[1].open_limit, 6);
    EXPECT_EQ(all[1].lower_open_limit, 5);
    EXPECT_EQ(all[1].most_registrations_per_win, 8);
    EXPECT_EQ(all[1].least_ended, 9);
    EXPECT_EQ(all[2].version, 0);
    ASSIGN_OR_RETURN(const DealLimits current, limits.Current(sql));
    EXPECT_EQ(current.version, 2);
    ASSIGN_OR_RETURN(const std::vector<DealLimits> older, limits.Versions(sql, 2, 1));
    EXPECT_EQ(older.size(), 1u);
    EXPECT_EQ(older[0].version, 1);
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::conflict
