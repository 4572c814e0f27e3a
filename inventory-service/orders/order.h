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
#include "inventory-service/supply/availability.h"
#include "inventory-service/territories/territory.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class OrderState { kDraft = 1, kPlaced = 2, kOnHold = 3, kPartConfirmed = 4, kConfirmed = 5, kCanceled = 6 };
enum class CheckKind { kCredit = 1, kStock = 2, kPrice = 3, kTerritory = 4 };
enum class CheckOutcome { kPassed = 1, kPartial = 2, kFailed = 3, kNotChecked = 4, kUndecided = 5 };
enum class Fulfillment { kNotShipped = 1, kPartShipped = 2, kShipped = 3, kReceived = 5, kSettled = 4 };
std::string_view NameOf(OrderState state);
std::string_view NameOf(CheckKind kind);
std::string_view NameOf(Fulfillment fulfillment);

struct OrderLine {
  int line = 0;
  std::string product;  // id
  Decimal quantity;     // base units
  bool free_of_charge = false;
  Decimal list_price;  // of one
  Decimal discount;    // on the whole line
  Decimal net_amount;
  Decimal tax_amount;
  Decimal gross_amount;
  Decimal confirmed;  // of quantity

  Decimal rest() const { return quantity - confirmed; }
  // The gross amount of so many units, half-even to millionths; the differences of two such amounts sum to the whole.
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
  std::vector<OrderLine> lines;  // by number
  std::vector<OrderCheck> checks;
  std::optional<absl::Time> place_time;
  std::optional<absl::Time> response_time;  // when anything of it was first confirmed
  // What the feed was last told of its progress: how far it has come, and a digest of the figures of its lines.
  Fulfillment fulfillment = Fulfillment::kNotShipped;
  std::string told;

  std::string name() const;  // partners/{partner}/orders/{id}
  OrderLine* Line(int number);
  // Gross amount of what is not confirmed.
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

// What confirmed units of the order are not invoiced yet: their gross amount, 0 or more.
Decimal OpenAmount(const Order& order, const OrderProgress& progress);

// What facts say of each line and of the order, as one text: it differs where anything that is told does.
std::string TextOf(const Order& order, const OrderProgress& progress);

// What the checks read.
struct OrderInputs {
  Exposure exposure;                                          // with what is confirmed of this order
  std::map<std::string, SupplyBook> supply;                   // by product
  std::map<std::string, std::vector<PriceCandidate>> prices;  // by product
  std::map<std::string, std::string> product_lines;           // by product; ids
  std::map<std::string, std::string> editions;                // by product; "" where it has none
  PriceQuestion buyer;  // channel, tier and segment as far as they are known; the rest is set by line
  ShipTo ship_to;
  std::vector<TerritoryGrant> grants;  // the partner's
};

// part / whole, half-even to millionths; `whole` is not zero.
Decimal RateOf(Decimal part, Decimal whole);

// INVALID_FIELD: lines without order or amounts that do not add up; a free line with an amount.
absl::Status CheckContent(const Order& order);

// CREDIT of the whole, STOCK of each product, TERRITORY of each line, PRICE of each line that is not free: of what is
// not confirmed.
std::vector<OrderCheck> RunChecks(const Order& order, const OrderInputs& inputs);

// DRAFT -> PLACED, or ON_HOLD where CREDIT, TERRITORY or PRICE fails or PRICE is undecided. What stock lacks does not
// hold an order.
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
// CREDIT of what is to be confirmed. Who confirms decides what is undecided.
absl::StatusOr<Confirmation> Confirm(const Order& order, std::vector<ConfirmPart> parts, const OrderInputs& inputs,
                                     absl::Time now);

// ON_HOLD -> PLACED or PART_CONFIRMED. ORDER_CHECK_FAILED while CREDIT, TERRITORY or PRICE of the rest fails; who
// releases decides what is undecided.
absl::StatusOr<Order> Release(const Order& order, const OrderInputs& inputs, absl::Time now);

// What a placed order is to be from now on.
struct Amendment {
  std::vector<OrderLine> lines;
  std::optional<Date> requested_date;  // as it was where unset
};
// Any but DRAFT or CANCELED. What is confirmed of a line stays so, as far as the line still orders it at the same
// price; the rest is given back: `promises` of the order with what is left of each. Refused: the state; content; a line
// of which something is shipped or billed that is left out, changes its product or price, or falls below that.
absl::StatusOr<Confirmation> Amend(const Order& order, Amendment amendment, const OrderProgress& progress,
                                   std::vector<Promise> promises, const OrderInputs& inputs, absl::Time now);

// Any but CANCELED -> CANCELED. What was shipped stays confirmed, the rest is given back: `promises` of the order with
// what is left of each.
absl::StatusOr<Confirmation> Cancel(const Order& order, const OrderProgress& progress, std::vector<Promise> promises,
                                    absl::Time now);

}  // namespace tributary::inventory
