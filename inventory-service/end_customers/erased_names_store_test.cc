// Customers that are erased, and what names them, on a real database.

#include <string>
#include <vector>

#include "common/digest/sha256.h"
#include "common/matching/customer_name.h"
#include "inventory-service/end_customers/erased_names.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/partner_reports/report_row_store.h"
#include "inventory-service/partner_reports/testing_reports.h"
#include "inventory-service/sell_through/sell_through_sale_store.h"
#include "inventory-service/testing_store.h"
#include "tributary/partner/v1/customer.pb.h"

namespace tributary::inventory {
namespace {

using partner::v1::Customer;
using ::testing::ElementsAre;
using ::testing::Pair;

class ErasedNamesTest : public StoreTest {
 protected:
  void Tell(const std::string& id, const std::vector<std::string>& names, Customer::State state = Customer::ACTIVE) {
    Customer customer;
    customer.set_name(StrCat("customers/", id));
    customer.set_state(state);
    for (const std::string& name : names) customer.add_name_digests(Sha256Hex(matching::KeyOf(name).key));
    const std::vector<events::Event> told = {{.verb = "told",
                                              .name = customer.name(),
                                              .type = customer.GetDescriptor()->full_name(),
                                              .payload = customer.SerializeAsString()}};
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return ApplyCustomers(sql, told); }));
  }
  void Sell(const std::vector<std::string>& customers) {
    std::vector<SellThroughSale> sales;
    for (const std::string& customer : customers) {
      SellThroughSale& sale = sales.emplace_back();
      sale.partner = "acme";
      sale.document = "INV-1";
      sale.line = static_cast<int>(sales.size());
      sale.product = "bike";
      sale.quantity = Dec("1");
      sale.sale_date = Day("2026-06-05");
      sale.end_customer = customer;
    }
    EXPECT_TRUE(Append(sales_.table(), sales));
  }
  std::vector<std::string> SoldTo() {
    std::vector<std::string> customers;
    const auto sales = Read<std::vector<SellThroughSale>>(
        [&](mysql::Transaction& sql) { return sales_.table().Select(sql, "ORDER BY line", {}); });
    for (const SellThroughSale& sale : sales) customers.push_back(sale.end_customer);
    return customers;
  }
  std::string Stated(const std::string& known, std::string stated) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return StateAsErased(sql, known, &stated); }));
    return stated;
  }

  SellThroughSaleStore sales_;
  ReportRowStore rows_;
};

TEST_F(ErasedNamesTest, EverySpellingIsGoneAndKnownAgain) {
  Tell("c-1", {"Contoso"});
  Sell({"Contoso, Ltd.", "CONTOSO", "Contoso Ltd", "", "Fabrikam", "CONTOSO"});
  Tell("c-1", {"Contoso"}, Customer::ERASED);
  EXPECT_THAT(SoldTo(),
              ElementsAre("customers/c-1#3", "customers/c-1#1", "customers/c-1#2", "", "Fabrikam", "customers/c-1#1"));
  // Each is known by itself.
  EXPECT_EQ(Stated("customers/c-1#1", "CONTOSO"), "customers/c-1#1");
  EXPECT_EQ(Stated("customers/c-1#3", "Contoso, Ltd."), "customers/c-1#3");
  EXPECT_EQ(Stated("customers/c-1#3", "CONTOSO"), "CONTOSO");
  EXPECT_EQ(Stated("customers/c-1#1", "Fabrikam"), "Fabrikam");
  EXPECT_EQ(Stated("Fabrikam", "CONTOSO"), "CONTOSO");
  // Told once more, it takes what was said since, and what was there is what it was.
  SellThroughSale later;
  later.partner = "bolt";
  later.document = "INV-1";
  later.line = 7;
  later.product = "bike";
  later.quantity = Dec("1");
  later.sale_date = Day("2026-06-06");
  later.end_customer = "contoso";
  EXPECT_TRUE(Append(sales_.table(), std::vector<SellThroughSale>{later}));
  Tell("c-1", {"Contoso"}, Customer::ERASED);
  EXPECT_THAT(SoldTo(), ElementsAre("customers/c-1#3", "customers/c-1#1", "customers/c-1#2", "", "Fabrikam",
                                    "customers/c-1#1", "customers/c-1#4"));
}

