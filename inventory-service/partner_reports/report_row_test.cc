#include "inventory-service/partner_reports/report_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/partner_reports/packed_texts.h"
#include "inventory-service/partner_reports/testing_reports.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

ReportRow Row(int64_t number, const char* quantity, const char* document = "", int line = 0,
              const char* date = "2026-06-05") {
  ReportRow row{.report = Id(1), .number = number, .state = RowState::kAccepted};
  row.content = RowContent{.cell = {.site = "main", .date = Day(date)},
                           .document = document,
                           .line = line,
                           .product = "bike",
                           .quantity = Dec(quantity)};
  return row;
}

void Assign(std::vector<ReportRow>& rows, const std::vector<ReportRow>& taken = {}) {
  std::vector<ReportRow*> all;
  for (ReportRow& row : rows) {
    if (row.state != RowState::kRejected) all.push_back(&row);
  }
  std::vector<const ReportRow*> others;
  for (const ReportRow& row : taken) others.push_back(&row);
  AssignKeys(all, others);
}

TEST(AssignKeysTest, CountsEqualRowsOfACell) {
  std::vector<ReportRow> rows = {Row(2, "10"), Row(3, "10"), Row(4, "11"), Row(5, "10", "", 0, "2026-06-06"),
                                 Row(6, "10.0")};
  Assign(rows);
  EXPECT_EQ(rows[0].key.line, 1);
  EXPECT_EQ(rows[1].key.line, 2);
  EXPECT_EQ(rows[2].key.line, 1);
  EXPECT_EQ(rows[3].key.line, 1);  // another cell
  EXPECT_EQ(rows[4].key.line, 3);  // 10.0 is 10
  EXPECT_EQ(rows[0].key.document, rows[1].key.document);
  EXPECT_NE(rows[0].key.document, rows[2].key.document);
  EXPECT_NE(rows[0].key.document, rows[3].key.document);
  for (const ReportRow& row : rows) {
    EXPECT_FALSE(IsDocumentKey(row.key));
    EXPECT_TRUE(IsDocumentSegment(row.key.document, kLongestSaleDocument));
  }
  // A row that is repaired later comes after those that have their ordinals.
  std::vector<ReportRow> later = {Row(1, "10")};
  Assign(later, rows);
  EXPECT_EQ(later[0].key.line, 4);
}

TEST(AssignKeysTest, ARowIsKnownByTheQuantityThatItStates) {
  const auto in_boxes = [](const char* quantity, const char* boxes) {
    ReportRow row = Row(2, quantity);
    row.content->unit = "box";
    row.content->unit_quantity = Dec(boxes);
    return row;
  };
  // Whatever a box holds when it is read.
  EXPECT_EQ(DigestOf(*in_boxes("24", "2").content), DigestOf(*in_boxes("20", "2").content));
  EXPECT_NE(DigestOf(*in_boxes("24", "2").content), DigestOf(*in_boxes("24", "3").content));
  EXPECT_NE(DigestOf(*in_boxes("24", "2").content), DigestOf(*Row(2, "24").content));
  EXPECT_NE(DigestOf(*in_boxes("24", "2").content), DigestOf(*Row(2, "2").content));
}

TEST(AssignKeysTest, TakesDocumentAndLineWhereBothAreGiven) {
  std::vector<ReportRow> rows = {Row(2, "10", "INV-1", 1), Row(3, "10", "INV-1", 2), Row(4, "10", "INV-1", 0),
                                 Row(5, "10", "", 7), Row(6, "10", "INV-1", 1)};
  Assign(rows);
  EXPECT_EQ(rows[0].key.document, "INV-1");
  EXPECT_EQ(rows[0].key.line, 1);
  EXPECT_EQ(rows[1].key.line, 2);
  EXPECT_FALSE(IsDocumentKey(rows[2].key));
  EXPECT_FALSE(IsDocumentKey(rows[3].key));
  // The same line twice is one line.
  EXPECT_EQ(rows[4].key, rows[0].key);
  EXPECT_EQ(rows[4].state, RowState::kAccepted);
}

