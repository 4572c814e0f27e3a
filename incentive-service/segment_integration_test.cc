// Programs for lines by the segment of the end customer, through the wire: as customers' records say on a line's own
// day, as the close of a period knew it, in whatever order it was told.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/partner/v1/customer.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::SellThroughSale;
using ::testing::ElementsAre;

events::EventDraft CustomerAt(const std::string& id, std::string_view day, const std::string& segment,
                              const std::string& into = "") {
  partner::v1::Customer customer;
  customer.set_name("customers/" + id);
  *customer.mutable_update_time() =
      wire::ToProto(absl::UnixEpoch() + absl::Hours(24) * Date::Parse(day)->days() + absl::Hours(12));
  customer.set_segment(segment);
  if (!into.empty()) customer.add_aliases()->set_into("customers/" + into);
  return events::Draft(customer.name(), "updated", customer.name(), customer);
}

SellThroughSale SaleTo(const std::string& customer, const std::string& document, std::string_view date, int64_t net,
                       const std::string& original = "") {
  SellThroughSale sale;
  sale.set_name("partners/p1/sales/" + document + ".1");
  sale.set_document(document);
  sale.set_line(1);
  *sale.mutable_sale_date() = DateOf(date);
  sale.set_product("products/351");
  sale.mutable_quantity()->set_value(net < 0 ? "-1" : "1");
  sale.mutable_net_amount()->set_currency_code("USD");
  sale.mutable_net_amount()->set_units(net);
  sale.set_end_customer(customer);
  sale.set_activity(net < 0 ? SellThroughSale::RETURN : SellThroughSale::SALE);
  if (!original.empty()) sale.set_original_sale("partners/p1/sales/" + original + ".1");
  return sale;
}

// 1 % of what is sold to schools.
v1::Program ForSchools(const std::string& also = "") {
  return Terms("basis: SELL_THROUGH eligibility { customer_segments: 'schools' " + also + "} ");
}

class SegmentProgramsTest : public WorldTest {
 protected:
  // "got / want" of a sale of p1's; empty where it counts.
  std::string Why(const std::string& document, const std::string& program) {
    v1::ExplainAbsenceRequest request;
    request.set_name("partners/p1/sales/" + document + ".1");
    request.set_program("programs/" + program);
    const auto explained =
        world_.finance().Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", request);
    if (!explained.ok()) return std::string(NameOf(ReasonOf(explained.status())));
    const v1::Absence& absence = explained->absences(0);
    if (absence.reason() == v1::Absence::REASON_UNSPECIFIED) return "";
    EXPECT_EQ(absence.reason(), v1::Absence::CUSTOMER_NOT_ELIGIBLE);
    return absence.got() + " / " + absence.want();
  }
};

// To a school, a shop, a shop that is a school, and to one that the partner names in its own words; the shop is one of
// a chain of schools since May.
TEST_F(SegmentProgramsTest, InWhateverOrderSalesAndCustomersAreTold) {
  const std::vector<SellThroughSale> sales = {
      SaleTo("customers/college", "S1", "2025-02-01", 1000), SaleTo("customers/shop", "S2", "2025-02-02", 2000),
      SaleTo("customers/annex", "S3", "2025-02-03", 4000),   SaleTo("Harbor", "S4", "2025-02-04", 8000),
      SaleTo("customers/shop", "S5", "2025-05-05", 3000),    SaleTo("", "R1", "2025-05-06", -500, "S1")};
  using Step = std::function<void(ShipmentFeed&, World&)>;
  const Step tell_sales = [&](ShipmentFeed& feed, World&) {
    for (const SellThroughSale& sale : sales) feed.TellFact(sale);
  };
  const Step tell_customers = [&](ShipmentFeed& feed, World&) {
    feed.TellEvents({CustomerAt("college", "2025-01-01", "schools"), CustomerAt("shop", "2025-01-01", "retail"),
                     CustomerAt("shop", "2025-05-05", "schools"), CustomerAt("annex", "2025-01-01", "retail")});
  };
  const Step merge = [&](ShipmentFeed& feed, World&) {
    feed.TellEvents({CustomerAt("annex", "2025-06-01", "retail", "college")});
  };
  const Step launch = [&](ShipmentFeed&, World& world) {
    world.CreateActive("schools", ForSchools());
    world.CreateActive("others",
                       Terms("basis: SELL_THROUGH eligibility { except_customer_segments: ['retail', 'schools'] }"));
  };
  for (const std::vector<Step>& steps : {std::vector<Step>{tell_sales, tell_customers, merge, launch},
                                         std::vector<Step>{launch, tell_customers, merge, tell_sales},
                                         std::vector<Step>{tell_customers, tell_sales, launch, merge}}) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    for (const Step& step : steps) {
      step(feed, world);
      world.CatchUp();
    }
    std::vector<std::string> worth;
    for (const v1::Accrual& accrual : world.Accruals()) {
      worth.push_back(accrual.name() + " " + std::to_string(accrual.lines()) + " " +
                      Amount(accrual.evaluation().value()));
    }
    EXPECT_THAT(worth, ElementsAre("partners/p1/accruals/others.2025Q1 1 USD 80.000000000",
                                   "partners/p1/accruals/schools.2025Q1 3 USD 45.000000000",
                                   "partners/p1/accruals/schools.2025Q2 1 USD 30.000000000"));
    EXPECT_EQ(world.Parked(), 0);
  }
}

