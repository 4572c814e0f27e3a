#include "inventory-service/prices/price_list_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"

namespace tributary::inventory {
namespace {

absl::StatusOr<std::vector<PriceList>> SelectLists(mysql::Transaction& sql, std::string_view tail,
                                                   const mysql::Values& values) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT id, uid, version, create_time, update_time, state, display_name FROM price_list ", tail),
                values));
  std::vector<PriceList> lists;
  lists.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    lists.push_back({.id = row.Text(0),
                     .uid = row.Id(1),
                     .version = row.Int(2),
                     .create_time = row.Instant(3),
                     .update_time = row.Instant(4),
                     .state = static_cast<LifeState>(row.Int(5)),
                     .display_name = row.Text(6)});
  }
  return lists;
}

absl::StatusOr<PriceList> GetOne(mysql::Transaction& sql, std::string_view id, std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<PriceList> found, SelectLists(sql, StrCat("WHERE id = ?", lock), {id}));
  if (found.empty()) return NotFound(StrCat("priceLists/", id));
  return std::move(found.front());
}

}  // namespace

const std::vector<FilterField>& PriceListStore::Fields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("display_name", "display_name"),
                                    FilterField::Enum("state", "state", {{"ACTIVE", 1}, {"INACTIVE", 2}})};
  return fields;
}

absl::StatusOr<PriceList> PriceListStore::Get(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, "");
}

absl::StatusOr<PriceList> PriceListStore::GetForUpdate(mysql::Transaction& sql, std::string_view id) const {
  return GetOne(sql, id, " FOR UPDATE");
}

absl::StatusOr<std::set<std::string>> PriceListStore::InUse(mysql::Transaction& sql,
                                                            const std::vector<std::string_view>& ids) const {
  std::set<std::string> found;
  if (ids.empty()) return found;
  mysql::Values values;
  const std::string in = InList(ids, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT id FROM price_list WHERE id IN ", in, " AND state = 1"), values));
  for (const mysql::Row& row : rows) found.insert(row.Text(0));
  return found;
}

absl::Status PriceListStore::Insert(mysql::Transaction& sql, const PriceList& list) const {
  ASSIGN_OR_RETURN(const bool fresh,
                   sql.TryInsert("INSERT INTO price_list (id, uid, version, create_time, update_time, state, "
                                 "display_name) VALUES (?, ?, ?, ?, ?, ?, ?)",
                                 {list.id, list.uid, list.version, list.create_time, list.update_time,
                                  static_cast<int>(list.state), list.display_name}));
  return fresh ? absl::OkStatus() : AlreadyExists(list.name());
}

absl::Status PriceListStore::Update(mysql::Transaction& sql, const PriceList& list) const {
  return sql
      .Execute("UPDATE price_list SET version = ?, update_time = ?, state = ?, display_name = ? WHERE id = ?",
               {list.version, list.update_time, static_cast<int>(list.state), list.display_name, list.id})
      .status();
}

absl::StatusOr<std::vector<PriceList>> PriceListStore::List(mysql::Transaction& sql, std::string_view after,
                                                            bool show_deleted, const SqlPredicate& filter,
                                                            int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return SelectLists(
      sql,
      StrCat("WHERE id > ?", show_deleted ? "" : " AND state = 1", " AND (", filter.sql(), ") ORDER BY id LIMIT ?"),
      values);
}

}  // namespace tributary::inventory
