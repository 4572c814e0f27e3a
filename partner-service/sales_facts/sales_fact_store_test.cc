#include "partner-service/sales_facts/sales_fact_store.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "common/wire/wire.h"
#include "partner-service/sales_facts/sales_consumer.h"
#include "partner-service/testing_store.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

class SalesFactStoreTest : public StoreTest {
 protected:
  static SalesFact Fact(std::string name, const char* date, std::string_view amount,
                        SalesFactKind kind = SalesFactKind::kLine, std::string refers = "") {
    return {.partner_id = "p-1",
            .fact = std::move(name),
            .kind = kind,
            .refers = std::move(refers),
            .order_date = *Date::Parse(date),
            .move_date = Date::Parse(date)->AddDays(20),
            .product = "products/x",
            .product_line = "productLines/a",
            .quantity = Decimal::FromInt(kind == SalesFactKind::kLine ? 1 : -1),
            .amount = *Decimal::Parse(amount),
            .currency = "CNY"};
  }
  absl::Status Add(std::vector<SalesFact> facts) {
    return Do([&](mysql::Transaction& sql) { return store_.Add(sql, facts); });
  }
  std::vector<std::string> Totals(SalesQuery query) {
    const auto totals =
        Ask<std::vector<SalesTotal>>([&](mysql::Transaction& sql) { return store_.Totals(sql, query); });
    EXPECT_OK(totals);
    std::vector<std::string> texts;
    if (!totals.ok()) return texts;
    for (const SalesTotal& total : *totals) {
      texts.push_back(
          StrCat(total.currency, " ", total.amount.ToString(), " ", total.quantity.ToString(), " of ", total.facts));
    }
    return texts;
  }
  SalesQuery Quarter(const char* day, CountedBy by = CountedBy::kOrderDate, std::string partner = "p-1") {
    return {.partner_id = std::move(partner), .by = by, .days = QuarterOf(*Date::Parse(day))};
  }
  SalesFactStore store_;
};

TEST_F(SalesFactStoreTest, AddsUpByCurrencyDateAndScope) {
  SalesFact other_line = Fact("c", "2026-01-05", "7");
  other_line.product_line = "productLines/b";
  other_line.product = "products/y";
  SalesFact dollars = Fact("d", "2026-01-05", "5.5");
  dollars.currency = "USD";
  SalesFact untold = Fact("e", "2026-01-05", "0");
  untold.amount.reset();
  untold.currency = "";
  SalesFact sale = Fact("f", "2026-01-05", "1000");
  sale.source = SalesSource::kSale;
  SalesFact others = Fact("a", "2026-01-05", "999");
  others.partner_id = "p-2";
  ASSERT_OK(Add({Fact("a", "2026-01-01", "100.0001"), Fact("b", "2026-03-31", "20"), other_line, dollars, untold, sale,
                 others, Fact("g", "2026-04-01", "400")}));
  EXPECT_THAT(Totals(Quarter("2026-01-01")), ElementsAre(" 0 1 of 1", "CNY 127.0001 3 of 3", "USD 5.5 1 of 1"));
  // The last of March is shipped in April.
  EXPECT_THAT(Totals(Quarter("2026-04-01", CountedBy::kMoveDate)), ElementsAre("CNY 420 2 of 2"));
  EXPECT_THAT(Totals(Quarter("2026-01-01", CountedBy::kOrderDate, "p-2")), ElementsAre("CNY 999 1 of 1"));
  SalesQuery query = Quarter("2026-01-01");
  query.product_lines = {"productLines/b", "productLines/none"};
  EXPECT_THAT(Totals(query), ElementsAre("CNY 7 1 of 1"));
  query.products = {"products/x"};
  EXPECT_THAT(Totals(query), ElementsAre(" 0 1 of 1", "CNY 127.0001 3 of 3", "USD 5.5 1 of 1"));
  query = Quarter("2026-01-01");
  query.source = SalesSource::kSale;
  EXPECT_THAT(Totals(query), ElementsAre("CNY 1000 1 of 1"));
  // The same again changes nothing.
  ASSERT_OK(Add({Fact("a", "2026-01-01", "100.0001"), Fact("b", "2026-03-31", "20"), Fact("b", "2026-03-31", "20")}));
  EXPECT_THAT(Totals(Quarter("2026-01-01")), ElementsAre(" 0 1 of 1", "CNY 127.0001 3 of 3", "USD 5.5 1 of 1"));
}

