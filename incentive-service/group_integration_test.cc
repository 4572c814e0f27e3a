// Groups through the wire: lines of partners that earn together reach the tiers of one, which is paid.

#include <string>
#include <string_view>
#include <vector>

#include "common/text/text.h"
#include "google/protobuf/text_format.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using tributary::partner::v1::PartnerRelationship;

// 1 %, from 50,000 2 %, from 100,000 3 % on the whole, by order date.
v1::Program Rolling() {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Groups"
                                                              basis: ORDER
                                                              shape: RETROACTIVE
                                                              tiers {
                                                                from_amount { value: "0" }
                                                                rate { value: "0.01" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "50000" }
                                                                rate { value: "0.02" }
                                                              }
                                                              tiers {
                                                                from_amount { value: "100000" }
                                                                rate { value: "0.03" }
                                                              }
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                              group: ROLL_UP
                                                            )pb",
                                                            &program));
  return program;
}

PartnerRelationship EarnsWith(const std::string& partner, const std::string& other, std::string_view from) {
  PartnerRelationship relationship;
  relationship.set_name("partners/" + partner + "/relationships/group");
  relationship.set_kind(PartnerRelationship::EARNS_WITH);
  relationship.set_other_partner("partners/" + other);
  *relationship.mutable_valid_from() = DateOf(from);
  return relationship;
}

// "m1 1 25000.25 500.01" each.
std::vector<std::string> MemberTexts(const v1::Evaluation& evaluation) {
  std::vector<std::string> texts;
  for (const v1::GroupSteps::Member& one : evaluation.group().members()) {
    texts.push_back(
        StrCat(one.partner().substr(9), " ", one.lines(), " ", one.volume().value(), " ", Amount(one.share())));
  }
  return texts;
}
// "head 1 25000.25 1/50 USD 500.010000000" each.
std::vector<std::string> PartTexts(const v1::Accrual& accrual) {
  std::vector<std::string> texts;
  for (const v1::GroupPart& one : accrual.counts_with()) {
    texts.push_back(StrCat(one.earner().substr(9), " ", one.lines(), " ", one.volume().value(), " ", one.exact_factor(),
                           " ", Amount(one.share())));
  }
  return texts;
}
// "EARNED 2025Q1 USD 1600.010000000" each.
std::vector<std::string> EntryTexts(const v1::Statement& statement) {
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : statement.entries()) {
    texts.push_back(
        StrCat(v1::StatementEntry::Kind_Name(entry.kind()), " ", entry.period(), " ", Amount(entry.amount())));
  }
  return texts;
}

// m1 earns with the head from 15 February 2025 on, m2 all along.
class GroupTest : public WorldTest {
 protected:
  void SetUp() override {
    feed_.TellFact(EarnsWith("m1", "head", "2025-02-15"));
    feed_.TellFact(EarnsWith("m2", "head", "2024-01-01"));
  }
  // In all 80,000.50 for the head, and 10,000 of m1's for itself.
  static std::vector<ShipmentLine> FirstQuarter() {
    return {LineOf("head", "SO1", 1, "2025-01-10", "2025-01-11", 30000),
            LineOf("m1", "SO1", 1, "2025-02-14", "2025-02-20", 10000),
            LineOf("m1", "SO1", 2, "2025-02-15", "2025-02-20", 25000, 250000000),
            LineOf("m2", "SO1", 1, "2025-02-01", "2025-02-02", 25000, 250000000)};
  }
  v1::Accrual Get(const std::string& partner, const std::string& period = "2025Q1") {
    const auto accrual = world_.GetAccrual("partners/" + partner + "/accruals/g." + period);
    EXPECT_OK(accrual);
    return accrual.ok() ? *accrual : v1::Accrual();
  }
  std::vector<v1::Statement> StatementsOf(const std::string& partner) {
    return world_.Statements(world_.finance(), "partners/" + partner);
  }
  // "partners/m1/shipments/SO1/lines/2 USD 500.000000000 REASON" each.
  std::vector<std::string> LineTexts(const std::string& accrual) {
    v1::ListAccrualLinesRequest request;
    request.set_parent(accrual);
    const auto page =
        world_.finance().Call<v1::ListAccrualLinesResponse>(std::string(kAccruals) + "ListAccrualLines", request);
    EXPECT_OK(page);
    std::vector<std::string> texts;
    if (!page.ok()) return texts;
    for (const v1::AccrualLine& line : page->accrual_lines()) {
      texts.push_back(StrCat(line.fact(), " ", Amount(line.share()), " ", v1::Absence::Reason_Name(line.reason())));
    }
    return texts;
  }
  void ExpectListedAsGot() {
    for (const v1::Accrual& listed : world_.Accruals()) {
      ASSERT_OK_AND_ASSIGN(const v1::Accrual one, world_.GetAccrual(listed.name()));
      EXPECT_EQ(listed.DebugString(), one.DebugString());
    }
  }
};

