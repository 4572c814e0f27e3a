// Loading files: any order, any pieces, twice, undone and again; bad rows; previews.

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/channel.h"
#include "tests/support/imports.h"

namespace tributary::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

constexpr char kSellIn[] = "sample/sell_in";

class ImportTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    suite_ = new TestSuite();
    suite_->Up();
    ASSERT_EQ(suite_->Ctl({"sample", "--out", Folder()}).code, 0);
    LoadChannelWithoutFacts(*suite_, "sample", Folder());
  }
  static void TearDownTestSuite() {
    delete suite_;
    suite_ = nullptr;
  }
  static std::string Folder() { return suite_->var() + "/sample"; }
  static std::string Path(const std::string& name) { return Folder() + "/" + name; }

  static ImportOutcome ImportLines(const std::string& name, const std::vector<std::string>& lines,
                                   std::vector<std::string> more = {}) {
    WriteLines(Path(name), lines);
    return Import(*suite_, kSellIn, Path(name), std::move(more));
  }

  static TestSuite* suite_;
};
TestSuite* ImportTest::suite_ = nullptr;

// One row of a file and what must be said of it.
struct BadRow {
  const char* what;
  std::string row;
  const char* column;
  std::string got;
  const char* want;  // a part of it
};

TEST_F(ImportTest, TakesGoodRowsAndNamesEveryBadOneByRowColumnGotAndWant) {
  const std::string header = LinesOf(Path("sell_in.csv"))[0];
  const std::string good = "s-1000,BAD1,1,2024-01-05,2024-01-09,sp-100,2,10.0000,0.0000,20.0000,";
  const std::string good_too = "s-1001,BAD2,1,2024-01-05,2024-01-09,sp-101,3,10.0000,0.0000,30.0000,";
  const std::string long_code(65, 'X');
  const std::vector<BadRow> bad = {
      {"a month that is none", "s-1000,BAD1,2,2024-13-05,2024-01-09,sp-100,2,10,0,20,", "order_date", "2024-13-05",
       "a date as YYYY-MM-DD"},
      {"a date of another form", "s-1000,BAD1,3,2024-01-05,09.01.2024,sp-100,2,10,0,20,", "ship_date", "09.01.2024",
       "a date as YYYY-MM-DD"},
      {"no decimal", "s-1000,BAD1,4,2024-01-05,2024-01-09,sp-100,2,10,0,1.2.3,", "net_amount", "1.2.3",
       "a decimal number"},
      {"too many decimals", "s-1000,BAD1,5,2024-01-05,2024-01-09,sp-100,2,10,0,1.0000001,", "net_amount", "1.0000001",
       "a decimal number of at most 6 decimals"},
      {"an unknown product", "s-1000,BAD1,6,2024-01-05,2024-01-09,sp-999,2,10,0,20,", "product", "products/sp-999", ""},
      {"an unknown partner", "s-9999,BAD1,7,2024-01-05,2024-01-09,sp-100,2,10,0,20,", "partner", "partners/s-9999", ""},
      {"a negative quantity that is no return", "s-1000,BAD1,8,2024-01-05,2024-01-09,sp-100,-2,10,0,20,", "quantity",
       "-2", ""},
      {"an absurd quantity", "s-1000,BAD1,9,2024-01-05,2024-01-09,sp-100,1000000001,10,0,20,", "quantity", "1000000001",
       "1000000000"},
      {"an over-long code", "s-1000," + long_code + ",10,2024-01-05,2024-01-09,sp-100,2,10,0,20,", "document",
       long_code, ""},
      {"bytes that are not UTF-8", "s-1000,BAD\xff\xfe,11,2024-01-05,2024-01-09,sp-100,2,10,0,20,", "", "", "UTF-8"},
      {"too few columns", "s-1000,BAD1,12,2024-01-05", "", "4", "11"},
      {"no line number", "s-1000,BAD1,zwölf,2024-01-05,2024-01-09,sp-100,2,10,0,20,", "line", "zwölf",
       "a whole number"},
      {"line 0", "s-1000,BAD1,0,2024-01-05,2024-01-09,sp-100,2,10,0,20,", "line", "0", ""},
      {"a number beyond all bounds",
       "s-1000,BAD1,14,2024-01-05,2024-01-09,sp-100,2,10,0,99999999999999999999999999999999999999999,", "net_amount",
       "99999999999999999999999999999999999999999", ""},
      {"nothing where something is needed", "s-1000,BAD1,15,2024-01-05,2024-01-09,,2,10,0,20,", "product", "",
       "a value"},
  };
  std::vector<std::string> lines = {header, good};
  for (const BadRow& row : bad) lines.push_back(row.row);
  lines.push_back(good_too);

  const ChannelFigures before = ReadFigures(*suite_);
  for (const bool dry_run : {true, false}) {
    SCOPED_TRACE(dry_run ? "dry run" : "for real");
    const ImportOutcome result =
        ImportLines("bad.csv", lines, dry_run ? std::vector<std::string>{"--dry-run"} : std::vector<std::string>{});
    EXPECT_EQ(result.command.code, 3) << result.command.ToString();
    EXPECT_EQ(result.accepted, 2);
    EXPECT_EQ(result.rejected, static_cast<int64_t>(bad.size()));
    EXPECT_EQ(result.received, static_cast<int64_t>(bad.size()) + 2);
    for (size_t i = 0; i < bad.size(); ++i) {
      const std::string number = std::to_string(i + 3);  // behind the header and a good row
      const auto error = std::find_if(result.errors.begin(), result.errors.end(),
                                      [&](const json& one) { return one["row"] == number; });
      ASSERT_NE(error, result.errors.end()) << bad[i].what << "\n" << result.command.out;
      EXPECT_EQ((*error)["column"], bad[i].column) << bad[i].what << *error;
      EXPECT_THAT((*error)["got"].get<std::string>(), HasSubstr(bad[i].got)) << bad[i].what;
      EXPECT_THAT((*error)["want"].get<std::string>(), HasSubstr(bad[i].want)) << bad[i].what;
      EXPECT_FALSE((*error)["want"].get<std::string>().empty()) << bad[i].what;
      EXPECT_FALSE((*error)["reason"].get<std::string>().empty()) << bad[i].what;
    }
    if (dry_run) {
      EXPECT_TRUE(result.name.empty());
      EXPECT_EQ(ReadFigures(*suite_), before);
    } else {
      ChannelFigures after = ReadFigures(*suite_);
      EXPECT_EQ(after.lines, before.lines + 2);
      EXPECT_TRUE(after.balanced);
      const json import = suite_->CtlJson(
          {"call", "tributary.inventory.v1.ImportService/GetImport", json{{"name", result.name}}.dump()});
      EXPECT_EQ(import["state"], "COMPLETED");
      EXPECT_EQ(import["counts"]["received"], std::to_string(bad.size() + 2));
      EXPECT_EQ(import["counts"]["accepted"], "2");
      EXPECT_EQ(import["counts"]["rejected"], std::to_string(bad.size()));
      const json kept = suite_->CtlJson({"call", "tributary.inventory.v1.ImportService/ListImportRowErrors",
                                         json{{"parent", result.name}, {"pageSize", 1000}}.dump()});
      EXPECT_EQ(kept["rowErrors"].size(), result.errors.size());
      UndoImport(*suite_, "inventory", result.name);
      EXPECT_EQ(ReadFigures(*suite_), before);
    }
  }
}

