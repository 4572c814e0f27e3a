// That partners are told ahead that the protection of their registrations ends.

#include <map>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "conflict-service/deals/testing_deals.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kProtected[] = "partners/p-1/deals/d";

class DealNoticesTest : public DealsTest {
 protected:
  // Of a customer and region of its own, approved; over on that day.
  void Protect(const std::string& partner, const std::string& customer, const char* to) {
    ASSERT_THAT(Register(Draft(partner, "d", customer, {"a"}, {"cn-50"}, "2026-07-01", to)), IsOk());
    ASSERT_THAT(Approve(StrCat("partners/", partner, "/deals/d")), IsOk());
  }
  // The ends that were told of, in order.
  std::vector<std::string> Notices(const std::string& deal) {
    std::vector<std::string> ends;
    EXPECT_THAT(world_.database->Transact({},
                                          [&](mysql::Transaction& sql) -> absl::Status {
                                            ends.clear();
                                            ASSIGN_OR_RETURN(const mysql::Rows rows,
                                                             sql.Query("SELECT payload FROM event WHERE name = ? AND "
                                                                       "verb = 'expiring' ORDER BY seq",
                                                                       {deal}));
                                            for (const mysql::Row& row : rows) {
                                              v1::DealRegistration told;
                                              EXPECT_TRUE(told.ParseFromString(row.Text(0)));
                                              ends.push_back(wire::FromProto(told.effective_to())->ToString());
                                            }
                                            return absl::OkStatus();
                                          }),
                IsOk());
    return ends;
  }
  bool Comes(const std::string& deal, size_t count) {
    for (const absl::Time deadline = absl::Now() + absl::Seconds(60); absl::Now() < deadline;) {
      if (Notices(deal).size() >= count) return true;
      absl::SleepFor(absl::Milliseconds(20));
    }
    return false;
  }
  // All that is due by now has been told: what another partner is to be told after it was.
  void AllIsTold(const std::string& witness, const char* over_on) {
    static const std::map<std::string, std::string> customers = {
        {"p-2", "Halberd Mining"}, {"p-3", "Tessellate Foods"}, {"p-4", "Northwind Kilns"}};
    Protect(witness, customers.at(witness), over_on);
    ASSERT_TRUE(Comes(StrCat("partners/", witness, "/deals/d"), 1));
  }
};

TEST_F(DealNoticesTest, OnceForEachDayAndEnd) {
  // Two processes look at the same.
  DealsProcess other(world_, "replica-2", kManySubmissions);
  Protect("p-1", "Quayside Optics", "2026-08-01");
  world_.SetDay("2026-07-17");
  AllIsTold("p-2", "2026-07-18");
  EXPECT_THAT(Notices(kProtected), IsEmpty());
  world_.SetDay("2026-07-18");  // 14 days before
  EXPECT_TRUE(Comes(kProtected, 1));
  world_.SetDay("2026-07-28");
  AllIsTold("p-3", "2026-07-29");
  EXPECT_THAT(Notices(kProtected), ElementsAre("2026-08-01"));
  world_.SetDay("2026-07-29");  // 3 days before
  EXPECT_TRUE(Comes(kProtected, 2));
  world_.SetDay("2026-07-31");
  AllIsTold("p-4", "2026-08-01");
  EXPECT_THAT(Notices(kProtected), ElementsAre("2026-08-01", "2026-08-01"));
}

TEST_F(DealNoticesTest, WhoRenewsInTimeIsToldNothing) {
  Protect("p-1", "Quayside Optics", "2026-08-01");
  world_.SetDay("2026-07-16");
  ASSERT_THAT(Renew(kProtected, "2026-08-11"), IsOk());
  world_.SetDay("2026-07-27");
  AllIsTold("p-2", "2026-07-28");
  EXPECT_THAT(Notices(kProtected), IsEmpty());
  world_.SetDay("2026-07-28");  // 14 days before the new end
  EXPECT_TRUE(Comes(kProtected, 1));
  // Between two notices, too.
  ASSERT_THAT(Renew(kProtected, "2026-12-01"), IsOk());
  world_.SetDay("2026-08-10");
  AllIsTold("p-3", "2026-08-11");
  EXPECT_THAT(Notices(kProtected), ElementsAre("2026-08-11"));
}

TEST_F(DealNoticesTest, TheDaysAreThePolicys) {
  v1::UpdateDealLimitsRequest request;
  request.mutable_deal_limits()->set_name("dealLimits/default");
  for (const int days : {5, 20}) request.mutable_deal_limits()->add_expiry_notice_days(days);
  const std::string method = StrCat(kLimits, "UpdateDealLimits");
  EXPECT_THAT(Call<v1::DealLimits>(method, request, Manager()), Blames("deal_limits.expiry_notice_days[1]"));
  request.mutable_deal_limits()->clear_expiry_notice_days();
  for (const int days : {20, 5}) request.mutable_deal_limits()->add_expiry_notice_days(days);
  const auto limits = Call<v1::DealLimits>(method, request, Manager());
  ASSERT_THAT(limits, IsOk());
  EXPECT_THAT(limits->expiry_notice_days(), ElementsAre(20, 5));

  Protect("p-1", "Quayside Optics", "2026-08-01");
  world_.SetDay("2026-07-12");  // 20 days before
  EXPECT_TRUE(Comes(kProtected, 1));
  // None at all.
  request.mutable_deal_limits()->clear_expiry_notice_days();
  request.mutable_update_mask()->add_paths("expiry_notice_days");
  ASSERT_THAT(Call<v1::DealLimits>(method, request, Manager()), IsOk());
  EXPECT_THAT(
      (Do<v1::GetDealLimitsRequest, v1::DealLimits>(StrCat(kLimits, "GetDealLimits"), "dealLimits/default", Manager())
           ->expiry_notice_days()),
      IsEmpty());
}

TEST_F(DealNoticesTest, OneThatIsWonIsOver) {
  Protect("p-1", "Quayside Optics", "2026-08-01");
  ASSERT_THAT(Do<v1::WinDealRegistrationRequest>(StrCat(kDeals, "WinDealRegistration"), kProtected, User("p-1")),
              IsOk());
  world_.SetDay("2026-07-20");
  AllIsTold("p-2", "2026-08-02");
  EXPECT_THAT(Notices(kProtected), IsEmpty());
}

}  // namespace
}  // namespace tributary::conflict
