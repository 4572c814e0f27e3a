// Orders, and what facts say of them, on a real database.

#include "inventory-service/orders/order_store.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/money/testing_decimal.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/credit_notes/credit_note_store.h"
#include "inventory-service/invoices/invoice_store.h"
#include "inventory-service/orders/order_watch.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/receipts/receipt_store.h"
#include "inventory-service/shipments/shipment_store.h"
#include "inventory-service/testing_store.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

class OrderStoreTest : public StoreTest {
 protected:
  // 100 at 720 and 2 free, of partner acme.
  static Order New(const char* id, OrderState state = OrderState::kConfirmed, const char* confirmed = "100") {
    Order order;
    order.partner = "acme";
    order.id = id;
    order.uid = Uuid::New(kStart);
    order.create_time = order.update_time = kStart;
    order.state = state;
    order.order_date = Day("04-01");
    order.requested_date = Day("04-02");
    order.site = "main";
    order.currency = "CNY";
    order.lines = {{.line = 1,
                    .product = "bike",
                    .quantity = D("100"),
                    .list_price = D("800"),
                    .discount = D("8000.000001"),
                    .net_amount = D("72000"),
                    .tax_amount = D("0"),
                    .gross_amount = D("72000"),
                    .confirmed = D(confirmed),
                    .unit = "box",
                    .unit_quantity = D("12.5")},
                   {.line = 2, .product = "helmet", .quantity = D("2"), .free_of_charge = true}};
    order.told = ToldOf(order, {});
    if (state != OrderState::kDraft) order.place_time = kStart;
    return order;
  }
  absl::Status Insert(const Order& order) {
    return Do([&](mysql::Transaction& sql) { return store_.Insert(sql, order); });
  }
  Order Get(const char* id) {
    return Read<Order>([&](mysql::Transaction& sql) { return store_.Get(sql, "acme", id); });
  }
  OrderProgress Progress(const char* id) {
    return Read<OrderProgress>([&](mysql::Transaction& sql) { return store_.ProgressOf(sql, "acme", id); });
  }
  static ShipmentLine Shipped(const char* document, int line, const char* order, int order_line, const char* quantity,
                              bool awaits = false, int generation = 0) {
    ShipmentLine shipped;
    shipped.document = document;
    shipped.line = line;
    shipped.generation = generation;
    shipped.partner = "acme";
    shipped.product = order_line == 2 ? "helmet" : "bike";
    shipped.quantity = D(quantity);
    shipped.order_date = Day("04-01");
    shipped.ship_date = Day("04-02");
    shipped.currency = "CNY";
    shipped.order = order;
    shipped.order_line = order_line;
    shipped.site = "main";
    shipped.awaits_receipt = awaits;
    return shipped;
  }
  static ReceiptLine Received(const char* document, const char* shipment, int line, const char* quantity,
                              bool lost = false, int generation = 0, const char* product = "bike") {
    ReceiptLine received;
    received.document = document;
    received.line = 1;
    received.generation = generation;
    received.partner = "acme";
    received.product = product;
    received.quantity = D(quantity);
    received.receive_date = Day("04-05");
    received.site = "main";
    received.shipment_document = shipment;
    received.shipment_line = line;
    received.lost = lost;
    return received;
  }
  static InvoiceLine Billed(const char* document, const char* order, int order_line, const char* quantity) {
    InvoiceLine billed;
    billed.document = document;
    billed.line = 1;
    billed.partner = "acme";
    billed.product = "bike";
    billed.quantity = D(quantity);
    billed.head = {Day("04-02"), Day("05-02"), "CNY", "", ""};
    billed.order = order;
    billed.order_line = order_line;
    return billed;
  }
  void Document(const char* number, const char* gross, const char* settled) {
    BilledDocument document;
    document.partner = "acme";
    document.document = number;
    document.head = {Day("04-02"), Day("05-02"), "CNY", "", ""};
    document.lines = 1;
    document.net_amount = document.gross_amount = D(gross);
    document.settled = D(settled);
    document.create_time = document.update_time = kStart;
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return DocumentStore().Put(sql, {document}); }));
  }
  // Orders of acme that rows behind `after` touch.
  std::vector<std::string> Touched(int64_t after, const std::set<std::string>& paid = {}) {
    const auto orders = Read<std::map<std::string, std::set<std::string>>>([&](mysql::Transaction& sql) {
      return store_.Touched(sql, {kShard, after, seq_}, paid);
    });
    const auto of = orders.find("acme");
    return of == orders.end() ? std::vector<std::string>() : std::vector(of->second.begin(), of->second.end());
  }
  // Verbs of what is told of the rows behind `after`.
  std::vector<std::string> Told(int64_t after) {
    std::vector<std::string> verbs;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(TellProgress(sql, {kShard, after, seq_}, {"acme"}, kStart, outbox));
      verbs.clear();
      for (const events::Told& told : outbox.Count()) {
        for (int64_t i = 0; i < told.events; ++i) verbs.push_back(told.verb);
      }
      return absl::OkStatus();
    }));
    return verbs;
  }

  OrderStore store_;
};

