// Shipment lines on a real database, and what all tables of facts promise.

#include "inventory-service/shipments/shipment_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "inventory-service/facts/recording.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const Uuid kImport = Uuid::Parse("018bcfe5-6800-7000-8000-000000000001").value();

ShipmentLine Line(const std::string& partner, const std::string& document, int number, const char* quantity = "3",
                  const char* currency = "USD") {
  ShipmentLine line;
  line.document = document;
  line.line = number;
  line.partner = partner;
  line.product = "bike";
  line.product_line = "bikes";
  line.quantity = D(quantity);
  line.posted = true;
  line.import_id = kImport;
  line.order_date = Date::FromDays(15000);
  line.ship_date = Date::FromDays(15007);
  line.currency = currency;
  line.unit_price = D("2024.994");
  line.discount = D("0.0001");
  line.net_amount = D("6074.9819");
  return line;
}

class ShipmentStoreTest : public ::testing::Test {
 protected:
  ShipmentStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}

  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  // Whether they went in.
  bool Insert(const std::vector<ShipmentLine>& lines) {
    bool inserted = false;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      std::vector<events::Stamp> stamps;
      for (size_t i = 0; i < lines.size(); ++i) {
        stamps.push_back({{5, seq_ + static_cast<int64_t>(i) + 1}, kNow + absl::Seconds(seq_ + i)});
      }
      ASSIGN_OR_RETURN(inserted, store_.table().Insert(sql, lines, stamps));
      return absl::OkStatus();
    }));
    if (inserted) seq_ += static_cast<int64_t>(lines.size());
    return inserted;
  }
  Known<ShipmentLine> LastOf(const std::vector<ShipmentLine>& lines) {
    std::vector<Stated<ShipmentLine>> stated;
    for (const ShipmentLine& line : lines) stated.push_back({0, line});
    Known<ShipmentLine> known;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(known, store_.table().LastOf(sql, stated));
      return absl::OkStatus();
    }));
    return known;
  }
  SellInTotals Totals(std::string_view partner = "") {
    SellInTotals totals;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(totals, store_.Totals(sql, partner));
      return absl::OkStatus();
    }));
    return totals;
  }
  std::vector<std::string> Documents(std::string_view partner, std::string_view filter = "") {
    std::vector<std::string> names;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter, ShipmentStore::Fields()));
      ASSIGN_OR_RETURN(const auto shipments, store_.List(sql, partner, "", "", predicate, 100));
      for (const Shipment& one : shipments)
        names.push_back(StrCat(one.partner, " ", one.document, " ", one.lines.size()));
      return absl::OkStatus();
    }));
    return names;
  }

  std::unique_ptr<mysql::Database> database_;
  ShipmentStore store_;
  int64_t seq_ = 0;
};

TEST_F(ShipmentStoreTest, ALineIsReadAsItWasWritten) {
  ShipmentLine line = Line("acme", "SO1", 1);
  line.original_line = "partners/acme/shipments/SO0/lines/4";
  line.wallet_amount = D("0.0001");
  line.unit = "box";
  line.unit_quantity = D("0.25");
  line.parts = {{"bell", D("1.5")}, {"wheel", D("3")}};
  ASSERT_TRUE(Insert({line}));
  ShipmentLine plain = Line("acme", "SO1", 2);
  plain.import_id.reset();
  plain.product_line.clear();
  plain.posted = false;
  ASSERT_TRUE(Insert({plain}));
  const auto known = LastOf({line, plain});
  ASSERT_THAT(known, SizeIs(2));
  const ShipmentLine& read = known.at(KeyOf(line));
  EXPECT_FALSE(FirstDifference(read, line).has_value());
  EXPECT_EQ(read.quantity, line.quantity);
  EXPECT_EQ(read.unit, "box");
  EXPECT_EQ(read.unit_quantity, D("0.25"));
  EXPECT_EQ(known.at(KeyOf(plain)).unit, "");
  EXPECT_EQ(read.parts, line.parts);
  EXPECT_TRUE(known.at(KeyOf(plain)).parts.empty());
  EXPECT_EQ(read.import_id, line.import_id);
  EXPECT_EQ(read.product_line, "bikes");
  EXPECT_TRUE(read.posted);
  EXPECT_EQ(read.shard, 5);
  EXPECT_EQ(read.seq, 1);
  EXPECT_EQ(read.recorded_at, kNow);
  EXPECT_EQ(known.at(KeyOf(plain)).import_id, std::nullopt);
  EXPECT_FALSE(known.at(KeyOf(plain)).posted);
}

