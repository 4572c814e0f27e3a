#include "conflict-service/deals/deal_notice_store.h"

#include <functional>
#include <memory>

#include "common/status/status_matchers.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DealNoticeStoreTest : public ::testing::Test {
 protected:
  void In(const std::function<absl::Status(mysql::Transaction&)>& body) {
    ASSERT_THAT(database_->Transact({}, body), IsOk());
  }
  Deal Approved(const char* id, const char* over_on, Deal::State state = Deal::State::kApproved) {
    Deal deal;
    deal.partner = "partners/p-1";
    deal.name = deal.partner + "/deals/" + id;
    deal.uid = Uuid::New(kNow);
    deal.create_time = deal.update_time = kNow;
    deal.customer_name = "Contoso";
    deal.scope.regions = {"regions/a"};
    deal.scope.time = {*Date::Parse("2026-07-08"), *Date::Parse(over_on)};
    deal.state = state;
    In([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(deals_.Create(sql, deal));
      return deals_.Update(sql, deal);
    });
    return deal;
  }
  std::vector<std::string> Due(const char* today, int limit = 100) {
    std::vector<std::string> due;
    In([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(due, notices_.Due(sql, limits_, *Date::Parse(today), limit));
      return absl::OkStatus();
    });
    return due;
  }
  bool Give(const Deal& deal, int days) {
    bool first = false;
    In([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(first, notices_.Add(sql, deal, days, kNow));
      return absl::OkStatus();
    });
    return first;
  }

  const absl::Time kNow = absl::FromUnixSeconds(1790000000);
  const DealLimits limits_{.expiry_notice_days = {14, 3}};
  const DealNoticeStore notices_{};
  const DealStore deals_{};
  std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::conflict()});
};

TEST_F(DealNoticeStoreTest, EachNoticeOfAnEndOnce) {
  Deal deal = Approved("a", "2026-10-06");
  Approved("won", "2026-10-06", Deal::State::kWon);
  Approved("waits", "2026-10-06", Deal::State::kUnderReview);
  EXPECT_THAT(Due("2026-09-21"), IsEmpty());
  EXPECT_THAT(Due("2026-09-22"), ElementsAre(deal.name));
  EXPECT_TRUE(Give(deal, 14));
  EXPECT_FALSE(Give(deal, 14));
  EXPECT_THAT(Due("2026-09-22"), IsEmpty());
  EXPECT_THAT(Due("2026-10-02"), IsEmpty());
  EXPECT_THAT(Due("2026-10-03"), ElementsAre(deal.name));
  EXPECT_TRUE(Give(deal, 3));
  EXPECT_THAT(Due("2026-10-05"), IsEmpty());
  EXPECT_THAT(Due("2026-09-25"), IsEmpty());  // nor goes the clock back behind it
  EXPECT_THAT(Due("2026-10-06"), IsEmpty());

  // Renewed, it has another end.
  deal.scope.time.end = *Date::Parse("2026-10-20");
  In([&](mysql::Transaction& sql) { return deals_.Update(sql, deal); });
  EXPECT_THAT(Due("2026-10-05"), IsEmpty());
  EXPECT_THAT(Due("2026-10-06"), ElementsAre(deal.name));
  EXPECT_TRUE(Give(deal, 14));
  EXPECT_THAT(Due("2026-10-06"), IsEmpty());
}

TEST_F(DealNoticeStoreTest, ThoseOfAllDays) {
  const Deal soon = Approved("soon", "2026-10-02"), later = Approved("later", "2026-10-10");
  Approved("over", "2026-10-01");
  EXPECT_THAT(Due("2026-10-01"), ElementsAre(later.name, soon.name));
  EXPECT_THAT(Due("2026-10-01", 1), SizeIs(2));  // one of each day
  EXPECT_TRUE(Give(soon, 3));
  EXPECT_THAT(Due("2026-10-01"), ElementsAre(later.name));
}

}  // namespace
}  // namespace tributary::conflict