TEST_F(OrderStoreTest, AnOrderIsReadAsItWasWritten) {
  Order order = New("o1", OrderState::kPartConfirmed, "90");
  order.route = "RESELL";
  order.end_customer = "台灣水泥";
  order.deal = "partners/acme/deals/d1";
  order.response_time = kStart + absl::Hours(3);
  order.fulfillment = Fulfillment::kPartShipped;
  order.checks = {{CheckKind::kCredit, CheckOutcome::kFailed, 0, D("102000"), D("100000"), "短 2000",
                   "partners/acme/creditLines/main"},
                  {CheckKind::kTerritory, CheckOutcome::kNotChecked, 2, {}, {}, std::string(1000, 'w'), ""}};
  ASSERT_OK(Insert(order));
  EXPECT_THAT(Insert(order), HasReason(Reason::kAlreadyExists));
  Order read = Get("o1");
  EXPECT_EQ(read.uid, order.uid);
  EXPECT_EQ(read.version, 1);
  EXPECT_EQ(read.state, OrderState::kPartConfirmed);
  EXPECT_EQ(read.order_date, Day("04-01"));
  EXPECT_EQ(read.requested_date, Day("04-02"));
  EXPECT_EQ(read.site, "main");
  EXPECT_EQ(read.currency, "CNY");
  EXPECT_EQ(read.route, "RESELL");
  EXPECT_EQ(read.end_customer, "台灣水泥");
  EXPECT_EQ(read.deal, "partners/acme/deals/d1");
  EXPECT_EQ(read.place_time, kStart);
  EXPECT_EQ(read.response_time, kStart + absl::Hours(3));
  EXPECT_EQ(read.fulfillment, Fulfillment::kPartShipped);
  EXPECT_EQ(read.told, order.told);
  EXPECT_EQ(read.lines, order.lines);
  ASSERT_EQ(read.checks.size(), 2u);
  EXPECT_EQ(read.checks[0].got, D("102000"));
  EXPECT_EQ(read.checks[0].why, "短 2000");
  EXPECT_EQ(read.checks[0].resource, "partners/acme/creditLines/main");
  EXPECT_EQ(read.checks[1].kind, CheckKind::kTerritory);
  EXPECT_EQ(read.checks[1].line, 2);
  EXPECT_EQ(read.checks[1].why.size(), 1000u);
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return store_.Get(sql, "bolt", "o1").status(); }),
              HasReason(Reason::kNotFound));

  // The next version has its own lines and checks; the version before it is no longer there to be replaced.
  read.version = 2;
  read.lines.pop_back();
  read.checks.clear();
  read.response_time.reset();
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Update(sql, read); }));
  EXPECT_EQ(Get("o1").lines.size(), 1u);
  EXPECT_THAT(Get("o1").checks, IsEmpty());
  EXPECT_FALSE(Get("o1").response_time.has_value());
  EXPECT_FALSE(database_
                   ->Transact({.deadline = absl::Now() + absl::Milliseconds(200)},
                              [&](mysql::Transaction& sql) { return store_.Update(sql, read); })
                   .ok());
  // What was told moves no version.
  read.fulfillment = Fulfillment::kSettled;
  read.told = std::string(32, 't');
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.SetTold(sql, read); }));
  EXPECT_EQ(Get("o1").version, 2);
  EXPECT_EQ(Get("o1").fulfillment, Fulfillment::kSettled);
  EXPECT_EQ(Get("o1").told, std::string(32, 't'));
}

