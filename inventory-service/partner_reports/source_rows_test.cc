#include "inventory-service/partner_reports/source_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

using RowCells = StreamedRows::Cells;

TEST(SourceRowsTest, RowsAreKnownByTheirNumbersWhateverOrderTheyComeIn) {
  const std::vector<std::pair<int64_t, RowCells>> rows = {{7, {{"product", "bike"}, {"quantity", "3"}}},
                                                          {2, {{"product", "pump"}, {"quantity", "1"}}},
                                                          {30, {{"product", "bike"}, {"quantity", "3"}}}};
  StreamedRows forwards, backwards;
  for (auto row = rows.begin(); row != rows.end(); ++row) ASSERT_OK(forwards.Add(row->first, row->second));
  for (auto row = rows.rbegin(); row != rows.rend(); ++row) {
    ASSERT_OK(backwards.Add(row->first, {row->second.rbegin(), row->second.rend()}));
  }
  EXPECT_EQ(forwards.Sha256(), backwards.Sha256());
  EXPECT_EQ(forwards.bytes(), backwards.bytes());
  EXPECT_EQ(forwards.bytes(), 3 * 20);
  const SourceRows source = forwards.Rows();
  EXPECT_EQ(source.encoding, "UTF-8");
  ASSERT_THAT(source.rows, SizeIs(3));
  EXPECT_EQ(source.rows[0].number, 2);
  EXPECT_EQ(source.rows[2].number, 30);
  EXPECT_EQ(source.rows[1].state, RowState::kAccepted);
  EXPECT_THAT(source.rows[1].cells, ElementsAre(Pair("product", "bike"), Pair("quantity", "3")));
  EXPECT_THAT(source.rows[1].typed, IsEmpty());
}

TEST(SourceRowsTest, WhatDiffersHasAnotherHash) {
  const auto hash = [](const std::vector<std::pair<int64_t, RowCells>>& rows) {
    StreamedRows streamed;
    for (const auto& [number, cells] : rows) EXPECT_OK(streamed.Add(number, cells));
    return streamed.Sha256();
  };
  const std::string one = hash({{1, {{"a", "1"}, {"b", "2"}}}});
  EXPECT_EQ(hash({{1, {{" b ", "2"}, {"a", "1"}, {"c", ""}}}, {2, {{"a", ""}}}, {3, {{"a", "  "}}}}), one);
  for (const auto& other : std::vector<std::vector<std::pair<int64_t, RowCells>>>{
           {{2, {{"a", "1"}, {"b", "2"}}}},
           {{1, {{"a", "1"}, {"b", "3"}}}},
           {{1, {{"a", "1"}, {"c", "2"}}}},
           {{1, {{"a", "1"}}}, {2, {{"b", "2"}}}},
           {{1, {{"a", "1"}, {"b", "2"}, {"b", "2"}}}},
           {{1, {{"a", "1b2"}}}},
           {},
       }) {
    EXPECT_NE(hash(other), one);
  }
}

TEST(SourceRowsTest, BadRowsWaitWithoutCells) {
  const struct {
    const char* what;
    RowCells cells;
    const char* column;
    const char* got;
  } kBad[] = {
      {"twice", {{"quantity", "3"}, {"product", "bike"}, {" quantity", "4"}}, "quantity", "3 and 4"},
      {"twice the same", {{"quantity", "3"}, {"quantity", "3"}}, "quantity", "3 and 3"},
      {"no name", {{" ", "3"}}, "", "3 in a column without a name"},
      {"too large", {{"note", std::string(kMostCellBytes + 1, 'x')}}, "note", "32773 bytes"},
  };
  for (const auto& c : kBad) {
    SCOPED_TRACE(c.what);
    StreamedRows rows;
    ASSERT_OK(rows.Add(5, c.cells));
    const SourceRows source = rows.Rows();
    ASSERT_THAT(source.rows, SizeIs(1));
    EXPECT_EQ(source.rows[0].state, RowState::kRejected);
    EXPECT_THAT(source.rows[0].cells, IsEmpty());
    ASSERT_THAT(source.rows[0].errors, SizeIs(1));
    EXPECT_EQ(source.rows[0].errors[0].row, 5);
    EXPECT_EQ(source.rows[0].errors[0].column, c.column);
    EXPECT_EQ(source.rows[0].errors[0].got, c.got);
  }
}

TEST(SourceRowsTest, WhatIsRefused) {
  StreamedRows rows;
  EXPECT_THAT(rows.Add(0, {{"a", "1"}}), Blames("row"));
  EXPECT_THAT(rows.Add(-3, {{"a", "1"}}), Blames("row"));
  ASSERT_OK(rows.Add(1, {{"a", "1"}}));
  EXPECT_THAT(rows.Add(1, {{"a", "1"}}), Blames("row"));
  EXPECT_EQ(rows.count(), 1u);
  EXPECT_EQ(rows.bytes(), 2);
  // A row too many, and a byte too many.
  for (int64_t number = 2; number <= kMostRows; ++number) ASSERT_OK(rows.Add(number, {{"a", "1"}}));
  EXPECT_THAT(rows.Add(kMostRows + 1, {{"a", "1"}}), HasReason(Reason::kPayloadTooLarge));
  EXPECT_OK(rows.Add(kMostRows + 1, {{"a", ""}})) << "a row without any value is no row";
  StreamedRows large;
  ASSERT_OK(large.Add(1, {{"a", std::string(kMostStreamBytes - 1, 'x')}}));
  EXPECT_THAT(large.Add(2, {{"a", ""}, {"b", "1"}}), Blames("cells"));
  EXPECT_EQ(large.count(), 1u);
}

}  // namespace
}  // namespace tributary::inventory
