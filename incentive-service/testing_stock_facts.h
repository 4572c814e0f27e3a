#pragma once

// For tests: what inventory's feed tells of partner p3's stock around a price cut, and claims on it, by few words.

#include <string>
#include <string_view>
#include <vector>

#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/claim.pb.h"
#include "tributary/incentive/v1/price_change.pb.h"
#include "tributary/incentive/v1/special_price.pb.h"
#include "tributary/incentive/v1/wallet.pb.h"
#include "tributary/inventory/v1/ledger.pb.h"
#include "tributary/inventory/v1/on_hand_report.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/inventory/v1/return_authorization.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::incentive {

inline constexpr char kPriceChanges[] = "tributary.incentive.v1.PriceChangeService/";
inline constexpr char kSpecialPrices[] = "tributary.incentive.v1.SpecialPriceAuthorizationService/";
inline constexpr char kClaims[] = "tributary.incentive.v1.ClaimService/";

inline google::type::Money Cny(std::string_view amount) { return wire::ToProto(Money{"CNY", *Decimal::Parse(amount)}); }

template <typename Message>
events::EventDraft Recorded(const std::string& partner, const Message& message) {
  return events::Draft(partner, "recorded", message.name(), message);
}

// Units of products/x at a price of one; they lie there on the ship date unless they await a receipt.
inline events::EventDraft Shipped(const std::string& partner, const std::string& document, std::string_view date,
                                  int units, int price, bool awaits_receipt = false) {
  inventory::v1::ShipmentLine line = LineOf(partner, document, 1, date, date, int64_t{units} * price, 0, "CNY");
  line.set_product("products/x");
  line.mutable_quantity()->set_value(StrCat(units));
  line.set_awaits_receipt(awaits_receipt);
  return Recorded(partner, line);
}

inline events::EventDraft Received(const std::string& partner, const std::string& document, std::string_view date,
                                   int units, const std::string& shipment) {
  inventory::v1::ReceiptLine line;
  line.set_name(StrCat("partners/", partner, "/receipts/", document, "/lines/1"));
  line.set_document(document);
  line.set_line(1);
  line.set_shipment_line(StrCat("partners/", partner, "/shipments/", shipment, "/lines/1"));
  *line.mutable_receive_date() = DateOf(date);
  line.set_product("products/x");
  line.mutable_quantity()->set_value(StrCat(units));
  return Recorded(partner, line);
}

// Below 0: what a customer brings back, of the sale that is named.
inline inventory::v1::SellThroughSale SaleOf(const std::string& partner, const std::string& document,
                                             std::string_view date, int units, const std::string& customer,
                                             const std::string& original = "") {
  inventory::v1::SellThroughSale sale;
  sale.set_name(StrCat("partners/", partner, "/sales/", document, ".1"));
  sale.set_document(document);
  sale.set_line(1);
  *sale.mutable_sale_date() = DateOf(date);
  sale.set_product("products/x");
  sale.mutable_quantity()->set_value(StrCat(units));
  sale.set_region("regions/cn-44");
  sale.set_end_customer(customer);
  sale.set_activity(units < 0 ? inventory::v1::SellThroughSale::RETURN : inventory::v1::SellThroughSale::SALE);
  if (!original.empty()) sale.set_original_sale(StrCat("partners/", partner, "/sales/", original, ".1"));
  return sale;
}
inline events::EventDraft Sold(const std::string& partner, const std::string& document, std::string_view date,
                               int units, const std::string& customer, const std::string& original = "") {
  return Recorded(partner, SaleOf(partner, document, date, units, customer, original));
}
// Of a sale or a movement.
template <typename Message>
events::EventDraft Reversed(const std::string& partner, Message fact) {
  fact.set_reverses(fact.name());
  fact.set_name(fact.name() + ".r1");
  fact.mutable_quantity()->set_value("-" + fact.quantity().value());
  return Recorded(partner, fact);
}

inline events::EventDraft OnHand(const std::string& partner, const std::string& document, std::string_view date,
                                 int units) {
  inventory::v1::OnHandReport report;
  report.set_name(StrCat("partners/", partner, "/onHandReports/", document, ".1"));
  report.set_document(document);
  report.set_line(1);
  *report.mutable_date() = DateOf(date);
  report.set_boundary(inventory::v1::OnHandReport::AFTER_CLOSING);
  report.set_product("products/x");
  report.mutable_quantity()->set_value(StrCat(units));
  return Recorded(partner, report);
}

// Between places by their names: "partners/p3/sites/main/on_hand", "vendor". `id`: of a document and line, "m.1".
inline inventory::v1::StockMovement MovementOf(const std::string& partner, const std::string& id, std::string_view date,
                                               int units, const std::string& from, const std::string& to) {
  inventory::v1::StockMovement movement;
  movement.set_name(StrCat("partners/", partner, "/movements/", id));
  *movement.mutable_effective_date() = DateOf(date);
  movement.set_product("products/x");
  movement.mutable_quantity()->set_value(StrCat(units));
  movement.set_from_location(from);
  movement.set_to_location(to);
  return movement;
}
inline events::EventDraft Moved(const std::string& partner, const std::string& id, std::string_view date, int units,
                                const std::string& from, const std::string& to) {
  return Recorded(partner, MovementOf(partner, id, date, units, from, to));
}