TEST_F(ImportTest, RefusesAKnownKeyWithOtherContent) {
  const std::string header = LinesOf(Path("sell_in.csv"))[0];
  const std::string one = "s-1002,KEY1,1,2024-02-05,2024-02-09,sp-100,2,10.0000,0.0000,20.0000,";
  const std::string other = "s-1002,KEY1,1,2024-02-05,2024-02-09,sp-100,2,10.0000,0.0000,21.0000,";
  const ImportOutcome first = ImportLines("key.csv", {header, one});
  EXPECT_EQ(first.accepted, 1) << first.command.ToString();
  const ChannelFigures figures = ReadFigures(*suite_);
  const ImportOutcome second = ImportLines("key.csv", {header, one, other});
  EXPECT_EQ(second.command.code, 3);
  EXPECT_EQ(second.duplicate, 1) << second.command.ToString();
  ASSERT_EQ(second.errors.size(), 1u) << second.command.ToString();
  EXPECT_EQ(second.errors[0]["row"], "3");
  EXPECT_EQ(second.errors[0]["column"], "net_amount");
  EXPECT_THAT(second.errors[0]["got"].get<std::string>(), HasSubstr("21"));
  EXPECT_THAT(second.errors[0]["want"].get<std::string>(), HasSubstr("20"));
  EXPECT_EQ(second.errors[0]["reason"], "ROW_CONFLICT");
  EXPECT_EQ(ReadFigures(*suite_), figures);
  // Undone, the key is free for what it was refused for.
  UndoImport(*suite_, "inventory", second.name);
  UndoImport(*suite_, "inventory", first.name);
  const ImportOutcome third = ImportLines("key.csv", {header, other});
  EXPECT_EQ(third.accepted, 1) << third.command.ToString();
  UndoImport(*suite_, "inventory", third.name);
}

