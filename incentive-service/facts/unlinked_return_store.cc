#include "incentive-service/facts/unlinked_return_store.h"

#include <algorithm>

#include "absl/functional/function_ref.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/facts/fact_rows.h"
#include "incentive-service/facts/matched_returns.h"

namespace tributary::incentive {
namespace {

// Pairs in one list; every place is filled, the last standing in those that are left over, so that the statement stays
// prepared.
constexpr size_t kPairs = 50;

absl::Status InPairs(const std::set<PartnerProduct>& pairs, FactSource source,
                     absl::FunctionRef<absl::Status(const std::string& list, const mysql::Values& values)> query) {
  const std::vector<PartnerProduct> all(pairs.begin(), pairs.end());
  for (size_t at = 0; at < all.size(); at += kPairs) {
    std::string list;
    mysql::Values values = {static_cast<int>(source)};
    for (size_t i = 0; i < kPairs; ++i) {
      const PartnerProduct& pair = all[std::min(at + i, all.size() - 1)];
      list += i == 0 ? "(?, ?)" : ", (?, ?)";
      values.insert(values.end(), {pair.first, pair.second});
    }
    RETURN_IF_ERROR(query(list, values));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status UnlinkedReturnStore::Keep(mysql::Transaction& sql, const std::vector<FactLine>& inserted) const {
  mysql::Values values;
  for (const FactLine& line : inserted) {
    if (!IsUnlinkedReturn(line)) continue;
    values.insert(values.end(), {static_cast<int>(line.source), line.partner, line.product, line.fact});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO unlinked_return (source, partner, product, fact) VALUES", 4, values);
}

absl::StatusOr<std::set<PartnerProduct>> UnlinkedReturnStore::Of(mysql::Transaction& sql, FactSource source,
                                                                 const std::optional<std::string>& partner) const {
  mysql::Values values = {static_cast<int>(source)};
  if (partner.has_value()) values.push_back(*partner);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT DISTINCT partner, product FROM unlinked_return WHERE source = ?",
                                    partner.has_value() ? " AND partner = ?" : ""),
                             values));
  std::set<PartnerProduct> pairs;
  for (const mysql::Row& row : rows) pairs.emplace(row.Text(0), row.Text(1));
  return pairs;
}

absl::StatusOr<std::set<PartnerProduct>> UnlinkedReturnStore::Among(mysql::Transaction& sql, FactSource source,
                                                                    const std::set<PartnerProduct>& some) const {
  std::set<PartnerProduct> pairs;
  RETURN_IF_ERROR(InPairs(some, source, [&](const std::string& list, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT partner, product FROM unlinked_return WHERE source = ? AND "
                                      "(partner, product) IN (",
                                      list, ")"),
                               values));
    for (const mysql::Row& row : rows) pairs.emplace(row.Text(0), row.Text(1));
    return absl::OkStatus();
  }));
  return pairs;
}

absl::StatusOr<std::vector<FactLine>> UnlinkedReturnStore::Lines(mysql::Transaction& sql, FactSource source,
                                                                 const std::set<PartnerProduct>& of) const {
  std::vector<FactLine> lines;
  RETURN_IF_ERROR(InPairs(of, source, [&](const std::string& list, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE source = ? AND kind < ",
                                      static_cast<int>(FactKind::kReversal), " AND (partner, product) IN (", list, ")"),
                               values));
    for (const mysql::Row& row : rows) lines.push_back(FactFromRow(row));
    return absl::OkStatus();
  }));
  return lines;
}

}  // namespace tributary::incentive
