#pragma once

// Reads what a reconciliation is worked out from: of shipments and returns those that are open, of the rest what
// candidates.h is to choose from. Reads only.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "inventory-service/on_hand/on_hand_report_store.h"
#include "inventory-service/partner_reports/report_store.h"
#include "inventory-service/reconciliation/evidence.h"
#include "inventory-service/sell_through/sell_through_sale_store.h"
#include "inventory-service/shipments/shipment_store.h"
#include "inventory-service/stock_movements/stock_movement_store.h"

namespace tributary::inventory {

class EvidenceStore {
 public:
  // Keeps what is known of the partner's stock as it is until the transaction ends: its positions are locked, in the
  // order of their keys, and the caller holds the partner's lock. A position that was never posted to has no row to be
  // locked; what comes to it meanwhile is seen by the next run, as is what arrives at the partners that it handed units
  // over to.
  absl::Status Lock(mysql::Transaction& sql, std::string_view partner, std::string_view product) const;

  // Of one product, or of all of the partner where `product` is empty.
  absl::StatusOr<Evidence> Read(mysql::Transaction& sql, std::string_view partner, std::string_view product, Date from,
                                Date to) const;

 private:
  absl::StatusOr<ToldStock> Told(mysql::Transaction& sql, std::string_view partner, std::string_view product, Date day,
                                 const std::vector<PartnerReport>& reports, const std::set<std::string>& sites) const;
  absl::StatusOr<std::vector<LotCandidate>> Unreceived(mysql::Transaction& sql, std::string_view partner,
                                                       std::string_view product, Date to) const;
  absl::StatusOr<std::vector<LotCandidate>> RepeatedSales(mysql::Transaction& sql, std::string_view partner,
                                                          std::string_view product, Date from, Date to) const;
  absl::StatusOr<std::vector<LotCandidate>> RepeatedShipments(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view product, Date from, Date to) const;
  absl::StatusOr<std::vector<LotCandidate>> RepeatedMovements(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view product, Date from, Date to) const;

  OnHandReportStore on_hand_;
  ReportStore reports_;
  SellThroughSaleStore sales_;
  StockMovementStore movements_;
  ShipmentStore shipments_;
};

}  // namespace tributary::inventory
