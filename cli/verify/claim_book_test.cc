#include "cli/verify/claim_book.h"

#include <functional>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;
using incentive::v1::Deduction;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <typename Message>
Message MessageOf(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// 10 x 3.50 and 4 x 2 are 43; of the first 8 units are paid for, 28, of the second 3 at 1.50 each, 4.50. 10 of
// the 32.50 the partner took itself; later 2.50 were taken back.
Claim GoodClaim() {
  return MessageOf<Claim>(R"pb(
    name: "partners/p1/claims/c1"
    state: PAID
    kind: SHIP_AND_DEBIT
    special_price: "partners/p1/specialPrices/s"
    amount { currency_code: "CNY" units: 43 }
    approved { currency_code: "CNY" units: 32 nanos: 500000000 }
    denied { currency_code: "CNY" units: 10 nanos: 500000000 }
    deducted { currency_code: "CNY" units: 10 }
    claimant: "clerk"
    decider: "manager"
    payer: "treasurer"
    lines {
      sale: "partners/p1/sales/r.1"
      quantity { value: "10" }
      unit_amount { currency_code: "CNY" units: 3 nanos: 500000000 }
      amount { currency_code: "CNY" units: 35 }
      approved_quantity { value: "8" }
      approved { currency_code: "CNY" units: 28 }
      layers {
        shipment_line: "partners/p1/shipments/s/lines/1"
        quantity { value: "5" }
        amount { currency_code: "CNY" units: 17 nanos: 500000000 }
      }
      layers {
        shipment_line: "partners/p1/shipments/s/lines/2"
        quantity { value: "3" }
        amount { currency_code: "CNY" units: 10 nanos: 500000000 }
      }
      denials {
        reason: OVER_AUTHORIZED_QUANTITY
        quantity { value: "2" }
        amount { currency_code: "CNY" units: 7 }
      }
    }
    lines {
      sale: "partners/p1/sales/r.2"
      quantity { value: "4" }
      unit_amount { currency_code: "CNY" units: 2 }
      amount { currency_code: "CNY" units: 8 }
      approved_quantity { value: "3" }
      approved { currency_code: "CNY" units: 4 nanos: 500000000 }
      denials {
        reason: LAYER_PRICE
        quantity { value: "3" }
        amount { currency_code: "CNY" units: 1 nanos: 500000000 }
      }
      denials {
        reason: UNITS_UNKNOWN
        quantity { value: "1" }
        amount { currency_code: "CNY" units: 2 }
      }
    }
    true_ups {
      amount { currency_code: "CNY" units: -2 nanos: -500000000 }
      due { currency_code: "CNY" units: 30 }
      principal: "treasurer"
    }
  )pb");
}

Deduction GoodDeduction() {
  return MessageOf<Deduction>(R"pb(
    name: "partners/p1/deductions/d"
    matches {
      entitlement: "partners/p1/claims/c1"
      amount { currency_code: "CNY" units: 10 }
    }
    matches {
      entitlement: "partners/p1/statements/1"
      amount { currency_code: "CNY" units: 90 }
    }
  )pb");
}

TEST(ClaimBookTest, AGoodClaimHasNoDifferences) {
  EXPECT_THAT(VerifyClaim(GoodClaim()), IsEmpty());
  ClaimBook book;
  book.Add(GoodDeduction());
  EXPECT_THAT(book.Add(GoodClaim()), IsEmpty());
}

// 0.333333 x 12 is 3.999996.
TEST(ClaimBookTest, PartsOfUnitsAreRoundedOnce) {
  Claim claim = MessageOf<Claim>(R"pb(
    name: "partners/p1/claims/c2"
    state: SUBMITTED
    kind: PRICE_PROTECTION
    price_change: "priceChanges/cut"
    amount { currency_code: "CNY" units: 4 }
    claimant: "clerk"
    lines {
      quantity { value: "0.333333" }
      unit_amount { currency_code: "CNY" units: 12 }
      amount { currency_code: "CNY" units: 4 }
    }
  )pb");
  EXPECT_THAT(VerifyClaim(claim), IsEmpty());
  claim.mutable_lines(0)->mutable_amount()->set_units(3);
  claim.mutable_lines(0)->mutable_amount()->set_nanos(990000000);
  EXPECT_THAT(VerifyClaim(claim), ::testing::Not(IsEmpty()));
}

TEST(ClaimBookTest, SaysWhatIsWrong) {
  const struct {
    std::function<void(Claim*)> spoil;
    const char* difference;
  } kCases[] = {
      {[](Claim* c) { c->mutable_amount()->set_units(44); }, "amount: stated 44 CNY, worked out 43 CNY"},
      {[](Claim* c) { c->mutable_approved()->set_units(33); }, "approved: stated 33.5 CNY, worked out 32.5 CNY"},
      {[](Claim* c) { c->mutable_denied()->set_units(11); }, "denied: stated 11.5 CNY, worked out 10.5 CNY"},
      {[](Claim* c) { c->mutable_lines(0)->mutable_quantity()->set_value("11"); },
       "lines[0]: amount: stated 35, worked out 11 x 3.5"},
      {[](Claim* c) { c->mutable_lines(0)->mutable_layers(0)->mutable_amount()->set_units(18); },
       "lines[0]: layers: stated 28 CNY, worked out 29 CNY"},
      {[](Claim* c) { c->mutable_lines(0)->mutable_layers(0)->mutable_quantity()->set_value("6"); },
       "lines[0]: approved_quantity: stated 8, worked out 9"},
      {[](Claim* c) { c->mutable_lines(1)->mutable_denials(0)->mutable_amount()->set_units(2); },
       "lines[1]: approved and denials: stated 8 CNY, worked out 9 CNY"},
      {[](Claim* c) { c->mutable_lines(1)->mutable_approved_quantity()->set_value("5"); },
       "lines[1]: approved_quantity: stated 5, want at most 4"},
      {[](Claim* c) { c->mutable_lines(1)->set_sale("partners/p1/sales/r.1"); }, "partners/p1/sales/r.1: twice"},
      {[](Claim* c) { c->mutable_deducted()->set_units(33); }, "deducted: stated 33, want at most 32.5"},
      {[](Claim* c) { c->mutable_true_ups(0)->mutable_due()->set_units(31); },
       "true_ups[0]: due: stated 31 CNY, worked out 30 CNY"},
      {[](Claim* c) { c->set_state(Claim::APPROVED); }, "true_ups: of a claim that is not paid"},
      {[](Claim* c) { c->set_state(Claim::SUBMITTED); }, "approved: stated 32.5 CNY, worked out 0 CNY"},
      {[](Claim* c) { c->set_decider("clerk"); }, "decider: clerk claims it"},
      {[](Claim* c) { c->set_payer("manager"); }, "payer: manager decided it"},
      {[](Claim* c) { c->set_kind(Claim::MDF); }, "lines: stated some, want none of MDF"},
      {[](Claim* c) { c->clear_lines(); }, "lines: stated none"},
  };
  for (const auto& c : kCases) {
    Claim bad = GoodClaim();
    c.spoil(&bad);
    EXPECT_THAT(VerifyClaim(bad), Contains(HasSubstr(c.difference)));
  }
}

TEST(ClaimBookTest, ClaimsDoNotProveTwiceNorTakeTwice) {
  const Claim first = MessageOf<Claim>(R"pb(
    name: "partners/p1/claims/a"
    state: SUBMITTED
    kind: MDF
    amount { currency_code: "CNY" units: 5 }
    proofs { document: "documents/x" sha256: "ab" }
  )pb");
  Claim second = first;
  second.set_name("partners/p1/claims/b");
  ClaimBook book;
  EXPECT_THAT(book.Add(first), IsEmpty());
  EXPECT_THAT(book.Add(second), Contains(HasSubstr("documents/x: proves partners/p1/claims/a too")));
  second.set_state(Claim::WITHDRAWN);
  EXPECT_THAT(book.Add(second), IsEmpty());
  second.set_state(Claim::SUBMITTED);
  second.set_name("partners/p2/claims/b");
  EXPECT_THAT(book.Add(second), IsEmpty());
  EXPECT_THAT(ClaimBook().Add(GoodClaim()), Contains(HasSubstr("deducted: stated 10, worked out 0 of deductions")));
}

}  // namespace
}  // namespace tributary::cli