TEST_F(GroupTest, LinesOfMembersReachTheEarnersTiers) {
  world_.CreateActive("g", Rolling());
  feed_.Tell(FirstQuarter());
  world_.CatchUp();
  const v1::Accrual head = Get("head");
  EXPECT_EQ(head.lines(), 3);
  EXPECT_EQ(head.exact_qualifying_amount(), "160001/2");
  EXPECT_EQ(Amount(head.evaluation().value()), "USD 1600.010000000");
  // m1 and m2 have 500.005 each: the cent goes to the smaller name.
  EXPECT_THAT(MemberTexts(head.evaluation()),
              ElementsAre("head 1 30000 USD 600.000000000", "m1 1 25000.25 USD 500.010000000",
                          "m2 1 25000.25 USD 500.000000000"));
  EXPECT_THAT(PartTexts(head), IsEmpty());
  const v1::Accrual m1 = Get("m1");
  EXPECT_EQ(m1.lines(), 1);
  EXPECT_EQ(Amount(m1.evaluation().value()), "USD 100.000000000");
  EXPECT_THAT(MemberTexts(m1.evaluation()), IsEmpty());
  EXPECT_THAT(PartTexts(m1), ElementsAre("head 1 25000.25 1/50 USD 500.010000000"));
  const v1::Accrual m2 = Get("m2");
  EXPECT_EQ(m2.lines(), 0);
  EXPECT_EQ(Amount(m2.evaluation().value()), "USD 0.000000000");
  EXPECT_THAT(PartTexts(m2), ElementsAre("head 1 25000.25 1/50 USD 500.000000000"));
  EXPECT_THAT(world_.Accruals(), SizeIs(3));
  ExpectListedAsGot();
  // Of lines the cent goes to the earlier one.
  EXPECT_THAT(LineTexts("partners/head/accruals/g.2025Q1"),
              ElementsAre("partners/head/shipments/SO1/lines/1 USD 600.000000000 REASON_UNSPECIFIED",
                          "partners/m2/shipments/SO1/lines/1 USD 500.010000000 REASON_UNSPECIFIED",
                          "partners/m1/shipments/SO1/lines/2 USD 500.000000000 REASON_UNSPECIFIED"));
  EXPECT_THAT(LineTexts("partners/m1/accruals/g.2025Q1"),
              ElementsAre("partners/m1/shipments/SO1/lines/1 USD 100.000000000 REASON_UNSPECIFIED",
                          "partners/m1/shipments/SO1/lines/2 USD 0.000000000 COUNTS_WITH_GROUP"));
  v1::ExplainAbsenceRequest why;
  why.set_name("partners/m1/shipments/SO1/lines/2");
  ASSERT_OK_AND_ASSIGN(const auto absences, world_.finance().Call<v1::ExplainAbsenceResponse>(
                                                std::string(kAccruals) + "ExplainAbsence", why));
  ASSERT_THAT(absences.absences(), SizeIs(1));
  EXPECT_EQ(absences.absences(0).reason(), v1::Absence::COUNTS_WITH_GROUP);
  EXPECT_THAT(absences.absences(0).want(), HasSubstr("one of partners/head"));
  v1::WhatNextRequest next;
  next.set_name("partners/head/accruals/g.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto tier, world_.finance().Call<v1::NextTier>(std::string(kAccruals) + "WhatNext", next));
  EXPECT_EQ(tier.missing_amount().value(), "19999.5");
  // A member sees its own lines; the group is a factor, and nobody else's accrual is for it.
  const auto member = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "m1");
  v1::GetAccrualRequest request;
  request.set_name("partners/m1/accruals/g.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto seen, member->Call<v1::Accrual>(std::string(kAccruals) + "GetAccrual", request));
  EXPECT_EQ(seen.DebugString(), m1.DebugString());
  EXPECT_THAT(seen.DebugString(), ::testing::Not(HasSubstr("m2")));
  request.set_name("partners/head/accruals/g.2025Q1");
  EXPECT_FALSE(member->Call<v1::Accrual>(std::string(kAccruals) + "GetAccrual", request).ok());
}

TEST_F(GroupTest, AClosedPeriodGoesByWhatItsCloseKnew) {
  world_.CreateActive("g", Rolling());
  feed_.Tell(FirstQuarter());
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.CloseAndIssue("g", "2025Q1"));
  EXPECT_EQ(close.statements(), 2);
  EXPECT_EQ(Amount(close.total()), "USD 1700.010000000");
  EXPECT_THAT(close.partner_watermark(), ::testing::Not(IsEmpty()));
  ASSERT_THAT(StatementsOf("head"), SizeIs(1));
  EXPECT_THAT(EntryTexts(StatementsOf("head")[0]), ElementsAre("EARNED 2025Q1 USD 1600.010000000"));
  EXPECT_THAT(MemberTexts(StatementsOf("head")[0].entries(0).evaluation()),
              ElementsAre("head 1 30000 USD 600.000000000", "m1 1 25000.25 USD 500.010000000",
                          "m2 1 25000.25 USD 500.000000000"));
  EXPECT_THAT(CsvOf(world_, "partners/head/statements/1"),
              HasSubstr("\nmember,1,partners/head,1,30000,600.00\nmember,1,partners/m1,1,25000.25,500.01\n"
                        "member,1,partners/m2,1,25000.25,500.00\n"));
  ASSERT_THAT(StatementsOf("m1"), SizeIs(1));
  EXPECT_THAT(EntryTexts(StatementsOf("m1")[0]), ElementsAre("EARNED 2025Q1 USD 100.000000000"));
  EXPECT_THAT(StatementsOf("m2"), IsEmpty());
  EXPECT_TRUE(Get("head").stated());

  // m2 never earned with the head, and m1 returns 5,000 of what it bought in February: the return counts as the sale.
  PartnerRelationship never = EarnsWith("m2", "head", "2024-01-01");
  *never.mutable_valid_to() = never.valid_from();
  feed_.TellFact(never);
  ShipmentLine back = LineOf("m1", "RT1", 1, "2025-05-01", "2025-05-01", -5000);
  back.set_original_line("partners/m1/shipments/SO1/lines/2");
  feed_.Tell({back, LineOf("m2", "SO2", 1, "2025-04-10", "2025-04-11", 1000),
              LineOf("m1", "SO2", 1, "2025-05-10", "2025-05-11", 4000)});
  world_.CatchUp();
  const v1::Accrual trued = Get("head");
  EXPECT_EQ(Amount(trued.evaluation().value()), "USD 1500.010000000");
  ASSERT_THAT(trued.true_ups(), SizeIs(1));
  EXPECT_EQ(trued.true_ups(0).fact(), "partners/m1/shipments/RT1/lines/1");
  EXPECT_EQ(Amount(trued.true_ups(0).amount()), "USD -100.000000000");
  EXPECT_THAT(Get("m1").true_ups(), IsEmpty());
  EXPECT_EQ(Amount(Get("m2", "2025Q2").evaluation().value()), "USD 10.000000000");
  EXPECT_THAT(PartTexts(Get("m2", "2025Q2")), IsEmpty());
  EXPECT_EQ(Amount(Get("head", "2025Q2").evaluation().value()), "USD 40.000000000");
  ASSERT_OK(world_.CloseAndIssue("g", "2025Q2"));
  ASSERT_THAT(StatementsOf("head"), SizeIs(2));
  EXPECT_THAT(EntryTexts(StatementsOf("head")[1]),
              ElementsAre("EARNED 2025Q2 USD 40.000000000", "TRUE_UP 2025Q1 USD -100.000000000"));
  EXPECT_THAT(MemberTexts(StatementsOf("head")[1].entries(1).evaluation()),
              ElementsAre("head 1 30000 USD 600.000000000", "m1 2 20000.25 USD 400.010000000",
                          "m2 1 25000.25 USD 500.000000000"));
  EXPECT_THAT(MemberTexts(StatementsOf("head")[1].entries(0).evaluation()), ElementsAre("m1 1 4000 USD 40.000000000"));
  EXPECT_THAT(EntryTexts(StatementsOf("m2")[0]), ElementsAre("EARNED 2025Q2 USD 10.000000000"));
  for (const char* partner : {"partners/head", "partners/m1", "partners/m2"}) ExpectVerified(world_, partner);
}

