// Credit lines and exposure on a real database.

#include "inventory-service/credit/credit_store.h"

#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/payments/payment_store.h"
#include "inventory-service/testing_store.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

class CreditStoreTest : public StoreTest {
 protected:
  static CreditLine Line(const char* id, const char* limit, const char* currency = "CNY") {
    return {.partner = "acme",
            .id = id,
            .currency = currency,
            .limit = D(limit),
            .payment_terms_days = 30,
            .valid = {Day("01-01"), OpenEnd()}};
  }
  void Put(const CreditLine& line) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return store_.Put(sql, line); }));
  }
  std::vector<CreditLine> Lines(const char* partner) {
    return Read<std::vector<CreditLine>>([&](mysql::Transaction& sql) { return store_.LinesOf(sql, partner); });
  }
  void Document(BilledKind kind, const char* number, const char* gross, const char* settled,
                const char* currency = "CNY") {
    BilledDocument document;
    document.kind = kind;
    document.partner = "acme";
    document.document = number;
    document.head = {Day("02-20"), Day("03-22"), currency, "", ""};
    document.lines = 1;
    document.net_amount = document.gross_amount = D(gross);
    document.settled = D(settled);
    document.create_time = document.update_time = kStart;
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return DocumentStore().Put(sql, {document}); }));
  }
  Exposure Of(const char* partner, const char* currency, const char* day) {
    return Read<Exposure>([&](mysql::Transaction& sql) { return store_.ExposureOf(sql, partner, currency, Day(day)); });
  }

  CreditStore store_;
};

TEST_F(CreditStoreTest, ALineIsReadAsItWasToldLast) {
  CreditLine line = Line("main", "100000.000001");
  line.valid.end = Day("07-01");
  Put(line);
  Put(Line("usd", "5", "USD"));
  ASSERT_THAT(Lines("acme"), SizeIs(2));
  EXPECT_EQ(Lines("acme")[0].limit, D("100000.000001"));
  EXPECT_EQ(Lines("acme")[0].payment_terms_days, 30);
  EXPECT_EQ(Lines("acme")[0].valid, (DateRange{Day("01-01"), Day("07-01")}));
  EXPECT_FALSE(Lines("acme")[0].on_hold);
  line.limit = D("7");
  line.on_hold = true;
  line.valid.end = OpenEnd();
  Put(line);
  ASSERT_THAT(Lines("acme"), SizeIs(2));
  EXPECT_EQ(Lines("acme")[0].limit, D("7"));
  EXPECT_TRUE(Lines("acme")[0].on_hold);
  EXPECT_EQ(Lines("acme")[0].valid.end, OpenEnd());
  EXPECT_THAT(Lines("bolt"), IsEmpty());
}

// Of scenario S2 on 04-02: INV0 and what is confirmed and not billed; besides, a credit note and money on account.
TEST_F(CreditStoreTest, ExposureHasEveryTermAndTheLineOfTheDay) {
  Put(Line("main", "100000"));
  Document(BilledKind::kInvoice, "INV0", "30000", "0");
  Document(BilledKind::kInvoice, "PAID", "500", "500");
  Document(BilledKind::kInvoice, "USD", "9", "0", "USD");
  Document(BilledKind::kCreditNote, "C1", "100", "40");
  Payment payment;
  payment.partner = "acme";
  payment.id = "P1";
  payment.date = Day("04-01");
  payment.amount = {"CNY", D("50")};
  payment.unallocated = D("25.5");
  payment.create_time = payment.update_time = kStart;
  ASSERT_TRUE(Read<bool>([&](mysql::Transaction& sql) { return PaymentStore().Insert(sql, payment); }));
  Order order;
  order.partner = "acme";
  order.id = "o1";
  order.uid = Uuid::New(kStart);
  order.create_time = order.update_time = kStart;
  order.state = OrderState::kPartConfirmed;
  order.order_date = order.requested_date = Day("04-01");
  order.site = "main";
  order.currency = "CNY";
  order.lines = {{.line = 1,
                  .product = "bike",
                  .quantity = D("100"),
                  .net_amount = D("72000"),
                  .gross_amount = D("72000"),
                  .confirmed = D("90")}};
  order.told = ToldOf(order, {});
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return OrderStore().Insert(sql, order); }));

  const Exposure exposure = Of("acme", "CNY", "04-02");
  std::vector<std::string> terms;
  for (const ExposureTerm& term : exposure.terms) terms.push_back(StrCat(term.resource, " ", term.amount.ToString()));
  EXPECT_THAT(terms, ElementsAre("partners/acme/invoices/INV0 30000", "partners/acme/creditNotes/C1 -60",
                                 "partners/acme/payments/P1 -25.5", "partners/acme/orders/o1 64800"));
  EXPECT_EQ(exposure.total(), D("94714.5"));
  ASSERT_TRUE(exposure.line.has_value());
  EXPECT_EQ(exposure.line->id, "main");
  EXPECT_EQ(Of("acme", "USD", "04-02").total(), D("9"));
  EXPECT_FALSE(Of("acme", "USD", "04-02").line.has_value());
  EXPECT_THAT(Of("bolt", "CNY", "04-02").terms, IsEmpty());
}

}  // namespace
}  // namespace tributary::inventory