TEST_F(ErasedNamesTest, ANameOfTwoStaysUntilBothAreErased) {
  Tell("c-1", {"Contoso", "Northwind"});
  Tell("c-2", {"CONTOSO Ltd."});
  Sell({"Contoso", "Northwind"});
  Tell("c-1", {"Contoso", "Northwind"}, Customer::ERASED);
  EXPECT_THAT(SoldTo(), ElementsAre("Contoso", "customers/c-1#1"));
  Tell("c-2", {"CONTOSO Ltd."}, Customer::ERASED);
  EXPECT_THAT(SoldTo(), ElementsAre("customers/c-2#1", "customers/c-1#1"));
}

TEST_F(ErasedNamesTest, OrdersAndRowsOfReportsAreRidOfIt) {
  Order order;
  order.partner = "acme";
  order.id = "o1";
  order.uid = Uuid::New(kStart);
  order.create_time = order.update_time = kStart;
  order.state = OrderState::kDraft;
  order.order_date = order.requested_date = Day("2026-04-01");
  order.site = "main";
  order.currency = "CNY";
  order.end_customer = "Contoso";
  order.lines = {{.line = 1, .product = "bike", .quantity = Dec("1")}};
  order.told = ToldOf(order, {});
  ReportRow read{.report = Id(1), .number = 2, .state = RowState::kAccepted, .read_time = kStart};
  read.cells = {{"product", "bike"}, {"Contoso", "Contoso "}};
  read.content = RowContent{.cell = {.site = "main", .date = Day("2026-06-05")}, .product = "bike"};
  read.content->end_customer = "Contoso";
  read.key = {.document = "INV-1", .line = 1};
  read.digest = DigestOf(*read.content);
  ReportRow other = read;
  other.number = 3;
  other.key.line = 2;
  other.content->end_customer = "Fabrikam";
  other.cells = {{"product", "bike"}, {"Contoso", "Fabrikam"}};
  ReportRow rejected{.report = Id(1), .number = 4};
  rejected.cells = {{"date", "June"}, {"buyer", "CONTOSO"}};
  rejected.repairs = {{"buyer", "Contoso Ltd"}};
  rejected.errors = {
      {.row = 4, .column = "buyer", .got = "CONTOSO", .want = "a code", .reason = Reason::kInvalidField}};
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(OrderStore().Insert(sql, order));
    return rows_.Put(sql, "acme", {read, other, rejected});
  }));
  Tell("c-1", {"Contoso"}, Customer::ERASED);

  const Order after = Read<Order>([&](mysql::Transaction& sql) { return OrderStore().Get(sql, "acme", "o1"); });
  EXPECT_EQ(after.end_customer, "customers/c-1#1");
  EXPECT_EQ(after.version, order.version + 1);
  const auto row = [&](int64_t number) {
    return Read<ReportRow>([&](mysql::Transaction& sql) { return rows_.Get(sql, "acme", Id(1), number); });
  };
  const ReportRow then = row(2);
  EXPECT_EQ(then.content->end_customer, "customers/c-1#1");
  EXPECT_THAT(then.cells, ElementsAre(Pair("product", "bike"), Pair("Contoso", "customers/c-1#2")));
  // By these it is known again.
  EXPECT_EQ(then.digest, read.digest);
  EXPECT_EQ(then.key, read.key);
  EXPECT_EQ(row(3).content, other.content);
  EXPECT_EQ(row(3).cells, other.cells);
  const ReportRow waiting = row(4);
  EXPECT_THAT(waiting.cells, ElementsAre(Pair("date", "June"), Pair("buyer", "customers/c-1#3")));
  EXPECT_THAT(waiting.repairs, ElementsAre(Pair("buyer", "customers/c-1#4")));
  EXPECT_EQ(waiting.errors[0].got, "customers/c-1#3");
}

}  // namespace
}  // namespace tributary::inventory
