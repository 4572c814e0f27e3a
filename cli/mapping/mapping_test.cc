#include "cli/mapping/mapping.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cli/mapping/row_builder.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::cli {
namespace {

using ::testing::HasSubstr;

class MappingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "/mapping-XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = StrCat(folder_, "/", name);
    std::ofstream(path) << text;
    return path;
  }

  std::string folder_;
};

constexpr char kHead[] =
    "target: shipments\nservice: inventory\n"
    "method: tributary.inventory.v1.ShipmentService/BatchImportShipments\nfile: lines.csv\n";

TEST_F(MappingTest, SaysWhatIsWrongAndWhere) {
  const struct {
    const char* text;
    const char* message;
  } kCases[] = {
      {"targets: x\n", "got 'targets', want one of"},
      {"target: x\n", "want 'service'"},
      {"- a\n", "want a map"},
      {"target: {a: [}\n", ":1:"},
      {"target: x\nservice: y\nmethod: z\nfile: f\nfields: {a: '{b'}\n", "got '{b', want {Column}"},
      {"target: x\nservice: y\nmethod: z\nfile: f\nfields: {a: '{none.b}'}\n", "there is no look-up none"},
      {"target: x\nservice: y\nmethod: z\nfile: f\ndate_format: D-M\nfields: {}\n", "date_format: got 'D-M'"},
      {"target: x\nservice: y\nmethod: z\nfile: f\ndecimal_point: ';'\nfields: {}\n", "decimal_point: got ';'"},
      {"target: x\nservice: y\nmethod: z\nfile: f\ndate_format: YYYY-MM-DD hh\nfields: {}\n", "date_format: got"},
      {"target: x\nservice: y\nmethod: z\nfile: f\nfields: {a: {value: b, ordinal: c}}\n", "'value' or 'ordinal'"},
      {"target: x\nservice: y\nmethod: z\nfile: f\nfields: {a: {optional: true}}\n", "'value' or 'ordinal'"},
      {"target: x\nservice: y\nmethod: z\nfile: f\nfields: {a: {value: b, cases: [{value: c}]}}\n", "want 'when' and"},
      {"target: x\nservice: y\nmethod: z\nfile: f\nfields: {a: {value: b, cases: [{when: {l.c: d}, value: e}]}}\n",
       "there is no look-up l"},
      {"target: x\nservice: y\nmethod: z\nfile: f\nlookups: {l: {file: x}}\nfields: {}\n", "want file, key and from"},
  };
  for (const auto& c : kCases) {
    const auto mapping = ReadMapping(Write("m.yaml", c.text), "m");
    ASSERT_FALSE(mapping.ok()) << c.text;
    EXPECT_THAT(std::string(mapping.status().message()), HasSubstr(c.message)) << c.text;
  }
}

TEST_F(MappingTest, EveryMappingOfTheProductReads) {
  int read = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator("cli/mappings")) {
    if (entry.path().extension() != ".yaml" || entry.path().filename() == "demo.yaml") continue;
    EXPECT_OK(ReadMapping(entry.path(), entry.path().stem()).status()) << entry.path();
    ++read;
  }
  EXPECT_GE(read, 17);
}

