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

}  // namespace
}  // namespace tributary::cli
