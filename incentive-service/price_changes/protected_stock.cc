#include "incentive-service/price_changes/protected_stock.h"

#include "common/status/status.h"

namespace tributary::incentive {

absl::StatusOr<StockBook> ProtectedStock::Read(mysql::Transaction& sql, std::string_view partner,
                                               std::string_view product) const {
  ASSIGN_OR_RETURN(StockBook book, facts_.Read(sql, partner, product));
  ASSIGN_OR_RETURN(const std::vector<PriceChange> changes, changes_.AnnouncedOf(sql, product));
  for (const PriceChange& change : changes) {
    book.history.protections.push_back(ProtectionOf(change, ReportedAt(book, change.effective_date)));
  }
  return book;
}

}  // namespace tributary::incentive
