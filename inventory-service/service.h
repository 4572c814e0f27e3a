#pragma once

// What inventory-service is made of, for its main and for tests that run it whole.

#include <map>
#include <string>
#include <vector>

#include "common/events/feed.h"
#include "common/imports/import_service.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "inventory-service/counts/count_service.h"
#include "inventory-service/credit/credit_service.h"
#include "inventory-service/credit_notes/credit_note_service.h"
#include "inventory-service/direct_sales/direct_sale_service.h"
#include "inventory-service/invoices/invoice_service.h"
#include "inventory-service/ledger/command.h"
#include "inventory-service/ledger/ledger_service.h"
#include "inventory-service/lots/lot_service.h"
#include "inventory-service/on_hand/on_hand_report_service.h"
#include "inventory-service/orders/order_service.h"
#include "inventory-service/partner_codes/partner_code_service.h"
#include "inventory-service/partner_reports/report_books.h"
#include "inventory-service/partner_reports/report_row_service.h"
#include "inventory-service/partner_reports/report_service.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/payments/payment_service.h"
#include "inventory-service/price_layers/price_layer_service.h"
#include "inventory-service/prices/price_entry_service.h"
#include "inventory-service/prices/price_list_service.h"
#include "inventory-service/products/product_service.h"
#include "inventory-service/receipts/receipt_service.h"
#include "inventory-service/reconciliation/reconciliation_service.h"
#include "inventory-service/replenishment/policy_service.h"
#include "inventory-service/replenishment/suggestion_service.h"
#include "inventory-service/report_profiles/report_profile_service.h"
#include "inventory-service/reporting_obligations/reporting_obligation_service.h"
#include "inventory-service/reports/stock_report_service.h"
#include "inventory-service/reservations/reservation_service.h"
#include "inventory-service/returns/return_service.h"
#include "inventory-service/sell_through/sell_through_sale_service.h"
#include "inventory-service/shipments/shipment_service.h"
#include "inventory-service/sites/site_service.h"
#include "inventory-service/stock_findings/stock_finding_service.h"
#include "inventory-service/stock_movements/movement_service.h"
#include "inventory-service/supply/supply_service.h"
#include "inventory-service/traces/trace_service.h"
#include "inventory-service/units/unit_conversion_service.h"

namespace tributary::inventory {

class InventoryService {
 public:
  // All outlive it.
  InventoryService(mysql::Database& database, rpc::Client& partner_service, const PageTokens& page_tokens)
      : partners_(database, partner_service),
        products_(page_tokens),
        policies_(partners_, page_tokens),
        suggestions_(page_tokens),
        stock_reports_(page_tokens),
        shipments_(partners_, page_tokens),
        direct_sales_(partners_, page_tokens),
        sell_through_(partners_, page_tokens),
        sites_(partners_, page_tokens),
        ledger_(database, page_tokens),
        counts_(page_tokens),
        partner_codes_(partners_, page_tokens),
        units_(page_tokens),
        price_lists_(page_tokens),
        price_entries_(page_tokens),
        invoices_(partners_, page_tokens),
        credit_notes_(partners_, page_tokens),
        payments_(partners_, page_tokens),
        report_profiles_(partners_, page_tokens),
        reports_(partners_, report_books_, page_tokens),
        report_rows_(report_books_, page_tokens),
        on_hand_(page_tokens),
        obligations_(partners_, page_tokens),
        supply_(page_tokens),
        orders_(partners_, page_tokens),
        stock_movements_(partners_, page_tokens),
        receipts_(partners_, page_tokens),
        returns_(partners_, page_tokens),
        reservations_(partners_, page_tokens),
        price_layers_(partners_, page_tokens),
        lots_(page_tokens),
        traces_(page_tokens),
        stock_findings_(page_tokens),
        reconciliations_(partners_, page_tokens),
        imports_("tributary.inventory.v1.ImportService", Targets(), page_tokens) {}

