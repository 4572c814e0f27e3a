#include "inventory-service/facts/fact.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace tributary::inventory {
namespace {

TEST(Fact, LineSegmentsGoThereAndBack) {
  const struct {
    int line;
    int generation;
    const char* segment;
  } kCases[] = {{3, 0, "3"}, {3, 1, "3.r1"}, {3, 2, "3.1"}, {3, 3, "3.r2"}, {1000000, 4, "1000000.2"}};
  for (const auto& c : kCases) {
    EXPECT_EQ(LineSegment(c.line, c.generation), c.segment);
    const std::optional<LineId> id = ParseLineSegment(c.segment);
    ASSERT_TRUE(id.has_value()) << c.segment;
    EXPECT_EQ(id->line, c.line) << c.segment;
    EXPECT_EQ(id->generation, c.generation) << c.segment;
  }
  for (const char* bad : {"", "0", "03", "-1", "3.", "3.0", "3.r0", "3.r", "3.1.1", "x", "3.x", "99999999999"}) {
    EXPECT_FALSE(ParseLineSegment(bad).has_value()) << bad;
  }
}

TEST(Fact, SaleSegmentsGoThereAndBackAndHaveOneMeaning) {
  const struct {
    const char* document;
    int line;
    int generation;
    const char* segment;
  } kCases[] = {
      {"SO-7", 3, 0, "SO-7.3"},     {"SO-7", 3, 1, "SO-7.3.r1"}, {"SO-7", 3, 2, "SO-7.3.1"},
      {"A.1", 2, 0, "A.1.2.0"},     {"A", 1, 4, "A.1.2"},        {"A.1", 2, 1, "A.1.2.r1"},
      {"A.1.2", 1, 0, "A.1.2.1.0"}, {"7", 1, 0, "7.1"},          {"A.1", 2, 2, "A.1.2.1"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(SaleSegment(c.document, c.line, c.generation), c.segment);
    const std::optional<SaleId> id = ParseSaleSegment(c.segment);
    ASSERT_TRUE(id.has_value()) << c.segment;
    EXPECT_EQ(id->document, c.document) << c.segment;
    EXPECT_EQ(id->line, c.line) << c.segment;
    EXPECT_EQ(id->generation, c.generation) << c.segment;
  }
  for (const char* bad : {"", "SO-7", "SO-7.", "SO-7.0", "SO-7.03", "SO-7.3.0", "SO-7.3.r0", "SO-7.x", "SO-7.3.x"}) {
    EXPECT_FALSE(ParseSaleSegment(bad).has_value()) << bad;
  }
}

TEST(Fact, ReversalsSayByTheirNamesWhatTheyTakeBack) {
  const struct {
    const char* name;
    const char* reversed;
  } kCases[] = {
      {"partners/acme/shipments/SO1/lines/3.r1", "partners/acme/shipments/SO1/lines/3"},
      {"partners/acme/shipments/SO1/lines/3.r2", "partners/acme/shipments/SO1/lines/3.1"},
      {"partners/acme/shipments/SO.r1/lines/3", nullptr},
      {"partners/acme/shipments/SO1/lines/3.1", nullptr},
      {"partners/acme/sales/INV-1.2.r1", "partners/acme/sales/INV-1.2"},
      {"partners/acme/sales/A.B.2.r1", "partners/acme/sales/A.B.2.0"},
      {"partners/acme/sales/A.B.2.r3", "partners/acme/sales/A.B.2.2"},
      {"partners/acme/sales/A.B.2.0", nullptr},
      {"partners/acme/counts/018bcfe5", nullptr},
      {"", nullptr},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ReversedBy(c.name), c.reversed == nullptr ? std::nullopt : std::optional<std::string>(c.reversed))
        << c.name;
  }
}

TEST(Fact, DocumentsThatCanStandInNames) {
  EXPECT_TRUE(IsDocumentSegment("SO43659"));
  EXPECT_TRUE(IsDocumentSegment("a.b_c~d-e"));
  EXPECT_TRUE(IsDocumentSegment(std::string(64, 'x')));
  for (const std::string& bad : {std::string(), std::string("."), std::string(".."), std::string("a/b"),
                                 std::string("a b"), std::string("ä"), std::string("#1"), std::string(65, 'x')}) {
    EXPECT_FALSE(IsDocumentSegment(bad)) << bad;
  }
  EXPECT_FALSE(IsDocumentSegment(std::string(kLongestSaleDocument + 1, 'x'), kLongestSaleDocument));
}

}  // namespace
}  // namespace tributary::inventory
