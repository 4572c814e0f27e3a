#pragma once

// For tests of goods that wander: inventory-service and conflict-service served whole, each on a database of its own,
// and the facts of a June in which units of lot L9 of product bike went from acme (CN-51) to cogs (CN-44).

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/paging/page_token.h"
#include "conflict-service/service.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "inventory-service/testing_goods.h"
#include "prometheus/registry.h"
#include "rpc_schema.h"
#include "tributary/conflict/v1/case.pb.h"
#include "tributary/conflict/v1/conflict_rule.pb.h"
#include "tributary/conflict/v1/finding.pb.h"
#include "tributary/conflict/v1/mass_balance.pb.h"
#include "tributary/conflict/v1/packing_event.pb.h"
#include "tributary/conflict/v1/scan_event.pb.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/reconciliation.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"

namespace tributary::conflict {

using inventory::Day;

// Both services, one process each.
class TwoServices {
 public:
  TwoServices(const inventory::TestKeys& keys, const std::string& partner_address)
      : keys_(keys),
        inventory_database_(testing::FreshDatabase(inventory::InventorySchemas())),
        inventory_service_(keys, *inventory_database_, partner_address),
        database_(testing::FreshDatabase({&schema::rpc(), &schema::events(), &schema::conflict()})),
        to_partner_({.address = partner_address, .token = [&keys] { return keys.Token(api::v1::SERVICE); }}),
        to_inventory_(
            {.address = inventory_service_.address(), .token = [&keys] { return keys.Token(api::v1::SERVICE); }}),
        server_(rpc::Frame{.clock = &clock_,
                           .database = database_.get(),
                           .verifier = &keys.verifier(),
                           .registry = &registry_,
                           .committed = [this] { service_.Committed(); }},
                rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)}),
        service_({.database = *database_,
                  .clock = clock_,
                  .page_tokens = page_tokens_,
                  .partner_service = to_partner_,
                  .inventory_service = to_inventory_,
                  .incentive_service = to_inventory_,
                  .server = server_,
                  .registry = &registry_,
                  .owner = "replica-1"}) {
    EXPECT_OK(server_.Start());
    EXPECT_OK(service_.Start());
    client_ = std::make_unique<rpc::Client>(rpc::ClientOptions{.address = StrCat("127.0.0.1:", server_.port())});
  }
  ~TwoServices() {
    service_.Stop();
    server_.Drain();
  }

  inventory::Inventory Stock() { return inventory::Inventory(inventory_service_.client()); }
  mysql::Database& database() { return *database_; }  // conflict-service's

  // `method` without the package: "CaseService/GetCase".
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(std::string_view method, const Request& request,
                             api::v1::Role role = api::v1::CHANNEL_MANAGER, const std::string& partner = "") {
    return client_->Call<Reply>(StrCat("tributary.conflict.v1.", method), inventory::Inventory::WithRequestId(request),
                                {.timeout = absl::Seconds(30), .token = keys_.Token(role, partner)});
  }
  std::unique_ptr<rpc::StreamReader> Open(std::string_view method, const google::protobuf::Message& request,
                                          api::v1::Role role, const std::string& partner) {
    return client_->OpenStream(StrCat("tributary.conflict.v1.", method), request,
                               {.token = keys_.Token(role, partner)});
  }

 private:
  const inventory::TestKeys& keys_;
  SystemClock clock_;
  prometheus::Registry registry_;
  PageTokens page_tokens_{std::string(32, 'k')};
  const std::unique_ptr<mysql::Database> inventory_database_;
  inventory::TestInventory inventory_service_;
  const std::unique_ptr<mysql::Database> database_;
  rpc::Client to_partner_;
  rpc::Client to_inventory_;
  rpc::Server server_;
  Service service_;
  std::unique_ptr<rpc::Client> client_;
};

// Something that is told to one of them; telling it again changes nothing.
using TellBoth = std::function<absl::Status(TwoServices&)>;

