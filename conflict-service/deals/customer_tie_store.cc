#include "conflict-service/deals/customer_tie_store.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/deals/customer_store.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

// By customer the one that it is merged into, of these and all above them; itself in no entry.
absl::StatusOr<std::map<std::string, std::string>> MergesAbove(mysql::Transaction& sql,
                                                               std::set<std::string> customers) {
  std::map<std::string, std::string> into;
  std::set<std::string> seen = customers;
  while (!customers.empty()) {
    const std::set<std::string> level = std::exchange(customers, {});
    RETURN_IF_ERROR(ForNames(level, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query(StrCat("SELECT customer, merged_into FROM known_customer WHERE merged_into <> '' AND "
                                        "customer IN ",
                                        in),
                                 values));
      for (const mysql::Row& row : rows) {
        into.insert_or_assign(row.Text(0), row.Text(1));
        if (seen.insert(row.Text(1)).second) customers.insert(row.Text(1));
      }
      return absl::OkStatus();
    }));
  }
  return into;
}

// Where following the merges ends. Of customers that are told in the wrong order, so that they go in a circle for a
// while, the first by name.
std::string EndOf(const std::string& customer, const std::map<std::string, std::string>& into) {
  std::set<std::string> way;
  std::string end = customer;
  for (auto next = into.find(end); next != into.end(); next = into.find(end)) {
    if (!way.insert(end).second) return *way.begin();
    end = next->second;
  }
  return end;
}

}  // namespace

absl::Status CustomerTieStore::Put(mysql::Transaction& sql, const std::vector<CustomerFact>& customers) const {
  for (const CustomerFact& customer : customers) {
    RETURN_IF_ERROR(sql.Execute("INSERT INTO known_customer (customer, merged_into) VALUES (?, ?) ON DUPLICATE KEY "
                                "UPDATE merged_into = VALUES(merged_into)",
                                {customer.name, customer.merged_into})
                        .status());
    RETURN_IF_ERROR(sql.Execute("DELETE FROM known_customer_key WHERE customer = ?", {customer.name}).status());
    if (customer.erased) continue;
    // Several of its names may have one key.
    const std::set<std::string> keys(customer.keys.begin(), customer.keys.end());
    mysql::Values rows;
    for (const std::string& key : keys) rows.insert(rows.end(), {key, customer.name});
    RETURN_IF_ERROR(sql.InsertRows("INSERT INTO known_customer_key (customer_key, customer) VALUES", 2, rows));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, std::set<std::string>>> CustomerTieStore::CanonicalOf(
    mysql::Transaction& sql, const std::set<std::string>& keys) const {
  std::map<std::string, std::set<std::string>> named;  // by key
  std::set<std::string> customers;
  RETURN_IF_ERROR(ForNames(keys, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT customer_key, customer FROM known_customer_key WHERE customer_key IN ", in), values));
    for (const mysql::Row& row : rows) {
      named[row.Text(0)].insert(row.Text(1));
      customers.insert(row.Text(1));
    }
    return absl::OkStatus();
  }));
  if (named.empty()) return named;
  ASSIGN_OR_RETURN(const auto into, MergesAbove(sql, std::move(customers)));
  std::map<std::string, std::set<std::string>> canonical;
  for (const auto& [key, of_key] : named) {
    for (const std::string& customer : of_key) canonical[key].insert(EndOf(customer, into));
  }
  return canonical;
}

absl::StatusOr<std::set<std::string>> CustomerTieStore::KeysOf(mysql::Transaction& sql,
                                                               const std::set<std::string>& customers) const {
  std::set<std::string> members = customers, level = customers, keys;
  while (!level.empty()) {
    const std::set<std::string> above = std::exchange(level, {});
    RETURN_IF_ERROR(ForNames(above, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query(StrCat("SELECT customer FROM known_customer WHERE merged_into IN ", in), values));
      for (const mysql::Row& row : rows) {
        if (members.insert(row.Text(0)).second) level.insert(row.Text(0));
      }
      return absl::OkStatus();
    }));
  }
  RETURN_IF_ERROR(ForNames(members, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT customer_key FROM known_customer_key WHERE customer IN ", in), values));
    for (const mysql::Row& row : rows) keys.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return keys;
}

absl::Status CustomerTieStore::Tie(mysql::Transaction& sql, std::vector<Deal>* deals) const {
  std::set<std::string> keys;
  for (const Deal& deal : *deals) keys.insert(CustomerKey(deal.customer_name));
  ASSIGN_OR_RETURN(const auto alike, CustomerStore().AlikeBySpelling(sql, keys));
  std::set<std::string> all;
  for (const auto& [key, others] : alike) all.insert(others.begin(), others.end());
  ASSIGN_OR_RETURN(const auto canonical, CanonicalOf(sql, all));
  if (canonical.empty()) return absl::OkStatus();
  for (Deal& deal : *deals) {
    for (const std::string& key : alike.at(CustomerKey(deal.customer_name))) {
      const auto found = canonical.find(key);
      if (found != canonical.end()) deal.customers.insert(found->second.begin(), found->second.end());
    }
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
