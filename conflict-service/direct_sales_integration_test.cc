// The vendor's own sales against what it has promised to partners (S5), through the wire: findings, cases, and what the
// partner is shown.

#include "conflict-service/deals/testing_deals.h"
#include "conflict-service/detection/detector.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/conflict_rule.pb.h"
#include "tributary/conflict/v1/partner_case.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr char kOfFirst[] = "partners/p-1/deals/d-1";
constexpr char kOfSecond[] = "partners/p-2/deals/d-2";

class DirectSalesTest : public DealsTest {
 protected:
  void Sell(const std::string& id, const std::string& line, const std::string& region,
            const std::string& reverses = "") {
    const Sale sale{.name = "directSales/" + id,
                    .date = *Date::Parse("2026-08-25"),
                    .region = "regions/" + region,
                    .product_line = "productLines/" + line,
                    .customer = "臺灣水泥股份有限公司",
                    .reverses = reverses.empty() ? "" : "directSales/" + reverses};
    const DealStore deals;
    const GrantStore grants;
    const RegionStore regions;
    const SaleStore sales;
    const FindingStore findings;
    CustomerIndex customers;
    const Detector detector(deals, grants, regions, sales, findings, customers);
    ASSERT_OK(world_.database->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(detector.Apply(sql, {.direct_sales = {sale}}, world_.clock.Now(), outbox));
      return outbox.Write(sql);
    }));
  }
  std::vector<v1::Finding> Findings() {
    v1::ListFindingsRequest request;
    request.set_filter("kind = DIRECT_VS_PARTNER");
    const auto reply =
        Call<v1::ListFindingsResponse>("tributary.conflict.v1.FindingService/ListFindings", request, Manager());
    EXPECT_OK(reply);
    return {reply->findings().begin(), reply->findings().end()};
  }
  // "2 found, 0 new, 0 gone", on these days.
  std::string Tested(const char* from, const char* to) {
    v1::BackTestConflictRuleRequest request;
    request.set_name("conflictRules/direct-vs-partner");
    *request.mutable_from_date() = wire::ToProto(*Date::Parse(from));
    *request.mutable_to_date() = wire::ToProto(*Date::Parse(to));
    const auto reply = Call<v1::BackTestConflictRuleResponse>(
        "tributary.conflict.v1.ConflictRuleService/BackTestConflictRule", request, Manager());
    EXPECT_OK(reply);
    return StrCat(reply->flagged_count(), " found, ", reply->added_count(), " new, ", reply->dropped_count(), " gone");
  }
  std::vector<std::vector<std::string>> Pairs() {
    std::vector<std::vector<std::string>> pairs;
    for (const v1::Finding& finding : Findings()) {
      pairs.emplace_back(finding.subjects().begin(), finding.subjects().end());
    }
    return pairs;
  }
};

TEST_F(DirectSalesTest, EachCellIsItsPartners) {
  // The second is decided first and takes all; the first is left with the rest.
  ASSERT_OK(Register(Second()));
  ASSERT_OK(Approve(kOfSecond));
  ASSERT_OK(Register(First()));
  ASSERT_OK(Approve(kOfFirst));

  Sell("W-1.1", "pl-b", "cn-50");
  Sell("W-2.1", "pl-a", "cn-50");
  Sell("W-3.1", "pl-c", "cn-51");
  EXPECT_THAT(Pairs(), UnorderedElementsAre(ElementsAre("directSales/W-1.1", kOfSecond),
                                            ElementsAre("directSales/W-2.1", kOfFirst)));

  v1::ListCasesRequest list;
  list.set_filter("kind = DIRECT_VS_PARTNER AND cause = ROLE");
  const auto cases = Call<v1::ListCasesResponse>("tributary.conflict.v1.CaseService/ListCases", list, Manager());
  ASSERT_OK(cases);
  ASSERT_EQ(cases->cases_size(), 2);
  for (const v1::Case& one : cases->cases()) {
    const auto triaged =
        Do<v1::TriageCaseRequest, v1::Case>("tributary.conflict.v1.CaseService/TriageCase", one.name(), Manager());
    ASSERT_OK(triaged);
    EXPECT_EQ(triaged->parties_size(), 1);
    EXPECT_EQ(triaged->occur_date().day(), 25);
  }
  const auto mine = Do<v1::GetPartnerCaseRequest, v1::PartnerCase>(
      "tributary.conflict.v1.PartnerCaseService/GetPartnerCase", "partners/p-2/cases/1", User("p-2"));
  ASSERT_OK(mine);
  EXPECT_THAT(mine->subjects(), ElementsAre(kOfSecond));
  EXPECT_THAT(mine->DebugString(), AllOf(Not(HasSubstr("W-1")), Not(HasSubstr("p-1"))));

  for (const v1::Finding& finding : Findings()) {
    EXPECT_THAT(finding.intersection().regions(), ElementsAre("regions/cn-50"));
    EXPECT_THAT(finding.intersection().routes(), ElementsAre("RESELL"));
    EXPECT_EQ(finding.intersection().effective_to().day(), 26);
  }
  EXPECT_EQ(Tested("2026-08-25", "2026-08-26"), "2 found, 0 new, 0 gone");
  EXPECT_EQ(Tested("2026-08-26", "2027-08-26"), "0 found, 0 new, 0 gone");
  // Taken back, it was never sold.
  Sell("W-1.1.r1", "pl-b", "cn-50", "W-1.1");
  EXPECT_EQ(Tested("2026-08-25", "2026-08-26"), "1 found, 0 new, 0 gone");
  EXPECT_THAT(Pairs(), ElementsAre(ElementsAre("directSales/W-2.1", kOfFirst)));
}

TEST_F(DirectSalesTest, WhatIsToldBeforeTheRegistrationIsFoundWithIt) {
  Sell("W-1.1", "pl-b", "cn-50");
  EXPECT_THAT(Pairs(), ::testing::IsEmpty());
  ASSERT_OK(Register(Second()));
  EXPECT_THAT(Pairs(), ::testing::IsEmpty()) << "asked for is not promised";
  ASSERT_OK(Approve(kOfSecond));
  EXPECT_THAT(Pairs(), ElementsAre(ElementsAre("directSales/W-1.1", kOfSecond)));
  ASSERT_OK(Do<v1::LoseDealRegistrationRequest>(StrCat(kDeals, "LoseDealRegistration"), kOfSecond, User("p-2")));
  EXPECT_THAT(Pairs(), ::testing::IsEmpty());
}

}  // namespace
}  // namespace tributary::conflict
