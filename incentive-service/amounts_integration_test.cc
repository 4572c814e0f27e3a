// Programs that count gross amounts, through the wire: discounts, what the wallet gave of a price, returns, and what
// was recorded before.

#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// 1 %, from 20,000 2 %, from 60,000 3.5 % of all.
v1::Program OfAmount(v1::Program::AmountOf of) {
  v1::Program terms = Terms("shape: RETROACTIVE");
  terms.set_amount_of(of);
  return terms;
}

ShipmentLine Discounted(ShipmentLine line, int64_t discount, int64_t wallet) {
  for (auto* money : {line.mutable_discount(), line.mutable_wallet_amount()}) money->set_currency_code("USD");
  line.mutable_discount()->set_units(discount);
  line.mutable_wallet_amount()->set_units(wallet);
  return line;
}

// 108,000 at list price less 43,200, of which the wallet gave 7,200; and 10,000 without a discount.
std::vector<ShipmentLine> WithAndWithoutDiscount() {
  return {Discounted(LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 64800), 43200, 7200),
          LineOf("p1", "SO2", 1, "2025-02-03", "2025-02-04", 10000)};
}

class AmountsTest : public WorldTest {
 protected:
  // "gross 118000" each.
  std::vector<std::string> Amounts() {
    std::vector<std::string> texts;
    for (const v1::Accrual& accrual : world_.Accruals()) {
      texts.push_back(StrCat(accrual.program().substr(std::string("programs/").size()), " ",
                             accrual.qualifying_amount().units(), " ", accrual.evaluation().value().units()));
    }
    return texts;
  }
};

TEST_F(AmountsTest, EachProgramCountsItsAmount) {
  world_.CreateActive("gross", OfAmount(v1::Program::GROSS));
  world_.CreateActive("net", OfAmount(v1::Program::NET));
  feed_.Tell(WithAndWithoutDiscount());
  world_.CatchUp();
  // One that is activated late counts what is recorded as those do.
  world_.CreateActive("wallet", OfAmount(v1::Program::GROSS_OF_WALLET));
  world_.CreateActive("late-gross", OfAmount(v1::Program::GROSS));
  EXPECT_THAT(Amounts(),
              ElementsAre("gross 118000 4130", "late-gross 118000 4130", "net 74800 2618", "wallet 82000 2870"));
  for (const char* program : {"gross", "net", "wallet"}) ASSERT_OK(world_.Close(program, "2025Q1"));
  ASSERT_OK(world_.Issue("2025Q1"));
  // Half of the first comes back, late; a line that was all discount is worth nothing net.
  ShipmentLine back = Discounted(LineOf("p1", "RT1", 1, "2025-05-01", "2025-05-01", -32400), -21600, -3600);
  back.set_original_line("partners/p1/shipments/SO1/lines/1");
  feed_.Tell({back, Discounted(LineOf("p1", "SO3", 1, "2025-05-02", "2025-05-02", 0), 500, 0)});
  world_.CatchUp();
  for (const char* program : {"gross", "net", "wallet"}) ASSERT_OK(world_.Close(program, "2025Q2"));
  ASSERT_OK(world_.Issue("2025Q2"));
  const std::vector<v1::Statement> stated = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(stated, SizeIs(2));
  EXPECT_EQ(Amount(stated[0].total()), "USD 9618.000000000");  // 4,130 + 2,618 + 2,870
  // "gross TRUE_UP -1890" each: 64,000 at 3.5 %, 42,400 and 46,000 at 2 %.
  std::vector<std::string> texts;
  for (const v1::StatementEntry& entry : stated[1].entries()) {
    texts.push_back(StrCat(entry.program().substr(std::string("programs/").size()), " ",
                           v1::StatementEntry::Kind_Name(entry.kind()), " ", entry.amount().units()));
  }
  EXPECT_THAT(texts, ElementsAre("gross EARNED 5", "gross TRUE_UP -1890", "net EARNED 0", "net TRUE_UP -1770",
                                 "wallet EARNED 0", "wallet TRUE_UP -1950"));
  // Lines state the amount that counted.
  std::vector<std::string> amounts;
  for (const v1::StatementLine& line : world_.Lines(stated[0].name())) amounts.push_back(Amount(line.amount()));
  EXPECT_THAT(amounts, ElementsAre("USD 108000.000000000", "USD 10000.000000000", "USD 64800.000000000",
                                   "USD 10000.000000000", "USD 72000.000000000", "USD 10000.000000000"));
  const std::string csv = CsvOf(world_, stated[0].name());
  EXPECT_THAT(csv, HasSubstr("amount,1,GROSS\n"));
  EXPECT_THAT(csv, Not(HasSubstr("amount,2,")));
  EXPECT_THAT(csv, HasSubstr("amount,3,GROSS_OF_WALLET\n"));
  ExpectVerified(world_, "partners/p1");
}

// What was taken back counts no more, whatever it was worth.
TEST_F(AmountsTest, AReversalTakesTheWholeAmountBack) {
  world_.CreateActive("gross", OfAmount(v1::Program::GROSS));
  const std::vector<ShipmentLine> lines = WithAndWithoutDiscount();
  feed_.Tell(lines);
  feed_.Tell({ReversalOf(lines[0])});
  world_.CatchUp();
  EXPECT_THAT(Amounts(), ElementsAre("gross 10000 100"));
}

TEST_F(AmountsTest, AreSimulated) {
  feed_.Tell(WithAndWithoutDiscount());
  world_.CatchUp();
  const auto total = [&](v1::Program::AmountOf of) {
    v1::CreateSimulationRequest request;
    *request.mutable_simulation()->mutable_program() = OfAmount(of);
    const auto operation =
        world_.finance().Call<google::longrunning::Operation>(std::string(kSimulations) + "CreateSimulation", request);
    EXPECT_OK(operation);
    return operation.ok() ? Amount(AnswerOf<v1::Simulation>(*operation).total()) : "";
  };
  EXPECT_EQ(total(v1::Program::AMOUNT_OF_UNSPECIFIED), "USD 2618.000000000");
  EXPECT_EQ(total(v1::Program::GROSS), "USD 4130.000000000");
  EXPECT_EQ(total(v1::Program::GROSS_OF_WALLET), "USD 2870.000000000");
}

TEST_F(AmountsTest, OtherBasesAreRefusedByField) {
  for (const v1::Program::Basis basis : {v1::Program::INVOICED, v1::Program::SELL_THROUGH, v1::Program::WON_DEAL}) {
    v1::Program terms = OfAmount(v1::Program::GROSS);
    terms.set_basis(basis);
    EXPECT_THAT(world_.Create("x", terms), Blames("program.amount_of")) << v1::Program::Basis_Name(basis);
  }
  // What has accrued stands on the amount.
  world_.CreateActive("net", OfAmount(v1::Program::NET));
  v1::ReviseProgramRequest revise;
  *revise.mutable_program() = OfAmount(v1::Program::GROSS);
  revise.mutable_program()->set_name("programs/net");
  revise.mutable_update_mask()->add_paths("amount_of");
  *revise.mutable_starts_on() = DateOf("2027-01-01");
  revise.set_request_id(NewRequestId());
  EXPECT_THAT(world_.finance().Call<v1::Program>(std::string(kPrograms) + "ReviseProgram", revise),
              HasReason(Reason::kInUse));
}

}  // namespace
}  // namespace tributary::incentive
