#pragma once

// What this service keeps of other services' feeds: as much as its rules look at.

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/money.h"
#include "common/scopes/scope_box.h"
#include "common/time/date.h"

namespace tributary::conflict {

// A region that is not in use lies nowhere, as one that never came.
struct RegionFact {
  std::string name;
  std::string parent;  // empty at a root
  bool active = true;
};

struct PartnerFact {
  std::string name;  // partners/{partner}
  bool terminated = false;
};

// A customer as partner-service tells it: by its pseudonym.
struct CustomerFact {
  std::string name;               // customers/{customer}
  std::string merged_into;        // customers/{customer}; empty: it stands for itself
  bool erased = false;            // its identity was removed
  std::vector<std::string> keys;  // CustomerKey (deals/deal.h) of each name that it has or, erased, had
};

// A territory grant as it stands.
struct Grant {
  enum class Exclusivity { kExclusive = 1, kNonExclusive = 2, kHelper = 3 };
  std::string name;
  std::string partner;  // partners/{partner}
  bool active = true;   // not revoked
  Exclusivity exclusivity = Exclusivity::kNonExclusive;
  ScopeBox scope;
};

// A line that somebody sold: a row of a partner's sell-through report, or what the vendor sold past the channel.
struct Sale {
  std::string name;     // partners/{partner}/sales/{sale} or directSales/{direct_sale}
  std::string partner;  // partners/{partner}, the seller; empty: the vendor itself
  Date date;
  std::string region;        // empty: not told
  std::string product_line;  // empty where the product has none
  std::string customer;      // as the seller calls it; empty: not told
  bool is_return = false;    // negative quantity: goods came back; nothing was sold anywhere
  std::string reverses;      // for a reversal: the line that it takes back
  bool reversed = false;     // taken back; as if it had never been
  // Whether something was sold, as far as is known.
  bool Stands() const { return !is_return && reverses.empty() && !reversed; }
};

// What a row of a sell-through report says of goods, in the product's base unit.
struct SoldGoods {
  std::string sale;     // name of the row
  std::string partner;  // partners/{partner}, the seller
  std::string product;  // products/{product}
  Date date;
  Decimal quantity;           // negative: came back
  std::string original;       // of a return: the name of the sale that it takes back; empty: not told
  std::optional<Money> paid;  // for all of it, net of discounts and without tax; unset: not told
};

// A sale of one product that stands, or a return (negative), in the product's base unit. A return whose sale is known
// has that sale's region and day, so that the two together are nothing.
struct SoldUnits {
  std::string partner;
  std::string region;
  Date date;
  Decimal quantity;
};

// Units that the vendor shipped to a partner, or took back, of which it knows the serials.
struct ShippedUnits {
  std::string line;     // name of the shipment's line
  std::string partner;  // partners/{partner}
  std::string product;  // products/{product}
  std::string product_line;
  std::string lot;
  Date date;
  std::vector<std::string> serials;
  bool is_return = false;
  std::string reverses;  // for a reversal: the line that it takes back; its serials do not count
};

// Units that one partner handed over to another, of which the serials are told.
struct HandedOver {
  std::string movement;  // name of the stock movement
  std::string giver;     // partners/{partner}
  std::string partner;   // partners/{partner}: who has them since
  std::string product;   // products/{product}
  std::string product_line;
  std::string lot;
  Date date;
  std::vector<std::string> serials;
  std::string reverses;  // for a reversal: the movement that it takes back; its serials do not count
};

// The units of a sell-through sale, of which the serials are told.
struct SoldSerials {
  std::string sale;     // name of the row
  std::string partner;  // partners/{partner}, the seller
  std::string product;  // products/{product}
  std::string product_line;
  std::string lot;
  std::string region;  // where the customer is; empty: not told
  Date date;
  std::vector<std::string> serials;
};

// A unit was seen somewhere, or a box or pallet with all that was in it that day.
struct Scan {
  enum class Kind { kScan = 1, kWarranty = 2 };
  std::string name;  // scanEvents/{scan_event}
  Kind kind = Kind::kScan;
  std::string product;    // products/{product}; empty of a container
  std::string serial;     // empty of a container
  std::string container;  // code of the box or pallet; empty of a unit
  std::string region;     // regions/{region}
  Date date;
  friend bool operator==(const Scan&, const Scan&) = default;
};

// Serials of units by product.
using Units = std::map<std::string, std::set<std::string>>;

// What happened to one unit.
struct UnitEvent {
  // In the order in which they count on one day: who sends a unit on has taken it back before, and it is seen where it
  // was brought.
  enum class Kind {
    kReturned = 1,   // it went back to the vendor
    kShipped = 2,    // the vendor shipped it to the partner
    kTakenOver = 3,  // the partner took it over from the giver
    kSeen = 4,       // it was seen in the region
    kSold = 5        // the partner sold it in the region
  };
  Kind kind = Kind::kSeen;
  std::string serial;
  std::string source;  // name of the fact that tells it
  Date date;
  std::string partner;       // partners/{partner}; of kSeen none
  std::string giver;         // partners/{partner}; of kTakenOver alone
  std::string region;        // regions/{region}; of kSeen and, where it is told, of kSold
  std::string product_line;  // not of kSeen
  std::string lot;           // not of kSeen
};

// A line of a shipment, or a sell-through row, that tells a lot; in the product's base unit.
struct LotFlow {
  enum class Kind { kShipped = 1, kSold = 2 };
  std::string source;  // name of the fact
  Kind kind = Kind::kShipped;
  std::string partner;  // partners/{partner}
  std::string product;  // products/{product}
  std::string lot;      // code; empty of a reversal that tells none
  Date date;
  Decimal quantity;      // negative: went, or came, back
  std::string reverses;  // of a reversal: the fact that it takes back
};

// So much of another product in one base unit of a kit, from a day to a day.
struct KitComponent {
  std::string kit;        // products/{product}
  std::string component;  // products/{product}
  Decimal quantity;       // in the component's base unit, above 0
  DateRange effective;
};

// What a product consists of, whatever is in force on a day; nothing of one that is no kit.
struct KitFact {
  std::string product;
  std::vector<KitComponent> components;
};

// What inventory-service found of a partner, a product, a lot and a period: the books against what the partner reports
// (R17), and what a mass balance (R18) is made of, which never asks the books. In the product's base unit.
struct ReconciledGap {
  std::string name;                // of the reconciliation
  std::string partner;             // partners/{partner}
  std::string product;             // products/{product}
  std::optional<std::string> lot;  // code; unset: all lots together
  Date from;
  Date to;  // the last day
  int64_t revision = 0;
  std::optional<Decimal> opening_reported;  // unset where the partner did not report: unknown, not zero
  std::optional<Decimal> reported;          // at the end of the period
  Decimal sell_in;                          // shipped by the vendor, less what went back
  Decimal sell_through;
  Decimal transferred_in;
  Decimal transferred_out;
  Decimal opening_in_transit;  // shipped before the period, and not received then
  Decimal in_transit;          // at its end
  std::optional<Decimal> gap;  // reported less the books
  std::optional<Decimal> unexplained;
  bool accepted = false;
  friend bool operator==(const ReconciledGap&, const ReconciledGap&) = default;
};

}  // namespace tributary::conflict
