#pragma once

// What inventory's feed tells of a partner's stock of a product beside its shipments: receipts, sales, returns to the
// vendor, other movements, reports of what is on hand.
//
// Facts are kept as they were told. What stands is what no other fact takes back; a reversal itself says nothing more.
// So what is read from them is a function of their set, in whatever order they came.
//
// A kit has no stock of its own: inventory tells on the line what moved in its place. The line stays what was sold, of
// the kit; stock is of the parts, each a fact of its own below the line's (PartOf).

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/price_layers/price_layer.h"
#include "common/time/date.h"
#include "incentive-service/engine/ship_and_debit.h"

namespace tributary::incentive {

// The numbers are stored.
enum class ChannelFactKind : int {
  kAwaited = 1,   // a line of a shipment that is on its way until receipts say that it came; quantity: none
  kReceipt = 2,   // units that came of a line of a shipment
  kLoss = 3,      // units of such a line that never will
  kReturn = 4,    // units of such a line that went back to the vendor
  kSale = 5,      // to a customer; below 0: came back from one
  kMovement = 6,  // units that left otherwise; below 0: came
  kOnHand = 7,    // reported to lie there after closing of the day
  kOnHandAtOpening = 8,
  kRotation = 9,       // to the vendor, by a movement
  kScrap = 10,         // destroyed, by a movement
  kKitLine = 11,       // a line of a shipment of kits, whose parts came in their place; quantity: none
  kKitSale = 12,       // a sale of kits, as kSale, whose parts left in their place
  kPartShipped = 13,   // units of a part on a line of a shipment of kits
  kPartAwaited = 14,   // such units that are on their way until receipts say that they came
  kPartSale = 15,      // units of a part that left by a sale of kits; below 0: came back
  kOnHandInKits = 16,  // units of a part in kits that are reported, as kOnHand
  kOnHandInKitsAtOpening = 17,
};

struct ChannelFact {
  std::string partner;
  std::string fact;  // its name without "partners/{partner}/"; whole where another partner states it
  ChannelFactKind kind = ChannelFactKind::kSale;
  std::string product;   // products/{product}
  std::string reverses;  // as fact; empty: none
  std::string refers;  // as fact: the line of a shipment or movement (without its generation), the sale that came back,
                       // or the part of it; else empty
  Date date;
  Decimal quantity;
  std::string customer;  // of a sale, by the partner's name
  friend bool operator==(const ChannelFact&, const ChannelFact&) = default;

  std::string name() const { return "partners/" + partner + "/" + fact; }
};

// A line of a shipment that stands.
struct ShippedLine {
  std::string line;  // its name without "partners/{partner}/" and without its generation
  Date ship_date;
  Decimal quantity;            // below 0 of a return
  std::optional<Decimal> net;  // unset of a part of a kit: what of the line's amount is its, nobody says
  std::string currency;
  std::string returns;  // as line: of a return, the line that the units were shipped on
};

// The name of a line of a shipment without its generation: "shipments/S1/lines/2.1" -> "shipments/S1/lines/2".
std::string LineWithoutGeneration(std::string_view line);

// The same of a movement: "movements/m.1.r1" -> "movements/m.1", "movements/A.B.3.0" -> "movements/A.B.3". What is no
// movement stays.
std::string MovementWithoutGeneration(std::string_view movement);

// The fact that tells of a part of the kits of a line, "sales/S.1/parts/x" of "sales/S.1" and "products/x".
std::string PartOf(std::string_view line, std::string_view product);

// Units that went to the vendor or were destroyed, and stand.
struct RotatedUnits {
  std::string movement;  // without its generation
  Date date;
  Decimal quantity;
  bool scrapped = false;
};

// A partner's stock of a product, as its price layers are made of, its sales, and what it sent back or destroyed by
// movements.
struct StockBook {
  LayerHistory history;  // without price protections; facts and lines by names without "partners/{partner}/"
  std::vector<CustomerSale> sales;
  std::vector<CustomerReturn> returns;
  std::vector<ChannelFact> on_hand;
  std::vector<RotatedUnits> rotated;       // by movement
  std::map<std::string, Decimal> in_kits;  // units that left by sales of kits and did not come back, by fact
};

// `lines` and `facts`: all of one partner and product.
StockBook BookOf(const std::vector<ShippedLine>& lines, const std::vector<ChannelFact>& facts);

// A unit, told by its serial, that two of the partner's sales name.
struct SharedUnit {
  std::string sale;   // fact
  std::string unit;   // key of it
  std::string other;  // fact
};
// A unit that two sales name was sold by the earlier one that stands: it is taken out of the later one, as if it had
// come back.
void TakeOutSharedUnits(const std::vector<SharedUnit>& shared, StockBook* book);

// Units of sales that were not brought back, of kits too, by fact, and of movements, without their generations.
std::map<std::string, Decimal> UnitsThatLeft(const StockBook& book);

// Units that the partner reports to have had at the opening of the day, at all sites: by what it told after closing of
// the day before, else at opening. Unset where it told neither. Kits that it reports then are so many more; by
// themselves they tell nothing of their parts.
std::optional<Decimal> ReportedAt(const StockBook& book, Date day);

}  // namespace tributary::incentive