TEST_F(ShipmentStoreTest, ManyLinesAreReadAsTheyWereWrittenWhateverTheyHaveInCommon) {
  constexpr int kLines = 600;
  const struct {
    const char* what;
    std::function<void(int, ShipmentLine*)> change;  // of the line of this index
  } kCases[] = {
      {"nothing but what is plain",
       [](int, ShipmentLine* line) {
         line->import_id.reset();
         line->discount = Decimal();
       }},
      {"the first one differs",
       [](int i, ShipmentLine* line) {
         line->order = i == 0 ? "O1" : "";
         line->order_line = i == 0 ? 1 : 0;
       }},
      {"the last one differs",
       [](int i, ShipmentLine* line) {
         if (i < kLines - 1) return;
         line->lot = "L1";
         line->serials = {"s1", "s2", "s3"};
         line->posted = false;
         line->import_id.reset();
         line->awaits_receipt = true;
         line->original_line = "partners/acme/shipments/SO0/lines/4";
       }},
      {"all have what few have",
       [](int, ShipmentLine* line) {
         line->lot = "L1";
         line->order = "O1";
         line->order_line = 1;
         line->awaits_receipt = true;
       }},
  };
  int documents = 0;
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    ++documents;
    const int64_t before = seq_;
    std::vector<ShipmentLine> lines;
    for (int i = 0; i < kLines; ++i) {
      lines.push_back(Line("acme", StrCat("SO", documents, "-", i / 50), i % 50 + 1));
      c.change(i, &lines.back());
    }
    ASSERT_TRUE(Insert(lines));
    const auto known = LastOf(lines);
    ASSERT_THAT(known, SizeIs(kLines));
    for (int i = 0; i < kLines; ++i) {
      const ShipmentLine& read = known.at(KeyOf(lines[i]));
      EXPECT_FALSE(FirstDifference(read, lines[i]).has_value()) << i;
      EXPECT_EQ(read.generation, 0);
      EXPECT_EQ(read.product_line, "bikes");
      EXPECT_EQ(read.posted, lines[i].posted) << i;
      EXPECT_EQ(read.import_id, lines[i].import_id) << i;
      EXPECT_EQ(read.seq, before + i + 1);
      EXPECT_EQ(read.recorded_at, kNow + absl::Seconds(before + i));
    }
  }
}

TEST_F(ShipmentStoreTest, AKeyThatIsTakenKeepsAllRowsOut) {
  ASSERT_TRUE(Insert({Line("acme", "SO1", 1)}));
  EXPECT_FALSE(Insert({Line("acme", "SO1", 2), Line("bolt", "SO1", 1)}));
  EXPECT_THAT(LastOf({Line("acme", "SO1", 2)}), IsEmpty());
  // Also where the rows before it went in by statements of their own.
  std::vector<ShipmentLine> lines;
  for (int i = 1; i <= 700; ++i) lines.push_back(Line("acme", "SO2", i));
  lines.push_back(Line("acme", "SO1", 1));
  EXPECT_FALSE(Insert(lines));
  lines.pop_back();
  EXPECT_THAT(LastOf(lines), IsEmpty());
  EXPECT_TRUE(Insert(lines));
}

TEST_F(ShipmentStoreTest, TheLastGenerationOfManyLinesIsFound) {
  std::vector<ShipmentLine> lines;
  for (int i = 0; i < 1234; ++i) lines.push_back(Line("acme", StrCat("SO", i % 50), i / 50 + 1));
  ASSERT_TRUE(Insert(lines));
  std::vector<ShipmentLine> reversals;
  for (int i = 0; i < 1234; i += 3) reversals.push_back(Reversal(lines[i]));
  ASSERT_TRUE(Insert(reversals));
  lines.push_back(Line("acme", "SO1", 999));
  const auto known = LastOf(lines);
  EXPECT_THAT(known, SizeIs(1234));
  for (int i = 0; i < 1234; ++i) EXPECT_EQ(known.at(KeyOf(lines[i])).generation, i % 3 == 0 ? 1 : 0);
}

TEST_F(ShipmentStoreTest, OnlyWhatIsAskedForIsFound) {
  std::vector<ShipmentLine> lines;
  for (int i = 1; i <= 40; ++i) lines.push_back(Line("acme", "SO1", i));
  ASSERT_TRUE(Insert(lines));
  for (const std::vector<int>& asked : std::vector<std::vector<int>>{
           {7}, {1, 40}, {2, 4, 6, 8, 10}, {1, 2, 3, 4, 5, 6, 40}, {40, 39, 38, 37, 36}, {9, 9, 9, 9, 9}}) {
    std::vector<ShipmentLine> wanted;
    std::set<int> found;
    for (const int line : asked) wanted.push_back(Line("acme", "SO1", line));
    wanted.push_back(Line("acme", "SO2", 1));
    for (const auto& [key, line] : LastOf(wanted)) found.insert(line.line);
    EXPECT_EQ(found, std::set<int>(asked.begin(), asked.end()));
  }
}

