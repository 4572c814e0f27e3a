#include "cli/claim_reader.h"

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "cli/resources.h"
#include "cli/verify/arithmetic.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "tributary/inventory/v1/on_hand_report.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"
#include "tributary/partner/v1/document.pb.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;

// Every resource of a collection of incentive-service, by name.
template <typename Response, typename Item, typename Request>
absl::Status ReadByName(Suite& suite, std::string_view method, const Request& request,
                        const google::protobuf::RepeatedPtrField<Item>& (Response::*items)() const,
                        std::map<std::string, Item>* by_name) {
  return ListAll<Response>(suite.incentive(), StrCat("tributary.incentive.v1.", method), request,
                           [&](const Response& page) {
                             for (const Item& item : (page.*items)()) by_name->emplace(item.name(), item);
                           });
}

// What inventory-service tells of a partner's.
template <typename Response, typename Request>
absl::Status ReadStock(Suite& suite, std::string_view method, const std::string& partner, const std::string& filter,
                       const std::function<void(const Response&)>& take) {
  Request request;
  request.set_parent(partner);
  request.set_filter(filter);
  return ListAll<Response>(suite.inventory(), StrCat("tributary.inventory.v1.", method), request, take);
}

absl::Status ReadProduct(Suite& suite, const std::string& partner, const std::string& product, PartnerFacts* facts) {
  using namespace inventory::v1;
  const std::string filter = StrCat("product = \"", product, "\"");
  RETURN_IF_ERROR((ReadStock<ListSellThroughSalesResponse, ListSellThroughSalesRequest>(
      suite, "SellThroughSaleService/ListSellThroughSales", partner, filter,
      [&](const ListSellThroughSalesResponse& page) {
        for (const SellThroughSale& sale : page.sell_through_sales()) facts->Add(sale);
      })));
  RETURN_IF_ERROR((ReadStock<ListStockMovementsResponse, ListStockMovementsRequest>(
      suite, "MovementService/ListStockMovements", partner, filter, [&](const ListStockMovementsResponse& page) {
        for (const StockMovement& movement : page.stock_movements()) facts->Add(movement);
      })));
  RETURN_IF_ERROR((ReadStock<ListReceiptsResponse, ListReceiptsRequest>(
      suite, "ReceiptService/ListReceipts", partner, filter, [&](const ListReceiptsResponse& page) {
        for (const Receipt& receipt : page.receipts()) {
          for (const ReceiptLine& line : receipt.lines()) facts->Recorded(line.product(), line.record_time());
        }
      })));
  return ReadStock<ListOnHandReportsResponse, ListOnHandReportsRequest>(
      suite, "OnHandReportService/ListOnHandReports", partner, filter, [&](const ListOnHandReportsResponse& page) {
        for (const OnHandReport& report : page.on_hand_reports())
          facts->Recorded(report.product(), report.record_time());
      });
}

absl::Status ReadShippedLines(Suite& suite, const std::string& partner, PartnerFacts* facts) {
  using namespace inventory::v1;
  return ReadStock<ListShipmentsResponse, ListShipmentsRequest>(suite, "ShipmentService/ListShipments", partner, "",
                                                                [&](const ListShipmentsResponse& page) {
                                                                  for (const Shipment& shipment : page.shipments()) {
                                                                    for (const ShipmentLine& line : shipment.lines())
                                                                      facts->Add(line);
                                                                  }
                                                                });
}

absl::StatusOr<inventory::v1::PriceProtectionExposure> ReadExposure(Suite& suite, const std::string& partner,
                                                                    const incentive::v1::PriceChange& change) {
  inventory::v1::GetPriceProtectionExposureRequest request;
  request.set_parent(partner);
  request.set_product(change.product());
  *request.mutable_effective_date() = change.effective_date();
  request.set_new_price(verify::Text(verify::Billionths(change.new_price()).value_or(0)));
  request.set_currency_code(change.new_price().currency_code());
  request.set_in_transit_days(change.in_transit_days());
  request.set_lookback_days(change.lookback_days());
  return suite.inventory().Call<inventory::v1::PriceProtectionExposure>(
      "tributary.inventory.v1.PriceLayerService/GetPriceProtectionExposure", request);
}

}  // namespace

