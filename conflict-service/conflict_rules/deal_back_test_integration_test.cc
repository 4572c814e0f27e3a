// Back-tests of the rule that looks at registrations: what became of them since makes no difference to whether they
// were one deal twice.

#include "conflict-service/deals/testing_deals.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/conflict_rule.pb.h"

namespace tributary::conflict {
namespace {

constexpr char kOfFirst[] = "partners/p-1/deals/d-1";
constexpr char kOfSecond[] = "partners/p-2/deals/d-2";
constexpr char kCases[] = "tributary.conflict.v1.CaseService/";

class DealBackTest : public DealsTest {
 protected:
  // "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed", as conflict_rules/back_test.h counts.
  std::string Figures(const char* from, const char* to) {
    v1::BackTestConflictRuleRequest request;
    request.set_name("conflictRules/duplicate-deal");
    *request.mutable_from_date() = wire::ToProto(*Date::Parse(from));
    *request.mutable_to_date() = wire::ToProto(*Date::Parse(to));
    const auto reply = Call<v1::BackTestConflictRuleResponse>(
        "tributary.conflict.v1.ConflictRuleService/BackTestConflictRule", request, Manager());
    EXPECT_OK(reply);
    return StrCat(reply->flagged_count(), " found, ", reply->added_count(), " new, ", reply->dropped_count(), " gone; ",
                  reply->confirmed_count(), " + ", reply->unfounded_count(), " closed, ", reply->missed_count(), " + ",
                  reply->spared_count(), " missed");
  }
  void CloseTheCase() {
    v1::ListCasesRequest list;
    list.set_filter("kind = DUPLICATE_DEAL");
    const auto cases = Call<v1::ListCasesResponse>(StrCat(kCases, "ListCases"), list, Manager());
    ASSERT_OK(cases);
    ASSERT_EQ(cases->cases_size(), 1);
    const std::string& name = cases->cases(0).name();
    ASSERT_OK((Do<v1::TriageCaseRequest, v1::Case>(StrCat(kCases, "TriageCase"), name, Manager())));
    v1::ResolveCaseRequest resolve;
    resolve.set_name(name);
    resolve.set_outcome(v1::Case::CONFIRMED);
    resolve.set_resolution("One deal, handed in by two.");
    ASSERT_OK(Call<v1::Case>(StrCat(kCases, "ResolveCase"), resolve, Manager()));
    ASSERT_OK((Do<v1::CloseCaseRequest, v1::Case>(StrCat(kCases, "CloseCase"), name, Manager())));
  }
};

TEST_F(DealBackTest, WhatWasDecidedOrLostSinceStillCounts) {
  world_.SetDay("2026-07-01");
  ASSERT_OK(Register(Second()));
  ASSERT_OK(Register(First()));
  // They share productLines/pl-b in regions/cn-50 from 2026-08-01 until before 2026-10-06.
  EXPECT_EQ(Figures("2026-07-01", "2027-01-01"), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  EXPECT_EQ(Figures("2026-10-05", "2026-10-06"), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  EXPECT_EQ(Figures("2026-10-06", "2027-01-01"), "0 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  ASSERT_NO_FATAL_FAILURE(CloseTheCase());

  world_.SetDay("2026-07-02");
  ASSERT_OK(Approve(kOfSecond));
  ASSERT_OK(Approve(kOfFirst));
  EXPECT_EQ(Figures("2026-07-01", "2027-01-01"), "1 found, 1 new, 0 gone; 1 + 0 closed, 0 + 0 missed") << "withdrawn";
  world_.SetDay("2026-07-03");
  for (const auto& [deal, partner] : {std::pair(kOfFirst, "p-1"), std::pair(kOfSecond, "p-2")}) {
    ASSERT_OK(Do<v1::LoseDealRegistrationRequest>(StrCat(kDeals, "LoseDealRegistration"), deal, User(partner)));
  }
  EXPECT_EQ(Figures("2026-07-01", "2027-01-01"), "1 found, 1 new, 0 gone; 1 + 0 closed, 0 + 0 missed");

  // Whoever comes after both have ended meets nobody.
  world_.SetDay("2026-07-04");
  ASSERT_OK(Register(Draft("p-3", "d-3", "台泥", {"pl-b"}, {"cn-50"}, "2026-08-01", "2026-10-01")));
  EXPECT_EQ(Figures("2026-07-01", "2027-01-01"), "1 found, 1 new, 0 gone; 1 + 0 closed, 0 + 0 missed");
  // And who comes while it waits meets it.
  ASSERT_OK(Register(Draft("p-4", "d-4", "臺灣水泥股份有限公司", {"pl-b"}, {"cn-50"}, "2026-08-01", "2026-10-01")));
  EXPECT_EQ(Figures("2026-07-01", "2027-01-01"), "2 found, 1 new, 0 gone; 1 + 0 closed, 0 + 0 missed");
}

}  // namespace
}  // namespace tributary::conflict