TEST_F(OrderStoreTest, ListsAreByNameAndFiltered) {
  ASSERT_OK(Insert(New("o2", OrderState::kOnHold)));
  ASSERT_OK(Insert(New("o1", OrderState::kDraft)));
  Order bolt = New("a", OrderState::kOnHold);
  bolt.partner = "bolt";
  bolt.site = "north";
  bolt.fulfillment = Fulfillment::kReceived;
  ASSERT_OK(Insert(bolt));
  const auto listed = [&](std::string_view partner, std::string_view filter, std::string_view after_partner = "",
                          std::string_view after_id = "", int limit = 10) {
    std::vector<std::string> names;
    for (const Order& one :
         Read<std::vector<Order>>([&](mysql::Transaction& sql) -> absl::StatusOr<std::vector<Order>> {
           ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter, OrderStore::Fields()));
           return store_.List(sql, partner, after_partner, after_id, predicate, limit);
         })) {
      names.push_back(StrCat(one.partner, " ", one.id, " ", one.lines.size()));
    }
    return names;
  };
  EXPECT_THAT(listed("", ""), ElementsAre("acme o1 2", "acme o2 2", "bolt a 2"));
  EXPECT_THAT(listed("", "", "acme", "o1", 1), ElementsAre("acme o2 2"));
  EXPECT_THAT(listed("bolt", ""), ElementsAre("bolt a 2"));
  EXPECT_THAT(listed("", "state = ON_HOLD AND fulfillment = NOT_SHIPPED"), ElementsAre("acme o2 2"));
  EXPECT_THAT(listed("", "site = \"partners/bolt/sites/north\""), ElementsAre("bolt a 2"));
  const auto counts =
      Read<std::map<OrderState, int64_t>>([&](mysql::Transaction& sql) { return store_.CountByState(sql); });
  EXPECT_THAT(counts, ElementsAre(Pair(OrderState::kDraft, 1), Pair(OrderState::kOnHold, 2)));
}

TEST_F(OrderStoreTest, WhatFactsSayOfAnOrder) {
  ASSERT_OK(Insert(New("o1")));
  EXPECT_TRUE(Progress("o1").settled);  // nothing names it, so nothing is open
  EXPECT_THAT(Progress("o1").shipped, IsEmpty());
  // 60 awaited, of which 50 came, 3 are lost and 9 more came than were sent of the other line; 10 at once; 5 reversed.
  ASSERT_TRUE(Append(ShipmentStore().table(),
                     std::vector{Shipped("S1", 1, "o1", 1, "50", true), Shipped("S1", 2, "o1", 1, "10", true),
                                 Shipped("S2", 1, "o1", 1, "10"), Shipped("S3", 1, "o1", 1, "5"),
                                 Shipped("S3", 1, "o1", 1, "-5", false, 1), Shipped("S4", 1, "o1", 2, "2", true),
                                 Shipped("S5", 1, "o2", 1, "77")}));
  ASSERT_TRUE(Append(ReceiptStore().table(),
                     std::vector{Received("R1", "S1", 1, "40"), Received("R2", "S1", 1, "8"),
                                 Received("R2", "S1", 1, "-8", false, 1), Received("R3", "S1", 1, "3", true),
                                 Received("R4", "S1", 2, "19"), Received("R5", "S4", 1, "2", false, 0, "helmet"),
                                 Received("R6", "S1", 1, "1", false, 0, "helmet"), Received("R7", "S2", 1, "4")}));
  ASSERT_TRUE(Append(InvoiceStore().table(), std::vector{Billed("I1", "o1", 1, "60"), Billed("I2", "o1", 1, "30")}));
  Document("I1", "43200", "43200");
  Document("I2", "21600", "21599.99");
  OrderProgress progress = Progress("o1");
  EXPECT_THAT(progress.shipped, ElementsAre(Pair(1, D("70")), Pair(2, D("2"))));
  EXPECT_THAT(progress.received, ElementsAre(Pair(1, D("60")), Pair(2, D("2"))));  // 40 + 10 + 10; R6 is no bike
  EXPECT_THAT(progress.lost, ElementsAre(Pair(1, D("3")), Pair(2, D("0"))));
  EXPECT_THAT(progress.invoiced, ElementsAre(Pair(1, D("90"))));
  EXPECT_FALSE(progress.settled);
  Document("I2", "21600", "21600");
  EXPECT_TRUE(Progress("o1").settled);
}

