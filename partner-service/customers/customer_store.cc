#include "partner-service/customers/customer_store.h"

#include <algorithm>
#include <optional>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/customers/customer_proto.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr int kMostOfAKey = 200;

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, state, identity, segment, region FROM customer ";

absl::StatusOr<std::vector<Customer>> FromRows(mysql::Transaction& sql, const mysql::Rows& rows) {
  std::vector<Customer> customers;
  std::map<std::string, size_t, std::less<>> by_id;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(CustomerIdentity identity, IdentityFromBytes(row.Bytes(6)));
    by_id[row.Text(0)] = customers.size();
    customers.push_back({.id = row.Text(0),
                         .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
                         .state = static_cast<CustomerState>(row.Int(5)),
                         .identity = std::move(identity),
                         .segment = row.Text(7),
                         .region = row.Text(8)});
  }
  if (customers.empty()) return customers;
  std::vector<std::string_view> ids;
  ids.reserve(by_id.size());
  for (const auto& [id, index] : by_id) ids.push_back(id);
  const IdList list(std::move(ids));
  ASSIGN_OR_RETURN(const mysql::Rows aliases,
                   sql.Query(StrCat("SELECT customer_id, into_id, start_time, end_time FROM customer_alias "
                                    "WHERE customer_id IN ",
                                    list.sql(), " ORDER BY customer_id, position"),
                             list.values()));
  for (const mysql::Row& row : aliases) {
    CustomerAlias alias{.into_id = row.Text(1), .start = row.Instant(2)};
    if (!row.IsNull(3)) alias.end = row.Instant(3);
    customers[by_id.find(row.Bytes(0))->second].aliases.push_back(std::move(alias));
  }
  return customers;
}

absl::StatusOr<Customer> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?", lock), {id}));
  if (rows.empty()) return NotFound(StrCat("customers/", id));
  ASSIGN_OR_RETURN(std::vector<Customer> customers, FromRows(sql, rows));
  return std::move(customers.front());
}

absl::Status WriteKeys(mysql::Transaction& sql, const Customer& customer) {
  const std::vector<CustomerKey> keys = KeysOf(customer.identity);
  std::vector<std::string> hashes;
  hashes.reserve(keys.size());
  for (const CustomerKey& key : keys) hashes.push_back(Sha256(key.key));
  mysql::Values values;
  for (size_t i = 0; i < keys.size(); ++i) {
    values.insert(values.end(), {static_cast<int>(keys[i].kind), hashes[i], customer.id});
  }
  return sql.InsertRows("INSERT INTO customer_key (kind, key_sha256, customer_id) VALUES", 3, values);
}

absl::Status WriteAliases(mysql::Transaction& sql, const Customer& customer) {
  mysql::Values values;
  for (size_t i = 0; i < customer.aliases.size(); ++i) {
    const CustomerAlias& alias = customer.aliases[i];
    values.insert(values.end(), {customer.id, static_cast<int>(i), alias.into_id, alias.start, alias.end});
  }
  return sql.InsertRows("INSERT INTO customer_alias (customer_id, position, into_id, start_time, end_time) VALUES", 5,
                        values, "ON DUPLICATE KEY UPDATE end_time = VALUES(end_time)");
}

}  // namespace

const std::vector<FilterField>& CustomerStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(CustomerState::kActive, CustomerState::kErased)),
      FilterField::String("segment", "segment"),
      FilterField::String("region", "region"),
      FilterField::Timestamp("update_time", "update_time"),
  };
  return fields;
}

absl::StatusOr<Customer> CustomerStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<Customer> CustomerStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<Customer>> CustomerStore::GetAll(mysql::Transaction& sql,
                                                            const std::set<std::string>& ids) const {
  if (ids.empty()) return std::vector<Customer>();
  const IdList list({ids.begin(), ids.end()});
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE id IN ", list.sql(), " ORDER BY id"), list.values()));
  return FromRows(sql, rows);
}

absl::StatusOr<std::vector<Customer>> CustomerStore::After(mysql::Transaction& sql, std::string_view id,
                                                           int most) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id > ? ORDER BY id LIMIT ?"), {id, most}));
  return FromRows(sql, rows);
}

