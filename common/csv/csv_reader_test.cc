#include "common/csv/csv_reader.h"

#include <cstdio>

#include "common/status/status_matchers.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;

// Gives `text` in pieces of `piece` bytes.
CsvReader::Source InPieces(std::string_view text, size_t piece) {
  return [source = CsvReader::FromText(text), piece](char* buffer, size_t size) mutable {
    return source(buffer, std::min(size, piece));
  };
}

// Every row as "number@line: a|b", bad ones as "number@line! message"; then the reader's own error.
std::vector<std::string> Read(std::string_view text, const CsvOptions& options = {}, size_t piece = 1 << 20) {
  CsvReader reader(InPieces(text, piece), options);
  std::vector<std::string> rows;
  CsvRow row;
  while (reader.Next(&row)) {
    rows.push_back(StrCat(row.number, "@", row.line, row.status.ok() ? ": " : "! ",
                          row.status.ok() ? StrJoin(row.fields, "|") : std::string(row.status.message())));
    if (!row.status.ok()) {
      EXPECT_TRUE(row.fields.empty());
      EXPECT_THAT(row.status, HasReason(Reason::kInvalidField));
    }
  }
  EXPECT_FALSE(reader.Next(&row));
  if (!reader.status().ok()) rows.push_back(std::string(reader.status().message()));
  if (piece > 7) {
    // Where the text happens to be cut makes no difference.
    for (size_t smaller : {1, 2, 3, 7}) EXPECT_EQ(Read(text, options, smaller), rows) << smaller;
  }
  return rows;
}

TEST(CsvReaderTest, ReadsRows) {
  EXPECT_THAT(Read(""), ElementsAre());
  EXPECT_THAT(Read("a,b\nc,d\n"), ElementsAre("1@1: a|b", "2@2: c|d"));
  EXPECT_THAT(Read("a,b\r\nc,d"), ElementsAre("1@1: a|b", "2@2: c|d"));
  EXPECT_THAT(Read("a,\n,b\n,\n"), ElementsAre("1@1: a|", "2@2: |b", "3@3: |"));
  EXPECT_THAT(Read("a,"), ElementsAre("1@1: a|"));
  EXPECT_THAT(Read(" a , b \n"), ElementsAre("1@1:  a | b "));
  EXPECT_THAT(Read("渠,成\n"), ElementsAre("1@1: 渠|成"));
  EXPECT_THAT(Read("a;b,c\n", {.delimiter = ';'}), ElementsAre("1@1: a|b,c"));
}

TEST(CsvReaderTest, ReadsQuotedFields) {
  EXPECT_THAT(Read("\"a,b\",\"say \"\"x\"\"\"\n"), ElementsAre("1@1: a,b|say \"x\""));
  EXPECT_THAT(Read("\"one\ntwo\r\nthree\",b\r\nc,d\n"), ElementsAre("1@1: one\ntwo\r\nthree|b", "2@4: c|d"));
  EXPECT_THAT(Read("\"\",\"\"\"\"\n"), ElementsAre("1@1: |\""));
  EXPECT_THAT(Read("\"\"\n"), ElementsAre("1@1: "));
  EXPECT_THAT(Read("\"a\""), ElementsAre("1@1: a"));
  EXPECT_THAT(Read("\"a\"\r\n"), ElementsAre("1@1: a"));
}

TEST(CsvReaderTest, SkipsMarksAndEmptyLines) {
  EXPECT_THAT(Read("\xEF\xBB\xBF"
                   "a,b\n"),
              ElementsAre("1@1: a|b"));
  EXPECT_THAT(Read("\xEF\xBB\xBF"), ElementsAre());
  EXPECT_THAT(Read("\xEF\xBB\xBF\"a\"\n"), ElementsAre("1@1: a"));
  EXPECT_THAT(Read("\n\r\na,b\n\n\r\nc,d\n\n"), ElementsAre("1@3: a|b", "2@6: c|d"));
  EXPECT_THAT(Read(std::string_view("\xFF\xFE"
                                    "a\0",
                                    4)),
              ElementsAre("got 'a UTF-16 byte order mark', want a file in UTF-8"));
}

