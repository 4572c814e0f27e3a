// This service's part of the suite's scenarios, with their figures: what a quarter reached in any order of its facts
// (S1), the limit that an order is held against (S2), sanctions that a case orders (S4), one customer of two names
// (S5).

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/money/rational.h"
#include "partner-service/evaluations/testing_evaluations.h"
#include "tributary/partner/v1/approval_policy.pb.h"
#include "tributary/partner/v1/approval_task.pb.h"
#include "tributary/partner/v1/customer.pb.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::partner {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kTargets[] = "tributary.partner.v1.SalesTargetService/";
constexpr char kRates[] = "tributary.partner.v1.ExchangeRateService/";

class ScenarioTest : public EvaluatedPartnersTest {
 protected:
  // L1 to L7 of S1, as facts of one partner, by ship date.
  static std::vector<ShipmentLine> Quarter(const std::string& partner) {
    std::vector<ShipmentLine> facts = {Shipped(partner, "L1", "2026-01-15", "40000", "400"),
                                       Shipped(partner, "L2", "2026-02-20", "5000", "350", "USD"),
                                       Shipped(partner, "L3", "2026-03-30", "20000.0050", "200"),
                                       Shipped(partner, "L4", "2026-03-31", "6000", "60"),
                                       Shipped(partner, "L5", "2026-05-10", "60000", "600"),
                                       Shipped(partner, "L6", "2026-05-20", "-2500", "-175", "USD"),
                                       Shipped(partner, "L7", "2026-02-10", "30000", "300")};
    facts[5].set_original_line(facts[1].name());
    return facts;
  }
  // "q1" in yuan, "u1" and "u2" in units, by quarter.
  void Targets(const std::string& partner) {
    for (const auto& [id, period] : {std::pair("q1", "2026Q1"), std::pair("u1", "2026Q1"), std::pair("u2", "2026Q2")}) {
      v1::CreateSalesTargetRequest request;
      request.set_parent("partners/" + partner);
      request.set_target_id(id);
      request.set_request_id(NewRequestId());
      v1::SalesTarget& target = *request.mutable_target();
      target.set_basis(v1::SalesTarget::SELL_IN);
      target.set_fiscal_calendar("fiscalCalendars/main");
      target.set_period(period);
      target.set_consequence(v1::SalesTarget::NOTICE);
      if (*id == 'q') {
        *target.mutable_amount() = wire::ToProto(Money{"CNY", Decimal::FromInt(100'000)});
      } else {
        target.mutable_quantity()->set_value("1000");
      }
      ASSERT_OK(Call<v1::SalesTarget>(kTargets, "CreateSalesTarget", request));
    }
  }
  v1::Attainment Attained(const std::string& partner, const char* target) {
    v1::GetAttainmentRequest request;
    request.set_name(StrCat("partners/", partner, "/targets/", target));
    const auto attained = As<v1::Attainment>(*service_.UserOf(partner), kTargets, "GetAttainment", request);
    EXPECT_OK(attained);
    return attained.value_or(v1::Attainment());
  }
  void ExpectTheQuarter(const std::string& partner) {
    // 40,000 + 20,000.0050 + 6,000 + 30,000; dollars are not yuan, and are shown as such: L2 less what came back of it.
    const v1::Attainment yuan = Attained(partner, "q1");
    EXPECT_EQ(wire::FromProto(yuan.amount())->amount.ToString(), "96000.005");
    EXPECT_EQ(wire::FromProto(yuan.remaining_amount())->amount.ToString(), "3999.995");
    EXPECT_EQ(yuan.facts(), 4);
    ASSERT_THAT(yuan.unpriced(), SizeIs(1));
    EXPECT_EQ(yuan.unpriced(0).currency(), "USD");
    EXPECT_EQ(yuan.unpriced(0).amount().value(), "2500");
    EXPECT_EQ(yuan.unpriced(0).facts(), 2);
    // 400 + 350 + 200 + 60 + 300, less 175 that came back of February's; 600 in May: together the 1,735 of the
    // position.
    EXPECT_EQ(Attained(partner, "u1").quantity().value(), "1135");
    EXPECT_EQ(Attained(partner, "u2").quantity().value(), "600");
  }
  const std::unique_ptr<rpc::Client> finance_ =
      service_.ClientOf({.subject = "finance-1", .roles = {api::v1::FINANCE}});
};

TEST_F(ScenarioTest, S1AQuarterIsReachedInAnyOrderOfItsFacts) {
  std::mt19937 random(20260331);
  for (int order = 0; order < 8; ++order) {
    const std::string partner = StrCat("s1-", order);
    SCOPED_TRACE(partner);
    ASSERT_OK(CreatePartner(partner));
    Targets(partner);
    std::vector<ShipmentLine> facts = Quarter(partner);
    if (order == 1) std::reverse(facts.begin(), facts.end());
    if (order > 1) {  // each twice
      const std::vector<ShipmentLine> again = facts;
      facts.insert(facts.end(), again.begin(), again.end());
    }
    if (order > 2) std::shuffle(facts.begin(), facts.end(), random);
    for (const ShipmentLine& fact : facts) inventory_.Tell<ShipmentLine>({fact});
    ExpectTheQuarter(partner);
  }
  // As it was told, moment by moment: at the end of March, after L4, after the return, after L7.
  ASSERT_OK(CreatePartner("p1"));
  Targets("p1");
  const std::vector<ShipmentLine> facts = Quarter("p1");
  std::vector<std::string> units;
  for (const ShipmentLine& fact : facts) {
    inventory_.Tell<ShipmentLine>({fact});
    units.push_back(Attained("p1", "u1").quantity().value());
  }
  EXPECT_THAT(units, ElementsAre("400", "750", "950", "1010", "1010", "835", "1135"));
  // The same figures in a world in which half of L2 was shipped and nothing came back.
  ASSERT_OK(CreatePartner("half"));
  Targets("half");
  std::vector<ShipmentLine> half = Quarter("half");
  half.erase(half.begin() + 5);
  half[1] = Shipped("half", "L2", "2026-02-20", "2500", "175", "USD");
  inventory_.Tell<ShipmentLine>(half);
  EXPECT_EQ(Attained("half", "u1").quantity().value(), Attained("p1", "u1").quantity().value());
  EXPECT_EQ(Attained("half", "q1").unpriced(0).amount().value(), "2500");
}

// The rate of a return is that of what comes back, whichever was told first.
TEST_F(ScenarioTest, S1RatesAreThoseOfTheirDays) {
  const auto tell = [&](const char* type, const char* day, const char* text) {
    v1::CreateExchangeRateRequest request;
    request.mutable_exchange_rate()->set_rate_type(type);
    request.mutable_exchange_rate()->set_from_currency("USD");
    request.mutable_exchange_rate()->set_to_currency("CNY");
    *request.mutable_exchange_rate()->mutable_date() = wire::ToProto(*Date::Parse(day));
    request.mutable_exchange_rate()->set_source_text(text);
    request.set_request_id(NewRequestId());
    EXPECT_OK(As<v1::ExchangeRate>(*finance_, kRates, "CreateExchangeRate", request));
  };
  const auto yuan = [&](const char* type, const char* day, const char* dollars) {
    v1::LookUpExchangeRateRequest request;
    request.set_rate_type(type);
    request.set_from_currency("USD");
    request.set_to_currency("CNY");
    *request.mutable_date() = wire::ToProto(*Date::Parse(day));
    request.set_within_days(30);
    const auto rate = As<v1::LookUpExchangeRateResponse>(*manager_, kRates, "LookUpExchangeRate", request);
    EXPECT_OK(rate);
    return (Rational(*Decimal::Parse(dollars)) * Rational(*Decimal::Parse(rate->rate().value()))).ToString();
  };
  tell("forward", "2026-02-20", "7.1234");
  tell("forward", "2026-05-20", "7.0000");
  tell("backward", "2026-05-20", "7.0000");
  tell("backward", "2026-02-20", "7.1234");
  tell("backward", "2026-02-20", "7.1234");
  for (const char* type : {"forward", "backward"}) {
    EXPECT_EQ(yuan(type, "2026-02-20", "5000"), "35617");
    EXPECT_EQ(yuan(type, "2026-02-20", "-2500"), "-35617/2");
    EXPECT_EQ(yuan(type, "2026-03-22", "5000"), "35617");    // the latest before
    EXPECT_EQ(yuan(type, "2026-05-20", "-2500"), "-17500");  // what a toy takes for the return
  }
}

// The other services hold orders against the limit that is told. A higher one is not told before a second person has
// approved it.
TEST_F(ScenarioTest, S2TheLimitIsWhatWasApproved) {
  v1::CreateApprovalPolicyRequest policy;
  policy.mutable_approval_policy()->set_subject_kind(v1::ApprovalPolicy::CREDIT_LINE);
  policy.mutable_approval_policy()->set_currency("CNY");
  v1::ApprovalPolicy::Band& band = *policy.mutable_approval_policy()->add_bands();
  band.mutable_from()->set_value("100000.01");
  band.add_approver_roles(api::v1::FINANCE);
  policy.set_request_id(NewRequestId());
  ASSERT_OK(As<v1::ApprovalPolicy>(*service_.ClientOf({.subject = "admin", .roles = {api::v1::ADMINISTRATOR}}),
                                   "tributary.partner.v1.ApprovalPolicyService/", "CreateApprovalPolicy", policy));
  v1::CreateCreditLineRequest create;
  create.set_parent("partners/p-2");
  create.set_credit_line_id("main");
  create.set_request_id(NewRequestId());
  v1::CreditLine& terms = *create.mutable_credit_line();
  *terms.mutable_limit() = wire::ToProto(Money{"CNY", Decimal::FromInt(100'000)});
  terms.set_payment_terms_days(30);
  *terms.mutable_valid_from() = wire::ToProto(*Date::Parse("2026-01-01"));
  ASSERT_OK_AND_ASSIGN(const v1::CreditLine line,
                       As<v1::CreditLine>(*finance_, kCreditLines, "CreateCreditLine", create));
  ASSERT_OK(As<v1::CreditLine>(*finance_, kCreditLines, "CreateCreditLine", create));  // the same request
  // 64,800 on top of 30,000 lie within it. With 7,200 more it is 102,000: finance asks for that.
  v1::UpdateCreditLineRequest raise;
  *raise.mutable_credit_line() = line;
  *raise.mutable_credit_line()->mutable_limit() = wire::ToProto(Money{"CNY", Decimal::FromInt(102'000)});
  raise.mutable_update_mask()->add_paths("limit");
  raise.set_request_id(NewRequestId());
  ASSERT_OK(As<v1::CreditLine>(*finance_, kCreditLines, "UpdateCreditLine", raise));
  const auto limits_told = [&] {
    EXPECT_OK(service_.feed().Refresh());
    const int shard = events::ShardOf("p-2");
    std::vector<events::Event> events;
    std::vector<events::Cursor> read_to;
    EXPECT_OK(service_.feed().Read(
        std::vector<events::ShardRange>{{shard, 0, service_.feed().Heads()[static_cast<size_t>(shard)]}}, 1000, &events,
        &read_to, {{v1::CreditLine::descriptor()->full_name()}}));
    std::vector<std::string> limits;
    for (const events::Event& event : events) {
      v1::CreditLine told;
      EXPECT_TRUE(told.ParseFromString(event.payload));
      limits.push_back(wire::FromProto(told.limit())->amount.ToString());
    }
    return limits;
  };
  EXPECT_THAT(limits_told(), ElementsAre("100000", "100000"));
  v1::ListApprovalTasksRequest list;
  list.set_filter("state = PENDING");
  constexpr char kTasks[] = "tributary.partner.v1.ApprovalTaskService/";
  ASSERT_OK_AND_ASSIGN(const auto tasks,
                       As<v1::ListApprovalTasksResponse>(*finance_, kTasks, "ListApprovalTasks", list));
  ASSERT_THAT(tasks.approval_tasks(), SizeIs(1));
  v1::ApproveApprovalTaskRequest approve;
  approve.set_name(tasks.approval_tasks(0).name());
  approve.set_etag(tasks.approval_tasks(0).etag());
  approve.set_request_id(NewRequestId());
  EXPECT_THAT(As<v1::ApprovalTask>(*finance_, kTasks, "ApproveApprovalTask", approve),
              HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK(As<v1::ApprovalTask>(*service_.ClientOf({.subject = "finance-2", .roles = {api::v1::FINANCE}}), kTasks,
                                 "ApproveApprovalTask", approve));
  EXPECT_THAT(limits_told(), ElementsAre("100000", "100000", "102000"));
}

// A case orders a warning: A1's second is of level 2, however often it is asked for; where A1 is TERMINATED by then the
// order is refused, and nothing of it is stored or told, so that the case can take its other steps back.
TEST_F(ScenarioTest, S4ACaseWarnsOnceAndATerminatedPartnerNotAtAll) {
  const auto warn = [&](const std::string& partner, const std::string& id, const std::string& request_id) {
    v1::CreateSanctionRequest request;
    request.set_parent("partners/" + partner);
    request.set_sanction_id(id);
    request.set_request_id(request_id);
    request.mutable_sanction()->set_kind(v1::Sanction::WARNING);
    request.mutable_sanction()->set_reason("Goods outside the territory");
    request.mutable_sanction()->set_cause("cases/" + id);
    return Call<v1::Sanction>(kSanctions, "CreateSanction", request);
  };
  EXPECT_EQ(warn("p-1", "april", NewRequestId())->level(), 1);
  const std::string june = NewRequestId();
  ASSERT_OK_AND_ASSIGN(const v1::Sanction second, warn("p-1", "june", june));
  EXPECT_EQ(second.level(), 2);
  ASSERT_OK_AND_ASSIGN(const v1::Sanction again, warn("p-1", "june", june));
  EXPECT_EQ(again.name(), second.name());
  EXPECT_EQ(again.level(), 2);
  EXPECT_THAT(warn("p-1", "june", NewRequestId()), HasReason(Reason::kAlreadyExists));
  EXPECT_EQ(Times("created", "partners/p-1/sanctions/june"), 1u);

  ASSERT_OK((Do<v1::Partner, v1::TerminatePartnerRequest>(kPartners, "TerminatePartner", "partners/p-2")));
  EXPECT_THAT(warn("p-2", "june", NewRequestId()), HasReason(Reason::kStateConflict));
  EXPECT_THAT(GetSanction("partners/p-2/sanctions/june"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Told(), Not(Contains("created partners/p-2/sanctions/june")));
}

// Two registrations name one customer by two names. Once somebody has said that they are one, either name means it,
// whichever of the two was merged into the other, and each again its own first once that is undone.
TEST_F(ScenarioTest, S5OneCustomerTheSameBothWaysRound) {
  constexpr char kCustomers[] = "tributary.partner.v1.CustomerService/";
  const auto meant = [&](const std::string& name) {
    v1::ResolveCustomerRequest request;
    request.add_names(name);
    const auto reply = Call<v1::ResolveCustomerResponse>(kCustomers, "ResolveCustomer", request);
    EXPECT_OK(reply);
    // The best one; those that are alike follow.
    return reply.ok() && reply->candidates_size() > 0 ? reply->candidates(0).customer() : std::string();
  };
  const struct {
    const char *whole, *brief;
    bool into_whole;
  } kWays[] = {{"臺灣水泥股份有限公司", "台泥", true}, {"遠東新世紀股份有限公司", "遠東新", false}};
  int way = 0;
  for (const auto& c : kWays) {
    SCOPED_TRACE(c.whole);
    const std::string whole = StrCat("customers/whole-", way), brief = StrCat("customers/brief-", way);
    for (const auto& [customer, name] : {std::pair(whole, c.whole), std::pair(brief, c.brief)}) {
      v1::CreateCustomerRequest create;
      create.set_customer_id(customer.substr(customer.find('/') + 1));
      create.mutable_customer()->mutable_identity()->add_names(name);
      create.set_request_id(NewRequestId());
      ASSERT_OK(Call<v1::Customer>(kCustomers, "CreateCustomer", create));
    }
    EXPECT_EQ(meant(c.whole), whole);
    EXPECT_EQ(meant(c.brief), brief);
    v1::MergeCustomerRequest merge;
    merge.set_name(c.into_whole ? brief : whole);
    merge.set_into(c.into_whole ? whole : brief);
    merge.set_request_id(NewRequestId());
    ASSERT_OK(Call<v1::Customer>(kCustomers, "MergeCustomer", merge));
    ASSERT_OK(Call<v1::Customer>(kCustomers, "MergeCustomer", merge));  // the same request
    EXPECT_EQ(meant(c.whole), merge.into());
    EXPECT_EQ(meant(c.brief), merge.into());
    ASSERT_OK((Do<v1::Customer, v1::UndoMergeCustomerRequest>(kCustomers, "UndoMergeCustomer", merge.name())));
    EXPECT_EQ(meant(c.whole), whole);
    EXPECT_EQ(meant(c.brief), brief);
    ++way;
  }
}

}  // namespace
}  // namespace tributary::partner