TEST_F(MappingTest, FillsARowOrReportsEveryErrorInIt) {
  const std::string path = Write("m.yaml", StrCat(kHead,
                                                  "date_format: DD.MM.YYYY\ndecimal_point: ','\n"
                                                  "lookups: {p: {file: p.csv, key: id, from: '{pid}'}}\n"
                                                  "fields:\n"
                                                  "  line.partner: 'partners/{p.name}'\n"
                                                  "  line.line: '{no}'\n"
                                                  "  line.order_date: '{day}'\n"
                                                  "  line.quantity: '{qty}'\n"
                                                  "  line.net_amount: {value: '{net}', currency: EUR}\n"
                                                  "  line.original_line: {value: '{orig}', optional: true}\n"));
  Write("p.csv", "id,name\n1,anna\n2,bert\n");
  ASSERT_OK_AND_ASSIGN(Mapping mapping, ReadMapping(path, "m"));
  ASSERT_OK_AND_ASSIGN(auto builder, RowBuilder::Make(mapping, folder_, {"pid", "no", "day", "qty", "net", "orig"},
                                                      inventory::v1::ShipmentLineRow::descriptor()));
  inventory::v1::ShipmentLineRow row;
  EXPECT_TRUE(builder->Build(7, {"2", "3", "28.02.2014", "1,5", "-12,3456", ""}, &row).empty());
  EXPECT_EQ(row.row(), 7);
  EXPECT_EQ(row.line().partner(), "partners/bert");
  EXPECT_EQ(row.line().order_date().month(), 2);
  EXPECT_EQ(row.line().quantity().value(), "1.5");
  EXPECT_EQ(row.line().net_amount().units(), -12);
  EXPECT_EQ(row.line().net_amount().nanos(), -345600000);
  EXPECT_EQ(row.line().original_line(), "");

  const struct {
    std::vector<std::string> fields;
    std::string column, got, want;
  } kCases[] = {
      {{"9", "3", "28.02.2014", "1", "1", ""}, "p.name", "9", "a id of p.csv"},
      {{"1", "x", "28.02.2014", "1", "1", ""}, "no", "x", "a whole number"},
      {{"1", "99999999999", "28.02.2014", "1", "1", ""}, "no", "99999999999", "a whole number"},
      {{"1", "3", "30.02.2014", "1", "1", ""}, "day", "30.02.2014", "a date as DD.MM.YYYY"},
      {{"1", "3", "2014-02-28", "1", "1", ""}, "day", "2014-02-28", "a date as DD.MM.YYYY"},
      {{"1", "3", "28.02.2014", "1.5", "1", ""}, "qty", "1.5", "a decimal number with ',' as its point"},
      {{"1", "3", "28.02.2014", "", "1", ""}, "qty", "", "a value"},
      {{"1", "3", "28.02.2014", "1", "1,1234567", ""}, "net", "1,1234567", "a decimal number of at most 6 decimals"},
      {{"1", "3", "28.02.2014", "1", "1e3", ""}, "net", "1e3", "a decimal number of at most 6 decimals"},
  };
  for (const auto& c : kCases) {
    inventory::v1::ShipmentLineRow bad;
    const auto errors = builder->Build(7, c.fields, &bad);
    ASSERT_EQ(errors.size(), 1u) << c.column << " " << c.got;
    EXPECT_EQ(errors[0].column(), c.column);
    EXPECT_EQ(errors[0].got(), c.got);
    EXPECT_EQ(errors[0].want(), c.want);
  }
  inventory::v1::ShipmentLineRow worst;
  EXPECT_EQ(builder->Build(8, {"9", "x", "y", "z", "q", ""}, &worst).size(), 5u);

  EXPECT_EQ(builder->ColumnOf("line.net_amount"), "net");
  EXPECT_EQ(builder->ColumnOf("net_amount.units"), "net_amount.units");
  EXPECT_EQ(builder->ColumnOf("line.net_amount.nanos"), "net");
  EXPECT_EQ(builder->ColumnOf("nothing"), "nothing");
}

TEST_F(MappingTest, SlugsAndMapsValues) {
  const std::string path =
      Write("m.yaml",
            "target: products\nservice: inventory\nmethod: tributary.inventory.v1.ProductService/BatchImportProducts\n"
            "file: p.csv\nskip: [{column: kind, equals: NA}]\nfields:\n"
            "  product.product_line: {value: 'productLines/{line}', slug: true, optional: true}\n"
            "  product.kind: {value: '{kind}', map: {goods: STOCKED, work: SERVICE}}\n");
  ASSERT_OK_AND_ASSIGN(Mapping mapping, ReadMapping(path, "m"));
  ASSERT_OK_AND_ASSIGN(auto builder,
                       RowBuilder::Make(mapping, folder_, {"line", "kind"}, inventory::v1::ProductRow::descriptor()));
  inventory::v1::ProductRow row;
  EXPECT_TRUE(builder->Build(2, {" Road  Bikes! ", "work"}, &row).empty());
  EXPECT_EQ(row.product().product_line(), "productLines/road-bikes");
  EXPECT_EQ(row.product().kind(), inventory::v1::Product::SERVICE);
  inventory::v1::ProductRow unknown;
  const auto errors = builder->Build(3, {"", "idea"}, &unknown);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].want(), "one of goods, work");
  EXPECT_TRUE(builder->Skips({"x", "NA"}));
  EXPECT_FALSE(builder->Skips({"x", "goods"}));
}

TEST_F(MappingTest, QuantitiesMayBeInTheUnitsOfTheFile) {
  ASSERT_OK_AND_ASSIGN(Mapping mapping, ParseMapping(StrCat(kHead,
                                                            "fields:\n"
                                                            "  line.unit: {value: '{uom}', map: {EA: each, CA: case}}\n"
                                                            "  line.unit_quantity: '{qty}'\n"),
                                                     "m"));
  ASSERT_OK_AND_ASSIGN(
      auto builder, RowBuilder::Make(mapping, folder_, {"uom", "qty"}, inventory::v1::ShipmentLineRow::descriptor()));
  inventory::v1::ShipmentLineRow row;
  EXPECT_TRUE(builder->Build(2, {"CA", "2"}, &row).empty());
  EXPECT_EQ(row.line().unit(), "case");
  EXPECT_EQ(row.line().unit_quantity().value(), "2");
  EXPECT_FALSE(row.line().has_quantity());
  inventory::v1::ShipmentLineRow unknown;
  const auto errors = builder->Build(3, {"KG", "2"}, &unknown);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].column(), "uom");
  // As the service names them.
  EXPECT_EQ(builder->ColumnOf("unit_quantity"), "qty");
  EXPECT_EQ(builder->ColumnOf("line.unit"), "uom");
}