// A head that buys nothing itself, and relationships that are told behind the lines; and in a circle.
TEST_F(GroupTest, RelationshipsMayComeLaterAndLeadNowhere) {
  world_.CreateActive("g", Rolling());
  feed_.Tell({LineOf("m3", "SO1", 1, "2025-01-10", "2025-01-11", 60000),
              LineOf("m4", "SO1", 1, "2025-01-10", "2025-01-11", 40000)});
  world_.CatchUp();
  EXPECT_EQ(Amount(Get("m3").evaluation().value()), "USD 1200.000000000");
  feed_.TellFact(EarnsWith("m3", "holding", "2025-01-01"));
  feed_.TellFact(EarnsWith("m4", "m3", "2025-01-01"));
  world_.CatchUp();
  EXPECT_EQ(Amount(Get("holding").evaluation().value()), "USD 3000.000000000");
  EXPECT_THAT(MemberTexts(Get("holding").evaluation()),
              ElementsAre("m3 1 60000 USD 1800.000000000", "m4 1 40000 USD 1200.000000000"));
  EXPECT_THAT(PartTexts(Get("m4")), ElementsAre("holding 1 40000 3/100 USD 1200.000000000"));
  EXPECT_THAT(world_.Accruals(), SizeIs(3));
  ExpectListedAsGot();
  // Back again: the holding's is gone.
  PartnerRelationship never = EarnsWith("m3", "holding", "2025-01-01");
  *never.mutable_valid_to() = never.valid_from();
  feed_.TellFact(never);
  world_.CatchUp();
  EXPECT_EQ(Amount(Get("m3").evaluation().value()), "USD 3000.000000000");
  EXPECT_THAT(world_.GetAccrual("partners/holding/accruals/g.2025Q1"), HasReason(Reason::kNotFound));
  EXPECT_THAT(world_.Accruals(), SizeIs(2));
  // In a circle each stands alone, and the close is not kept from it.
  feed_.TellFact(EarnsWith("m3", "m4", "2025-01-01"));
  world_.CatchUp();
  EXPECT_EQ(Amount(Get("m3").evaluation().value()), "USD 1200.000000000");
  EXPECT_EQ(Amount(Get("m4").evaluation().value()), "USD 400.000000000");
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.CloseAndIssue("g", "2025Q1"));
  EXPECT_EQ(Amount(close.total()), "USD 1600.000000000");
  for (const char* partner : {"partners/m3", "partners/m4"}) ExpectVerified(world_, partner);
}