TEST_F(OrderStoreTest, WhatAPartnerOwesAndAwaitsOfItsOrders) {
  ASSERT_OK(Insert(New("o1")));
  ASSERT_OK(Insert(New("o2", OrderState::kOnHold, "0")));
  ASSERT_OK(Insert(New("o3", OrderState::kDraft, "0")));
  Order canceled = New("o4", OrderState::kCanceled, "30");
  ASSERT_OK(Insert(canceled));
  Order dollars = New("o5");
  dollars.currency = "USD";
  dollars.site = "north";
  ASSERT_OK(Insert(dollars));
  ASSERT_TRUE(Append(InvoiceStore().table(), std::vector{Billed("I1", "o1", 1, "90")}));
  ASSERT_TRUE(
      Append(ShipmentStore().table(), std::vector{Shipped("S1", 1, "o1", 1, "60"), Shipped("S2", 1, "o1", 2, "3")}));
  std::vector<std::string> terms;
  for (const ExposureTerm& term :
       Read<std::vector<ExposureTerm>>([&](mysql::Transaction& sql) { return store_.OpenOf(sql, "acme", "CNY"); })) {
    terms.push_back(StrCat(term.resource, " ", term.amount.ToString()));
  }
  EXPECT_THAT(terms, ElementsAre("partners/acme/orders/o1 7200", "partners/acme/orders/o4 21600"));

  using Unshipped = std::map<std::pair<std::string, std::string>, Decimal>;
  const auto unshipped = [&](const char* day, absl::Time known) {
    return Read<Unshipped>([&](mysql::Transaction& sql) { return store_.UnshippedOf(sql, "acme", Day(day), known); });
  };
  const absl::Time later = kStart + absl::Hours(1);
  // o1 has 40 left and more than enough helmets; o2 is held, and counts.
  EXPECT_THAT(unshipped("04-02", later),
              ElementsAre(Pair(Pair("main", "bike"), D("140")), Pair(Pair("main", "helmet"), D("2")),
                          Pair(Pair("north", "bike"), D("100")), Pair(Pair("north", "helmet"), D("2"))));
  EXPECT_EQ(unshipped("04-01", later).at({"main", "bike"}), D("200"));   // shipped on the 2nd
  EXPECT_EQ(unshipped("04-02", kStart).at({"main", "bike"}), D("200"));  // not known by then
  EXPECT_THAT(unshipped("03-31", later), IsEmpty());
  // Helmets become kits of a shell and two straps.
  const DateRange always = {Day("01-01"), OpenEnd()};
  const Kits kits = {{"helmet", {{"shell", D("1"), always}, {"strap", D("2"), always}}}};
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return KitStore().Replace(sql, kits); }));
  EXPECT_THAT(unshipped("04-02", later),
              ElementsAre(Pair(Pair("main", "bike"), D("140")), Pair(Pair("main", "shell"), D("2")),
                          Pair(Pair("main", "strap"), D("4")), Pair(Pair("north", "bike"), D("100")),
                          Pair(Pair("north", "shell"), D("2")), Pair(Pair("north", "strap"), D("4"))));
  EXPECT_THAT(unshipped("04-02", kStart - absl::Seconds(1)), IsEmpty());
}

TEST_F(OrderStoreTest, HowWellOrdersWereServed) {
  Order answered = New("o1");
  answered.response_time = kStart + absl::Seconds(101);
  ASSERT_OK(Insert(answered));
  answered = New("o2", OrderState::kPartConfirmed, "50");
  answered.response_time = kStart + absl::Seconds(200);
  ASSERT_OK(Insert(answered));
  ASSERT_OK(Insert(New("o3", OrderState::kOnHold, "0")));
  ASSERT_OK(Insert(New("o4", OrderState::kDraft, "0")));
  ASSERT_OK(Insert(New("o5", OrderState::kCanceled, "0")));
  // More of one line than it orders fills nothing of another.
  ASSERT_TRUE(
      Append(ShipmentStore().table(), std::vector{Shipped("S1", 1, "o1", 1, "150"), Shipped("S2", 1, "o2", 1, "30"),
                                                  Shipped("S2", 2, "o2", 1, "-10"), Shipped("S3", 1, "o5", 1, "9")}));
  const auto rate = [&](std::string_view partner, const char* from, const char* to) {
    return Read<FillRate>([&](mysql::Transaction& sql) { return store_.FillRateOf(sql, partner, Day(from), Day(to)); });
  };
  const FillRate all = rate("", "04-01", "04-02");
  EXPECT_EQ(all.orders, 3);
  EXPECT_EQ(all.answered, 2);
  EXPECT_EQ(all.ordered, D("306"));
  EXPECT_EQ(all.confirmed, D("150"));
  EXPECT_EQ(all.shipped, D("120"));
  EXPECT_EQ(all.mean_response_seconds, 150);
  EXPECT_EQ(rate("acme", "04-01", "04-02").shipped, D("120"));
  EXPECT_EQ(rate("bolt", "04-01", "04-02").orders, 0);
  EXPECT_EQ(rate("", "04-02", "05-01").orders, 0);
  EXPECT_EQ(rate("", "03-01", "04-01").ordered, D("0"));
}

