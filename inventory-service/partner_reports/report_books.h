#pragma once

// Keeps what stands of a partner's reports: the states of the rows, the counts of the reports, the facts, and where
// reports disagree, after rows were added to the set. The decisions are in derivation.h and report_facts.h; here they
// get what they look at, which is no more than can have changed.

#include <map>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "inventory-service/on_hand/on_hand_report_store.h"
#include "inventory-service/partner_reports/report.h"
#include "inventory-service/partner_reports/report_row_store.h"
#include "inventory-service/partner_reports/report_store.h"
#include "inventory-service/reporting_obligations/reporting_obligation_store.h"
#include "inventory-service/sell_through/sell_through_sale_store.h"

namespace tributary::inventory {

// A report and rows of it that were read: a new report with all of its rows, or one that is known with those that were
// read again.
struct Addition {
  PartnerReport report;
  bool fresh = true;
  // By number. Those that were read (ACCEPTED) have their content and no keys yet.
  std::vector<ReportRow> rows;
};

// What an addition changes. Nothing is stored yet.
struct BooksChange {
  std::vector<PartnerReport> reports;  // that are known and whose counts change
  std::map<RowState, std::vector<RowId>> moved;
  std::vector<ToldCell> told;
  ReportCoverage scope;
  std::vector<Cell> cells;  // in the scope, in which something is told
  std::vector<Disagreement> disagreements;
  std::vector<SellThroughSale> sales;
  std::vector<OnHandReport> on_hand;
};

// Thread-safe.
class ReportBooks {
 public:
  // Gives the rows their keys and states, the report its counts, and answers what else changes. The caller holds the
  // partner's lock.
  absl::StatusOr<BooksChange> Decide(const rpc::Call& call, mysql::Transaction& sql, Addition& addition) const;
  // Stores all of it. The feed is told of the facts here, and of the reports whose counts changed.
  absl::Status Store(const rpc::Call& call, rpc::Unit& unit, const Addition& addition, BooksChange change) const;

 private:
  ReportStore reports_;
  ReportRowStore rows_;
  SellThroughSaleStore sales_;
  OnHandReportStore on_hand_;
  ReportingObligationStore obligations_;
};

// The digest of all that rows of one report tell in one cell, whatever their order.
std::string CellDigest(std::vector<RankedRow> rows);

}  // namespace tributary::inventory