class WanderingGoodsTest : public ::testing::Test {
 protected:
  WanderingGoodsTest() : partners_(keys_, testing::FreshDatabase(inventory::PartnerSchemas())) {
    for (const char* id : {"acme", "bolt", "cogs"}) partners_.Know(id);
    const std::vector<std::pair<std::string, std::string>> territories = {
        {"acme", "cn-51"}, {"bolt", "cn-50"}, {"cogs", "cn-44"}};
    for (const auto& [partner, region] : territories) {
      partners_.TellRegion(region);
      partners_.TellGrant(partner, "g", {std::string(region)}, *Date::Parse("2026-01-01"));
    }
  }

  static TellBoth Ship(const std::string& partner, const std::string& document, int units,
                       const std::vector<std::string>& serials = {}) {
    inventory::v1::ShipmentLine line = inventory::NewLine(partner, document, 1, "bike", units);
    *line.mutable_order_date() = *line.mutable_ship_date() = Day("2026-06-02");
    line.set_lot("L9");
    for (const std::string& serial : serials) line.add_serials(serial);
    return [line](TwoServices& both) {
      inventory::v1::CreateShipmentRequest request;
      request.set_parent(line.partner());
      *request.mutable_shipment()->add_lines() = line;
      return both.Stock().Call<inventory::v1::Shipment>("ShipmentService/CreateShipment", request).status();
    };
  }
  static TellBoth Sell(const std::string& partner, const std::string& document, const char* date, int units,
                       const std::string& region) {
    return [=](TwoServices& both) {
      inventory::v1::CreateSellThroughSaleRequest request;
      request.set_parent(StrCat("partners/", partner));
      inventory::v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
      sale.set_document(document);
      sale.set_line(1);
      *sale.mutable_sale_date() = Day(date);
      sale.set_product("products/bike");
      sale.set_lot("L9");
      sale.mutable_quantity()->set_value(std::to_string(units));
      sale.set_region(StrCat("regions/", region));
      return both.Stock()
          .Call<inventory::v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request)
          .status();
    };
  }
  // What the partner has of the lot after closing.
  static TellBoth Report(const std::string& partner, const char* date, int units) {
    return [=](TwoServices& both) {
      inventory::v1::CreatePartnerReportRequest request;
      request.set_parent(StrCat("partners/", partner));
      inventory::v1::PartnerReport& report = *request.mutable_partner_report();
      *report.mutable_coverage()->mutable_from_date() = Day(date);
      *report.mutable_coverage()->mutable_to_date() = Day(date);
      report.set_revision(1);
      request.set_content(StrCat("date,product,lot,quantity,boundary\n", date, ",bike,L9,", units, ",AFTER_CLOSING\n"));
      return both.Stock()
          .Call<inventory::v1::PartnerReport>("PartnerReportService/CreatePartnerReport", request)
          .status();
    };
  }
  static std::vector<TellBoth> June(bool cogs_reports = true) {
    std::vector<TellBoth> facts = {Ship("acme", "A1", 97),
                                   Ship("acme", "A2", 3, {"s1", "s2", "s3"}),
                                   Ship("bolt", "B1", 50),
                                   Ship("cogs", "C1", 60),
                                   Sell("acme", "I1", "2026-06-05", 25, "cn-51"),
                                   Sell("acme", "I2", "2026-06-12", 14, "cn-51"),
                                   Sell("acme", "I3", "2026-06-20", 20, "cn-51"),
                                   Sell("bolt", "I1", "2026-06-15", 32, "cn-50"),
                                   Sell("cogs", "I1", "2026-06-15", 98, "cn-44"),
                                   Report("acme", "2026-05-31", 20),
                                   Report("bolt", "2026-05-31", 10),
                                   Report("cogs", "2026-05-31", 5),
                                   Report("acme", "2026-06-30", 21),
                                   Report("bolt", "2026-06-30", 18)};
    if (cogs_reports) facts.push_back(Report("cogs", "2026-06-30", 12));
    return facts;
  }

  static TellBoth Reconcile(const std::string& partner) {
    return [=](TwoServices& both) {
      inventory::v1::RunReconciliationsRequest run;
      run.set_parent(StrCat("partners/", partner));
      *run.mutable_from_date() = Day("2026-06-01");
      *run.mutable_to_date() = Day("2026-06-30");
      return both.Stock()
          .Call<inventory::v1::RunReconciliationsResponse>("ReconciliationService/RunReconciliations", run)
          .status();
    };
  }
  static v1::ScanEvent NewScan(const std::string& id, const std::string& serial) {
    v1::ScanEvent scan;
    scan.set_name(StrCat("scanEvents/", id));
    scan.set_kind(v1::ScanEvent::SCAN);
    scan.set_product("products/bike");
    scan.set_serial(serial);
    scan.set_region("regions/cn-44");
    *scan.mutable_scan_date() = Day("2026-06-25");
    return scan;
  }
  static TellBoth Scan(const std::string& id, const std::string& serial) {
    return [=](TwoServices& both) {
      v1::BatchImportScanEventsRequest request;
      *request.add_scan_events() = NewScan(id, serial);
      return both.Call<v1::BatchImportScanEventsResponse>("ScanEventService/BatchImportScanEvents", request).status();
    };
  }
  // Of a box in which these units are.
  static std::vector<TellBoth> ScanBox(const std::string& box, const std::vector<std::string>& serials) {
    v1::BatchImportPackingEventsRequest packed;
    v1::PackingEvent& event = *packed.add_packing_events();
    event.set_name(StrCat("packingEvents/", box));
    event.set_action(v1::PackingEvent::ADD);
    event.set_container(box);
    *event.mutable_pack_date() = Day("2026-06-01");
    for (const std::string& serial : serials) {
      v1::PackedContent& unit = *event.add_contents();
      unit.set_product("products/bike");
      unit.set_serial(serial);
    }
    v1::BatchImportScanEventsRequest seen;
    v1::ScanEvent& scan = *seen.add_scan_events() = NewScan(box, "");
    scan.clear_product();
    scan.set_container(box);
    return {
        [=](TwoServices& both) {
          return both.Call<v1::BatchImportPackingEventsResponse>("PackingEventService/BatchImportPackingEvents", packed)
              .status();
        },
        [=](TwoServices& both) {
          return both.Call<v1::BatchImportScanEventsResponse>("ScanEventService/BatchImportScanEvents", seen).status();
        }};
  }
  // A unit that was sold in cogs' territory, by cogs.
  static TellBoth SellUnit(const std::string& document, const std::string& serial) {
    return [=](TwoServices& both) {
      inventory::v1::CreateSellThroughSaleRequest request;
      request.set_parent("partners/cogs");
      inventory::v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
      sale.set_document(document);
      sale.set_line(1);
      *sale.mutable_sale_date() = Day("2026-06-15");
      sale.set_product("products/bike");
      sale.set_lot("L9");
      sale.mutable_quantity()->set_value("1");
      sale.add_serials(serial);
      sale.set_region("regions/cn-44");
      return both.Stock()
          .Call<inventory::v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request)
          .status();
    };
  }
  // Five units of acme's, seen with cogs in every way, and no report of anybody.
  static std::vector<TellBoth> FiveUnits() {
    std::vector<TellBoth> facts = {Ship("acme", "A9", 5, {"s1", "s2", "s3", "s4", "s5"}), Scan("e1", "s1"),
                                   Scan("e2", "s2"), SellUnit("I9", "s3")};
    for (TellBoth& fact : ScanBox("BOX", {"s4", "s5"})) facts.push_back(std::move(fact));
    return facts;
  }
  static v1::RunMassBalanceRequest NewRun() {
    v1::RunMassBalanceRequest run;
    run.set_product("products/bike");
    run.set_lot("L9");
    *run.mutable_from_date() = Day("2026-06-01");
    *run.mutable_to_date() = Day("2026-07-01");
    return run;
  }
  static TellBoth Balance() {
    return [](TwoServices& both) {
      return both.Call<v1::MassBalance>("MassBalanceService/RunMassBalance", NewRun()).status();
    };
  }

  std::unique_ptr<TwoServices> Begin() {
    auto both = std::make_unique<TwoServices>(keys_, partners_.address());
    inventory::Inventory stock = both->Stock();
    EXPECT_OK(stock.MakeProducts({"bike"}));
    inventory::v1::CreateLotRequest lot;
    lot.set_parent("products/bike");
    lot.set_lot_id("L9");
    *lot.mutable_lot()->mutable_expires_on() = Day("2030-01-01");
    EXPECT_OK(stock.Call<inventory::v1::Lot>("LotService/CreateLot", lot));
    for (const char* partner : {"acme", "bolt", "cogs"}) {
      inventory::v1::CreateReportProfileRequest profile;
      profile.set_parent(StrCat("partners/", partner));
      profile.set_report_profile_id("stock");
      profile.mutable_report_profile()->set_kind(inventory::v1::ReportProfile::ON_HAND);
      profile.mutable_report_profile()->set_format(inventory::v1::ReportProfile::CSV);
      profile.mutable_report_profile()->set_default_profile(true);
      EXPECT_OK(stock.Call<inventory::v1::ReportProfile>("ReportProfileService/CreateReportProfile", profile));
    }
    return both;
  }

  static void Tell(TwoServices& both, const std::vector<TellBoth>& facts) {
    for (const TellBoth& fact : facts) ASSERT_OK(fact(both));
  }
  // "acme>cogs [35, 40] +7, 1 more" for every flow; "UNKNOWN" where it is.
  static std::vector<std::string> Flows(TwoServices& both) {
    const auto balance = both.Call<v1::MassBalance>("MassBalanceService/RunMassBalance", NewRun());
    if (!balance.ok()) return {balance.status().ToString()};
    if (balance->unknown()) return {"UNKNOWN"};
    std::vector<std::string> flows;
    for (const v1::Flow& flow : balance->flows()) {
      const std::string to = flow.region().empty() ? flow.to_partner().substr(9) : flow.region();
      flows.push_back(StrCat(flow.from_partner().substr(9), ">", to, " [", flow.least().value(), ", ",
                             flow.most().value(), "] ", flow.decibans(), ", ", flow.more_needed(), " more"));
    }
    return flows;
  }
  static bool ComesTo(TwoServices& both, const std::vector<std::string>& flows) {
    return inventory::Eventually([&] { return Flows(both) == flows; });
  }
  // Sales are outside of every territory for a moment, until the grants are known.
  static std::vector<v1::Case> Cases(TwoServices& both, const std::string& filter = "kind = DIVERSION") {
    v1::ListCasesRequest request;
    request.set_filter(filter);
    const auto cases = both.Call<v1::ListCasesResponse>("CaseService/ListCases", request);
    EXPECT_OK(cases);
    if (!cases.ok()) return {};
    return {cases->cases().begin(), cases->cases().end()};
  }
  static std::vector<v1::Finding> Findings(TwoServices& both) {
    v1::ListFindingsRequest request;
    request.set_filter("kind = DIVERSION");
    const auto findings = both.Call<v1::ListFindingsResponse>("FindingService/ListFindings", request);
    EXPECT_OK(findings);
    if (!findings.ok()) return {};
    return {findings->findings().begin(), findings->findings().end()};
  }

  // One case of diversion.
  static void MakeACase(TwoServices& both) {
    Tell(both, June());
    Tell(both, {Reconcile("acme"), Reconcile("bolt"), Reconcile("cogs"), Balance(), Scan("e1", "s1"), Scan("e2", "s2"),
                Scan("e3", "s3")});
    EXPECT_TRUE(inventory::Eventually([&] { return Cases(both).size() == 1; }));
  }
  std::unique_ptr<TwoServices> BeginWithACase() {
    auto both = Begin();
    MakeACase(*both);
    return both;
  }
  template <typename Request>
  static absl::StatusOr<v1::Case> Move(TwoServices& both, const std::string& verb, Request request) {
    request.set_name(Cases(both).at(0).name());
    return both.Call<v1::Case>(StrCat("CaseService/", verb, "Case"), request);
  }
  static absl::StatusOr<v1::CaseMessage> Write(TwoServices& both, const std::string& party, const std::string& text) {
    v1::AddCaseMessageRequest request;
    request.set_name(Cases(both).at(0).name());
    request.mutable_message()->set_party(party);
    request.mutable_message()->set_text(text);
    return both.Call<v1::CaseMessage>("CaseService/AddCaseMessage", request);
  }

  inventory::TestKeys keys_;
  inventory::TestPartners partners_;
};

}  // namespace tributary::conflict