TEST_F(SegmentProgramsTest, AbsencesAreExplainedAndClosesKeepWhatTheyKnew) {
  world_.CreateActive("schools", ForSchools());
  world_.CreateActive("no-shops", Terms("basis: SELL_THROUGH eligibility { except_customer_segments: 'retail' }"));
  feed_.TellEvents({CustomerAt("college", "2025-01-01", "schools"), CustomerAt("shop", "2025-01-01", "retail")});
  for (const SellThroughSale& sale :
       {SaleTo("customers/college", "S1", "2025-02-01", 1000), SaleTo("customers/shop", "S2", "2025-02-02", 2000),
        SaleTo("customers/new", "S3", "2025-02-03", 4000), SaleTo("", "S4", "2025-02-04", 8000),
        SaleTo("", "R1", "2025-04-06", -100, "S1")}) {
    feed_.TellFact(sale);
  }
  world_.CatchUp();
  const std::string want = " / one of eligibility.customer_segments: schools";
  EXPECT_EQ(Why("S1", "schools"), "");
  EXPECT_EQ(Why("R1", "schools"), "") << "it is its sale's customer's";
  EXPECT_EQ(Why("S2", "schools"), "segment retail of customers/shop on 2025-02-02" + want);
  EXPECT_EQ(Why("S3", "schools"), "no known segment of customers/new on 2025-02-03" + want);
  EXPECT_EQ(Why("S4", "schools"), "no customer" + want);
  EXPECT_EQ(Why("S2", "no-shops"),
            "segment retail of customers/shop on 2025-02-02 / none of eligibility.except_customer_segments: retail");
  EXPECT_EQ(Why("S3", "no-shops"), "");
  v1::ListAccrualLinesRequest list;
  list.set_parent("partners/p1/accruals/schools.2025Q1");
  ASSERT_OK_AND_ASSIGN(const auto judged, world_.finance().Call<v1::ListAccrualLinesResponse>(
                                              std::string(kAccruals) + "ListAccrualLines", list));
  std::vector<int> reasons;
  for (const v1::AccrualLine& line : judged.accrual_lines()) reasons.push_back(line.reason());
  std::sort(reasons.begin(), reasons.end());
  EXPECT_THAT(reasons, ElementsAre(0, 0, 21, 21, 21));

  // What closes state is what was simulated.
  v1::CreateSimulationRequest simulated;
  *simulated.mutable_simulation()->mutable_program() = ForSchools();
  simulated.mutable_simulation()->set_compare_with("programs/schools");
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", simulated));
  const auto simulation = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulation.total()), "USD 9.000000000");
  EXPECT_EQ(simulation.comparison().unchanged(), 1);
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.CloseAndIssue("schools", "2025Q1"));
  EXPECT_GT(close.partner_watermark_size(), 0);
  // That the shop was a school all along comes too late for its sale. A late sale to the college counts, and one that
  // was told with the wrong customer is told again with another one, which changes no sum.
  feed_.TellEvents({CustomerAt("shop", "2025-06-01", "retail", "college")});
  SellThroughSale wrong = SaleTo("customers/college", "S5", "2025-03-01", 700);
  feed_.TellFact(wrong);
  feed_.TellFact(SaleTo("customers/shop", "S6", "2025-03-02", 600));
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("schools", "2025Q2"));
  SellThroughSale back = wrong, again = wrong;
  back.set_name(wrong.name() + ".r1");
  back.set_reverses(wrong.name());
  back.mutable_quantity()->set_value("-1");
  back.mutable_net_amount()->set_units(-700);
  again.set_name("partners/p1/sales/S5.1.2");
  again.set_end_customer("customers/new");
  feed_.TellFact(back);
  feed_.TellFact(again);
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("schools", "2025Q3"));
  std::vector<std::string> stated;
  for (const v1::Statement& statement : world_.Statements(world_.finance())) {
    for (const v1::StatementEntry& entry : statement.entries()) {
      stated.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                       Amount(entry.amount()));
    }
  }
  EXPECT_THAT(stated, ElementsAre("EARNED 2025Q1 USD 9.000000000", "TRUE_UP 2025Q1 USD 7.000000000",
                                  "TRUE_UP 2025Q1 USD -7.000000000"));
  ExpectVerified(world_, "partners/p1");
}

