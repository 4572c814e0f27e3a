// Programs on won deals, through the wire: what counts, in whatever order it was told, why the rest does not, and what
// a late one does to a closed quarter.

#include "google/protobuf/text_format.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using conflict::v1::DealRegistration;
using ::testing::ElementsAre;
using ::testing::SizeIs;

v1::Program OnWonDeals(const std::string& more) {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                                  display_name: "Bonus on deals"
                                                                  basis: WON_DEAL
                                                                  period: QUARTER
                                                                  currency: "CNY"
                                                                  effective_from { year: 2025 month: 7 day: 1 }
                                                                )pb" +
                                                                more,
                                                            &program));
  return program;
}
// 5 % of what deals are worth.
v1::Program Bonus() {
  return OnWonDeals(R"pb(
    shape: FLAT
    tiers {
      from_amount { value: "0" }
      rate { value: "0.05" }
    }
  )pb");
}
// 200 for each.
v1::Program ForEach() {
  return OnWonDeals(R"pb(
    shape: PER_UNIT
    measure: QUANTITY
    tiers {
      from_amount { value: "0" }
      amount { value: "200" }
    }
  )pb");
}

DealRegistration Deal(const std::string& id, DealRegistration::State state, std::string_view won_on = "",
                      int64_t value = 0, const std::string& currency = "CNY") {
  DealRegistration deal;
  deal.set_name("partners/p2/deals/" + id);
  deal.set_state(state);
  if (!won_on.empty()) *deal.mutable_win_date() = DateOf(won_on);
  if (value != 0) {
    deal.mutable_value()->set_currency_code(currency);
    deal.mutable_value()->set_units(value);
  }
  return deal;
}

class WonDealProgramsTest : public WorldTest {
 protected:
  // "CNY 5000.000000000 of 1 lines".
  std::string Accrued(const std::string& accrual) {
    const auto found = world_.GetAccrual("partners/p2/accruals/" + accrual);
    if (!found.ok()) return found.status().ToString();
    return Amount(found->evaluation().value()) + " of " + std::to_string(found->lines()) + " lines";
  }
  v1::Absence::Reason WhyAbsent(const std::string& deal) {
    v1::ExplainAbsenceRequest request;
    request.set_name("partners/p2/deals/" + deal);
    request.set_program("programs/bonus");
    const auto why =
        world_.finance().Call<v1::ExplainAbsenceResponse>(std::string(kAccruals) + "ExplainAbsence", request);
    EXPECT_OK(why);
    if (!why.ok() || why->absences_size() != 1) return v1::Absence::REASON_UNSPECIFIED;
    return why->absences(0).reason();
  }
};

TEST_F(WonDealProgramsTest, EachDealThatIsWonIsOneLine) {
  const std::vector<DealRegistration> deals = {
      Deal("d1", DealRegistration::APPROVED, "", 100000), Deal("d1", DealRegistration::WON, "2025-08-20", 100000),
      Deal("d2", DealRegistration::WON, "2025-08-21"), Deal("d3", DealRegistration::WON, "2025-09-01", 10, "USD"),
      Deal("d4", DealRegistration::LOST, "", 70000)};
  world_.CreateActive("bonus", Bonus());
  // Once, and once more the other way round.
  for (const DealRegistration& deal : deals) feed_.TellFact(deal);
  for (auto deal = deals.rbegin(); deal != deals.rend(); ++deal) feed_.TellFact(*deal);
  world_.CatchUp();
  world_.CreateActive("for-each", ForEach());  // from what is known already
  EXPECT_EQ(Accrued("bonus.2025Q3"), "CNY 5000.000000000 of 1 lines");
  EXPECT_EQ(Accrued("for-each.2025Q3"), "CNY 400.000000000 of 2 lines");
  EXPECT_EQ(WhyAbsent("d1"), v1::Absence::REASON_UNSPECIFIED);
  EXPECT_EQ(WhyAbsent("d2"), v1::Absence::NO_AMOUNT);
  EXPECT_EQ(WhyAbsent("d3"), v1::Absence::OTHER_CURRENCY);
  EXPECT_EQ(WhyAbsent("d4"), v1::Absence::UNKNOWN_LINE);
  v1::CreateSimulationRequest simulate;
  *simulate.mutable_simulation()->mutable_program() = Bonus();
  ASSERT_OK_AND_ASSIGN(const auto operation, world_.finance().Call<google::longrunning::Operation>(
                                                 std::string(kSimulations) + "CreateSimulation", simulate));
  const auto simulated = AnswerOf<v1::Simulation>(operation);
  EXPECT_EQ(Amount(simulated.total()), "CNY 5000.000000000");
  EXPECT_THAT(simulated.deal_watermark(), SizeIs(1));

  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose close, world_.CloseAndIssue("bonus", "2025Q3"));
  ASSERT_THAT(close.deal_watermark(), SizeIs(1));
  // The feed of both services is one here.
  ASSERT_THAT(close.watermark(), SizeIs(1));
  EXPECT_EQ(close.deal_watermark(0).shard(), close.watermark(0).shard());
  ASSERT_OK(world_.CloseAndIssue("for-each", "2025Q3"));
  // One more of the quarter is told when it is closed.
  feed_.TellFact(Deal("d5", DealRegistration::WON, "2025-09-30", 2000));
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("bonus", "2025Q4"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p2");
  std::vector<std::string> entries;
  for (const v1::Statement& statement : stated) {
    for (const v1::StatementEntry& entry : statement.entries()) {
      entries.push_back(v1::StatementEntry::Kind_Name(entry.kind()) + " " + entry.period() + " " +
                        Amount(entry.amount()));
    }
  }
  EXPECT_THAT(entries, ElementsAre("EARNED 2025Q3 CNY 5000.000000000", "EARNED 2025Q3 CNY 400.000000000",
                                   "TRUE_UP 2025Q3 CNY 100.000000000"));
  ExpectVerified(world_, "partners/p2");
  EXPECT_EQ(world_.Parked(), 0);
}

}  // namespace
}  // namespace tributary::incentive
