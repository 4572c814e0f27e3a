#include "conflict-service/deals/customer_store.h"

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/deals/customer_tie_store.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {

absl::StatusOr<bool> CustomerStore::Has(mysql::Transaction& sql, const std::string& name) const {
  const std::string spelling = Sha256(name);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT seq FROM customer_spelling WHERE spelling = ?", {spelling}));
  return !rows.empty();
}

absl::StatusOr<std::vector<CustomerSpelling>> CustomerStore::After(mysql::Transaction& sql, int64_t seq,
                                                                   int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT seq, customer_name, customer_key FROM customer_spelling "
                                                     "WHERE seq > ? ORDER BY seq LIMIT ?",
                                                     {seq, limit}));
  std::vector<CustomerSpelling> spellings;
  spellings.reserve(rows.size());
  for (const mysql::Row& row : rows) spellings.push_back({row.Int(0), row.Text(1), row.Text(2)});
  return spellings;
}

absl::StatusOr<std::vector<ErasedSpelling>> CustomerStore::ErasedAfter(mysql::Transaction& sql, int64_t number,
                                                                       int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT e.number, s.seq, s.customer_name, s.customer_key FROM erased_spelling e JOIN "
                             "customer_spelling s ON s.seq = e.seq WHERE e.number > ? ORDER BY e.number LIMIT ?",
                             {number, limit}));
  std::vector<ErasedSpelling> erased;
  erased.reserve(rows.size());
  for (const mysql::Row& row : rows) erased.push_back({row.Int(0), {row.Int(1), row.Text(2), row.Text(3)}});
  return erased;
}

absl::Status CustomerStore::Add(mysql::Transaction& sql, const std::string& name,
                                const std::set<std::string>& alike) const {
  const std::string spelling = Sha256(name), key = CustomerKey(name);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT COALESCE(MAX(seq), 0) + 1 FROM customer_spelling"));
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO customer_spelling (seq, spelling, customer_key, customer_name) VALUES (?, ?, ?, ?)",
                  {rows.at(0).Int(0), spelling, key, name})
          .status());
  mysql::Values pairs;
  for (const std::string& other : alike) pairs.insert(pairs.end(), {key, other, other, key});
  return sql.InsertRows("INSERT INTO customer_alike (customer_key, other_key) VALUES", 2, pairs,
                        "ON DUPLICATE KEY UPDATE other_key = VALUES(other_key)");
}

absl::StatusOr<std::map<std::string, std::set<std::string>>> CustomerStore::AlikeBySpelling(
    mysql::Transaction& sql, const std::set<std::string>& keys) const {
  std::map<std::string, std::set<std::string>> alike;
  for (const std::string& key : keys) alike[key].insert(key);
  RETURN_IF_ERROR(ForNames(keys, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT customer_key, other_key FROM customer_alike WHERE customer_key IN ", in), values));
    for (const mysql::Row& row : rows) alike[row.Text(0)].insert(row.Text(1));
    return absl::OkStatus();
  }));
  return alike;
}

absl::StatusOr<std::map<std::string, std::set<std::string>>> CustomerStore::Alike(
    mysql::Transaction& sql, const std::set<std::string>& keys) const {
  ASSIGN_OR_RETURN(auto alike, AlikeBySpelling(sql, keys));
  std::set<std::string> all;
  for (const auto& [key, others] : alike) all.insert(others.begin(), others.end());
  const CustomerTieStore ties;
  ASSIGN_OR_RETURN(const auto canonical, ties.CanonicalOf(sql, all));
  if (canonical.empty()) return alike;
  for (auto& [key, others] : alike) {
    std::set<std::string> customers;
    for (const std::string& other : others) {
      const auto known = canonical.find(other);
      if (known != canonical.end()) customers.insert(known->second.begin(), known->second.end());
    }
    if (customers.empty()) continue;
    ASSIGN_OR_RETURN(const std::set<std::string> tied, ties.KeysOf(sql, customers));
    ASSIGN_OR_RETURN(const auto around, AlikeBySpelling(sql, tied));
    for (const auto& [tied_key, spellings] : around) others.insert(spellings.begin(), spellings.end());
  }
  return alike;
}

}  // namespace tributary::conflict