// What is below 0 of the lines that count is carried, and of no others: 1,000 less 1,500 of what schools bought.
TEST_F(SegmentProgramsTest, CarriesWhatCounts) {
  v1::Program program = ForSchools();
  program.set_carry_negative(true);
  world_.CreateActive("schools", program);
  feed_.TellEvents({CustomerAt("college", "2025-01-01", "schools"), CustomerAt("shop", "2025-01-01", "retail")});
  for (const SellThroughSale& sale :
       {SaleTo("customers/college", "S1", "2025-02-01", 1000), SaleTo("customers/college", "R1", "2025-02-02", -1500),
        SaleTo("customers/shop", "R2", "2025-02-03", -9000), SaleTo("customers/college", "S2", "2025-04-01", 2000)}) {
    feed_.TellFact(sale);
  }
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Accrual open, world_.GetAccrual("partners/p1/accruals/schools.2025Q2"));
  EXPECT_EQ(Amount(open.evaluation().value()), "USD 15.000000000");
  for (const char* quarter : {"2025Q1", "2025Q2"}) ASSERT_OK(world_.CloseAndIssue("schools", quarter));
  ASSERT_OK_AND_ASSIGN(const v1::Accrual closed, world_.GetAccrual("partners/p1/accruals/schools.2025Q2"));
  EXPECT_EQ(Amount(closed.evaluation().value()), "USD 15.000000000");
  ExpectVerified(world_, "partners/p1");
}

TEST_F(SegmentProgramsTest, WhatDoesNotGoWithItIsRefusedByField) {
  EXPECT_THAT(world_.Create("x", Terms("eligibility { customer_segments: 'schools' }")), Blames("program.eligibility"));
  v1::Program guaranteed = ForSchools("partners: 'partners/p1'");
  guaranteed.mutable_guarantee()->mutable_amount()->set_value("100");
  EXPECT_THAT(world_.Create("x", guaranteed), Blames("program.eligibility"));
  v1::Program group = ForSchools();
  group.set_group(v1::Program::ROLL_UP);
  EXPECT_THAT(world_.Create("x", group), Blames("program.eligibility"));
  EXPECT_THAT(world_.Create("x", ForSchools("customer_segments: ''")),
              Blames("program.eligibility.customer_segments[1]"));
  ASSERT_OK_AND_ASSIGN(const v1::Program made, world_.Create("x", ForSchools("customer_segments: 'a'")));
  EXPECT_THAT(made.eligibility().customer_segments(), ElementsAre("a", "schools"));
}

}  // namespace
}  // namespace tributary::incentive
