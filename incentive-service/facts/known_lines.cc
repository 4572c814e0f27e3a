#include "incentive-service/facts/known_lines.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/facts/fact_rows.h"

namespace tributary::incentive {
namespace {

using FactKey = std::pair<std::string_view, std::string_view>;  // partner, fact
using FactKeys = std::set<FactKey>;

FactKey KeyOf(const FactLine& line) { return {line.partner, line.fact}; }

// Items in one list. Few sizes, so that their statements stay prepared, and within what optimizers look at one by one.
constexpr size_t kListSizes[] = {10, 50, 200};

size_t ListSize(size_t items) {
  for (const size_t size : kListSizes) {
    if (items <= size) return size;
  }
  return *std::prev(std::end(kListSizes));
}

// Calls `query(list, values)` for all items, some at a time: `list` is `mark` once a place, `bind` adds the values of
// one place. Places that are left over have the last item once more.
template <typename Item, typename Bind, typename Query>
absl::Status InLists(const std::set<Item>& items, std::string_view mark, std::string_view between, const Bind& bind,
                     const Query& query) {
  const std::vector<Item> all(items.begin(), items.end());
  for (size_t at = 0; at < all.size();) {
    const size_t places = ListSize(all.size() - at);
    std::string list;
    mysql::Values values;
    for (size_t i = 0; i < places; ++i) {
      if (i > 0) list += between;
      list += mark;
      bind(all[std::min(at + i, all.size() - 1)], &values);
    }
    RETURN_IF_ERROR(query(list, values));
    at += places;
  }
  return absl::OkStatus();
}

// Lines by partner and name.
absl::Status ReadNamed(mysql::Transaction& sql, const FactKeys& names, std::vector<FactLine>* lines) {
  return InLists(
      names, "(?, ?)", ", ",
      [](const FactKey& key, mysql::Values* values) {
        values->insert(values->end(), {key.first, key.second});
      },
      [&](const std::string& list, const mysql::Values& values) -> absl::Status {
        ASSIGN_OR_RETURN(
            const mysql::Rows rows,
            sql.Query(StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE (partner, fact) IN (", list, ")"),
                      values));
        for (const mysql::Row& row : rows) lines->push_back(FactFromRow(row));
        return absl::OkStatus();
      });
}

// Lines that refer to any of these. Names of two partners may be alike, so the partner is looked at here.
absl::Status ReadReferring(mysql::Transaction& sql, const FactKeys& names, std::vector<FactLine>* lines) {
  std::set<std::string_view> targets;
  for (const FactKey& key : names) targets.insert(key.second);
  return InLists(
      targets, "?", ", ", [](std::string_view target, mysql::Values* values) { values->push_back(target); },
      [&](const std::string& list, const mysql::Values& values) -> absl::Status {
        ASSIGN_OR_RETURN(const mysql::Rows rows,
                         sql.Query(StrCat("SELECT ", kFactColumns,
                                          " FROM fact_reference STRAIGHT_JOIN fact_line ON partner = owner AND fact = "
                                          "referrer WHERE target IN (",
                                          list, ")"),
                                   values));
        for (const mysql::Row& row : rows) {
          FactLine line = FactFromRow(row);
          if (names.contains({line.partner, line.refers})) lines->push_back(std::move(line));
        }
        return absl::OkStatus();
      });
}

// Lines that were told before one of `fresh` which they refer to.
absl::Status ReadWaiting(mysql::Transaction& sql, const std::vector<FactLine>& fresh, std::vector<FactLine>* lines) {
  std::set<std::string_view> partners;
  for (const FactLine& line : fresh) partners.insert(line.partner);
  std::set<std::string> waited;
  RETURN_IF_ERROR(InLists(
      partners, "?", ", ", [](std::string_view partner, mysql::Values* values) { values->push_back(partner); },
      [&](const std::string& list, const mysql::Values& values) -> absl::Status {
        ASSIGN_OR_RETURN(
            const mysql::Rows rows,
            sql.Query(StrCat("SELECT DISTINCT owner FROM fact_reference WHERE waits = 1 AND owner IN (", list, ")"),
                      values));
        for (const mysql::Row& row : rows) waited.insert(row.Text(0));
        return absl::OkStatus();
      }));
  FactKeys names;
  for (const FactLine& line : fresh) {
    if (waited.contains(line.partner)) names.insert(KeyOf(line));
  }
  return ReadReferring(sql, names, lines);
}

// All lines of these invoices.
absl::Status ReadInvoices(mysql::Transaction& sql, const FactKeys& invoices, std::vector<FactLine>* lines) {
  // '0' is next to '/'.
  return InLists(
      invoices, "(partner = ? AND fact > CONCAT(?, '/lines/') AND fact < CONCAT(?, '/lines0'))", " OR ",
      [](const FactKey& key, mysql::Values* values) {
        values->insert(values->end(), {key.first, key.second, key.second});
      },
      [&](const std::string& list, const mysql::Values& values) -> absl::Status {
        ASSIGN_OR_RETURN(const mysql::Rows rows,
                         sql.Query(StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE ", list), values));
        for (const mysql::Row& row : rows) lines->push_back(FactFromRow(row));
        return absl::OkStatus();
      });
}

// Credit notes of the invoices that fresh lines are of or refer to, and then all lines of the invoices that have any.
absl::Status ReadCredited(mysql::Transaction& sql, const std::vector<FactLine>& fresh, std::vector<FactLine>* known) {
  FactKeys invoices, credited;
  for (const FactLine& line : fresh) {
    if (const std::string_view invoice = InvoiceOf(line.fact); !invoice.empty())
      invoices.emplace(line.partner, invoice);
    if (line.credits_invoice()) credited.emplace(line.partner, line.refers);
  }
  std::vector<FactLine> credits;
  RETURN_IF_ERROR(ReadReferring(sql, invoices, &credits));
  for (const FactLine& credit : credits) credited.emplace(credit.partner, credit.refers);
  RETURN_IF_ERROR(ReadReferring(sql, credited, known));
  return ReadInvoices(sql, credited, known);
}

absl::Status Conflict(const FactLine& line) {
  return Error(Reason::kRowConflict, StrCat(line.name(), " is known with other content"), {{"resource", line.name()}});
}

// Those of fresh lines. `targets`: known lines that they refer to; `waiting`: known lines that refer to them.
std::vector<FactReference> ReferencesOf(const std::vector<FactLine>& fresh, const std::vector<FactLine>& targets,
                                        const std::vector<FactLine>& waiting) {
  const auto refers = [](const FactLine& line) { return !line.refers.empty(); };
  FactKeys known;
  if (std::any_of(fresh.begin(), fresh.end(), refers)) {
    for (const std::vector<FactLine>* some : {&fresh, &targets}) {
      for (const FactLine& line : *some) known.insert(KeyOf(line));
    }
  }
  std::vector<FactReference> references;
  for (const FactLine& line : fresh) {
    if (!refers(line)) continue;
    // Credit notes wait for nothing: they are looked for whenever a line of their invoice comes.
    const bool waits = !line.credits_invoice() && !known.contains({line.partner, line.refers});
    references.push_back({line.partner, line.refers, line.fact, waits});
  }
  for (const FactLine& line : waiting) references.push_back({line.partner, line.refers, line.fact, false});
  return references;
}

}  // namespace

absl::StatusOr<std::vector<FactLine>> DistinctLines(std::vector<FactLine> lines) {
  std::vector<FactLine*> sorted;
  sorted.reserve(lines.size());
  for (FactLine& line : lines) sorted.push_back(&line);
  // Of two that say the same the first is kept.
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const FactLine* a, const FactLine* b) { return KeyOf(*a) < KeyOf(*b); });
  std::vector<FactLine> distinct;
  distinct.reserve(lines.size());
  for (FactLine* line : sorted) {
    if (distinct.empty() || KeyOf(distinct.back()) != KeyOf(*line)) {
      distinct.push_back(std::move(*line));
    } else if (!SaysTheSame(distinct.back(), *line)) {
      return Conflict(*line);
    }
  }
  return distinct;
}

absl::StatusOr<std::vector<FactLine>> LinesNamed(mysql::Transaction& sql,
                                                 const std::set<std::pair<std::string, std::string>>& names) {
  std::vector<FactLine> lines;
  RETURN_IF_ERROR(ReadNamed(sql, FactKeys(names.begin(), names.end()), &lines));
  return lines;
}

absl::StatusOr<std::vector<FactLine>> UnknownLines(mysql::Transaction& sql, std::vector<FactLine> lines) {
  FactKeys names;
  for (const FactLine& line : lines) names.insert(KeyOf(line));
  std::vector<FactLine> known;
  RETURN_IF_ERROR(ReadNamed(sql, names, &known));
  std::map<FactKey, const FactLine*> by_name;
  for (const FactLine& line : known) by_name.emplace(KeyOf(line), &line);
  std::vector<FactLine> unknown;
  for (FactLine& line : lines) {
    const auto position = by_name.find(KeyOf(line));
    if (position == by_name.end()) {
      unknown.push_back(std::move(line));
    } else if (!SaysTheSame(*position->second, line)) {
      return Conflict(line);
    }
  }
  return unknown;
}

absl::StatusOr<PlacedLines> PlaceAmongKnown(mysql::Transaction& sql, std::vector<FactLine> fresh) {
  FactKeys names;
  for (const FactLine& line : fresh) {
    if (!line.refers.empty() && !line.credits_invoice()) names.emplace(line.partner, line.refers);
  }
  std::vector<FactLine> known, waiting, credited;
  RETURN_IF_ERROR(ReadNamed(sql, names, &known));
  RETURN_IF_ERROR(ReadWaiting(sql, fresh, &waiting));
  RETURN_IF_ERROR(ReadCredited(sql, fresh, &credited));
  PlacedLines placed;
  placed.references = ReferencesOf(fresh, known, waiting);
  for (std::vector<FactLine>* some : {&waiting, &credited}) {
    std::move(some->begin(), some->end(), std::back_inserter(known));
  }
  ASSIGN_OR_RETURN(placed.lines, Place(std::move(fresh), std::move(known)));
  return placed;
}

absl::StatusOr<std::map<PaymentKey, std::vector<FactLine>>> PartsOfPayments(mysql::Transaction& sql,
                                                                            const std::set<PaymentKey>& payments) {
  std::map<PaymentKey, std::vector<FactLine>> parts;
  // '0' is next to '/'.
  RETURN_IF_ERROR(InLists(
      payments,
      "(partner = ? AND fact > CONCAT('payments/', ?, '/allocations/') AND fact < CONCAT('payments/', ?, "
      "'/allocations0'))",
      " OR ",
      [](const PaymentKey& key, mysql::Values* values) {
        values->insert(values->end(), {key.first, key.second, key.second});
      },
      [&](const std::string& list, const mysql::Values& values) -> absl::Status {
        ASSIGN_OR_RETURN(const mysql::Rows rows,
                         sql.Query(StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE kind < ",
                                          static_cast<int>(FactKind::kReversal), " AND (", list, ")"),
                                   values));
        for (const mysql::Row& row : rows) {
          FactLine line = FactFromRow(row);
          const PaymentKey key(line.partner, line.document);
          parts[key].push_back(std::move(line));
        }
        return absl::OkStatus();
      }));
  return parts;
}

absl::Status KeepReferences(mysql::Transaction& sql, const std::vector<FactReference>& references) {
  mysql::Values values;
  values.reserve(references.size() * 4);
  for (const FactReference& reference : references) {
    values.insert(values.end(), {reference.target, reference.partner, reference.referrer, reference.waits});
  }
  return sql.InsertRows("INSERT INTO fact_reference (target, owner, referrer, waits) VALUES", 4, values,
                        "ON DUPLICATE KEY UPDATE waits = VALUES(waits)");
}

}  // namespace tributary::incentive