// What a command moved, such as a count.
inline events::EventDraft Posted(const std::string& partner, const std::string& id, std::string_view date, int units,
                                 const std::string& from, const std::string& to, const std::string& cause) {
  inventory::v1::StockPosting posting;
  posting.set_name(StrCat("partners/", partner, "/stockPostings/", id));
  posting.set_from_location(from);
  posting.set_to_location(to);
  posting.set_product("products/x");
  posting.mutable_quantity()->set_value(StrCat(units));
  *posting.mutable_effective_date() = DateOf(date);
  posting.set_cause(cause);
  return Recorded(partner, posting);
}

// Layers of 1,000 at 120, 5,000 at 115 and 3,000 at 122, and 400 on their way; 2,500 sold; 7,000 reported.
inline std::vector<events::EventDraft> AroundTheCut() {
  return {Shipped("p3", "A", "2026-03-15", 1000, 120),  Shipped("p3", "B", "2026-04-01", 5000, 115),
          Shipped("p3", "C", "2026-05-01", 3000, 122),  Shipped("p3", "D", "2026-06-08", 400, 122, true),
          Received("p3", "R1", "2026-06-12", 400, "D"), Sold("p3", "S0", "2026-05-20", 2000, "EC7"),
          Sold("p3", "S1", "2026-06-03", 250, "EC1"),   Sold("p3", "S4", "2026-06-08", 250, "EC9"),
          OnHand("p3", "O1", "2026-06-09", 7000),       Sold("p3", "S2", "2026-06-15", 200, "EC1"),
          Sold("p3", "S3", "2026-06-16", 50, "EC2")};
}

// To 110 from 06-10, in transit 7 days, look-back 90 days.
inline v1::CreatePriceChangeRequest CutTo110(const std::string& id = "cut") {
  v1::CreatePriceChangeRequest request;
  request.set_price_change_id(id);
  v1::PriceChange& change = *request.mutable_price_change();
  change.set_product("products/x");
  *change.mutable_effective_date() = DateOf("2026-06-10");
  *change.mutable_new_price() = Cny("110");
  change.set_in_transit_days(7);
  change.set_lookback_days(90);
  *change.mutable_claim_deadline() = DateOf("2999-07-31");
  return request;
}

// EC1, from 06-01 to 07-01, approved cost 100, 400 units.
inline v1::CreateSpecialPriceAuthorizationRequest ForEc1(const std::string& id = "ec1") {
  v1::CreateSpecialPriceAuthorizationRequest request;
  request.set_parent("partners/p3");
  request.set_special_price_id(id);
  v1::SpecialPriceAuthorization& asked = *request.mutable_special_price();
  asked.set_product("products/x");
  asked.set_end_customer("EC1");
  *asked.mutable_sale_from() = DateOf("2026-06-01");
  *asked.mutable_sale_to() = DateOf("2026-07-01");
  *asked.mutable_approved_cost() = Cny("100");
  asked.mutable_quantity()->set_value("400");
  *asked.mutable_claim_deadline() = DateOf("2999-07-31");
  return request;
}

struct ClaimedUnits {
  std::string sale;  // its document; empty against a price change
  std::string units;
  std::string unit_amount;
};
inline v1::CreateClaimRequest NewClaim(const std::string& id, v1::Claim::Kind kind,
                                       const std::vector<ClaimedUnits>& lines) {
  v1::CreateClaimRequest request;
  request.set_parent("partners/p3");
  request.set_claim_id(id);
  v1::Claim& claim = *request.mutable_claim();
  claim.set_kind(kind);
  if (kind == v1::Claim::SHIP_AND_DEBIT) claim.set_special_price("partners/p3/specialPrices/ec1");
  if (kind == v1::Claim::PRICE_PROTECTION) claim.set_price_change("priceChanges/cut");
  if (kind == v1::Claim::SPIFF) {
    claim.set_spiff("spiffs/june");
    claim.set_contact("partners/p3/contacts/ann");
  }
  for (const ClaimedUnits& units : lines) {
    v1::ClaimLine& line = *claim.add_lines();
    if (!units.sale.empty()) line.set_sale(StrCat("partners/p3/sales/", units.sale, ".1"));
    line.mutable_quantity()->set_value(units.units);
    *line.mutable_unit_amount() = Cny(units.unit_amount);
  }
  return request;
}

// "5250.00 of 6250.00 APPROVED: S1.1 250 3750.00; S2.1 150 1500.00, OVER_AUTHORIZED_QUANTITY 50 500.00; "
inline std::string TextOf(const v1::Claim& claim) {
  const auto amount = [](const google::type::Money& money) { return wire::FromProto(money)->amount.ToFixed(2); };
  std::string text =
      StrCat(amount(claim.approved()), " of ", amount(claim.amount()), " ", v1::Claim::State_Name(claim.state()), ": ");
  for (const v1::ClaimLine& line : claim.lines()) {
    StrAppend(&text, line.sale().substr(line.sale().rfind('/') + 1), line.sale().empty() ? "" : " ",
              line.approved_quantity().value(), " ", amount(line.approved()));
    for (const v1::ClaimDenial& denial : line.denials()) {
      StrAppend(&text, ", ", v1::ClaimDenial::Reason_Name(denial.reason()), " ", denial.quantity().value(), " ",
                amount(denial.amount()));
    }
    text += "; ";
  }
  return text;
}