TEST(AssignKeysTest, GuessesNotWhichOfTwoIsRight) {
  std::vector<ReportRow> rows = {Row(2, "10", "INV-1", 1), Row(3, "11", "INV-1", 1), Row(4, "5", "INV-1", 2)};
  Assign(rows);
  EXPECT_EQ(rows[0].state, RowState::kRejected);
  EXPECT_EQ(rows[1].state, RowState::kRejected);
  EXPECT_EQ(rows[2].state, RowState::kAccepted);
  ASSERT_EQ(rows[0].errors.size(), 1u);
  EXPECT_EQ(rows[0].errors[0].reason, Reason::kRowConflict);
  EXPECT_EQ(rows[0].errors[0].want, "a document and line that row 3 does not state otherwise");
  // While the other waits, neither is taken; once it is out of the way, this one is.
  std::vector<ReportRow> again = {Row(2, "10", "INV-1", 1)};
  Assign(again, {rows[1], rows[2]});
  EXPECT_EQ(again[0].state, RowState::kRejected);
  again = {Row(2, "10", "INV-1", 1)};
  Assign(again, {rows[2]});
  EXPECT_EQ(again[0].state, RowState::kAccepted);
}

TEST(DocumentSegmentTest, WritesWhatANameCanHold) {
  EXPECT_EQ(DocumentSegment("INV-1.a~b_c"), "INV-1.a~b_c");
  EXPECT_EQ(DocumentSegment("INV/2026/1"), "INV~2F2026~2F1");
  EXPECT_EQ(DocumentSegment("发票1"), "~E5~8F~91~E7~A5~A81");
  EXPECT_EQ(DocumentSegment("a b~c"), "a~20b~7Ec");
  EXPECT_EQ(DocumentSegment("row~1"), "row~7E1");  // such keys are of rows without a document
  for (const std::string& text : {std::string(200, 'x'), std::string(".."), std::string(46, '/')}) {
    EXPECT_TRUE(IsDocumentSegment(DocumentSegment(text), kLongestSaleDocument)) << text;
    EXPECT_TRUE(DocumentSegment(text).starts_with("doc~")) << text;
  }
  EXPECT_NE(DocumentSegment(std::string(200, 'x')), DocumentSegment(std::string(201, 'x')));
}

TEST(RepairTest, WritesOverCells) {
  ReportRow row = Row(2, "1");
  row.cells = {{"a", "1"}, {"b", "2"}};
  row.repairs = {{"b", "3"}, {"c", "4"}};
  EXPECT_THAT(EffectiveCells(row), ElementsAre(std::pair("a", "1"), std::pair("b", "3"), std::pair("c", "4")));
  const std::set<std::string> columns = {"a", "b", "c"};
  EXPECT_OK(CheckRepairs(row.repairs, columns));
  EXPECT_THAT(CheckRepairs({}, columns), Blames("cells"));
  EXPECT_THAT(CheckRepairs({{"a", "1"}, {"a", "2"}}, columns), Blames("cells[1].column"));
  const absl::Status misspelt = CheckRepairs({{"a", "1"}, {"d", "2"}}, columns);
  EXPECT_THAT(misspelt, Blames("cells[1].column"));
  EXPECT_EQ(misspelt.message(), "cells[1].column: got 'd', want one of a, b, c");
  row.state = RowState::kDiscarded;
  EXPECT_THAT(CheckRepairable(row, "row", "repair"), HasReason(Reason::kStateConflict));
  row.state = RowState::kRejected;
  EXPECT_OK(CheckRepairable(row, "row", "repair"));
}

TEST(PackedTextsTest, KeepsEveryByte) {
  const std::string odd("3:\0a", 4);
  EXPECT_THAT(UnpackTexts(PackTexts({"", odd, "12:", "中"})), ElementsAre("", odd, "12:", "中"));
  EXPECT_THAT(UnpackTexts(""), IsEmpty());
}

}  // namespace
}  // namespace tributary::inventory
