// A partner's sale in what another partner's registration was granted (S5), through the wire of both services:
// finding, case, what each party is shown, and the rule's back-test.

#include "conflict-service/testing_wandering_goods.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/partner_case.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kDeal[] = "partners/bolt/deals/d-1";
constexpr char kSale[] = "partners/acme/sales/I-7.1";

class ProtectedDealServiceTest : public WanderingGoodsTest {
 protected:
  // Bolt's, of CN-51, where acme is at home.
  static void Register(TwoServices& both) {
    v1::CreateDealRegistrationRequest create;
    create.set_parent("partners/bolt");
    create.set_deal_id("d-1");
    v1::DealRegistration& deal = *create.mutable_deal_registration();
    deal.set_customer_name("台泥");
    deal.add_regions("regions/cn-51");
    *deal.mutable_effective_from() = Day("2026-06-01");
    *deal.mutable_effective_to() = Day("2026-09-01");
    ASSERT_OK(both.Call<v1::DealRegistration>("DealRegistrationService/CreateDealRegistration", create,
                                              api::v1::PARTNER_USER, "bolt"));
    ASSERT_OK(Do<v1::SubmitDealRegistrationRequest>(both, "SubmitDealRegistration", api::v1::PARTNER_USER));
    ASSERT_OK(Do<v1::ApproveDealRegistrationRequest>(both, "ApproveDealRegistration", api::v1::CHANNEL_MANAGER));
  }
  template <typename Request>
  static absl::StatusOr<v1::DealRegistration> Do(TwoServices& both, const std::string& verb, api::v1::Role role) {
    Request request;
    request.set_name(kDeal);
    return both.Call<v1::DealRegistration>(StrCat("DealRegistrationService/", verb), request, role,
                                           role == api::v1::PARTNER_USER ? "bolt" : "");
  }
  static void SellTo(TwoServices& both, const char* customer) {
    inventory::v1::CreateSellThroughSaleRequest request;
    request.set_parent("partners/acme");
    inventory::v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document("I-7");
    sale.set_line(1);
    *sale.mutable_sale_date() = Day("2026-06-12");
    sale.set_product("products/bike");
    sale.set_lot("L9");
    sale.mutable_quantity()->set_value("40");
    sale.set_region("regions/cn-51");
    sale.set_end_customer(customer);
    ASSERT_OK(
        both.Stock().Call<inventory::v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request));
  }
  static absl::StatusOr<v1::PartnerCase> Shown(TwoServices& both, const std::string& partner) {
    v1::GetPartnerCaseRequest get;
    get.set_name(StrCat("partners/", partner, "/cases/1"));
    return both.Call<v1::PartnerCase>("PartnerCaseService/GetPartnerCase", get, api::v1::PARTNER_USER, partner);
  }
  // "1 found, 0 new, 0 gone".
  static std::string Tested(TwoServices& both, const char* from, const char* to) {
    v1::BackTestConflictRuleRequest request;
    request.set_name("conflictRules/protected-deal");
    *request.mutable_from_date() = Day(from);
    *request.mutable_to_date() = Day(to);
    const auto reply = both.Call<v1::BackTestConflictRuleResponse>("ConflictRuleService/BackTestConflictRule", request);
    EXPECT_OK(reply);
    return StrCat(reply->flagged_count(), " found, ", reply->added_count(), " new, ", reply->dropped_count(), " gone");
  }
};

TEST_F(ProtectedDealServiceTest, EachPartySeesItsOwnPartOfABreach) {
  const auto both = Begin();
  ASSERT_NO_FATAL_FAILURE(Register(*both));
  ASSERT_NO_FATAL_FAILURE(SellTo(*both, "臺灣水泥股份有限公司"));
  ASSERT_TRUE(inventory::Eventually([&] { return Cases(*both, "kind = PROTECTED_DEAL").size() == 1; }));
  const v1::Case opened = Cases(*both, "kind = PROTECTED_DEAL AND cause = ROLE").at(0);
  v1::GetFindingRequest get;
  get.set_name(StrCat("findings/", opened.name().substr(6)));
  const auto finding = both->Call<v1::Finding>("FindingService/GetFinding", get);
  ASSERT_OK(finding);
  EXPECT_THAT(finding->subjects(), ElementsAre(kSale, kDeal));
  EXPECT_THAT(finding->intersection().product_lines(), ElementsAre("productLines/bikes"));
  EXPECT_EQ(finding->intersection().effective_to().day(), 13);
  EXPECT_EQ(Tested(*both, "2026-06-12", "2026-06-13"), "1 found, 0 new, 0 gone");
  EXPECT_EQ(Tested(*both, "2026-06-13", "2026-07-01"), "0 found, 0 new, 0 gone");

  EXPECT_THAT(Shown(*both, "acme"), HasReason(Reason::kNotFound)) << "nobody has triaged it";
  v1::TriageCaseRequest triage;
  triage.set_name(opened.name());
  ASSERT_OK(both->Call<v1::Case>("CaseService/TriageCase", triage));
  const auto seller = Shown(*both, "acme");
  ASSERT_OK(seller);
  EXPECT_THAT(seller->subjects(), ElementsAre(kSale));
  EXPECT_THAT(seller->DebugString(), AllOf(Not(HasSubstr("bolt")), Not(HasSubstr("deals/"))));
  const auto holder = Shown(*both, "bolt");
  ASSERT_OK(holder);
  EXPECT_THAT(holder->subjects(), ElementsAre(kDeal));
  EXPECT_THAT(holder->DebugString(), AllOf(Not(HasSubstr("acme")), Not(HasSubstr("I-7"))));

  // What is given up protects nothing.
  ASSERT_OK(Do<v1::WithdrawDealRegistrationRequest>(*both, "WithdrawDealRegistration", api::v1::PARTNER_USER));
  EXPECT_EQ(both->Call<v1::Finding>("FindingService/GetFinding", get)->state(), v1::Finding::WITHDRAWN);
  EXPECT_EQ(Tested(*both, "2026-06-12", "2026-06-13"), "0 found, 0 new, 0 gone");
}

}  // namespace
}  // namespace tributary::conflict
