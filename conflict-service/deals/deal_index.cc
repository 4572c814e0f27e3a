#include "conflict-service/deals/deal_index.h"

#include <utility>

#include "common/status/status.h"
#include "conflict-service/deals/same_customer.h"

namespace tributary::conflict {

absl::StatusOr<std::set<std::string>> DealIndex::Find(mysql::Transaction& sql, std::string_view customer_name) {
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CatchUpLocked(sql));
  constexpr size_t kMost = 100000;
  std::set<std::string> found;
  for (const matching::NameHit& hit : names_.Find(matching::NameParts(customer_name), kLeastLikeness, kMost)) {
    const Customer& customer = customers_[hit.id];
    if (!CompareCustomers(customer_name, customer.name).same) continue;
    found.insert(customer.deals.begin(), customer.deals.end());
  }
  return found;
}

absl::StatusOr<int64_t> DealIndex::Append(mysql::Transaction& sql, const std::string& deal, bool blocks,
                                          const std::string& customer_name) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COALESCE(MAX(seq), 0) + 1 FROM deal_log"));
  const int64_t seq = rows.at(0).Int(0);
  RETURN_IF_ERROR(sql.Execute("INSERT INTO deal_log (seq, deal, blocks, customer_name) VALUES (?, ?, ?, ?)",
                              {seq, deal, blocks, customer_name})
                      .status());
  return seq;
}

absl::Status DealIndex::CatchUp(mysql::Transaction& sql) {
  std::lock_guard lock(mutex_);
  return CatchUpLocked(sql);
}

absl::Status DealIndex::CatchUpLocked(mysql::Transaction& sql) {
  constexpr int kAtOnce = 10000;
  while (true) {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query("SELECT seq, deal, blocks, customer_name FROM deal_log WHERE seq > ? ORDER BY seq LIMIT ?",
                  {position_, kAtOnce}));
    for (const mysql::Row& row : rows) {
      Apply(row.Text(1), row.Text(3), row.Bool(2));
      position_ = row.Int(0);
    }
    if (rows.size() < kAtOnce) return absl::OkStatus();
  }
}

void DealIndex::Apply(const std::string& deal, const std::string& customer_name, bool blocks) {
  if (const auto known = customer_.find(deal); known != customer_.end()) {
    Customer& before = customers_[known->second];
    before.deals.erase(deal);
    if (before.deals.empty()) names_.Erase(known->second);
    customer_.erase(known);
  }
  if (!blocks) return;
  const auto [place, fresh] = ids_.emplace(customer_name, customers_.size());
  if (fresh) customers_.push_back({.name = customer_name});
  Customer& customer = customers_[place->second];
  if (customer.deals.empty()) names_.Insert(place->second, matching::NameParts(customer_name));
  customer.deals.insert(deal);
  customer_.emplace(deal, place->second);
}

}  // namespace tributary::conflict
