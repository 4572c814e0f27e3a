// The 541,909 lines of UCI Online Retail as sell-through, by the mappings of the product: every line is there, in any
// order.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/cleanup/cleanup.h"
#include "cli/mapping/row_builder.h"
#include "common/csv/csv_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/testing_load.h"
#include "tests/real_data/real_data.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::inventory {
namespace {

// The rows that a mapping makes of its file, all of which it must read.
template <typename Row>
std::vector<Row> Mapped(const std::string& name) {
  const std::string folder = testing_support::RealDataFolder() + "/uci_online_retail";
  const cli::Mapping mapping = cli::ReadMapping(StrCat("cli/mappings/uci_online_retail/", name, ".yaml"), name).value();
  std::vector<Row> rows;
  std::FILE* file = std::fopen(StrCat(folder, "/", mapping.file).c_str(), "rb");
  EXPECT_NE(file, nullptr) << mapping.file;
  if (file == nullptr) return rows;
  const absl::Cleanup close = [file] { std::fclose(file); };
  CsvReader reader(CsvReader::FromFile(file));
  CsvRow row;
  EXPECT_TRUE(reader.Next(&row));
  const auto builder = cli::RowBuilder::Make(mapping, folder, row.fields, Row::descriptor()).value();
  while (reader.Next(&row)) {
    EXPECT_OK(row.status);
    const auto errors = builder->Build(row.number, row.fields, &rows.emplace_back());
    EXPECT_TRUE(errors.empty()) << errors.front().ShortDebugString();
  }
  EXPECT_OK(reader.status());
  return rows;
}

class UciOnlineRetailTest : public ::testing::Test {
 protected:
  testing::DatabaseServer server_;
};

TEST_F(UciOnlineRetailTest, EveryLineIsLoadedInAnyOrderToTheSameBooks) {
  using SalesRequest = v1::BatchImportSellThroughSalesRequest;
  constexpr int64_t kLines = 541'909;
  const std::vector<v1::ProductRow> products = Mapped<v1::ProductRow>("products");
  std::vector<v1::SellThroughSaleRow> sales = Mapped<v1::SellThroughSaleRow>("sales");
  ASSERT_EQ(products.size(), 4070u);
  ASSERT_EQ(static_cast<int64_t>(sales.size()), kLines);

  // What the books must come to, from the rows alone.
  std::set<std::string> stocked;
  for (const v1::ProductRow& row : products) {
    if (row.product().kind() == v1::Product::STOCKED) stocked.insert(row.product().name());
  }
  EXPECT_EQ(products.size() - stocked.size(), 16u);
  std::map<std::string, Decimal> units;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> contents;
  int64_t negative = 0;
  for (const v1::SellThroughSaleRow& row : sales) {
    const v1::SellThroughSale& sale = row.sell_through_sale();
    const Decimal quantity = Decimal::Parse(sale.quantity().value()).value();
    negative += quantity.negative();
    contents.emplace(sale.document(), sale.product(), sale.quantity().value(), sale.unit_price().ShortDebugString());
    if (!stocked.contains(sale.product())) continue;
    units[sale.product()] += sale.activity() == v1::SellThroughSale::ADJUSTMENT ? quantity : -quantity;
  }
  EXPECT_EQ(negative, 10'624);
  // Lines that repeat another one of their invoice: sales, which a hash of their content would lose.
  EXPECT_GE(kLines - static_cast<int64_t>(contents.size()), 5'270);
  std::vector<std::string> positions;
  Decimal on_hand;
  for (const auto& [product, sum] : units) {
    positions.push_back(StrCat("partners/uci-online-retail/positions/main.", product.substr(9), "=", sum.ToString()));
    on_hand += sum;
  }

  const TestKeys keys;
  TestPartners partners(keys, NewDatabase(server_, PartnerSchemas()));
  partners.Know("uci-online-retail");
  const auto load = [&](Inventory& inventory, size_t pieces, int64_t accepted) {
    const size_t size = (sales.size() + pieces - 1) / pieces;
    for (size_t at = 0; at < sales.size(); at += size) {
      const std::span<const v1::SellThroughSaleRow> piece(sales.data() + at, std::min(size, sales.size() - at));
      Load<SalesRequest>(inventory, "SellThroughSaleService/BatchImportSellThroughSales", "sales", piece,
                         accepted == 0 ? 0 : static_cast<int64_t>(piece.size()));
    }
  };
  for (const bool shuffled : {false, true}) {
    const auto database = NewDatabase(server_, InventorySchemas());
    TestInventory service(keys, *database, partners.address());
    Inventory inventory(service.client());
    Load<v1::BatchImportProductsRequest>(inventory, "ProductService/BatchImportProducts", "products",
                                         std::span<const v1::ProductRow>(products), 4070);
    if (shuffled) std::shuffle(sales.begin(), sales.end(), std::mt19937(20111209));
    load(inventory, shuffled ? 7 : 1, kLines);
    if (shuffled) load(inventory, 1, 0);

    v1::GetSellThroughTotalsRequest request;
    request.set_parent("partners/uci-online-retail");
    const auto totals = inventory.Call<v1::SellThroughTotals>("SellThroughSaleService/GetSellThroughTotals", request,
                                                              {.timeout = absl::Minutes(1)});
    ASSERT_OK(totals);
    EXPECT_EQ(totals->lines(), kLines);
    EXPECT_EQ(totals->returns(), 9'288);
    EXPECT_EQ(totals->adjustments(), 1'336);
    EXPECT_EQ(totals->units().value(), "5383407");
    EXPECT_EQ(totals->adjusted_units().value(), "-206957");
    ASSERT_EQ(totals->amounts_at_price_size(), 1);
    EXPECT_EQ(totals->amounts_at_price(0).currency_code(), "GBP");
    EXPECT_EQ(wire::FromProto(totals->amounts_at_price(0))->amount.ToString(), "9747747.934");
    EXPECT_EQ(totals->net_amounts_size(), 0);  // none are stated
    EXPECT_EQ(totals->documents(), 25'900);
    EXPECT_EQ(totals->partners(), 1);

    const auto balance = inventory.Check();
    ASSERT_OK(balance);
    EXPECT_TRUE(balance->balanced());
    EXPECT_EQ(balance->partner_units().value(), on_hand.ToString());
    std::vector<std::string> read = inventory.Positions(1000);
    std::sort(read.begin(), read.end());
    std::sort(positions.begin(), positions.end());
    EXPECT_EQ(read, positions);
  }
}

}  // namespace
}  // namespace tributary::inventory
