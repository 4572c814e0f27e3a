#pragma once

// What claims are made against, and the facts of the partners that claim, as a verifier read them.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/verify/fact.h"
#include "cli/verify/fraction.h"
#include "google/protobuf/timestamp.pb.h"
#include "tributary/incentive/v1/price_change.pb.h"
#include "tributary/incentive/v1/special_price.pb.h"
#include "tributary/incentive/v1/spiff.pb.h"
#include "tributary/incentive/v1/stock_rotation.pb.h"
#include "tributary/inventory/v1/price_layer.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::cli {

// Microseconds since 1970.
int64_t MicrosOf(const google::protobuf::Timestamp& time);
// "partners/p/shipments/S/lines/2" of "partners/p/shipments/S/lines/2.1": which statement of a line it is, left out.
std::string LineOf(const std::string& name);
// "partners/p/movements/m.1" of "partners/p/movements/m.1.r1"; "partners/p/movements/A.B.3" of "A.B.3.0".
std::string MovementOf(const std::string& name);

// A partner's facts. What stands is what no other takes back.
class PartnerFacts {
 public:
  void Add(const inventory::v1::SellThroughSale& sale);
  void Add(const inventory::v1::ShipmentLine& line);
  void Add(const inventory::v1::StockMovement& movement);
  // Something else that bears on the stock of a product.
  void Recorded(const std::string& product, const google::protobuf::Timestamp& time);

  // A sale as it was told, whether it stands or not; null where there is none.
  const Fact* Sale(const std::string& name) const;
  // Units of it that stand and did not come back; billionths.
  verify::Integer UnitsLeft(const std::string& sale) const;

  // A line of a shipment that stands; null where there is none. `name`: with or without its generation.
  const Fact* Line(const std::string& name) const;
  // Those of a product.
  std::vector<const Fact*> LinesOf(const std::string& product) const;
  // Net amounts of the lines that stand, in billionths: by ship date, a linked return by that of what it returns.
  // `from` and `to`: "2026-01-01", the day after the last.
  verify::Integer Purchases(const std::string& from, const std::string& to, const std::string& currency) const;

  // Units that left, by movements that stand.
  struct Moved {
    std::string product;
    std::string date;
    std::string to;  // "vendor", "scrap"
    bool of_kits = false;
    verify::Integer units = 0;  // billionths
  };
  // `name`: with or without its generation; no units where there is none.
  Moved Movement(const std::string& name) const;

  // Whether anything of the product, of any where it is empty, was recorded after the moment.
  bool Later(const std::string& product, int64_t micros) const;

 private:
  bool Stands(const Fact& fact) const { return fact.reverses.empty() && !reversed_.contains(fact.name); }

  std::map<std::string, Fact> sales_;
  std::map<std::string, std::vector<std::string>> returns_;  // by sale: names of sales that bring units of it back
  std::map<std::string, Fact> lines_;
  std::map<std::string, std::vector<std::string>> statements_;                  // by line without its generation: names
  std::map<std::string, std::vector<inventory::v1::StockMovement>> movements_;  // likewise
  std::set<std::string> reversed_;                                              // names of what is taken back
  std::map<std::string, int64_t> latest_;                                       // by product
};

struct ClaimGrounds {
  // By name.
  std::map<std::string, incentive::v1::SpecialPriceAuthorization> special_prices;
  std::map<std::string, incentive::v1::PriceChange> price_changes;
  std::map<std::string, incentive::v1::Spiff> spiffs;
  std::map<std::string, incentive::v1::StockRotation> stock_rotations;
  std::map<std::string, PartnerFacts> facts;  // by partner
  // By (partner, price change): which units lie there, by the books of inventory-service and not of who pays.
  std::map<std::pair<std::string, std::string>, inventory::v1::PriceProtectionExposure> exposures;
  std::map<std::string, int64_t> decided;  // by claim: when it was approved, in microseconds
};

}  // namespace tributary::cli
