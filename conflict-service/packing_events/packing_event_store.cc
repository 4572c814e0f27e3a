#include "conflict-service/packing_events/packing_event_store.h"

#include <map>
#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

using Names = std::set<std::string>;

constexpr std::string_view kColumns = "name, product, code, action, container, pack_date";

// Those whose `column` is one of `names` and for which `more` holds, by name.
absl::StatusOr<std::map<std::string, PackingEvent>> Read(mysql::Transaction& sql, std::string_view column,
                                                         const Names& names, std::string_view more,
                                                         const mysql::Values& more_values) {
  std::map<std::string, PackingEvent> events;
  RETURN_IF_ERROR(ForNames(names, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    mysql::Values bound = values;
    bound.insert(bound.end(), more_values.begin(), more_values.end());
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT ", kColumns, " FROM packing_event WHERE ", column, " IN ", in, more), bound));
    for (const mysql::Row& row : rows) {
      PackingEvent& event = events[row.Text(0)];
      event.name = row.Text(0);
      event.action = static_cast<PackingEvent::Action>(row.Int(3));
      event.container = row.Text(4);
      event.date = row.Day(5);
      // One that takes all out has a row without either.
      if (!row.Bytes(2).empty()) event.contents.insert(Packed{row.Text(1), row.Text(2)});
    }
    return absl::OkStatus();
  }));
  return events;
}

}  // namespace

absl::StatusOr<std::vector<PackingEvent>> PackingEventStore::Put(mysql::Transaction& sql,
                                                                 const std::vector<PackingEvent>& events) const {
  Names names;
  for (const PackingEvent& event : events) names.insert(event.name);
  ASSIGN_OR_RETURN(auto known, Read(sql, "name", names, "", {}));
  std::vector<PackingEvent> fresh;
  mysql::Values rows;
  for (size_t i = 0; i < events.size(); ++i) {
    const PackingEvent& event = events[i];
    const auto [place, is_new] = known.emplace(event.name, event);
    if (!(place->second == event)) {
      return Error(Reason::kRowConflict, StrCat("packing_events[", i, "]: ", event.name,
                                                " is known with other content; want a name of its own"));
    }
    if (!is_new) continue;
    fresh.push_back(event);
    const auto add = [&](std::string_view product, std::string_view code) {
      rows.insert(rows.end(), {event.name, product, code, static_cast<int>(event.action), event.container, event.date});
    };
    if (event.contents.empty()) add("", "");
    for (const Packed& packed : event.contents) add(packed.product, packed.code);
  }
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO packing_event (", kColumns, ") VALUES"), 6, rows));
  return fresh;
}

absl::StatusOr<Names> PackingEventStore::Around(mysql::Transaction& sql, const Names& containers) const {
  Names all = containers;
  for (Names next = containers; !next.empty();) {
    Names above;
    RETURN_IF_ERROR(ForNames(next, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
      ASSIGN_OR_RETURN(
          const mysql::Rows rows,
          sql.Query(StrCat("SELECT DISTINCT container FROM packing_event WHERE product = '' AND code IN ", in),
                    values));
      for (const mysql::Row& row : rows) {
        if (all.insert(row.Text(0)).second) above.insert(row.Text(0));
      }
      return absl::OkStatus();
    }));
    next = std::move(above);
  }
  return all;
}

absl::StatusOr<Units> PackingEventStore::UnitsIn(mysql::Transaction& sql, const std::string& container,
                                                 Date day) const {
  Units units;
  Names all = {container};
  // What is packed in itself, by mistake, is looked at once.
  for (Names next = all; !next.empty();) {
    ASSIGN_OR_RETURN(auto events, Read(sql, "container", next, " AND pack_date <= ?", {day}));
    std::map<std::string, std::vector<PackingEvent>> by_container;
    for (auto& [name, event] : events) by_container[event.container].push_back(std::move(event));
    Names within;
    for (const auto& [code, of_container] : by_container) {
      for (const Packed& packed : ContentsOn(of_container, day)) {
        if (!packed.product.empty()) {
          units[packed.product].insert(packed.code);
        } else if (all.insert(packed.code).second) {
          within.insert(packed.code);
        }
      }
    }
    next = std::move(within);
  }
  return units;
}

}  // namespace tributary::conflict
