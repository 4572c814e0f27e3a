// Reconciliations through the whole service.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "common/time/today.h"
#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/reconciliation.pb.h"
#include "tributary/inventory/v1/report_profile.pb.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using R = v1::Reconciliation;

class ReconciliationTest : public GoodsTest {
 protected:
  ReconciliationTest() {
    // A dealer for each order of its files.
    for (int i = 0; i < kOrders; ++i) partners_.Know(StrCat("a", i));
  }
  static constexpr int kOrders = 12;

  absl::Status MakeProfile(const std::string& partner, v1::ReportProfile::Kind kind, const std::string& id) {
    v1::CreateReportProfileRequest request;
    request.set_parent(StrCat("partners/", partner));
    request.set_report_profile_id(id);
    request.mutable_report_profile()->set_kind(kind);
    request.mutable_report_profile()->set_format(v1::ReportProfile::CSV);
    return inventory_.Call<v1::ReportProfile>("ReportProfileService/CreateReportProfile", request).status();
  }
  void MakeProfiles(const std::string& partner) {
    ASSERT_OK(MakeProfile(partner, v1::ReportProfile::ON_HAND, "stock"));
    ASSERT_OK(MakeProfile(partner, v1::ReportProfile::SELL_THROUGH, "sales"));
  }
  // A file of the partner's. Rows of stock: "date,product,quantity,lot,boundary"; of sales:
  // "date,product,quantity,lot".
  absl::Status Send(const std::string& partner, const char* profile, const char* from, const char* to, int64_t revision,
                    const std::string& rows) {
    v1::CreatePartnerReportRequest request;
    request.set_parent(StrCat("partners/", partner));
    v1::PartnerReport& report = *request.mutable_partner_report();
    report.set_profile(StrCat("partners/", partner, "/reportProfiles/", profile));
    *report.mutable_coverage()->mutable_from_date() = Day(from);
    *report.mutable_coverage()->mutable_to_date() = Day(to);
    report.set_revision(revision);
    if (rows.empty()) {
      report.set_zero_report(true);
    } else {
      request.set_content(StrCat("date,product,quantity,lot,boundary\n", rows));
    }
    return inventory_.Call<v1::PartnerReport>("PartnerReportService/CreatePartnerReport", request).status();
  }
  // Closing stock of bikes without a lot.
  void Report(const char* day, int units, int64_t revision = 1) {
    ASSERT_OK(Send("acme", "stock", day, day, revision, StrCat(day, ",bike,", units, ",,\n")));
  }