TEST_F(ImportTest, RefusesAnUnknownCurrencyAndKeepsTheRest) {
  json row = {{"row", 2},
              {"line",
               {{"partner", "partners/s-1003"},
                {"document", "CUR1"},
                {"line", 1},
                {"orderDate", {{"year", 2024}, {"month", 1}, {"day", 5}}},
                {"shipDate", {{"year", 2024}, {"month", 1}, {"day", 6}}},
                {"product", "products/sp-100"},
                {"quantity", {{"value", "1"}}},
                {"unitPrice", {{"currencyCode", "CNY"}, {"units", "10"}}},
                {"netAmount", {{"currencyCode", "QQQ"}, {"units", "10"}}}}}};
  json fine = row;
  fine["row"] = 3;
  fine["line"]["line"] = 2;
  fine["line"]["netAmount"]["currencyCode"] = "CNY";
  const json reply = suite_->CtlJson({"call", "tributary.inventory.v1.ShipmentService/BatchImportShipments",
                                      json{{"rows", {row, fine}}, {"validateOnly", true}}.dump()});
  EXPECT_EQ(reply["accepted"], 1) << reply;
  ASSERT_EQ(reply["errors"].size(), 1u) << reply;
  EXPECT_EQ(reply["errors"][0]["row"], "2");
  EXPECT_THAT(reply["errors"][0]["column"].get<std::string>(), HasSubstr("net_amount"));
  EXPECT_THAT(reply["errors"][0]["got"].get<std::string>(), HasSubstr("QQQ"));
}

TEST_F(ImportTest, SaysWhatIsWrongWithAFileAsAWhole) {
  WriteTestFile(Path("empty.csv"), "");
  const ImportOutcome empty = Import(*suite_, kSellIn, Path("empty.csv"));
  EXPECT_EQ(empty.command.code, 1);
  EXPECT_THAT(empty.command.err, HasSubstr("want a header row"));
  const ImportOutcome columns = ImportLines("columns.csv", {"partner,document", "s-1000,X"});
  EXPECT_EQ(columns.command.code, 1);
  EXPECT_THAT(columns.command.err, HasSubstr("the file has no column"));
  const ImportOutcome missing = Import(*suite_, kSellIn, Path("no-such-file.csv"));
  EXPECT_EQ(missing.command.code, 1);
  EXPECT_THAT(missing.command.err, HasSubstr("cannot read the file"));
  const ImportOutcome mapping = Import(*suite_, "sample/no-such-mapping", Path("sell_in.csv"));
  EXPECT_EQ(mapping.command.code, 1);
  EXPECT_THAT(mapping.command.err, HasSubstr("no-such-mapping"));
}

TEST_F(ImportTest, UndoesAndRepeatsResources) {
  // A product that no fact names: deactivated by the undo, free to be stated again.
  WriteLines(Path("more_products.csv"), {"id,sku,name,line,kind", "sp-500,TX-9,one more,drives,STOCKED"});
  const ImportOutcome first = Import(*suite_, "sample/products", Path("more_products.csv"));
  EXPECT_EQ(first.accepted, 1) << first.command.ToString();
  const ImportOutcome again = Import(*suite_, "sample/products", Path("more_products.csv"));
  EXPECT_EQ(again.duplicate, 1) << again.command.ToString();
  UndoImport(*suite_, "inventory", first.name);
  WriteLines(Path("more_products.csv"), {"id,sku,name,line,kind", "sp-500,TX-9,another name,drives,STOCKED"});
  const ImportOutcome other = Import(*suite_, "sample/products", Path("more_products.csv"));
  EXPECT_EQ(other.accepted, 1) << other.command.ToString();
  UndoImport(*suite_, "inventory", other.name);
}

