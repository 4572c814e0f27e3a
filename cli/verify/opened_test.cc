#include "cli/verify/opened.h"

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using incentive::v1::StatementEntry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

StatementEntry Opened() {
  StatementEntry entry;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              evaluation {
                                                                opening {
                                                                  opening_balance: "partners/p1/openingBalances/live"
                                                                  document: "GL-1"
                                                                  amount { value: "1500.5" }
                                                                  quantity { value: "30" }
                                                                  paid { currency_code: "USD" units: 10 }
                                                                }
                                                              })pb",
                                                            &entry));
  return entry;
}

Program Terms() {
  Program terms;
  terms.set_currency("USD");
  terms.set_measure(Program::AMOUNT);
  terms.set_shape(Program::RETROACTIVE);
  return terms;
}

TEST(OpenedTest, AddsItsSumsAndHasAShare) {
  const OpenedWork work = VerifyOpening(Opened(), Terms(), "partners/p1");
  EXPECT_THAT(work.differences, IsEmpty());
  EXPECT_EQ(work.sums.amount, verify::Integer("1500500000000"));
  EXPECT_EQ(work.sums.quantity, verify::Integer("30000000000"));
  ASSERT_THAT(work.weights, SizeIs(1));
  EXPECT_EQ(work.weights[0].num, work.sums.amount);
  Program by_units = Terms();
  by_units.set_shape(Program::PER_UNIT);
  EXPECT_EQ(VerifyOpening(Opened(), by_units, "partners/p1").weights.at(0).num, work.sums.quantity);
}

TEST(OpenedTest, AnEntryWithoutOneHasNone) {
  const OpenedWork work = VerifyOpening(StatementEntry(), Terms(), "partners/p1");
  EXPECT_THAT(work.differences, IsEmpty());
  EXPECT_THAT(work.weights, IsEmpty());
  EXPECT_EQ(work.sums.amount, 0);
}

TEST(OpenedTest, TellsWhatMayNotBe) {
  EXPECT_THAT(VerifyOpening(Opened(), Terms(), "partners/p2").differences,
              ElementsAre(HasSubstr("want one of partners/p2")));
  Program carries = Terms();
  carries.set_carry_negative(true);
  EXPECT_THAT(VerifyOpening(Opened(), carries, "partners/p1").differences, ElementsAre(HasSubstr("worth more")));
  Program euros = Terms();
  euros.set_currency("EUR");
  EXPECT_THAT(VerifyOpening(Opened(), euros, "partners/p1").differences, ElementsAre(HasSubstr("want EUR")));
  StatementEntry below = Opened();
  below.mutable_evaluation()->mutable_opening()->mutable_quantity()->set_value("-1");
  below.mutable_evaluation()->mutable_opening()->clear_document();
  EXPECT_THAT(VerifyOpening(below, Terms(), "partners/p1").differences,
              ElementsAre(HasSubstr("document"), HasSubstr("less than 0")));
}

TEST(OpenedTest, IsWhatTheBalanceSays) {
  StatementEntry entry = Opened();
  entry.set_program("programs/g");
  entry.set_period("2025Q1");
  incentive::v1::OpeningBalance balance;
  balance.set_state(incentive::v1::OpeningBalance::RECORDED);
  balance.set_document("GL-1");
  balance.add_volumes()->set_program("programs/other");
  incentive::v1::OpeningBalance::Volume& volume = *balance.add_volumes();
  volume.set_program("programs/g");
  volume.set_period("2025Q1");
  volume.mutable_amount()->set_value("1500.5");
  volume.mutable_quantity()->set_value("30");
  volume.mutable_paid()->set_currency_code("USD");
  volume.mutable_paid()->set_units(10);
  EXPECT_THAT(CompareOpening(entry, balance), IsEmpty());
  incentive::v1::OpeningBalance other = balance;
  other.mutable_volumes(1)->mutable_amount()->set_value("1500.6");
  other.mutable_volumes(1)->mutable_paid()->set_units(11);
  EXPECT_THAT(CompareOpening(entry, other), ElementsAre(HasSubstr(": amount is not"), HasSubstr(": paid is not")));
  other = balance;
  other.set_state(incentive::v1::OpeningBalance::REJECTED);
  other.set_document("GL-2");
  EXPECT_THAT(CompareOpening(entry, other), ElementsAre(HasSubstr("state"), HasSubstr("document")));
  entry.set_period("2025Q2");
  EXPECT_THAT(CompareOpening(entry, balance), ElementsAre(HasSubstr("a volume of the period")));
}

}  // namespace
}  // namespace tributary::cli