TEST_F(MappingTest, RefusesLookUpFilesWithoutTheKeyOrWithATwice) {
  EXPECT_THAT(LookupTable::Read(folder_ + "/none.csv", "id").status().message(), HasSubstr("cannot read"));
  EXPECT_THAT(LookupTable::Read(Write("a.csv", "x,y\n1,2\n"), "id").status().message(), HasSubstr("no column id"));
  EXPECT_THAT(LookupTable::Read(Write("b.csv", "id,y\n1,2\n1,3\n"), "id").status().message(),
              HasSubstr("row 3: the key id 1 is there twice"));
}

TEST_F(MappingTest, CasesChooseAndOrdinalsCount) {
  const std::string path = Write("m.yaml",
                                 "target: sales\nservice: inventory\n"
                                 "method: tributary.inventory.v1.SellThroughSaleService/BatchImportSellThroughSales\n"
                                 "file: sales.csv\ndate_format: YYYY-MM-DD hh:mm:ss\n"
                                 "lookups: {o: {file: o.csv, key: id, from: '{order}'}}\n"
                                 "fields:\n"
                                 "  sell_through_sale.document: '{o.invoice}'\n"
                                 "  sell_through_sale.line: {ordinal: '{o.invoice}'}\n"
                                 "  sell_through_sale.sale_date: '{o.day}'\n"
                                 "  sell_through_sale.product: {value: 'products/{sku}', slug: true}\n"
                                 "  sell_through_sale.quantity: '{qty}'\n"
                                 "  sell_through_sale.activity:\n"
                                 "    value: SALE\n"
                                 "    cases:\n"
                                 "      - {when: {o.invoice: '/C.*/'}, value: RETURN}\n"
                                 "      - {when: {o.customer: '', qty: '/-.*/'}, value: ADJUSTMENT}\n");
  Write("o.csv",
        "id,invoice,day,customer\n1,A,2010-12-01 08:26:00,7\n2,C1,2010-12-02 23:59:59,7\n3,A,2010-12-01 08:27:00,\n"
        "4,B,2010-12-03 0x:00:00,7\n");
  const auto mapping = ReadMapping(path, "m");
  ASSERT_OK(mapping);
  const auto builder =
      RowBuilder::Make(*mapping, folder_, {"order", "sku", "qty"}, inventory::v1::SellThroughSaleRow::descriptor());
  ASSERT_OK(builder);
  std::vector<std::string> built;
  for (const std::vector<std::string>& fields : std::vector<std::vector<std::string>>{{"1", "85123A", "6"},
                                                                                      {"2", "BANK CHARGES", "-6"},
                                                                                      {"1", "85123A", "x"},
                                                                                      {"3", "85123a", "-2"},
                                                                                      {"4", "m", "1"}}) {
    inventory::v1::SellThroughSaleRow row;
    const auto errors = (*builder)->Build(2, fields, &row);
    const inventory::v1::SellThroughSale& sale = row.sell_through_sale();
    built.push_back(errors.empty()
                        ? StrCat(sale.document(), ".", sale.line(), " ", sale.sale_date().day(), " ", sale.product(),
                                 " ", inventory::v1::SellThroughSale::Activity_Name(sale.activity()))
                        : StrCat(errors[0].column(), ": ", errors[0].got()));
  }
  // A bad row is counted, too: repaired, it has its number.
  EXPECT_THAT(built,
              ::testing::ElementsAre("A.1 1 products/85123a SALE", "C1.1 2 products/bank-charges RETURN", "qty: x",
                                     "A.3 1 products/85123a ADJUSTMENT", "o.day: 2010-12-03 0x:00:00"));
}

TEST_F(MappingTest, RefusesFieldsThatStandManyTimes) {
  ASSERT_OK_AND_ASSIGN(Mapping mapping, ParseMapping(StrCat(kHead, "fields: {rows.row: '{no}'}\n"), "m"));
  EXPECT_THAT(
      RowBuilder::Make(mapping, folder_, {"no"}, inventory::v1::BatchImportShipmentsRequest::descriptor()).status(),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("got rows.row, want a field that stands once")));
}

}  // namespace
}  // namespace tributary::cli
