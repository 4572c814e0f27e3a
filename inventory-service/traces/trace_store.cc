#include "inventory-service/traces/trace_store.h"

#include <iterator>

#include "common/paging/filter.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

absl::StatusOr<std::set<std::string>> TraceStore::PartnersWith(mysql::Transaction& sql, std::string_view partner,
                                                               std::string_view product,
                                                               const std::vector<std::string_view>& lots) const {
  std::set<std::string> partners = {std::string(partner)};
  if (!partner.empty()) return partners;
  for (const std::string_view lot : lots) {
    ASSIGN_OR_RETURN(const auto positions, PositionsOfLot(sql, "", product, lot));
    for (const auto& [key, units] : positions) partners.insert(key.position.partner);
  }
  return partners;
}

absl::StatusOr<std::vector<RecordedPosting>> TraceStore::PostingsOfLot(mysql::Transaction& sql,
                                                                       std::string_view partner,
                                                                       std::string_view product,
                                                                       std::string_view lot) const {
  ASSIGN_OR_RETURN(const std::set<std::string> partners, PartnersWith(sql, partner, product, {lot}));
  std::vector<RecordedPosting> all;
  for (const std::string& one : partners) {
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> found, LedgerStore().PostingsOf(sql, one, product, lot));
    all.insert(all.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
  return all;
}

absl::StatusOr<std::vector<RecordedPosting>> TraceStore::WayOfLots(mysql::Transaction& sql, std::string_view partner,
                                                                   std::string_view product,
                                                                   const std::vector<std::string_view>& lots,
                                                                   const std::optional<WayKey>& after,
                                                                   int limit) const {
  ASSIGN_OR_RETURN(const std::set<std::string> partners, PartnersWith(sql, partner, product, lots));
  return LedgerStore().WayOfLots(sql, partners, product, lots, after, limit);
}

absl::StatusOr<std::map<BucketKey, Decimal>> TraceStore::PositionsOfLot(mysql::Transaction& sql,
                                                                        std::string_view partner,
                                                                        std::string_view product,
                                                                        std::string_view lot) const {
  mysql::Values values = {product, lot};
  if (!partner.empty()) values.push_back(partner);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, site, product, lot, bucket, quantity FROM stock_position "
                                    "WHERE product = ? AND lot = ?",
                                    partner.empty() ? "" : " AND partner = ?"),
                             values));
  std::map<BucketKey, Decimal> positions;
  for (const mysql::Row& row : rows) {
    positions.emplace(BucketKey{{row.Text(0), row.Text(1), row.Text(2), row.Text(3)}, static_cast<Bucket>(row.Int(4))},
                      row.Dec(5));
  }
  return positions;
}

}  // namespace tributary::inventory
