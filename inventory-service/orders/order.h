#pragma once

// Orders of distributors: values and decisions. An order is decided on by commands (place, confirm, hold, cancel); what
// is shipped, billed and paid of it follows from the facts that name it.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "inventory-service/credit/credit.h"
#include "inventory-service/prices/price_resolution.h"
#include "inventory-service/products/kit.h"
#include "inventory-service/supply/availability.h"
#include "inventory-service/territories/territory.h"
#include "inventory-service/wallet_holds/wallet_hold.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class OrderState {
  kDraft = 1,
  kPlaced = 2,
  kOnHold = 3,
  kPartConfirmed = 4,
  kConfirmed = 5,
  kCanceled = 6,
  kPendingFunds = 7
};
enum class CheckKind { kCredit = 1, kStock = 2, kPrice = 3, kTerritory = 4, kWallet = 5 };
enum class CheckOutcome { kPassed = 1, kPartial = 2, kFailed = 3, kNotChecked = 4, kUndecided = 5 };
enum class Fulfillment { kNotShipped = 1, kPartShipped = 2, kShipped = 3, kReceived = 5, kSettled = 4 };
std::string_view NameOf(OrderState state);
std::string_view NameOf(CheckKind kind);
std::string_view NameOf(Fulfillment fulfillment);
// By which verb the feed tells an order that is placed and comes into this state.
std::string_view PlacedVerb(OrderState state);

struct OrderLine {
  int line = 0;
  std::string product;  // id
  Decimal quantity;     // base units
  bool free_of_charge = false;
  Decimal list_price;  // of one of what the quantity was stated in
  Decimal discount;    // on the whole line
  Decimal net_amount;  // before what the wallet gives
  Decimal tax_amount;
  Decimal gross_amount;
  Decimal confirmed;        // of quantity
  Decimal wallet_amount;    // what of the order's hold falls on it
  Decimal wallet_discount;  // what of that lowers its amounts: all of it where the hold is for PRICE, else nothing
  std::string unit;         // id of the unit in which it was ordered; empty where in base units
  Decimal unit_quantity;    // of quantity, in that unit, as it was ordered

  // As it was ordered: list_price is of one of these.
  Decimal ordered() const { return unit.empty() ? quantity : unit_quantity; }
  Decimal rest() const { return quantity - confirmed; }
  // What it will be billed at.
  Decimal billed_net() const { return net_amount - wallet_discount; }
  Decimal billed_gross() const { return gross_amount - wallet_discount; }
  // Of what it will be billed at with tax, the amount of so many units, half-even to millionths; the differences of two
  // such amounts sum to the whole.
  Decimal GrossOf(Decimal units) const;
  friend bool operator==(const OrderLine&, const OrderLine&) = default;
};

// One check of what is not confirmed yet, and why it came out so.
struct OrderCheck {
  CheckKind kind;
  CheckOutcome outcome;
  int line = 0;  // 0: of the whole order
  Decimal got;
  Decimal bound;
  std::string why;
  std::string resource;  // what decided; empty where nothing did
};

struct Order {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  OrderState state = OrderState::kDraft;
  Date order_date;
  Date requested_date;
  std::string site;  // id
  std::string currency;
  std::string route;
  std::string end_customer;
  std::string deal;
  std::string wallet_hold;              // its name; empty where it names none
  std::optional<WalletUse> wallet_use;  // what the hold must be for, where the order says so
  std::vector<OrderLine> lines;         // by number
  std::vector<OrderCheck> checks;
  std::optional<absl::Time> place_time;
  std::optional<absl::Time> response_time;  // when anything of it was first confirmed
  // What the feed was last told of its progress: how far it has come, and a digest of the figures of its lines.
  Fulfillment fulfillment = Fulfillment::kNotShipped;
  std::string told;

  std::string name() const;  // partners/{partner}/orders/{id}
  OrderLine* Line(int number);
  // What is not confirmed will be billed at, with tax.
  Decimal RestGross() const;
};

// What facts say of an order, by line.
struct OrderProgress {
  std::map<int, Decimal> shipped;
  std::map<int, Decimal> received;  // of what is shipped; at once where no receipt is awaited
  std::map<int, Decimal> lost;      // of what is shipped
  std::map<int, Decimal> invoiced;
  bool settled = false;  // every invoice that names the order is paid
};
Fulfillment FulfillmentOf(const Order& order, const OrderProgress& progress);

// What confirmed units of the order are not invoiced yet: what they will be billed at with tax, 0 or more.
Decimal OpenAmount(const Order& order, const OrderProgress& progress);

// What of the order's hold is used by what is shipped: of each line's share the part of its units, of a canceled order
// of no more units than stayed confirmed. Rounded half-even to the currency's smallest unit, and the whole where all is
// shipped: each step captures what it adds, and the steps sum to the whole.
Decimal WalletUsed(const Order& order, const OrderProgress& progress);

