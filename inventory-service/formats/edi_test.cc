#include "inventory-service/formats/edi.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_replace.h"
#include "common/status/status_matchers.h"
#include "inventory-service/formats/testing_sheet.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Tests run in the root of the repository.
std::string Golden(const std::string& name) {
  std::ifstream file("inventory-service/formats/testdata/" + name);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

// The rows as "number: column=cell ...", without empty cells; then the problems.
std::vector<std::string> Read(ReportFormat format, const std::string& text) {
  const auto sheet = ReadSheet(format, text);
  if (!sheet.ok()) return {std::string(sheet.status().message())};
  std::vector<std::string> lines;
  for (const SheetRow& row : sheet->rows) {
    std::string& line = lines.emplace_back(StrCat(row.number, ":"));
    for (size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i].empty()) StrAppend(&line, " ", sheet->columns[i], "=", row.cells[i]);
    }
  }
  for (const RowProblem& problem : sheet->problems) {
    lines.push_back(StrCat(problem.row, " [", problem.column, "] got ", problem.got, ", want ", problem.want));
  }
  return lines;
}

std::string Changed(const std::string& text, std::string_view from, std::string_view to) {
  EXPECT_NE(text.find(from), std::string::npos) << from;
  return absl::StrReplaceAll(text, {{Abseil(from), Abseil(to)}});
}

TEST(EdiTest, ReadsProductActivity) {
  const auto sheet = ReadSheet(ReportFormat::kEdi852, Golden("activity.852"));
  ASSERT_OK(sheet);
  EXPECT_EQ(sheet->columns, EdiColumns());
  EXPECT_EQ(sheet->encoding, "UTF-8");
  ASSERT_EQ(sheet->rows.size(), 10u);
  for (const char* typed : {"line", "quantity", "period_from", "price"}) {
    EXPECT_TRUE(sheet->rows[0].IsTyped(static_cast<size_t>(sheet->ColumnOf(typed)))) << typed;
  }
  EXPECT_FALSE(sheet->rows[0].IsTyped(static_cast<size_t>(sheet->ColumnOf("product_code"))));
  const std::string first = "document=000000417-417-0001";
  const std::string week = "period_from=2024-03-25 period_to=2024-03-31";
  const std::string box = "product_code=012345678905 product_code_kind=UP";
  const std::string other = "product_code=44-7 product_code_kind=IN";
  EXPECT_THAT(
      Read(ReportFormat::kEdi852, Golden("activity.852")),
      ElementsAre(
          StrCat("1001: ", first, " line=1 activity=SALE ", box, " quantity=12 unit=EA ", week,
                 " site_code=0007 price=24.95 activity_code=QS"),
          StrCat("1002: ", first, " line=2 activity=SALE ", box, " quantity=18 unit=EA ", week,
                 " site_code=0012 price=24.95 activity_code=QS"),
          StrCat("1100: ", first, " line=3 activity=ON_HAND ", box, " quantity=140 unit=EA date=2024-03-31 ", week,
                 " site_code=DC01 price=24.95 activity_code=QA"),
          StrCat("1200: ", first, " line=4 activity=ON_ORDER ", box, " quantity=60 unit=EA ", week,
                 " site_code=DC01 price=24.95 activity_code=QP"),
          StrCat("1400: ", first, " line=5 activity=RECEIPT ", other, " quantity=5 unit=CA date=2024-03-27 ", week,
                 " site_code=DC01 lot=L9 activity_code=QR"),
          StrCat("1500: ", first, " line=6 activity=ADJUSTMENT ", other, " quantity=-2 unit=EA ", week,
                 " site_code=DC01 lot=L9 activity_code=QT"),
          StrCat("1600: ", first, " line=7 activity=OUT_OF_STOCK ", other, " quantity=0 unit=EA ", week,
                 " site_code=DC01 lot=L9 activity_code=QO"),
          StrCat("1700: ", first, " line=8 activity=OTHER ", other, " quantity=9 unit=EA ", week,
                 " site_code=DC01 lot=L9 activity_code=QX"),
          "2300: document=000000417-417-0002 line=1 activity=SALE product_code=00012345678905 product_code_kind=UK "
          "quantity=1.5 unit=KG date=2024-03-31 period_from=2024-03-31 period_to=2024-03-31 activity_code=QS",
          "2400: document=000000417-417-0002 line=2 activity=RETURN product_code=00012345678905 product_code_kind=UK "
          "quantity=-2 unit=EA date=2024-03-31 period_from=2024-03-31 period_to=2024-03-31 activity_code=QU"));
}