TEST(CsvReaderTest, RefusesABadRowAloneAndGoesOn) {
  const struct {
    const char* middle;
    const char* message;
  } kCases[] = {
      {"x\"y,z",
       "row 2 (line 2), column 1: got 'a quotation mark inside a field that has none around it', "
       "want the field in quotation marks, and each one in it doubled"},
      {"x,\"y\"z",
       "row 2 (line 2), column 2: got ''z' behind a closing quotation mark', "
       "want a delimiter or the end of the row; a quotation mark in a field is doubled"},
      {"x,\"y\" ",
       "row 2 (line 2), column 2: got '' ' behind a closing quotation mark', "
       "want a delimiter or the end of the row; a quotation mark in a field is doubled"},
      {"x\ry,z", "row 2 (line 2), column 1: got 'a carriage return on its own', want CRLF or LF at the end of a row"},
      {"x,y\r\r", "row 2 (line 2), column 2: got 'a carriage return on its own', want CRLF or LF at the end of a row"},
      {"x,\xC3(", "row 2 (line 2), column 2: got '\\xc3(', want UTF-8"},
      {"\xED\xA0\x80,y", "row 2 (line 2), column 1: got '\\xed\\xa0\\x80', want UTF-8"},
      {"x", "row 2 (line 2): got '1 fields', want 2 as in the first row"},
      {"x,y,", "row 2 (line 2): got '3 fields', want 2 as in the first row"},
      {"x,123456789", "row 2 (line 2), column 2: got 'more than 8 bytes', want a shorter field"},
      {"x,\"1234\"\"56789\"", "row 2 (line 2), column 2: got 'more than 8 bytes', want a shorter field"},
      {"12345678,1234567", "row 2 (line 2), column 2: got 'more than 14 bytes in the row', want a shorter row"},
      {"1,2,3,4", "row 2 (line 2), column 4: got 'more than 3 fields', want fewer"},
      {"1,2,3,", "row 2 (line 2), column 4: got 'more than 3 fields', want fewer"},
  };
  const CsvOptions options = {.max_field_bytes = 8, .max_row_bytes = 14, .max_fields = 3};
  for (const auto& c : kCases) {
    EXPECT_THAT(Read(StrCat("a,b\n", c.middle, "\nc,d\n"), options),
                ElementsAre("1@1: a|b", StrCat("2@2! ", c.message), "3@3: c|d"))
        << c.middle;
  }
  EXPECT_THAT(
      Read(std::string_view("a,b\nx\0y,z\nc,d\n", 14)),
      ElementsAre("1@1: a|b", "2@2! row 2 (line 2), column 1: got 'x\\x00y', want text without NUL", "3@3: c|d"));
}

TEST(CsvReaderTest, AQuotationMarkThatIsNeverClosedTakesTheRest) {
  EXPECT_THAT(Read("a,b\nc,\"d\ne,f\n"),
              ElementsAre("1@1: a|b",
                          "2@2! row 2 (line 2), column 2: got 'the end of the file inside quotation marks', "
                          "want a closing quotation mark"));
  EXPECT_THAT(Read("\""),
              ElementsAre("1@1! row 1 (line 1), column 1: got 'the end of the file inside quotation marks', "
                          "want a closing quotation mark"));
  EXPECT_THAT(Read("a\r"), ElementsAre("1@1! row 1 (line 1), column 1: got 'a carriage return on its own', "
                                       "want CRLF or LF at the end of a row"));
  EXPECT_THAT(Read("\r"), ElementsAre("1@1! row 1 (line 1), column 1: got 'a carriage return on its own', "
                                      "want CRLF or LF at the end of a row"));
}

TEST(CsvReaderTest, WidthIsThatOfTheFirstGoodRow) {
  EXPECT_THAT(
      Read("a\"\nb,c\nd\n"),
      ElementsAre("1@1! row 1 (line 1), column 1: got 'a quotation mark inside a field that has none around it', "
                  "want the field in quotation marks, and each one in it doubled",
                  "2@2: b|c", "3@3! row 3 (line 3): got '1 fields', want 2 as in the first row"));
  EXPECT_THAT(Read("a,b\nc\n", {.same_width = false}), ElementsAre("1@1: a|b", "2@2: c"));
}

TEST(CsvReaderTest, KeepsNothingOfAHugeField) {
  // 64 MiB in quotation marks, made as they are read.
  size_t left = 64 << 20;
  bool opened = false;
  CsvReader reader([&](char* buffer, size_t size) -> absl::StatusOr<size_t> {
    if (!std::exchange(opened, true)) {
      buffer[0] = '"';
      return 1;
    }
    const size_t given = std::min(size, left);
    std::fill_n(buffer, given, 'x');
    left -= given;
    return given;
  });
  CsvRow row;
  ASSERT_TRUE(reader.Next(&row));
  EXPECT_THAT(row.status, Blames("row 1 (line 1), column 1"));
  EXPECT_FALSE(reader.Next(&row));
}

TEST(CsvReaderTest, TellsWhenTheSourceFails) {
  int calls = 0;
  CsvReader reader([&](char* buffer, size_t) -> absl::StatusOr<size_t> {
    if (++calls > 1) return absl::DataLossError("broken");
    return std::string_view("a,b\nc,").copy(buffer, 6);
  });
  CsvRow row;
  ASSERT_TRUE(reader.Next(&row));
  EXPECT_THAT(row.fields, ElementsAre("a", "b"));
  EXPECT_FALSE(reader.Next(&row));
  EXPECT_EQ(reader.status(), absl::DataLossError("broken"));
}

TEST(CsvReaderTest, ReadsFiles) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  std::string text = "id,name\n";
  for (int i = 0; i < 20000; ++i) text += StrCat(i, ",\"name ", i, "\"\n");
  ASSERT_EQ(std::fwrite(text.data(), 1, text.size(), file), text.size());
  std::rewind(file);
  CsvReader reader(CsvReader::FromFile(file));
  CsvRow row;
  int rows = 0;
  while (reader.Next(&row)) {
    ASSERT_OK(row.status);
    if (rows > 0) {
      ASSERT_THAT(row.fields, ElementsAre(StrCat(rows - 1), StrCat("name ", rows - 1)));
    }
    ++rows;
  }
  EXPECT_EQ(rows, 20001);
  EXPECT_OK(reader.status());
  std::fclose(file);
}

}  // namespace
}  // namespace tributary