// What facts say of each line and of the order, as one text: it differs where anything that is told does.
std::string TextOf(const Order& order, const OrderProgress& progress);

// What the checks read.
struct OrderInputs {
  Exposure exposure;                         // with what is confirmed of this order
  std::map<std::string, SupplyBook> supply;  // by product; of kits that of their parts
  // By product that is no stock of its own: what one of it takes of the supply on the order's date. Nothing of what
  // lies in no stock.
  std::map<std::string, std::vector<KitPart>> kits;
  std::map<std::string, std::vector<PriceCandidate>> prices;  // by product
  std::map<std::string, std::string> product_lines;           // by product; ids
  std::map<std::string, std::string> editions;                // by product; "" where it has none
  PriceQuestion buyer;  // channel, tiers and segment as far as they are known; the rest is set by line
  ShipTo ship_to;
  std::vector<TerritoryGrant> grants;         // the partner's
  std::optional<WalletHold> wallet_hold;      // that the order names; unset while the feed has not told of it
  std::optional<Decimal> wallet_price_share;  // of the net amounts, what a hold for PRICE may take; all where unset
};

// part / whole, half-even to millionths; `whole` is not zero.
Decimal RateOf(Decimal part, Decimal whole);

// INVALID_FIELD: lines without order or amounts that do not add up; a free line with an amount.
absl::Status CheckContent(const Order& order);

// WALLET of an order that names a hold; CREDIT of the whole, STOCK of each product that lies in stock (of kits, of each
// part), TERRITORY of each line, PRICE of each line that is not free: of what is not confirmed. Prices are compared
// before what the wallet gives, credit after it.
std::vector<OrderCheck> RunChecks(const Order& order, const OrderInputs& inputs);

// DRAFT -> PLACED, PENDING_FUNDS where WALLET is undecided, or ON_HOLD where WALLET, CREDIT, TERRITORY or PRICE fails
// or PRICE is undecided. What stock lacks does not hold an order.
absl::StatusOr<Order> Place(const Order& order, const OrderInputs& inputs, absl::Time now);

// So much of a line, for a day.
struct ConfirmPart {
  int line = 0;
  Decimal quantity;
  std::optional<Date> date;  // the order's requested date where unset
};
struct Confirmation {
  Order order;
  std::vector<Promise> promises;
};
// Confirms the parts; without any, of every line in order what stock has for the requested date. PLACED, ON_HOLD or
// PART_CONFIRMED -> CONFIRMED, PART_CONFIRMED, or ON_HOLD where a check of the rest holds it. Refused, in this order:
// the state; a line that is not there, more than its rest (INVALID_FIELD); ORDER_CHECK_FAILED: STOCK, TERRITORY, PRICE,
// WALLET, CREDIT of what is to be confirmed. Who confirms decides what is undecided.
absl::StatusOr<Confirmation> Confirm(const Order& order, std::vector<ConfirmPart> parts, const OrderInputs& inputs,
                                     absl::Time now);

// ON_HOLD -> PLACED or PART_CONFIRMED. ORDER_CHECK_FAILED while WALLET, CREDIT, TERRITORY or PRICE of the rest fails;
// who releases decides what is undecided.
absl::StatusOr<Order> Release(const Order& order, const OrderInputs& inputs, absl::Time now);

// What becomes of an order when its hold is told anew: checked again where WALLET comes out otherwise than it did, so
// that PENDING_FUNDS goes on by itself, and what a hold no longer backs is billed in full. Unset where nothing changes,
// and for drafts and canceled orders.
std::optional<Order> FollowHold(const Order& order, const OrderInputs& inputs, absl::Time now);

// What a placed order is to be from now on.
struct Amendment {
  std::vector<OrderLine> lines;
  std::optional<Date> requested_date;  // as it was where unset
};
// Any but DRAFT or CANCELED. What is confirmed of a line stays so, as far as the line still orders it at the same
// price; the rest is given back: `promises` of the order with what is left of each. Refused: the state; content; IN_USE
// where something is shipped or billed of an order with a hold, whose shares would move under it; a line of which
// something is shipped or billed that is left out, changes its product or price, or falls below that.
absl::StatusOr<Confirmation> Amend(const Order& order, Amendment amendment, const OrderProgress& progress,
                                   std::vector<Promise> promises, const OrderInputs& inputs, absl::Time now);

// Any but CANCELED -> CANCELED. What was shipped stays confirmed, the rest is given back: `promises` of the order with
// what is left of each.
absl::StatusOr<Confirmation> Cancel(const Order& order, const OrderProgress& progress, std::vector<Promise> promises,
                                    absl::Time now);

}  // namespace tributary::inventory