TEST_F(ImportTest, TakesAPriceList) {
  const std::vector<std::string> lines = LinesOf(Path("prices.csv"));
  const auto good = static_cast<int64_t>(lines.size()) - 1;
  const auto load = [&](std::vector<std::string> more = {}) {
    return Import(*suite_, "sample/price_entries", Path("prices.csv"), std::move(more));
  };
  const auto resolve = [&](const std::string& tier) {
    return suite_->CtlJson({"call", "tributary.inventory.v1.PriceEntryService/ResolvePrice",
                            json{{"name", "priceLists/sample"},
                                 {"product", "products/sp-101"},
                                 {"tier", tier},
                                 {"currency", "CNY"},
                                 {"quantity", {{"value", "100"}}},
                                 {"date", {{"year", 2025}, {"month", 6}, {"day", 1}}}}
                                .dump()});
  };
  // Without the list every row is an error of its own.
  const ImportOutcome early = load({"--dry-run"});
  EXPECT_EQ(early.command.code, 3) << early.command.ToString();
  EXPECT_EQ(early.rejected, good);
  suite_->CtlJson({"call", "tributary.inventory.v1.PriceListService/CreatePriceList",
                   json{{"priceListId", "sample"}, {"priceList", {{"displayName", "样品"}}}}.dump()});

  const ImportOutcome dry = load({"--dry-run"});
  EXPECT_EQ(dry.command.code, 0) << dry.command.ToString();
  EXPECT_EQ(dry.accepted, good);
  EXPECT_TRUE(dry.name.empty());
  EXPECT_TRUE(resolve("")["candidates"].empty());

  const ImportOutcome first = load();
  EXPECT_EQ(first.command.code, 0) << first.command.ToString();
  EXPECT_EQ(first.accepted, good);
  EXPECT_EQ(resolve("")["priceEntry"]["name"], "priceLists/sample/entries/sp-101");
  EXPECT_EQ(resolve("")["priceEntry"]["price"]["units"], "240");
  EXPECT_EQ(resolve("partnerPrograms/stars/levels/gold")["priceEntry"]["name"],
            "priceLists/sample/entries/sp-101-gold");
  EXPECT_EQ(resolve("partnerPrograms/stars/levels/gold")["priceEntry"]["price"]["units"], "216");
  EXPECT_EQ(load().duplicate, good);

  const std::vector<BadRow> bad = {
      {"a list that is not there", "none,p1,sp-101,,,,,,10,false,LIST,2024-01-01,", "list",
       "priceLists/none/entries/p1", "a price list that is in use"},
      {"an unknown product", "sample,p2,sp-999,,,,,,10,false,LIST,2024-01-01,", "product", "products/sp-999",
       "a product that is in use"},
      {"no price", "sample,p3,sp-101,,,,,,,false,LIST,2024-01-01,", "price", "", "a value"},
      {"a price below nothing", "sample,p4,sp-101,,,,,,-1,false,LIST,2024-01-01,", "price", "-1", "0"},
      {"too many decimals", "sample,p5,sp-101,,,,,,0.0000001,false,LIST,2024-01-01,", "price", "0.0000001",
       "at most 6 decimals"},
      {"neither true nor false", "sample,p6,sp-101,,,,,,10,yes,LIST,2024-01-01,", "tax_inclusive", "yes",
       "true or false"},
      {"a basis that is none", "sample,p7,sp-101,,,,,,10,false,STREET,2024-01-01,", "basis", "STREET",
       "a value of PricingBasis"},
      {"no first day", "sample,p8,sp-101,,,,,,10,false,LIST,,", "from", "", "a value"},
      {"days without order", "sample,p9,sp-101,,,,,,10,false,LIST,2024-02-01,2024-01-01", "to", "2024-01-01", ""},
      {"a name that is none", "sample,P_1,sp-101,,,,,,10,false,LIST,2024-01-01,", "list",
       "priceLists/sample/entries/P_1", "id of 1 to 63"},
      {"a known entry at another price", "sample,sp-101,sp-101,,,,,,241,false,LIST,2024-01-01,", "price", "241", "240"},
  };
  std::vector<std::string> rows = {lines[0]};
  for (const BadRow& row : bad) rows.push_back(row.row);
  rows.push_back("sample,fine,sp-102,web,,,,,275.50,true,NET,2024-01-01,2025-01-01");
  WriteLines(Path("bad_prices.csv"), rows);
  const ImportOutcome second = Import(*suite_, "sample/price_entries", Path("bad_prices.csv"));
  EXPECT_EQ(second.command.code, 3) << second.command.ToString();
  EXPECT_EQ(second.accepted, 1);
  EXPECT_EQ(second.rejected, static_cast<int64_t>(bad.size()));
  for (size_t i = 0; i < bad.size(); ++i) {
    const std::string number = std::to_string(i + 2);
    const auto error =
        std::find_if(second.errors.begin(), second.errors.end(), [&](const json& one) { return one["row"] == number; });
    ASSERT_NE(error, second.errors.end()) << bad[i].what << "\n" << second.command.out;
    EXPECT_EQ((*error)["column"], bad[i].column) << bad[i].what << *error;
    EXPECT_THAT((*error)["got"].get<std::string>(), HasSubstr(bad[i].got)) << bad[i].what;
    EXPECT_THAT((*error)["want"].get<std::string>(), HasSubstr(bad[i].want)) << bad[i].what;
  }
  UndoImport(*suite_, "inventory", second.name);
  UndoImport(*suite_, "inventory", first.name);
  EXPECT_FALSE(resolve("").contains("priceEntry"));
}