TEST(EdiTest, ReadsProductTransferAndResale) {
  const std::string head = "document=R-2024-13";
  const std::string week = "period_from=2024-03-25 period_to=2024-03-31";
  EXPECT_THAT(
      Read(ReportFormat::kEdi867, Golden("resale.867")),
      ElementsAre(StrCat("12: ", head,
                         " line=1 activity=SALE product_code=BX-100 product_code_kind=VP quantity=10 unit=EA "
                         "date=2024-03-26 ",
                         week,
                         " site_code=BOLT-2 customer_code=C-17 customer_name=Acme Works lot=L9 "
                         "price=24.95 amount=249.5 original_document=INV-881 activity_code=SS/32"),
                  StrCat("17: ", head,
                         " line=2 activity=SALE product_code=BX-200 product_code_kind=VP quantity=1 unit=EA "
                         "date=2024-03-28 ",
                         week,
                         " site_code=BOLT-2 customer_code=C-17 customer_name=Acme Works "
                         "serial=S-0001 original_document=INV-881 activity_code=SS/32"),
                  StrCat("25: ", head,
                         " line=3 activity=RETURN product_code=BX-100 product_code_kind=VP quantity=-3 unit=EA "
                         "date=2024-03-29 ",
                         week,
                         " site_code=BOLT-2 customer_name=Cogs Ltd "
                         "original_document=INV-700 activity_code=RP/76"),
                  StrCat("30: ", head,
                         " line=4 activity=TRANSFER product_code=4006381333931 product_code_kind=EN quantity=4 "
                         "unit=EA date=2024-03-30 ",
                         week, " site_code=BOLT-3 activity_code=IB/39"),
                  StrCat("33: ", head,
                         " line=5 activity=ON_HAND product_code=BX-100 product_code_kind=VP quantity=200 unit=EA ",
                         week, " site_code=BOLT-2 activity_code=SU/17")));
}

TEST(EdiTest, EnvelopesMustAgree) {
  const std::string good = Golden("activity.852");
  struct Row {
    const char* from;
    const char* to;
    const char* message;
  };
  for (const Row& row : {
           Row{"SE*17*0001", "SE*16*0001",
               "SE01 (segment 19): got '16', want 17, the number of segments of the transaction set"},
           Row{"SE*17*0001", "SE*17*0009", "SE02 (segment 19): got '0009', want '0001' as at its beginning"},
           Row{"GE*2*417", "GE*3*417",
               "GE01 (segment 27): got '3', want 2, the number of transaction sets of the group"},
           Row{"GE*2*417", "GE*2*418", "GE02 (segment 27): got '418', want '417' as at its beginning"},
           Row{"IEA*1*000000417", "IEA*1*000000418",
               "IEA02 (segment 28): got '000000418', want '000000417' as at its beginning"},
           Row{"IEA*1*", "IEA*x*", "IEA01 (segment 28): got 'x', want 1, the number of groups of the interchange"},
           Row{"ST*852*0002", "ST*867*0002", "ST01 (segment 20): got '867', want 852"},
           Row{"SE*17*0001~\n", "", "segment 19: got 'ST', want SE"},
           Row{"IEA*1*000000417~\n", "", "segment 28: got '', want a segment terminator at its end"},
           Row{"ISA*", "ISX*", "ISA: got 'ISX*00*          *00...', want an interchange, which begins with ISA"},
           Row{"GS*PD", "gs*PD", "segment 2: got 'gs', want the name of a segment"},
           Row{"*P*>~", "*P*A~",
               "ISA (segment 1): got 'the separator A', want a sign that is no letter, digit or space"},
           Row{"*P*>~", "*P**~", "ISA (segment 1): got '* as two separators', want separators that differ"},
       }) {
    EXPECT_THAT(Read(ReportFormat::kEdi852, Changed(good, row.from, row.to)), ElementsAre(row.message)) << row.to;
  }
  EXPECT_THAT(Read(ReportFormat::kEdi852, Golden("resale.867")), ElementsAre("ST01 (segment 3): got '867', want 852"));
  EXPECT_THAT(Read(ReportFormat::kEdi852, good + "junk"), ElementsAre(HasSubstr("segment 29")));
  // A file may hold several interchanges, each with separators of its own.
  EXPECT_EQ(Read(ReportFormat::kEdi867, Golden("resale.867") + Changed(Golden("resale.867"), "^", "*")).size(), 10u);
}

TEST(EdiTest, BadLinesAreProblemsAndTheOthersAreRead) {
  const std::string good = Golden("activity.852");
  EXPECT_EQ(Read(ReportFormat::kEdi852, good).size(), 10u);
  struct Row {
    const char* from;
    const char* to;
    size_t rows;
    const char* problem;
  };
  for (const Row& row : {
           Row{"ZA*QS*30*EA", "ZA*QS*31*EA", 8, "1001 [quantity] got 31, want 30, the sum of its SDQ"},
           Row{"ZA*QA*140*EA", "ZA*QA*x*EA", 9, "1100 [quantity] got x, want a number of at most 6 decimals"},
           Row{"ZA*QA*140*EA", "ZA*QA**EA", 9, "1100 [quantity] got , want a quantity"},
           Row{"*090*20240331", "*090*240331", 9, "1100 [date] got 240331, want a date as CCYYMMDD"},
           Row{"*050*20240327", "*050*20240230", 9, "1400 [date] got 20240230, want a date as CCYYMMDD"},
           Row{"LIN*1*UP*012345678905*VN*BX-100", "LIN*1", 6, "1001 [product_code] got , want a product in LIN"},
       }) {
    const std::vector<std::string> lines = Read(ReportFormat::kEdi852, Changed(good, row.from, row.to));
    ASSERT_GT(lines.size(), row.rows) << row.to << lines[0];
    EXPECT_EQ(lines[row.rows], row.problem);
    EXPECT_THAT(lines[row.rows - 1], HasSubstr("line=2 activity=RETURN")) << row.to;
  }
  // The SDQ of one place does not read: its line alone is bad, for the sum cannot be compared.
  EXPECT_THAT(Read(ReportFormat::kEdi852, Changed(good, "*0012*18", "*0012*?"))[9],
              "1002 [quantity] got ?, want a number of at most 6 decimals");
}

}  // namespace
}  // namespace tributary::inventory