  static v1::RunReconciliationsRequest June(const std::string& partner = "acme", const char* to = "2026-06-30") {
    v1::RunReconciliationsRequest request;
    request.set_parent(StrCat("partners/", partner));
    *request.mutable_from_date() = Day("2026-06-01");
    *request.mutable_to_date() = Day(to);
    return request;
  }
  absl::StatusOr<v1::RunReconciliationsResponse> Run(const v1::RunReconciliationsRequest& request,
                                                     const rpc::CallOptions& options = {}) {
    return inventory_.Call<v1::RunReconciliationsResponse>("ReconciliationService/RunReconciliations", request,
                                                           options);
  }
  absl::StatusOr<R> Get(const std::string& name, int64_t revision = 0, const rpc::CallOptions& options = {}) {
    v1::GetReconciliationRequest request;
    request.set_name(name);
    request.set_revision(revision);
    return inventory_.Call<R>("ReconciliationService/GetReconciliation", request, options);
  }
  absl::StatusOr<R> Accept(const R& one, const rpc::CallOptions& options = {}) {
    v1::AcceptReconciliationRequest request;
    request.set_name(one.name());
    request.set_etag(one.etag());
    request.set_note("seen");
    return inventory_.Call<R>("ReconciliationService/AcceptReconciliation", request, options);
  }
  // "EXPLAINED gap -3: LOOK_ALIKE_ROW …/sales/B.1 -3" of bikes in June, after a run.
  std::string Bikes(const char* to = "2026-06-30") {
    const auto ran = Run(June("acme", to));
    if (!ran.ok()) return ran.status().ToString();
    const auto one = Get(StrCat("partners/acme/reconciliations/2026-06-01.", to, ".bike"));
    if (!one.ok()) return one.status().ToString();
    std::string text = R::State_Name(one->state());
    if (one->has_gap()) StrAppend(&text, " gap ", one->gap().value(), ":");
    for (const v1::ExplainingFact& fact : one->explanation()) {
      StrAppend(&text, " ", v1::ExplainingFact::Kind_Name(fact.kind()), " ", fact.fact().substr(14), " ",
                fact.units().value());
    }
    return text;
  }
  // Everything that the ledger holds.
  std::vector<std::string> Ledger() {
    std::vector<std::string> all = inventory_.Positions();
    v1::ListStockPostingsRequest request;
    request.set_parent("partners/-");
    request.set_page_size(1000);
    const auto postings = inventory_.Call<v1::ListStockPostingsResponse>("LedgerService/ListStockPostings", request);
    EXPECT_OK(postings);
    for (const v1::StockPosting& posting : postings->stock_postings()) all.push_back(posting.ShortDebugString());
    v1::ListPositionsRequest positions;
    positions.set_parent("partners/-");
    const auto listed = inventory_.Call<v1::ListPositionsResponse>("LedgerService/ListPositions", positions);
    EXPECT_OK(listed);
    for (const v1::Position& one : listed->positions()) all.push_back(one.ShortDebugString());
    return all;
  }
  v1::ShipmentLine Shipment(const std::string& document, int units, const char* date, bool awaits = false,
                            const std::string& partner = "acme", const char* lot = "") {
    v1::ShipmentLine line = NewLine(partner, document, 1, "bike", units);
    *line.mutable_order_date() = Day(date);
    *line.mutable_ship_date() = Day(date);
    line.set_awaits_receipt(awaits);
    line.set_lot(lot);
    return line;
  }
};

constexpr char kJuneBikes[] = "partners/acme/reconciliations/2026-06-01.2026-06-30.bike";

TEST_F(ReconciliationTest, ItProposesAndPostsNothing) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 100, "2026-06-02"), Shipment("S2", 40, "2026-06-28", true)});
  ASSERT_OK(Sell("acme", NewSale("A", 1, 30, "2026-06-10")));
  // Without a word of the partner nothing is known, and nothing is taken to be zero.
  const auto unknown = Run(June());
  ASSERT_OK(unknown);
  EXPECT_EQ(unknown->unknown(), 1);
  EXPECT_EQ(unknown->changed(), 1);
  EXPECT_THAT(unknown->gaps(), IsEmpty());
  const auto first = Get(kJuneBikes);
  ASSERT_OK(first);
  EXPECT_EQ(first->state(), R::UNKNOWN);
  EXPECT_FALSE(first->has_gap());
  EXPECT_FALSE(first->has_reported());
  EXPECT_THAT(first->unreported_sites(), ElementsAre("partners/acme/sites/main"));
  EXPECT_EQ(first->book().value(), "70");
  EXPECT_EQ(first->in_transit().value(), "40");
  EXPECT_EQ(first->sell_in().value(), "140");
  EXPECT_EQ(first->sell_through().value(), "30");
  EXPECT_TRUE(first->all_lots());
  EXPECT_THAT(Accept(*first), HasReason(Reason::kStateConflict));

  Report("2026-06-30", 110);
  const std::vector<std::string> ledger = Ledger();
  const auto shown = [&] {
    v1::RunReconciliationsRequest request = June();
    request.set_validate_only(true);
    return Run(request);
  }();
  ASSERT_OK(shown);
  EXPECT_EQ(shown->explained(), 1);
  EXPECT_EQ(Get(kJuneBikes)->revision(), 1) << "shown only";
  const auto ran = Run(June());
  ASSERT_OK(ran);
  EXPECT_EQ(ran->explained(), 1);
  ASSERT_THAT(ran->gaps(), SizeIs(1));
  EXPECT_EQ(ran->gaps(0).name(), kJuneBikes);
  const auto explained = Get(kJuneBikes);
  ASSERT_OK(explained);
  EXPECT_EQ(explained->state(), R::EXPLAINED);
  EXPECT_EQ(explained->gap().value(), "40");
  EXPECT_EQ(explained->unexplained().value(), "0");
  ASSERT_THAT(explained->explanation(), SizeIs(1));
  EXPECT_EQ(explained->explanation(0).fact(), "partners/acme/shipments/S2/lines/1");
  EXPECT_EQ(explained->explanation(0).kind(), v1::ExplainingFact::UNRECEIVED_SHIPMENT);
  EXPECT_EQ(explained->revision(), 2);
  EXPECT_EQ(Run(June())->changed(), 0) << "the same again changes nothing";
  EXPECT_EQ(Get(kJuneBikes)->etag(), explained->etag());
  const auto accepted = Accept(*explained);
  ASSERT_OK(accepted);
  EXPECT_EQ(Ledger(), ledger);
  EXPECT_TRUE(inventory_.Check()->balanced());

  // Each change is told on the feed, once.
  std::vector<std::string> told;
  for (const events::Event& event : Events()) {
    if (event.type != R::descriptor()->full_name()) continue;
    R one;
    ASSERT_TRUE(one.ParseFromString(event.payload));
    told.push_back(StrCat(event.verb, " ", one.revision(), " ", R::State_Name(one.state())));
    EXPECT_EQ(event.name, kJuneBikes);
  }
  EXPECT_THAT(told, ElementsAre("reconciled 1 UNKNOWN", "reconciled 2 EXPLAINED", "accepted 2 EXPLAINED"));
}