// Calls until the answer is not that somebody else came first.
inline absl::StatusOr<v1::Claim> Insist(rpc::Client& client, const v1::ApproveClaimRequest& request) {
  absl::StatusOr<v1::Claim> reply;
  do {
    reply = client.Call<v1::Claim>(StrCat(kClaims, "ApproveClaim"), request, {.timeout = absl::Seconds(60)});
  } while (ReasonOf(reply.status()) == Reason::kConflictRetry || ReasonOf(reply.status()) == Reason::kOverloaded);
  return reply;
}

// Partners, deciders and payers of a world, and what they do.
class StockDesk {
 public:
  StockDesk(const TestKeys& keys, int port)
      : partner_(keys.NewClient(port, api::v1::PARTNER_USER, "p3")),
        manager_(keys.NewClient(port, api::v1::CHANNEL_MANAGER, "", "manager")),
        finance_(keys.NewClient(port, api::v1::FINANCE, "", "finance")) {}

  rpc::Client& partner() { return *partner_; }
  rpc::Client& manager() { return *manager_; }
  rpc::Client& finance() { return *finance_; }

  absl::StatusOr<v1::PriceChange> Draft(const v1::CreatePriceChangeRequest& request) {
    return manager_->Call<v1::PriceChange>(StrCat(kPriceChanges, "CreatePriceChange"), request);
  }
  absl::StatusOr<v1::PriceChange> Announce(rpc::Client& client, const std::string& id = "cut") {
    v1::AnnouncePriceChangeRequest request;
    request.set_name("priceChanges/" + id);
    return client.Call<v1::PriceChange>(StrCat(kPriceChanges, "AnnouncePriceChange"), request);
  }
  absl::StatusOr<v1::PreviewExposureResponse> Preview(const std::string& partner = "", const std::string& id = "cut") {
    v1::PreviewExposureRequest request;
    request.set_name("priceChanges/" + id);
    request.set_partner(partner);
    return finance_->Call<v1::PreviewExposureResponse>(StrCat(kPriceChanges, "PreviewExposure"), request);
  }
  absl::StatusOr<v1::SpecialPriceAuthorization> Ask(const v1::CreateSpecialPriceAuthorizationRequest& request) {
    return partner_->Call<v1::SpecialPriceAuthorization>(StrCat(kSpecialPrices, "CreateSpecialPriceAuthorization"),
                                                         request);
  }
  absl::StatusOr<v1::SpecialPriceAuthorization> Grant(rpc::Client& client, const std::string& id = "ec1") {
    v1::ApproveSpecialPriceAuthorizationRequest request;
    request.set_name("partners/p3/specialPrices/" + id);
    return client.Call<v1::SpecialPriceAuthorization>(StrCat(kSpecialPrices, "ApproveSpecialPriceAuthorization"),
                                                      request);
  }
  absl::StatusOr<v1::Claim> Claim(const v1::CreateClaimRequest& request) {
    return partner_->Call<v1::Claim>(StrCat(kClaims, "CreateClaim"), request);
  }
  absl::StatusOr<v1::Claim> Approve(rpc::Client& client, const std::string& id) {
    v1::ApproveClaimRequest request;
    request.set_name("partners/p3/claims/" + id);
    return client.Call<v1::Claim>(StrCat(kClaims, "ApproveClaim"), request);
  }
  absl::StatusOr<v1::Claim> Pay(rpc::Client& client, const std::string& id) {
    v1::PayClaimRequest request;
    request.set_name("partners/p3/claims/" + id);
    *request.mutable_expires_on() = DateOf("2999-12-31");
    return client.Call<v1::Claim>(StrCat(kClaims, "PayClaim"), request);
  }
  absl::StatusOr<v1::Claim> TrueUp(rpc::Client& client, const std::string& id, bool validate_only = false) {
    v1::TrueUpClaimRequest request;
    request.set_name("partners/p3/claims/" + id);
    *request.mutable_expires_on() = DateOf("2999-12-31");
    request.set_validate_only(validate_only);
    return client.Call<v1::Claim>(StrCat(kClaims, "TrueUpClaim"), request);
  }
  std::string Balance() {
    v1::GetWalletRequest request;
    request.set_name("partners/p3/wallets/CNY");
    const auto wallet = partner_->Call<v1::Wallet>("tributary.incentive.v1.WalletService/GetWallet", request);
    if (!wallet.ok()) return wallet.status().ToString();
    return wire::FromProto(wallet->balance())->amount.ToFixed(2);
  }

 private:
  std::unique_ptr<rpc::Client> partner_;
  std::unique_ptr<rpc::Client> manager_;
  std::unique_ptr<rpc::Client> finance_;
};

}  // namespace tributary::incentive
