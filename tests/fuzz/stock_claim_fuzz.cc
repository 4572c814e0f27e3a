// libFuzzer: any claim on a partner's units, of a special price, a price cut, a SPIFF or a stock rotation, is either
// refused with a reason, or decided on a small stock: of each line what is paid and what is not make up what was
// claimed, and the same claim made twice is paid for no more units of a sale or movement than left. Since few texts
// name what is there, the input is also read with good names in it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/validation.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/claims/claim_proto.h"
#include "incentive-service/claims/stock_claim.h"
#include "tests/fuzz/any_message.h"

namespace {

using namespace tributary;             // NOLINT
using namespace tributary::incentive;  // NOLINT

void Require(bool holds) {
  if (!holds) std::abort();
}

Date On(int month, int day) { return Date::FromYmd(2026, month, day).value(); }
Decimal Units(int64_t units) { return Decimal::FromInt(units); }

const SpecialPriceAuthorization& Authorization() {
  static const auto& one = *new SpecialPriceAuthorization{.partner = "p-1",
                                                          .id = "ec1",
                                                          .state = SpecialPriceState::kApproved,
                                                          .product = "products/x",
                                                          .end_customer = "EC1",
                                                          .window = {On(6, 1), On(7, 1)},
                                                          .approved_cost = Units(100),
                                                          .currency = "CNY",
                                                          .quantity = Units(30),
                                                          .claim_deadline = On(7, 31)};
  return one;
}
const PriceChange& Cut() {
  static const auto& one = *new PriceChange{.id = "cut",
                                            .state = PriceChangeState::kAnnounced,
                                            .product = "products/x",
                                            .effective_date = On(6, 10),
                                            .new_price = Units(110),
                                            .currency = "CNY",
                                            .lookback_days = 90,
                                            .claim_deadline = On(7, 31)};
  return one;
}
const Spiff& June() {
  static const auto& one = *new Spiff{.id = "june",
                                      .state = SpiffState::kAnnounced,
                                      .product = "products/x",
                                      .window = {On(6, 1), On(7, 1)},
                                      .reward = Units(8),
                                      .currency = "CNY",
                                      .claim_deadline = On(7, 31)};
  return one;
}
const StockRotation& Rotation() {
  static const auto& one = *new StockRotation{.partner = "p-1",
                                              .id = "june",
                                              .state = StockRotationState::kApproved,
                                              .way = RotationWay::kReturnOrScrap,
                                              .window = {On(6, 1), On(7, 1)},
                                              .purchases = {On(3, 1), On(6, 1)},
                                              .limit_rate = Decimal::Parse("0.5").value(),
                                              .fee_rate = Decimal::Parse("0.1").value(),
                                              .currency = "CNY",
                                              .claim_deadline = On(7, 31)};
  return one;
}

// Two shipments at two prices, four sales, one unit returned to the vendor and two destroyed.
const StockBook& Book() {
  static const auto& one = *[] {
    auto* const book = new StockBook();
    book->history.arrivals = {{"shipments/A/lines/1", On(4, 1), On(4, 1), Units(20), Rational::FromInt(115), "CNY"},
                              {"shipments/B/lines/1", On(5, 1), On(5, 1), Units(15), Rational::FromInt(122), "CNY"}};
    for (int i = 0; i < 6; ++i) {
      const Date day = On(6, 3 + 4 * i);
      const std::string fact = StrCat(i < 4 ? "sales/S." : "movements/m.", i);
      const Decimal units = Units(i < 4 ? 3 + i : i - 3);
      book->history.departures.push_back({day, units, fact});
      if (i < 4) {
        book->sales.push_back({.fact = fact, .date = day, .customer = i == 3 ? "EC2" : "EC1", .quantity = units});
      } else {
        book->rotated.push_back({fact, day, units, i == 5});
      }
    }
    book->history.protections = {ProtectionOf(Cut(), std::nullopt)};
    return book;
  }();
  return one;
}

// Puts names of what is there into the claim; `facts` chooses which.
void NameWhatIsThere(ClaimKind kind, uint8_t facts, v1::Claim* claim) {
  claim->set_kind(static_cast<v1::Claim::Kind>(kind));
  for (auto* name :
       {claim->mutable_fund_request(), claim->mutable_special_price(), claim->mutable_price_change(),
        claim->mutable_spiff(), claim->mutable_stock_rotation(), claim->mutable_contact(), claim->mutable_product()}) {
    name->clear();
  }
  claim->clear_name();
  claim->clear_proofs();
  claim->clear_amount();
  if (kind == ClaimKind::kShipAndDebit) claim->set_special_price("partners/p-1/specialPrices/ec1");
  if (kind == ClaimKind::kPriceProtection) claim->set_price_change("priceChanges/cut");
  if (kind == ClaimKind::kSpiff) {
    claim->set_spiff("spiffs/june");
    claim->set_contact("partners/p-1/contacts/c");
  }
  if (kind == ClaimKind::kStockRotation) {
    claim->set_stock_rotation("partners/p-1/stockRotations/june");
    claim->set_product("products/x");
  }
  for (v1::ClaimLine& line : *claim->mutable_lines()) {
    line.clear_sale();
    line.clear_movement();
    // One more of each than there are.
    if (kind == ClaimKind::kShipAndDebit || kind == ClaimKind::kSpiff) {
      line.set_sale(StrCat("partners/p-1/sales/S.", facts % 5));
    } else if (kind == ClaimKind::kStockRotation) {
      line.set_movement(StrCat("partners/p-1/movements/m.", 4 + facts % 3));
    }
    facts /= 3;
    line.mutable_unit_amount()->set_currency_code("CNY");
  }
}

absl::StatusOr<Claim> Submitted(Claim claim, Date today) {
  switch (claim.kind) {
    case ClaimKind::kShipAndDebit:
      return Submit(std::move(claim), Authorization(), today);
    case ClaimKind::kPriceProtection:
      return Submit(std::move(claim), Cut(), today);
    case ClaimKind::kSpiff:
      return Submit(std::move(claim), June(), today);
    default:
      return Submit(std::move(claim), Rotation(), today);
  }
}

Due DueOfClaim(const Claim& claim, const std::vector<OtherLine>& others, Date today) {
  switch (claim.kind) {
    case ClaimKind::kShipAndDebit:
      return DueOf(claim, Authorization(), Book(), others, {}, today);
    case ClaimKind::kPriceProtection:
      return DueOf(claim, Cut(), Book(), others, {}, today);
    case ClaimKind::kSpiff:
      return DueOf(claim, June(), Book(), others, {});
    default:
      return DueOf(claim, Rotation(), Units(4000), Book(), others, {});
  }
}

void CheckDecided(const Claim& claim) {
  int64_t approved = 0;
  for (const ClaimLine& line : claim.lines) {
    int64_t sum = line.approved;
    for (const ClaimDenial& denial : line.denials) {
      Require(denial.amount >= 0);
      sum += denial.amount;
    }
    Require(line.approved >= 0 && sum == line.amount);
    Require(!line.approved_quantity.negative() && line.approved_quantity <= line.quantity);
    Decimal of_layers;
    for (const ApprovedLayer& layer : line.layers) of_layers += layer.quantity;
    Require(of_layers == line.approved_quantity);
    approved += line.approved;
  }
  Require(approved == claim.approved && claim.approved <= claim.amount);
  Require((claim.state == ClaimState::kApproved) == (claim.approved > 0));
}

void CheckClaim(v1::CreateClaimRequest message, Date today) {
  if (!rpc::Validate(message).ok()) return;
  absl::StatusOr<Claim> claim = SubjectFromProto(message.claim(), "p-1");
  if (!claim.ok()) return Require(!DetailOf(claim.status()).violations.empty());
  if (claim->kind == ClaimKind::kMdf) return;  // claim_fuzz has them
  claim->product = "products/x";
  claim->currency = "CNY";
  claim->claimant = "clerk";
  claim->create_time = absl::FromUnixSeconds(int64_t{today.days()} * 86400);
  claim = FromProto(message.claim(), *claim);
  if (!claim.ok()) return Require(!DetailOf(claim.status()).violations.empty());
  claim = Submitted(*std::move(claim), today);
  if (!claim.ok()) return Require(ReasonOf(claim.status()) != Reason::kUnspecified);

  std::vector<OtherLine> others;
  std::map<std::string, Decimal> paid;
  for (const char* id : {"c-1", "c-2"}) {
    Claim next = *claim;
    next.id = id;
    const absl::StatusOr<Claim> decided =
        Decide(next, DueOfClaim(next, others, today), others, "", "manager", next.create_time);
    if (!decided.ok()) return Require(ReasonOf(decided.status()) == Reason::kOverflow);
    CheckDecided(*decided);
    for (size_t i = 0; i < decided->lines.size(); ++i) {
      const ClaimLine& line = decided->lines[i];
      if (!line.sale.empty()) paid[line.sale] += line.approved_quantity;
      others.push_back({.kind = decided->kind,
                        .claim = decided->id,
                        .ordinal = static_cast<int>(i) + 1,
                        .special_price = decided->special_price,
                        .price_change = decided->price_change,
                        .stock_rotation = decided->stock_rotation,
                        .sale = line.sale,
                        .claimed_on = today,
                        .turn = decided->turn,
                        .approved_quantity = line.approved_quantity,
                        .paid = line.approved,
                        .layers = line.layers});
    }
  }
  const std::map<std::string, Decimal> left = UnitsThatLeft(Book());
  for (const auto& [fact, units] : paid) {
    const auto known = left.find(fact);
    Require(units <= (known == left.end() ? Decimal() : known->second));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::AnyMessage bytes(data, size);
  const auto kind = static_cast<ClaimKind>(2 + bytes.Byte() % 4);
  const uint8_t facts = bytes.Byte();
  const Date today = On(7, 1).AddDays(bytes.Byte() % 40);
  v1::CreateClaimRequest message;
  message.set_parent("partners/p-1");
  bytes.Fill(message.mutable_claim());
  CheckClaim(message, today);
  NameWhatIsThere(kind, facts, message.mutable_claim());
  CheckClaim(message, today);
  return 0;
}