TEST_F(ReconciliationTest, ALateFactGivesANewRevisionThatNobodyHasAccepted) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 100, "2026-06-02")});
  Report("2026-06-30", 90);
  EXPECT_EQ(Bikes(), "UNEXPLAINED gap -10:");
  const auto first = Get(kJuneBikes);
  // Nobody has run it again since, and the figures are no longer true.
  ASSERT_OK(Sell("acme", NewSale("A", 1, 10, "2026-06-10")));
  EXPECT_THAT(Accept(*first), HasReason(Reason::kEtagMismatch));
  EXPECT_EQ(Bikes(), "MATCHED gap 0:");
  EXPECT_THAT(Accept(*first), HasReason(Reason::kEtagMismatch)) << "these are others";
  v1::AcceptReconciliationRequest without;
  without.set_name(kJuneBikes);
  EXPECT_THAT(inventory_.Call<R>("ReconciliationService/AcceptReconciliation", without),
              HasReason(Reason::kInvalidField));
  const auto accepted = Accept(*Get(kJuneBikes));
  ASSERT_OK(accepted);
  EXPECT_FALSE(accepted->acceptor().empty());
  EXPECT_EQ(accepted->note(), "seen");
  EXPECT_THAT(Accept(*accepted), HasReason(Reason::kStateConflict));

  // The partner corrects its report.
  Report("2026-06-30", 91, 2);
  EXPECT_EQ(Bikes(), "UNEXPLAINED gap 1:");
  EXPECT_EQ(Get(kJuneBikes)->acceptor(), "");
  v1::ListReconciliationRevisionsRequest list;
  list.set_parent(kJuneBikes);
  list.set_page_size(2);
  std::vector<std::string> revisions;
  do {
    const auto page = inventory_.Call<v1::ListReconciliationRevisionsResponse>(
        "ReconciliationService/ListReconciliationRevisions", list);
    ASSERT_OK(page);
    for (const R& one : page->reconciliations()) {
      revisions.push_back(StrCat(one.revision(), " ", one.gap().value(), one.acceptor().empty() ? "" : " accepted"));
    }
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(revisions, ElementsAre("3 1", "2 0 accepted", "1 -10"));
  EXPECT_EQ(Get(kJuneBikes, 2)->acceptor(), accepted->acceptor());
  EXPECT_THAT(Get(kJuneBikes, 4), HasReason(Reason::kNotFound));
}

