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
    const Entry& entry = entries_[hit.id];
    if (CompareCustomers(customer_name, entry.customer_name).same) found.insert(entry.deal);
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
      Apply({row.Text(1), row.Text(3), row.Bool(2)});
      position_ = row.Int(0);
    }
    if (rows.size() < kAtOnce) return absl::OkStatus();
  }
}

void DealIndex::Apply(Entry entry) {
  const auto [place, fresh] = ids_.emplace(entry.deal, entries_.size());
  const uint64_t id = place->second;
  if (fresh) entries_.emplace_back();
  Entry& known = entries_[id];
  if (known.blocks == entry.blocks && known.customer_name == entry.customer_name) return;
  if (known.blocks) names_.Erase(id);
  if (entry.blocks) names_.Insert(id, matching::NameParts(entry.customer_name));
  known = std::move(entry);
}

}  // namespace tributary::conflict