// A sale, its return in the next quarter, and what takes each of them back: in any order, in any batches, twice.
TEST_F(SalesFactStoreTest, WhatCountsIsTheSameInAnyOrder) {
  std::vector<SalesFact> facts = {
      Fact("a", "2026-02-20", "100"),
      Fact("b", "2026-05-20", "-30", SalesFactKind::kReturn, "a"),
      Fact("c", "2026-05-21", "-20", SalesFactKind::kReturn, "a"),
      Fact("c.r1", "2026-05-21", "20", SalesFactKind::kReversal, "c"),
  };
  const auto by_name = [](const SalesFact& x, const SalesFact& y) { return x.fact < y.fact; };
  int world = 0;
  do {
    for (const size_t at_once : {1u, 3u, 4u}) {
      const std::string partner = StrCat("w-", world++);
      std::vector<SalesFact> told = facts;
      for (SalesFact& fact : told) fact.partner_id = partner;
      for (size_t at = 0; at < told.size(); at += at_once) {
        ASSERT_OK(Add({told.begin() + static_cast<ptrdiff_t>(at),
                       told.begin() + static_cast<ptrdiff_t>(std::min(at + at_once, told.size()))}));
      }
      ASSERT_OK(Add({told.front()}));
      EXPECT_THAT(Totals(Quarter("2026-02-20", CountedBy::kOrderDate, partner)), ElementsAre("CNY 70 -2 of 4"));
      EXPECT_THAT(Totals(Quarter("2026-05-20", CountedBy::kOrderDate, partner)), ElementsAre());
    }
  } while (std::next_permutation(facts.begin(), facts.end(), by_name));
  EXPECT_EQ(world, 24 * 3);
}

TEST_F(SalesFactStoreTest, TakesWhatInventoryTells) {
  inventory::v1::ShipmentLine line;
  line.set_name("partners/p-1/shipments/D/lines/1");
  line.set_partner("partners/p-1");
  *line.mutable_order_date() = wire::ToProto(*Date::Parse("2026-03-31"));
  *line.mutable_ship_date() = wire::ToProto(*Date::Parse("2026-04-02"));
  line.set_product("products/x");
  line.mutable_quantity()->set_value("3");
  *line.mutable_net_amount() = wire::ToProto(Money{"CNY", *Decimal::Parse("300.0001")});
  inventory::v1::ShipmentLine reversal = line;
  reversal.set_name("partners/p-1/shipments/D/lines/1.r1");
  reversal.set_reverses(line.name());
  reversal.mutable_quantity()->set_value("-3");
  *reversal.mutable_net_amount() = wire::ToProto(Money{"CNY", *Decimal::Parse("-300.0001")});
  inventory::v1::SellThroughSale sale;
  sale.set_name("partners/p-1/sales/S.1");
  *sale.mutable_sale_date() = wire::ToProto(*Date::Parse("2026-04-05"));
  sale.set_product("products/x");
  sale.mutable_quantity()->set_value("2");
  sale.set_activity(inventory::v1::SellThroughSale::SALE);
  inventory::v1::SellThroughSale adjustment = sale;
  adjustment.set_name("partners/p-1/sales/S.2");
  adjustment.set_activity(inventory::v1::SellThroughSale::ADJUSTMENT);

  const auto tell = [&](std::vector<events::EventDraft> drafts) {
    std::vector<events::Event> events;
    for (const events::EventDraft& draft : drafts) {
      events.push_back({.verb = draft.verb, .name = draft.name, .type = draft.type, .payload = draft.payload});
    }
    return Do([&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return ApplySales(sql, events, outbox);
    });
  };
  ASSERT_OK(
      tell({events::Draft("p-1", "recorded", line.name(), line), events::Draft("p-1", "recorded", sale.name(), sale),
            events::Draft("p-1", "recorded", adjustment.name(), adjustment)}));
  EXPECT_THAT(Totals(Quarter("2026-03-31")), ElementsAre("CNY 300.0001 3 of 1"));
  EXPECT_THAT(Totals(Quarter("2026-04-02", CountedBy::kMoveDate)), ElementsAre("CNY 300.0001 3 of 1"));
  SalesQuery sold = Quarter("2026-04-05", CountedBy::kMoveDate);
  sold.source = SalesSource::kSale;
  EXPECT_THAT(Totals(sold), ElementsAre(" 0 2 of 1"));
  ASSERT_OK(tell({events::Draft("p-1", "recorded", reversal.name(), reversal)}));
  EXPECT_THAT(Totals(Quarter("2026-03-31")), ElementsAre("CNY 0 0 of 2"));
  line.clear_net_amount();
  line.set_name("partners/p-1/shipments/D/lines/2");
  line.mutable_quantity()->set_value("three");
  EXPECT_THAT(tell({events::Draft("p-1", "recorded", line.name(), line)}), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::partner