TEST_F(ReconciliationTest, TheSameSaleUnderTwoDocuments) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 100, "2026-06-02")});
  for (const char* document : {"A", "B"}) ASSERT_OK(Sell("acme", NewSale(document, 1, 3, "2026-06-10")));
  ASSERT_OK(Sell("acme", NewSale("C", 1, 3, "2026-06-11")));
  Report("2026-06-30", 94);
  EXPECT_EQ(Bikes(), "EXPLAINED gap 3: LOOK_ALIKE_ROW sales/B.1 3");
  // The same shipment, too.
  Shipped({Shipment("S2", 100, "2026-06-02")});
  EXPECT_EQ(Bikes(), "EXPLAINED gap -97: LOOK_ALIKE_ROW shipments/S2/lines/1 -100 LOOK_ALIKE_ROW sales/B.1 3");
}

TEST_F(ReconciliationTest, ASaleOfTheDayBeforeAndAMovementThatLookAlike) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 100, "2026-06-02")});
  ASSERT_OK(Sell("acme", NewSale("A", 1, 3, "2026-06-10")));
  ASSERT_OK(Sell("acme", NewSale("B", 1, 3, "2026-06-12")));
  Report("2026-06-30", 97);
  EXPECT_EQ(Bikes(), "EXPLAINED gap 3: LOOK_ALIKE_ROW sales/B.1 3");
  // A third time, and it is what the customer does.
  ASSERT_OK(Sell("acme", NewSale("C", 1, 3, "2026-06-14")));
  EXPECT_EQ(Bikes(), "UNEXPLAINED gap 6:");
  Report("2026-06-30", 91, 2);
  EXPECT_EQ(Bikes(), "MATCHED gap 0:");

  Moved({NewMovement("M1", 1, v1::StockMovement::SCRAP, "acme/main", "scrap", 8, "2026-06-20"),
         NewMovement("M2", 1, v1::StockMovement::SCRAP, "acme/main", "scrap", 8, "2026-06-21")});
  EXPECT_EQ(Bikes(), "UNEXPLAINED gap 16:");
  Report("2026-06-30", 83, 3);
  EXPECT_EQ(Bikes(), "EXPLAINED gap 8: LOOK_ALIKE_ROW movements/M2.1 8");
}

// To whom it comes it may lie there already, to whom it comes from it may lie there still.
TEST_F(ReconciliationTest, ATransferOnItsWayIsACandidateOfBothPartners) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 100, "2026-06-02"), Shipment("S2", 9, "2026-06-02", false, "cogs")});
  Moved({NewMovement("T1", 1, v1::StockMovement::TRANSFER, "acme/main", "bolt/main/in_transit", 5, "2026-06-20"),
         NewMovement("T2", 1, v1::StockMovement::TRANSFER, "acme/main", "bolt/main/in_transit", 7, "2026-06-21"),
         NewMovement("T3", 1, v1::StockMovement::TRANSFER, "cogs/main", "bolt/main/in_transit", 9, "2026-06-19")});
  Report("2026-06-30", 93);
  EXPECT_EQ(Bikes(), "EXPLAINED gap 5: TRANSFER_IN_TRANSIT movements/T1.1 5");
  Report("2026-06-30", 97, 2);
  EXPECT_EQ(Bikes(), "UNEXPLAINED gap 9:") << "that of cogs is none of acme's";
  // What arrives at bolt was the oldest: that of cogs, then the first of acme's.
  Moved({NewMovement("A1", 1, v1::StockMovement::TRANSFER, "bolt/main/in_transit", "bolt/main", 14, "2026-06-25")});
  Report("2026-06-30", 95, 3);
  EXPECT_EQ(Bikes(), "EXPLAINED gap 7: TRANSFER_IN_TRANSIT movements/T2.1 7");
  Moved({NewMovement("A2", 1, v1::StockMovement::TRANSFER, "bolt/main/in_transit", "bolt/main", 7, "2026-07-02")});
  EXPECT_EQ(Bikes(), "EXPLAINED gap 7: TRANSFER_IN_TRANSIT movements/T2.1 7") << "it came after the period";
  Moved({NewMovement("A3", 1, v1::StockMovement::TRANSFER, "bolt/main/in_transit", "bolt/main", 7, "2026-06-28")});
  EXPECT_EQ(Bikes(), "UNEXPLAINED gap 7:");
}

