#include "inventory-service/formats/cells.h"

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

// What became of a cell: the value, or what was wanted.
template <typename T>
std::string Said(const absl::StatusOr<T>& value) {
  if (value.ok()) return value->ToString();
  const ErrorDetail detail = DetailOf(value.status());
  return StrCat("want ", detail.violations.front().want);
}

TEST(CellsTest, DatesAreReadAsDeclared) {
  struct Row {
    const char* cell;
    const char* format;
    const char* said;
  };
  for (const Row& row : {
           Row{"2024-03-31", "", "2024-03-31"},
           Row{"2024-03-31", "D/M/YYYY", "2024-03-31"},  // nothing else is written so
           Row{" 2024-03-31 ", "", "2024-03-31"},
           Row{"2024-03-31 23:59:59", "", "2024-03-31"},
           Row{"2024-03-31T23:59:59.999-08:00", "", "2024-03-31"},  // a business date does not move
           Row{"2024-03-31T08:30Z", "", "2024-03-31"},
           Row{"2024-03-31 24:00", "", "want a date, year first, or a declared date format"},
           Row{"2024/3/1", "", "2024-03-01"},
           Row{"2024.03.01", "", "2024-03-01"},
           Row{"20240301", "", "2024-03-01"},
           Row{"2024年3月1日", "", "2024-03-01"},
           Row{"２０２４年３月１日", "", "2024-03-01"},
           Row{"２０２４／０３／０１", "", "2024-03-01"},
           Row{"03/04/2024", "D/M/YYYY", "2024-04-03"},
           Row{"03/04/2024", "M/D/YYYY", "2024-03-04"},
           Row{"03/04/2024", "",
               "want a declared date format: this is 2024-04-03 as D/M/YYYY and 2024-03-04 as M/D/YYYY"},
           Row{"13/04/2024", "", "2024-04-13"},
           Row{"04/13/2024", "", "2024-04-13"},
           Row{"04/04/2024", "", "2024-04-04"},
           Row{"13/04/2024", "M/D/YYYY", "want a date as M/D/YYYY"},
           Row{"1.12.2024", "DD.MM.YYYY", "want a date as DD.MM.YYYY"},
           Row{"01.12.2024", "DD.MM.YYYY", "2024-12-01"},
           Row{"31/02/2024", "D/M/YYYY", "want a date as D/M/YYYY"},
           Row{"29/02/2024", "D/M/YYYY", "2024-02-29"},
           Row{"29/02/2023", "D/M/YYYY", "want a date as D/M/YYYY"},
           Row{"1/2/24", "", "want a date, year first, or a declared date format"},
           Row{"45382", "", "want a date, year first, or a declared date format"},
           Row{"", "", "want a date, year first, or a declared date format"},
       }) {
    EXPECT_EQ(Said(ReadDate(row.cell, row.format)), row.said) << row.cell << " as " << row.format;
  }
  EXPECT_EQ(Said(ReadDate("2024-03-31T08:30:00", "D/M/YYYY", true)), "2024-03-31");
  EXPECT_EQ(Said(ReadDate("03/04/2024", "D/M/YYYY", true)), "want a date");
}

TEST(CellsTest, DateFormatsAreChecked) {
  for (const char* good : {"", "YYYY-MM-DD", "YYYYMMDD", "D.M.YYYY", "YYYY年M月D日", "DDMMYYYY"}) {
    EXPECT_OK(CheckDateFormat(good)) << good;
  }
  for (const char* bad : {"YY-MM-DD", "YYYY-MM", "DMYYYY", "YYYY-MM-DD-DD", "YYYY-MMM-DD", "x", "YYYY1MM1DD"}) {
    EXPECT_THAT(CheckDateFormat(bad), HasReason(Reason::kInvalidField)) << bad;
  }
}