// The facts make the figures; how they came does not.
TEST_F(ImportTest, AnyOrderAnyPiecesTwiceAndAfterAnUndoGiveTheSameTotals) {
  const std::vector<std::string> lines = LinesOf(Path("sell_in.csv"));
  const ChannelFigures nothing = ReadFigures(*suite_);
  const ChannelFigures want = FiguresOf(ComputeSellIn(lines, SampleColumns()));
  const auto count = static_cast<int64_t>(lines.size()) - 1;
  ASSERT_EQ(nothing, ChannelFigures());

  const ImportOutcome first = Import(*suite_, kSellIn, Path("sell_in.csv"));
  EXPECT_EQ(first.accepted, count) << first.command.ToString();
  EXPECT_EQ(first.command.code, 0);
  EXPECT_EQ(ReadFigures(*suite_), want);

  const ImportOutcome again = Import(*suite_, kSellIn, Path("sell_in.csv"));
  EXPECT_EQ(again.duplicate, count) << again.command.ToString();
  EXPECT_EQ(again.accepted, 0);
  EXPECT_EQ(ReadFigures(*suite_), want);
  UndoImport(*suite_, "inventory", again.name);  // which brought nothing
  EXPECT_EQ(ReadFigures(*suite_), want);

  UndoImport(*suite_, "inventory", first.name);
  EXPECT_EQ(ReadFigures(*suite_), nothing);

  std::vector<std::string> shuffled = lines;
  std::shuffle(shuffled.begin() + 1, shuffled.end(), std::mt19937(7));
  const ImportOutcome second = ImportLines("shuffled.csv", shuffled);
  EXPECT_EQ(second.accepted, count) << second.command.ToString();
  EXPECT_EQ(ReadFigures(*suite_), want);
  UndoImport(*suite_, "inventory", second.name);
  EXPECT_EQ(ReadFigures(*suite_), nothing);

  constexpr size_t kPieces = 100;
  std::shuffle(shuffled.begin() + 1, shuffled.end(), std::mt19937(8));
  int64_t accepted = 0;
  for (size_t piece = 0; piece < kPieces; ++piece) {
    std::vector<std::string> part = {lines[0]};
    for (size_t i = 1 + piece; i < shuffled.size(); i += kPieces) part.push_back(shuffled[i]);
    const ImportOutcome result = ImportLines("piece.csv", part);
    ASSERT_EQ(result.command.code, 0) << result.command.ToString();
    accepted += result.accepted;
  }
  EXPECT_EQ(accepted, count);
  EXPECT_EQ(ReadFigures(*suite_), want);

  // The statements too: the rest of the job, on facts that came, went and came again.
  const std::string summary_file = suite_->var() + "/summary.json";
  const Outcome demo =
      suite_->Ctl({"demo", "--dataset", "sample", "--data", Folder(), "--summary", summary_file}, absl::Minutes(5));
  ASSERT_EQ(demo.code, 0) << demo.ToString();
  const json summary = json::parse(ReadTestFile(summary_file));
  const SellInTotals totals = ComputeSellIn(lines, SampleColumns());
  EXPECT_EQ(summary["statements"], totals.statements);
  EXPECT_EQ(summary["verified_statements"], totals.statements);
  EXPECT_EQ(summary["rebate_total_marginal"], totals.rebate_marginal);
  EXPECT_EQ(summary["rebate_total_retroactive"], totals.rebate_retroactive);
  EXPECT_EQ(summary["sell_in_net_amount"], totals.net);
  EXPECT_EQ(summary["ledger_balanced"], true);
}

}  // namespace
}  // namespace tributary::testing