  void Register(rpc::Server& server) {
    products_.Register(server);
    policies_.Register(server);
    suggestions_.Register(server);
    stock_reports_.Register(server);
    shipments_.Register(server);
    direct_sales_.Register(server);
    sell_through_.Register(server);
    sites_.Register(server);
    ledger_.Register(server);
    counts_.Register(server);
    partner_codes_.Register(server);
    units_.Register(server);
    price_lists_.Register(server);
    price_entries_.Register(server);
    invoices_.Register(server);
    credit_notes_.Register(server);
    payments_.Register(server);
    credit_.Register(server);
    report_profiles_.Register(server);
    reports_.Register(server);
    report_rows_.Register(server);
    on_hand_.Register(server);
    obligations_.Register(server);
    supply_.Register(server);
    orders_.Register(server);
    stock_movements_.Register(server);
    receipts_.Register(server);
    returns_.Register(server);
    reservations_.Register(server);
    price_layers_.Register(server);
    lots_.Register(server);
    traces_.Register(server);
    stock_findings_.Register(server);
    reconciliations_.Register(server);
    imports_.Register(server);
  }

  StockCountService& counts() { return counts_; }

  // The facts, and the postings of commands, which are their own events.
  std::vector<events::RowSource> Sources() const {
    return {shipments_.Source(), direct_sales_.Source(), sell_through_.Source(), on_hand_.Source(),
            PostingSource(),     invoices_.Source(),     credit_notes_.Source(), stock_movements_.Source(),
            receipts_.Source(),  price_layers_.Source()};
  }

 private:
  template <typename Service>
  static imports::Undo Undoing(Service& service, absl::StatusOr<int> (Service::*undo)(const rpc::Call&, rpc::Unit&,
                                                                                      std::string_view, int)) {
    return [&service, undo](const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit) {
      return (service.*undo)(call, unit, import_id, limit);
    };
  }
  std::map<std::string, imports::Undo> Targets() {
    return {{"productLines", Undoing(products_, &ProductService::UndoLines)},
            {"products", Undoing(products_, &ProductService::Undo)},
            {"priceEntries", Undoing(price_entries_, &PriceEntryService::Undo)},
            {"shipments", Undoing(shipments_, &ShipmentService::Undo)},
            {"directSales", Undoing(direct_sales_, &DirectSaleService::Undo)},
            {"invoices", Undoing(invoices_, &InvoiceService::Undo)},
            {"creditNotes", Undoing(credit_notes_, &CreditNoteService::Undo)},
            {"sales", Undoing(sell_through_, &SellThroughSaleService::Undo)},
            {"movements", Undoing(stock_movements_, &MovementService::Undo)},
            {"receipts", Undoing(receipts_, &ReceiptService::Undo)}};
  }

  PartnerDirectory partners_;
  ProductService products_;
  ReplenishmentPolicyService policies_;
  SuggestionService suggestions_;
  StockReportService stock_reports_;
  ShipmentService shipments_;
  DirectSaleService direct_sales_;
  SellThroughSaleService sell_through_;
  SiteService sites_;
  LedgerService ledger_;
  StockCountService counts_;
  PartnerCodeService partner_codes_;
  UnitConversionService units_;
  PriceListService price_lists_;
  PriceEntryService price_entries_;
  InvoiceService invoices_;
  CreditNoteService credit_notes_;
  PaymentService payments_;
  CreditService credit_;
  ReportBooks report_books_;
  ReportProfileService report_profiles_;
  PartnerReportService reports_;
  ReportRowService report_rows_;
  OnHandReportService on_hand_;
  ReportingObligationService obligations_;
  SupplyService supply_;
  OrderService orders_;
  MovementService stock_movements_;
  ReceiptService receipts_;
  ReturnService returns_;
  ReservationService reservations_;
  PriceLayerService price_layers_;
  LotService lots_;
  TraceService traces_;
  StockFindingService stock_findings_;
  ReconciliationService reconciliations_;
  imports::ImportService imports_;
};

}  // namespace tributary::inventory
