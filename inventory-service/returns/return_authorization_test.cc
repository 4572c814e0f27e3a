#include "inventory-service/returns/return_authorization.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "common/status/status_matchers.h"

namespace tributary::inventory {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1780000000);
const Date kDay = Date::FromYmd(2026, 6, 15).value();

ReturnLine Line(int64_t quantity, int line = 1, const char* product = "bike") {
  return {.document = "SO1", .line = line, .product = product, .quantity = Decimal::FromInt(quantity)};
}

ReturnAuthorization Of(ReturnState state) {
  ReturnAuthorization authorization;
  authorization.partner = "acme";
  authorization.id = "r1";
  authorization.state = state;
  authorization.lines = {Line(4), Line(2)};
  return authorization;
}

TEST(ReturnAuthorization, WhatMayGoBack) {
  const std::map<ShipmentKey, Returnable> returnable = {
      {{"SO1", 1}, {"bike", Decimal::FromInt(10), Decimal::FromInt(3)}}};
  const struct {
    const char* what;
    std::vector<ReturnLine> lines;
    Reason outcome;
  } kCases[] = {
      {"all that is left", {Line(7)}, Reason::kUnspecified},
      {"more", {Line(8)}, Reason::kOverReturned},
      {"more in two lines", {Line(4), Line(4)}, Reason::kOverReturned},
      {"of another product", {Line(8, 1, "pump")}, Reason::kReferenceNotFound},
      {"of a line that was not shipped", {Line(1, 2)}, Reason::kReferenceNotFound},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ReasonOf(CheckReturnable(c.lines, returnable)), c.outcome) << c.what;
  }
}

// Ten sets came: of each two wheels and a bell.
std::map<ShipmentKey, Returnable> Sets() {
  return {{{"SO1", 1},
           {.product = "set",
            .shipped = Decimal::FromInt(10),
            .quantity = Decimal::FromInt(10),
            .parts = {{"bell", Decimal::FromInt(10)}, {"wheel", Decimal::FromInt(20)}}}}};
}

TEST(ReturnAuthorization, AKitSendsItsPartsBack) {
  ReturnAuthorization authorization = Of(ReturnState::kApproved);
  authorization.lines = {Line(4, 1, "set"), Line(1, 1, "set")};
  ASSERT_OK(TakeParts(Sets(), &authorization.lines));
  const BucketKey bell{{"acme", "main", "bell", ""}, Bucket::kOnHand};
  const BucketKey wheel{{"acme", "main", "wheel", ""}, Bucket::kOnHand};
  EXPECT_EQ(PositionChanges(Movements(authorization)),
            (std::map<BucketKey, Decimal>{{bell, Decimal::FromInt(-5)}, {wheel, Decimal::FromInt(-10)}}));
  std::map<BucketKey, Decimal> units = {{bell, Decimal::FromInt(5)}, {wheel, Decimal::FromInt(10)}};
  EXPECT_OK(Receive(authorization, kDay, std::nullopt, units, kNow));
  units[wheel] = Decimal::FromInt(9);
  EXPECT_THAT(Receive(authorization, kDay, std::nullopt, units, kNow), HasReason(Reason::kInsufficientStock));

  std::vector<ReturnLine> of_lot = {Line(1, 1, "set")};
  of_lot[0].lot = "L1";
  EXPECT_EQ(DetailOf(TakeParts(Sets(), &of_lot)).violations.at(0).field, "return_authorization.lines[0].lot");
  std::vector<ReturnLine> of_serial = {Line(1, 1, "set")};
  of_serial[0].serials = {"S1"};
  EXPECT_EQ(DetailOf(TakeParts(Sets(), &of_serial)).violations.at(0).field, "return_authorization.lines[0].serials");
  std::map<ShipmentKey, Returnable> odd = Sets();
  odd.begin()->second.quantity = Decimal::FromInt(3);
  std::vector<ReturnLine> third = {Line(1, 1, "set")};
  EXPECT_THAT(TakeParts(odd, &third), HasReason(Reason::kNotAMultiple));
}

TEST(ReturnAuthorization, WhatMovedNothingMovesNothingBack) {
  std::map<ShipmentKey, Returnable> services = {{{"SO1", 1}, {.product = "fitting", .posted = false}}};
  ReturnAuthorization authorization = Of(ReturnState::kApproved);
  authorization.lines = {Line(4, 1, "fitting")};
  ASSERT_OK(TakeParts(services, &authorization.lines));
  EXPECT_TRUE(Movements(authorization).empty());
  EXPECT_OK(Receive(authorization, kDay, std::nullopt, {}, kNow));
}

TEST(ReturnAuthorization, WhichVerbFromWhichState) {
  const struct {
    ReturnState state;
    bool approve;
    bool reject;
    bool receive;
  } kCases[] = {{ReturnState::kRequested, true, true, false},
                {ReturnState::kApproved, false, false, true},
                {ReturnState::kReceived, false, false, false},
                {ReturnState::kRejected, false, false, false}};
  Site site;
  site.negative_stock = NegativeStock::kBackOrder;
  for (const auto& c : kCases) {
    const auto approved = Approve(Of(c.state), kNow);
    EXPECT_EQ(approved.ok(), c.approve) << NameOf(c.state);
    EXPECT_EQ(Reject(Of(c.state), kNow).ok(), c.reject) << NameOf(c.state);
    EXPECT_EQ(Receive(Of(c.state), kDay, site, {}, kNow).ok(), c.receive) << NameOf(c.state);
    if (!approved.ok()) {
      EXPECT_THAT(approved, HasReason(Reason::kStateConflict));
    } else {
      EXPECT_EQ(approved->state, ReturnState::kApproved);
      EXPECT_EQ(approved->version, 2);
    }
  }
}

TEST(ReturnAuthorization, ReceivingNeedsTheUnits) {
  const BucketKey main{{"acme", "main", "bike", ""}, Bucket::kOnHand};
  std::optional<Site> site;
  const auto with = [&](int64_t units) {
    return Receive(Of(ReturnState::kApproved), kDay, site, {{main, Decimal::FromInt(units)}}, kNow);
  };
  EXPECT_OK(with(6));
  EXPECT_THAT(with(5), HasReason(Reason::kInsufficientStock));
  EXPECT_THAT(Receive(Of(ReturnState::kApproved), kDay, site, {}, kNow), HasReason(Reason::kInsufficientStock));
  site.emplace();
  EXPECT_THAT(with(5), HasReason(Reason::kInsufficientStock));
  site->negative_stock = NegativeStock::kBackOrder;
  EXPECT_OK(with(5));
  site->closed_on = kDay;
  EXPECT_THAT(with(6), HasReason(Reason::kSiteClosed));

  site.reset();
  const auto received = with(6);
  ASSERT_OK(received);
  const std::vector<Posting> postings = Movements(*received);
  ASSERT_EQ(postings.size(), 2u);
  EXPECT_EQ(postings[0].to, "@vendor");
  EXPECT_EQ(postings[0].effective_date, kDay);
  EXPECT_EQ(postings[0].cause, "partners/acme/returns/r1");
  ReturnAuthorization scrapped = *received;
  scrapped.disposition = Disposition::kScrap;
  EXPECT_EQ(Movements(scrapped)[0].to, "@scrap");
}

}  // namespace
}  // namespace tributary::inventory