absl::StatusOr<std::pair<Customer, Customer>> CustomerStore::GetBothForUpdate(mysql::Transaction& sql,
                                                                              std::string_view a,
                                                                              std::string_view b) const {
  ASSIGN_OR_RETURN(const Customer first, GetForUpdate(sql, std::min(a, b)));
  ASSIGN_OR_RETURN(const Customer second, GetForUpdate(sql, std::max(a, b)));
  return a < b ? std::pair(first, second) : std::pair(second, first);
}

absl::StatusOr<std::vector<Customer>> CustomerStore::MergedInto(mysql::Transaction& sql, std::string_view id) const {
  std::vector<Customer> merged;
  std::vector<std::string> level = {std::string(id)};
  while (!level.empty()) {
    const std::vector<std::string> above = std::exchange(level, {});
    for (const std::string& into : above) {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query(StrCat(kSelect, "WHERE merged_into = ? ORDER BY id FOR UPDATE"), {into}));
      ASSIGN_OR_RETURN(std::vector<Customer> below, FromRows(sql, rows));
      for (Customer& customer : below) {
        level.push_back(customer.id);
        merged.push_back(std::move(customer));
      }
    }
  }
  return merged;
}

absl::StatusOr<std::vector<Customer>> CustomerStore::List(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(sql, rows);
}

absl::Status CustomerStore::Create(mysql::Transaction& sql, const Customer& c) const {
  const std::string identity = IdentityToBytes(c.identity);
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert("INSERT INTO customer (id, uid, version, create_time, update_time, state, identity, "
                    "segment, region, merged_into) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {c.id, c.revision.uid, c.revision.version, c.revision.create_time, c.revision.update_time,
                     static_cast<int>(c.state), identity, c.segment, c.region, c.merged_into()}));
  if (!inserted) return AlreadyExists(c.name());
  return WriteKeys(sql, c);
}

absl::Status CustomerStore::Update(mysql::Transaction& sql, const Customer& c) const {
  const std::string identity = IdentityToBytes(c.identity);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE customer SET version = ?, update_time = ?, state = ?, identity = ?, "
                               "merged_into = ?, segment = ?, region = ? WHERE id = ? AND version = ?",
                               {c.revision.version, c.revision.update_time, static_cast<int>(c.state), identity,
                                c.merged_into(), c.segment, c.region, c.id, c.revision.version - 1}));
  if (matched != 1) return ChangedMeanwhile(sql, c.name());
  RETURN_IF_ERROR(WriteAliases(sql, c));
  if (c.state != CustomerState::kErased) return absl::OkStatus();
  return sql.Execute("DELETE FROM customer_key WHERE customer_id = ?", {c.id}).status();
}

absl::StatusOr<std::map<std::string, std::string>> CustomerStore::CanonicalOf(mysql::Transaction& sql,
                                                                              const std::set<std::string>& ids) const {
  std::map<std::string, std::string> canonical;
  for (const std::string& id : ids) canonical[id] = id;
  for (std::set<std::string> asked = ids; !asked.empty();) {
    const IdList list({asked.begin(), asked.end()});
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT id, merged_into FROM customer WHERE merged_into <> '' AND id IN ", list.sql()),
                  list.values()));
    std::map<std::string, std::string> next;
    for (const mysql::Row& row : rows) next[row.Text(0)] = row.Text(1);
    asked.clear();
    for (auto& [id, end] : canonical) {
      const auto step = next.find(end);
      if (step == next.end()) continue;
      end = step->second;
      asked.insert(end);
    }
  }
  return canonical;
}

absl::StatusOr<std::vector<CustomerMatch>> CustomerStore::KnownBy(mysql::Transaction& sql,
                                                                  const std::vector<CustomerKey>& keys) const {
  std::vector<CustomerMatch> matches;
  std::set<std::string> ids;
  for (const CustomerKey& key : keys) {
    const std::string hash = Sha256(key.key);
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT customer_id FROM customer_key WHERE kind = ? AND key_sha256 = ? "
                               "ORDER BY customer_id LIMIT ?",
                               {static_cast<int>(key.kind), hash, kMostOfAKey}));
    for (const mysql::Row& row : rows) {
      matches.push_back({.key = key, .known_to = row.Text(0)});
      ids.insert(row.Text(0));
    }
  }
  ASSIGN_OR_RETURN(const auto canonical, CanonicalOf(sql, ids));
  for (CustomerMatch& match : matches) match.canonical = canonical.at(match.known_to);
  return matches;
}

}  // namespace tributary::partner
