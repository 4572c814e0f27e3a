#pragma once

// Orders in the database. Every transaction that changes one has locked the partner's account (payments/account.h).

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/orders/order.h"

namespace tributary::inventory {

struct FillRate {
  int64_t orders = 0;
  int64_t answered = 0;
  Decimal ordered;
  Decimal confirmed;
  Decimal shipped;
  int64_t mean_response_seconds = 0;  // 0 where none is answered
};

// What is stored of the progress that the feed was told: 32 bytes.
std::string ToldOf(const Order& order, const OrderProgress& progress);

class OrderStore {
 public:
  // NOT_FOUND. Orders are read whole.
  absl::StatusOr<Order> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<Order>> List(mysql::Transaction& sql, std::string_view partner,
                                          std::string_view after_partner, std::string_view after_id,
                                          const SqlPredicate& filter, int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const Order& order) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Order& order) const;
  // Ids of the partner's orders that name the hold, with their rows locked.
  absl::StatusOr<std::vector<std::string>> NamedBy(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view wallet_hold) const;
  // Stores what the feed was told of its progress, and nothing else.
  absl::Status SetTold(mysql::Transaction& sql, const Order& order) const;

  // Orders, by partner, of which rows in this range of the feed may say something: their shipments, receipts and
  // invoices; and, of partners with other money in the range or in `paid`, those that payments alone can move.
  absl::StatusOr<std::map<std::string, std::set<std::string>>> Touched(mysql::Transaction& sql,
                                                                       const events::ShardRange& range,
                                                                       std::set<std::string> paid) const;
  // By state; states without an order are left out.
  absl::StatusOr<std::map<OrderState, int64_t>> CountByState(mysql::Transaction& sql) const;

  // What the facts that name the order say.
  absl::StatusOr<OrderProgress> ProgressOf(mysql::Transaction& sql, std::string_view partner,
                                           std::string_view id) const;
  // What orders of the partner add to its exposure in the currency, by name.
  absl::StatusOr<std::vector<ExposureTerm>> OpenOf(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view currency) const;
  // What the partner's orders, placed and not canceled, order and no shipment that names them has sent, by site and
  // product: of orders and shipments up to the date, and known then. What became of an order since is not undone. Kits
  // are told by what they consist of on the order's date.
  absl::StatusOr<std::map<std::pair<std::string, std::string>, Decimal>> UnshippedOf(mysql::Transaction& sql,
                                                                                     std::string_view partner,
                                                                                     Date date, absl::Time known) const;
  // Of orders dated [from, to), of one partner or of all where it is empty.
  absl::StatusOr<FillRate> FillRateOf(mysql::Transaction& sql, std::string_view partner, Date from, Date to) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