TEST(CellsTest, NumbersAreReadAsDeclared) {
  const NumberFormat plain;
  const NumberFormat english{.grouping = ','};
  const NumberFormat german{.point = ',', .grouping = '.'};
  const NumberFormat french{.point = ',', .grouping = ' '};
  const NumberFormat swiss{.grouping = '\''};
  const std::string plain_shape = "want a number with '.' before its decimals and nothing between thousands";
  const std::string english_shape = "want a number with '.' before its decimals and ',' or nothing between thousands";
  struct Row {
    const char* cell;
    NumberFormat format;
    std::string said;
  };
  for (const Row& row : {
           Row{"1234.5", plain, "1234.5"},
           Row{"0.1", plain, "0.1"},
           Row{".5", plain, "0.5"},
           Row{"1,234", plain, plain_shape},
           Row{"1,234,567.89", english, "1234567.89"},
           Row{"1234567.89", english, "1234567.89"},
           Row{"1,23", english, english_shape + ", in groups of three digits"},
           Row{"1234,567", english, english_shape + ", in groups of three digits"},
           Row{",234", english, english_shape + ", in groups of three digits"},
           Row{"1,,234", english, english_shape + ", in groups of three digits"},
           Row{"1.234,5", english, english_shape},
           Row{"1.234,50", german, "1234.5"},
           Row{"1.234", german, "1234"},
           Row{"1,5", german, "1.5"},
           Row{"1 234,5", french, "1234.5"},
           Row{"1\u00A0234\u00A0567,5", french, "1234567.5"},
           Row{"1\u202F234", french, "1234"},
           Row{"1'234.5", swiss, "1234.5"},
           Row{"1’234.5", swiss, "1234.5"},
           Row{"１，２３４．５", english, "1234.5"},
           Row{"－３", plain, "-3"},
           Row{"-3", plain, "-3"},
           Row{"\u22123", plain, "-3"},
           Row{"3-", plain, "-3"},
           Row{"(1,234.50)", english, "-1234.5"},
           Row{"（３）", plain, "-3"},
           Row{"+3", plain, "3"},
           Row{"- 3", plain, "-3"},
           Row{"-3-", plain, "want one sign"},
           Row{"(-3)", plain, "want one sign"},
           Row{"--3", plain, plain_shape},
           Row{"3.", plain, plain_shape},
           Row{"", plain, "want a number"},
           Row{"-", plain, plain_shape},
           Row{"1e3", plain, plain_shape},
           Row{"12 pcs", plain, plain_shape},
           Row{"¥12", plain, plain_shape},
           Row{"1.0000000", plain, "1"},
           Row{"0.1234567", plain, "want a number of at most 6 decimals within +-10^20"},
           Row{"1000000000000000000000", plain, "want a number of at most 6 decimals within +-10^20"},
       }) {
    EXPECT_EQ(Said(ReadDecimal(row.cell, row.format)), row.said) << row.cell;
  }
  // What the file itself says to be a number is plain, whatever the partner writes in texts.
  EXPECT_EQ(Said(ReadDecimal("1.234", german, true)), "1.234");
  EXPECT_EQ(Said(ReadDecimal("1.234,5", german, true)), plain_shape);
}

TEST(CellsTest, NumberFormatsAreChecked) {
  EXPECT_OK(CheckNumberFormat({}));
  EXPECT_OK(CheckNumberFormat({.point = ',', .grouping = '.'}));
  EXPECT_THAT(CheckNumberFormat({.point = ';'}), Blames("point"));
  EXPECT_THAT(CheckNumberFormat({.point = ',', .grouping = ','}), Blames("grouping"));
  EXPECT_THAT(CheckNumberFormat({.grouping = '_'}), Blames("grouping"));
}

TEST(CellsTest, TrimsEverySpace) {
  EXPECT_EQ(TrimCell(" \u3000\u00A0a b\t\r\n"), "a b");
  EXPECT_EQ(TrimCell(" \u3000"), "");
}

}  // namespace
}  // namespace tributary::inventory