absl::Status ReadGrounds(Suite& suite, const std::vector<Claim>& claims, ClaimGrounds* grounds) {
  using namespace incentive::v1;
  std::set<std::pair<std::string, std::string>> products;  // (partner, product)
  std::set<std::pair<std::string, std::string>> changes;   // (partner, price change)
  for (const Claim& claim : claims) {
    if (claim.kind() == Claim::MDF || (claim.state() != Claim::APPROVED && claim.state() != Claim::PAID)) continue;
    const std::string partner = claim.name().substr(0, claim.name().find("/claims/"));
    products.emplace(partner, claim.product());
    if (claim.kind() == Claim::PRICE_PROTECTION) changes.emplace(partner, claim.price_change());
  }
  if (products.empty()) return absl::OkStatus();

  ListSpecialPriceAuthorizationsRequest special_prices;
  special_prices.set_parent("partners/-");
  RETURN_IF_ERROR(ReadByName(suite, "SpecialPriceAuthorizationService/ListSpecialPriceAuthorizations", special_prices,
                             &ListSpecialPriceAuthorizationsResponse::special_prices, &grounds->special_prices));
  RETURN_IF_ERROR(ReadByName(suite, "PriceChangeService/ListPriceChanges", ListPriceChangesRequest(),
                             &ListPriceChangesResponse::price_changes, &grounds->price_changes));
  RETURN_IF_ERROR(
      ReadByName(suite, "SpiffService/ListSpiffs", ListSpiffsRequest(), &ListSpiffsResponse::spiffs, &grounds->spiffs));
  ListStockRotationsRequest rotations;
  rotations.set_parent("partners/-");
  RETURN_IF_ERROR(ReadByName(suite, "StockRotationService/ListStockRotations", rotations,
                             &ListStockRotationsResponse::stock_rotations, &grounds->stock_rotations));
  for (const auto& [partner, product] : products) {
    const auto [facts, fresh] = grounds->facts.try_emplace(partner);
    if (fresh) RETURN_IF_ERROR(ReadShippedLines(suite, partner, &facts->second));
    RETURN_IF_ERROR(ReadProduct(suite, partner, product, &facts->second));
  }
  for (const auto& [partner, name] : changes) {
    const auto change = grounds->price_changes.find(name);
    if (change == grounds->price_changes.end()) continue;
    ASSIGN_OR_RETURN(grounds->exposures[std::pair(partner, name)], ReadExposure(suite, partner, change->second));
  }
  return absl::OkStatus();
}

absl::StatusOr<FundBook> ReadFunds(Suite& suite) {
  using namespace incentive::v1;
  FundBook book;
  const auto add = [&book](const auto& items) {
    for (const auto& item : items) book.Add(item);
  };
  RETURN_IF_ERROR(ListAll<ListBudgetsResponse>(suite.incentive(), "tributary.incentive.v1.BudgetService/ListBudgets",
                                               ListBudgetsRequest(),
                                               [&](const ListBudgetsResponse& page) { add(page.budgets()); }));
  ListFundAllocationsRequest allocations;
  allocations.set_parent("partners/-");
  RETURN_IF_ERROR(ListAll<ListFundAllocationsResponse>(
      suite.incentive(), "tributary.incentive.v1.BudgetService/ListFundAllocations", allocations,
      [&](const ListFundAllocationsResponse& page) { add(page.fund_allocations()); }));
  ListFundRequestsRequest requests;
  requests.set_parent("partners/-");
  RETURN_IF_ERROR(ListAll<ListFundRequestsResponse>(
      suite.incentive(), "tributary.incentive.v1.FundRequestService/ListFundRequests", requests,
      [&](const ListFundRequestsResponse& page) { add(page.fund_requests()); }));
  return book;
}

absl::Status CompareProof(Suite& suite, const incentive::v1::ClaimProof& proof, std::vector<std::string>* differences,
                          std::vector<std::string>* open) {
  partner::v1::GetDocumentRequest request;
  request.set_name(proof.document());
  const absl::StatusOr<partner::v1::Document> document =
      suite.partner().Call<partner::v1::Document>("tributary.partner.v1.DocumentService/GetDocument", request);
  if (absl::IsNotFound(document.status()) || absl::IsInvalidArgument(document.status())) {
    open->push_back(StrCat(proof.document(), ": partner-service does not have it"));
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(document.status());
  if (document->sha256() != proof.sha256()) {
    differences->push_back(
        StrCat(proof.document(), ": sha256: stated ", proof.sha256(), ", of the document ", document->sha256()));
  }
  return absl::OkStatus();
}

}  // namespace tributary::cli