TEST_F(ReconciliationTest, AReturnThatIsOpenAndATransferOnItsWay) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 100, "2026-06-02")});
  // An authorization has no other day than that on which it is made.
  const Date today = UtcToday(absl::Now());
  const std::string day = today.ToString();
  v1::CreateReturnAuthorizationRequest create;
  create.set_parent("partners/acme");
  create.set_return_authorization_id("r1");
  v1::ReturnAuthorization& authorization = *create.mutable_return_authorization();
  authorization.set_site("partners/acme/sites/main");
  authorization.set_disposition(v1::ReturnAuthorization::RESTOCK);
  authorization.set_reason_code("SLOW");
  v1::ReturnLine& line = *authorization.add_lines();
  line.set_original_line("partners/acme/shipments/S1/lines/1");
  line.set_product("products/bike");
  line.mutable_quantity()->set_value("7");
  ASSERT_OK(inventory_.Call<v1::ReturnAuthorization>("ReturnService/CreateReturnAuthorization", create));
  Report(day.c_str(), 93);
  EXPECT_EQ(Bikes(day.c_str()), "EXPLAINED gap -7: OPEN_RETURN returns/r1 -7");
  Report("2026-06-30", 93);
  EXPECT_EQ(Bikes(), "UNEXPLAINED gap -7:") << "it was not asked for yet";
  v1::ApproveReturnAuthorizationRequest approve;
  approve.set_name("partners/acme/returns/r1");
  ASSERT_OK(inventory_.Call<v1::ReturnAuthorization>("ReturnService/ApproveReturnAuthorization", approve));
  v1::ReceiveReturnAuthorizationRequest receive;
  receive.set_name("partners/acme/returns/r1");
  *receive.mutable_receive_date() = wire::ToProto(today);
  ASSERT_OK(inventory_.Call<v1::ReturnAuthorization>("ReturnService/ReceiveReturnAuthorization", receive));
  EXPECT_EQ(Bikes(day.c_str()), "MATCHED gap 0:");

  // From the other site, where it is no more, to this one, where it has not come yet by the books.
  Moved({NewMovement("T1", 1, v1::StockMovement::TRANSFER, "acme/main", "acme/main/in_transit", 5, day.c_str()),
         NewMovement("T2", 1, v1::StockMovement::TRANSFER, "acme/main", "acme/main/in_transit", 6, day.c_str())});
  EXPECT_EQ(Bikes(day.c_str()),
            "EXPLAINED gap 11: TRANSFER_IN_TRANSIT movements/T1.1 5 TRANSFER_IN_TRANSIT movements/T2.1 6");
  Moved({NewMovement("A1", 1, v1::StockMovement::TRANSFER, "acme/main/in_transit", "acme/main", 8, day.c_str())});
  EXPECT_EQ(Bikes(day.c_str()), "EXPLAINED gap 3: TRANSFER_IN_TRANSIT movements/T2.1 3");
}