TEST_F(ShipmentStoreTest, ReversalsLeaveNoTraceInSumsAndLists) {
  ASSERT_TRUE(Insert({Line("acme", "SO1", 1), Line("acme", "SO1", 2, "4"), Line("bolt", "SO2", 1, "5", "EUR"),
                      Line("cogs", "SO3", 1)}));
  EXPECT_EQ(Totals().lines, 4);
  EXPECT_EQ(Totals().units, D("15"));
  EXPECT_THAT(Totals().net_amounts, UnorderedElementsAre(Pair("EUR", D("6074.9819")), Pair("USD", D("18224.9457"))));
  EXPECT_EQ(Totals("acme").lines, 2);
  EXPECT_EQ(Totals("acme").partners, 1);

  const ShipmentLine gone = Reversal(Line("cogs", "SO3", 1));
  const ShipmentLine half = Reversal(Line("acme", "SO1", 2, "4"));
  ASSERT_TRUE(Insert({gone, half, Reversal(Line("bolt", "SO2", 1, "5", "EUR"))}));
  EXPECT_EQ(Totals().lines, 1);
  EXPECT_EQ(Totals().units, D("3"));
  EXPECT_THAT(Totals().net_amounts, ElementsAre(Pair("USD", D("6074.9819"))));
  EXPECT_EQ(Totals().partners, 1);
  EXPECT_EQ(Totals().documents, 1);
  EXPECT_THAT(Documents(""), ElementsAre("acme SO1 1"));
  EXPECT_THAT(Documents("cogs"), IsEmpty());

  // Stated again with other content.
  ShipmentLine again = Line("cogs", "SO3", 1, "9");
  again.generation = 2;
  again.ship_date = Date::FromDays(15100);
  ASSERT_TRUE(Insert({again}));
  EXPECT_EQ(Totals().units, D("12"));
  EXPECT_THAT(Documents(""), ElementsAre("acme SO1 1", "cogs SO3 1"));
  EXPECT_THAT(Documents("", "ship_date > 2011-02-28"), ElementsAre("cogs SO3 1"));
  EXPECT_THAT(Documents("", "document = SO1"), ElementsAre("acme SO1 1"));
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Shipment shipment, store_.Get(sql, "cogs", "SO3"));
    EXPECT_THAT(shipment.lines, SizeIs(1));
    EXPECT_EQ(shipment.lines[0].generation, 2);
    EXPECT_EQ(shipment.create_time, kNow + absl::Seconds(3));
    EXPECT_EQ(shipment.update_time, kNow + absl::Seconds(7));
    EXPECT_THAT(store_.Get(sql, "bolt", "SO2"), HasReason(Reason::kNotFound));
    EXPECT_THAT(store_.Get(sql, "bolt", "SO1"), HasReason(Reason::kNotFound));
    return absl::OkStatus();
  }));
}

TEST_F(ShipmentStoreTest, OfAnImportWhatStillStands) {
  ShipmentLine other = Line("acme", "SO1", 3);
  other.import_id = Uuid::New(kNow);
  ASSERT_TRUE(Insert({Line("acme", "SO1", 2), Line("acme", "SO1", 1), other, Line("bolt", "SO0", 1)}));
  ASSERT_TRUE(Insert({Reversal(Line("acme", "SO1", 1))}));
  const auto standing = [&](int limit) {
    std::vector<std::string> names;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto lines, store_.table().StandingOfImport(sql, kImport, limit));
      for (const ShipmentLine& line : lines) names.push_back(NameOf(line));
      return absl::OkStatus();
    }));
    return names;
  };
  EXPECT_THAT(standing(10), ElementsAre("partners/bolt/shipments/SO0/lines/1", "partners/acme/shipments/SO1/lines/2"));
  EXPECT_THAT(standing(1), ElementsAre("partners/bolt/shipments/SO0/lines/1"));
}

TEST_F(ShipmentStoreTest, TheFeedReadsRangesOfRows) {
  ASSERT_TRUE(Insert({Line("acme", "SO1", 1), Line("acme", "SO1", 2), Line("acme", "SO1", 3)}));
  ASSERT_TRUE(Insert({Reversal(Line("acme", "SO1", 2))}));
  const events::RowSource source =
      store_.table().Source("test", [](const ShipmentLine& line, events::Event* event) { event->name = NameOf(line); });
  std::vector<events::Event> events;
  EXPECT_OK(Do([&](mysql::Transaction& sql) {
    return source.read(sql, std::vector<events::ShardRange>{{5, 1, 4}, {6, 0, 10}}, &events);
  }));
  std::vector<std::string> told;
  for (const events::Event& event : events) told.push_back(StrCat(event.cursor.seq, " ", event.verb, " ", event.name));
  EXPECT_THAT(told, UnorderedElementsAre("2 recorded partners/acme/shipments/SO1/lines/2",
                                         "3 recorded partners/acme/shipments/SO1/lines/3",
                                         "4 reversed partners/acme/shipments/SO1/lines/2.r1"));
}

}  // namespace
}  // namespace tributary::inventory