TEST_F(OrderStoreTest, WhatARangeOfTheFeedTouches) {
  for (const char* id : {"o1", "o2", "o3"}) ASSERT_OK(Insert(New(id)));
  ASSERT_TRUE(Append(ShipmentStore().table(),
                     std::vector{Shipped("S1", 1, "o1", 1, "50", true), Shipped("S2", 1, "", 0, "1", true),
                                 Shipped("S3", 1, "unknown", 1, "1")}));
  EXPECT_THAT(Touched(0), ElementsAre("o1", "unknown"));
  int64_t at = seq_;
  ASSERT_TRUE(Append(ReceiptStore().table(), std::vector{Received("R1", "S1", 1, "40"), Received("R2", "S2", 1, "1"),
                                                         Received("R3", "none", 1, "1")}));
  EXPECT_THAT(Touched(at), ElementsAre("o1"));
  at = seq_;
  ASSERT_TRUE(Append(InvoiceStore().table(), std::vector{Billed("I2", "o2", 1, "60"), Billed("I3", "o3", 1, "60")}));
  EXPECT_THAT(Touched(at), ElementsAre("o2", "o3"));
  at = seq_;
  EXPECT_THAT(Touched(at), IsEmpty());
  // Money alone moves what is received, and what is settled while an invoice of it is open.
  EXPECT_THAT(Touched(at, {"acme"}), IsEmpty());
  const auto come = [&](const char* id, Fulfillment fulfillment) {
    Order order = Get(id);
    order.fulfillment = fulfillment;
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return store_.SetTold(sql, order); }));
  };
  come("o1", Fulfillment::kReceived);
  come("o2", Fulfillment::kSettled);
  come("o3", Fulfillment::kSettled);
  Document("I2", "100", "100");
  Document("I3", "100", "0");
  EXPECT_THAT(Touched(at, {"acme", "bolt"}), ElementsAre("o1", "o3"));
  CreditNoteLine credited;
  credited.document = "C1";
  credited.line = 1;
  credited.partner = "acme";
  credited.product = "bike";
  credited.quantity = D("1");
  credited.head = {Day("04-02"), Day("04-02"), "CNY", "", ""};
  ASSERT_TRUE(Append(CreditNoteStore().table(), std::vector{credited}));
  EXPECT_THAT(Touched(at), ElementsAre("o1", "o3"));
}

// Each change once, whoever looks and how often.
TEST_F(OrderStoreTest, ProgressIsToldOnce) {
  ASSERT_OK(Insert(New("o1")));
  EXPECT_THAT(Told(0), IsEmpty());
  ASSERT_TRUE(Append(ShipmentStore().table(),
                     std::vector{Shipped("S1", 1, "o1", 1, "50", true), Shipped("S9", 1, "not-there", 1, "1")}));
  EXPECT_THAT(Told(0), ElementsAre("part_shipped"));
  EXPECT_THAT(Told(0), IsEmpty());
  EXPECT_EQ(Get("o1").fulfillment, Fulfillment::kPartShipped);
  EXPECT_EQ(Get("o1").version, 1);
  ASSERT_TRUE(Append(ReceiptStore().table(), std::vector{Received("R1", "S1", 1, "50")}));
  EXPECT_THAT(Told(0), ElementsAre("progressed"));
  ASSERT_TRUE(Append(ShipmentStore().table(),
                     std::vector{Shipped("S1", 1, "o1", 1, "-50", true, 1), Shipped("S2", 1, "o1", 1, "0")}));
  ASSERT_TRUE(Append(ReceiptStore().table(), std::vector{Received("R1", "S1", 1, "-50", false, 1)}));
  EXPECT_THAT(Told(0), ElementsAre("not_shipped"));
  EXPECT_THAT(Told(0), IsEmpty());
}

}  // namespace
}  // namespace tributary::inventory