TEST_F(ReconciliationTest, AllProductsOrOne) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 10, "2026-06-02"), NewLine("acme", "S2", 1, "pump", 5)});
  ASSERT_OK(Send("acme", "stock", "2026-06-30", "2026-06-30", 1,
                 "2026-06-30,bike,10,,\n2026-06-30,helmet,2,,\n2026-06-30,bike,1,L9,\n"));
  v1::RunReconciliationsRequest one = June();
  one.set_product("products/helmet");
  const auto helmet = Run(one);
  ASSERT_OK(helmet);
  EXPECT_EQ(helmet->unexplained(), 1);
  EXPECT_EQ(helmet->changed(), 1);
  const auto all = Run(June());
  ASSERT_OK(all);
  // Bikes of no lot are as the books say, those of L9 nobody knows of; the file is all there is, so no pumps lie there.
  EXPECT_EQ(all->matched(), 1);
  EXPECT_EQ(all->unexplained(), 3);
  EXPECT_EQ(all->changed(), 3);
  v1::ListReconciliationsRequest list;
  list.set_parent("partners/acme");
  list.set_page_size(3);
  std::vector<std::string> found;
  do {
    const auto page =
        inventory_.Call<v1::ListReconciliationsResponse>("ReconciliationService/ListReconciliations", list);
    ASSERT_OK(page);
    for (const R& r : page->reconciliations()) found.push_back(StrCat(r.product(), " ", r.lot(), " ", r.gap().value()));
    list.set_page_token(page->next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(found, ElementsAre("products/bike  0", "products/bike L9 1", "products/helmet  2", "products/pump  -5"));
  list.set_filter("state = UNEXPLAINED AND product = \"products/pump\"");
  list.clear_page_token();
  EXPECT_THAT(inventory_.Call<v1::ListReconciliationsResponse>("ReconciliationService/ListReconciliations", list)
                  ->reconciliations(),
              SizeIs(1));
}

TEST_F(ReconciliationTest, WhoMayAndWhatIsRefused) {
  MakeProfiles("acme");
  Shipped({Shipment("S1", 10, "2026-06-02")});
  Report("2026-06-30", 9);
  EXPECT_THAT(Run(June(), As("acme")), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Run(June(), {.token = keys_.Token(api::v1::CHANNEL_MANAGER)}));
  const auto own = Get(kJuneBikes, 0, As("acme"));
  ASSERT_OK(own) << "partners see how they are seen";
  EXPECT_THAT(Accept(*own, As("acme")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Accept(*own, {.token = keys_.Token(api::v1::SERVICE)}), HasReason(Reason::kPermissionDenied))
      << "somebody accepts, not something";
  EXPECT_THAT(Get(kJuneBikes, 0, As("bolt")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Get("partners/acme/reconciliations/june"), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("partners/acme/reconciliations/2026-06-01.2026-06-30.pump"), HasReason(Reason::kNotFound));

  v1::RunReconciliationsRequest bad = June();
  *bad.mutable_to_date() = Day("2026-05-31");
  EXPECT_THAT(Run(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("to_date: got '2026-05-31'")));
  *bad.mutable_to_date() = Day("2126-06-30");
  EXPECT_THAT(Run(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("to_date")));
  bad = June();
  bad.set_product("bike");
  EXPECT_THAT(Run(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("product: got 'bike'")));
  bad.set_product("products/none");
  EXPECT_THAT(Run(bad), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Run(June("nobody")), HasReason(Reason::kReferenceNotFound));
  bad = June();
  bad.clear_from_date();
  EXPECT_THAT(Run(bad), HasReason(Reason::kInvalidField));
}

// Goods that wander: what conflict-service needs of three dealers' June to see that 40 and 10 units left two of them
// and that 45 too many turned up at the third: opening reported + sell-in - sell-through - closing reported.
TEST_F(ReconciliationTest, WhatTheMassBalanceNeedsInAnyOrderOfArrival) {
  struct Arrival {
    const char* profile;
    const char* from;
    const char* to;
    int64_t revision;
    std::string rows;
  };
  const Arrival f1{"sales", "2026-06-01", "2026-06-15", 1, "2026-06-05,bike,25,L9,\n2026-06-12,bike,15,L9,\n"};
  const Arrival f2{"sales", "2026-06-10", "2026-06-30", 1,
                   "2026-06-12,bike,15,L9,\n2026-06-20,bike,10,L9,\n2026-06-20,bike,10,L9,\n"};
  const Arrival corrected{"sales", "2026-06-01", "2026-06-15", 2, "2026-06-05,bike,25,L9,\n2026-06-12,bike,14,L9,\n"};
  const auto send = [&](const std::string& partner, const Arrival& file) {
    return Send(partner, file.profile, file.from, file.to, file.revision, file.rows);
  };
  // "+40" of the lot, "?" where it cannot be said.
  const auto balance = [&](const std::string& partner) -> std::string {
    const auto ran = Run(June(partner));
    if (!ran.ok()) return ran.status().ToString();
    const auto one = Get(StrCat("partners/", partner, "/reconciliations/2026-06-01.2026-06-30.bike.L9"));
    if (!one.ok()) return one.status().ToString();
    if (!one->has_opening_reported() || !one->has_reported()) return "?";
    const auto units = [](const google::type::Decimal& value) { return wire::FromProto(value).value(); };
    const Decimal gap = units(one->opening_reported()) + units(one->sell_in()) + units(one->transferred_in()) -
                        units(one->sell_through()) - units(one->transferred_out()) - units(one->reported());
    return StrCat(gap.ToString(), " of ", one->sell_through().value(), " sold");
  };
  const auto stock = [&](const std::string& partner, int opening, int closing) {
    EXPECT_OK(Send(partner, "stock", "2026-06-01", "2026-06-01", 1,
                   StrCat("2026-06-01,bike,", opening, ",L9,BEFORE_OPENING\n")));
    EXPECT_OK(Send(partner, "stock", "2026-06-30", "2026-06-30", 1,
                   StrCat("2026-06-30,bike,", closing, ",L9,AFTER_CLOSING\n")));
  };

  std::vector<int> order = {0, 0, 1, 2};  // the first file comes twice
  int orders = 0;
  do {
    const std::string partner = StrCat("a", orders++);
    SCOPED_TRACE(::testing::PrintToString(order));
    MakeProfiles(partner);
    std::vector<std::function<void()>> arrivals;
    for (const int file : order) {
      arrivals.push_back([&, file] {
        const Arrival* const files[] = {&f1, &f2, &corrected};
        EXPECT_OK(send(partner, *files[file]));
      });
    }
    // What was shipped and what lies there come before, in between and after.
    arrivals.insert(arrivals.begin() + orders % 5,
                    [&] { Shipped({Shipment(StrCat("S-", partner), 100, "2026-06-02", false, partner, "L9")}); });
    arrivals.insert(arrivals.begin() + orders % 6, [&] { stock(partner, 20, 21); });
    for (const auto& arrive : arrivals) arrive();
    EXPECT_EQ(balance(partner), "40 of 59 sold");
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(orders, kOrders);

  Shipped({Shipment("S-bolt", 50, "2026-06-02", false, "bolt", "L9"),
           Shipment("S-cogs", 60, "2026-06-02", false, "cogs", "L9")});
  MakeProfiles("bolt");
  MakeProfiles("cogs");
  ASSERT_OK(Send("bolt", "sales", "2026-06-01", "2026-06-30", 1, "2026-06-09,bike,32,L9,\n"));
  ASSERT_OK(Send("cogs", "sales", "2026-06-01", "2026-06-30", 1, "2026-06-09,bike,98,L9,\n"));
  stock("bolt", 10, 18);
  EXPECT_EQ(balance("bolt"), "10 of 32 sold");
  ASSERT_OK(Send("cogs", "stock", "2026-06-01", "2026-06-01", 1, "2026-06-01,bike,5,L9,BEFORE_OPENING\n"));
  EXPECT_EQ(balance("cogs"), "?") << "it has not reported its closing stock";
  ASSERT_OK(Send("cogs", "stock", "2026-06-30", "2026-06-30", 1, "2026-06-30,bike,12,L9,\n"));
  EXPECT_EQ(balance("cogs"), "-45 of 98 sold");
  // It has sold more than came: the books are below zero, which is its business to explain.
  EXPECT_EQ(Get("partners/cogs/reconciliations/2026-06-01.2026-06-30.bike.L9")->book().value(), "-38");
}

}  // namespace
}  // namespace tributary::inventory