// A program that is launched late counts what is recorded, for who earns by it.
TEST_F(GroupTest, ALateLaunchAndASimulationRollUpToo) {
  feed_.Tell({LineOf("m2", "SO1", 1, "2025-02-01", "2025-02-02", 50000)});
  world_.CatchUp();
  v1::CreateSimulationRequest request;
  *request.mutable_simulation()->mutable_program() = Rolling();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", request));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 1000.000000000");
  v1::ListSimulationPartnersRequest partners;
  partners.set_parent(simulation.name());
  ASSERT_OK_AND_ASSIGN(const auto page, world_.finance().Call<v1::ListSimulationPartnersResponse>(
                                            std::string(kSimulations) + "ListSimulationPartners", partners));
  ASSERT_THAT(page.simulation_partners(), SizeIs(1));
  EXPECT_EQ(page.simulation_partners(0).partner(), "partners/head");
  world_.CreateActive("g", Rolling());
  EXPECT_EQ(Amount(Get("head").evaluation().value()), "USD 1000.000000000");
  EXPECT_THAT(world_.Accruals(), SizeIs(2));
}

TEST_F(GroupTest, WhatDoesNotGoWithItIsRefused) {
  v1::Program terms = Rolling();
  terms.set_payout_period(v1::Program::MONTH);
  EXPECT_THAT(world_.Create("x", terms), Blames("program.group"));
  terms = Rolling();
  terms.set_rate_type("spot");
  EXPECT_THAT(world_.Create("x", terms), Blames("program.group"));
  terms.set_group(v1::Program::EACH);
  EXPECT_OK(world_.Create("x", terms));
}

}  // namespace
}  // namespace tributary::incentive
