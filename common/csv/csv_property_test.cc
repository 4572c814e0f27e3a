// What is written is read back, and no text, however cut, brings the reader out of step.

#include <random>

#include "common/csv/csv_reader.h"
#include "common/csv/csv_writer.h"
#include "common/status/status_matchers.h"

namespace tributary {
namespace {

std::string AnyText(std::mt19937& random, std::string_view alphabet, size_t most) {
  std::string text;
  for (size_t n = random() % (most + 1); n > 0; --n) text += alphabet[random() % alphabet.size()];
  return text;
}

TEST(CsvProperty, WhatIsWrittenIsReadBack) {
  std::mt19937 random(1);
  CsvRow row;
  for (int i = 0; i < 3000; ++i) {
    std::vector<std::vector<std::string>> rows(1 + random() % 5);
    const size_t width = 1 + random() % 4;
    std::string text;
    for (auto& fields : rows) {
      fields.resize(width);
      for (std::string& field : fields) field = AnyText(random, "ab,\"\r\n; ", 6);
      AppendCsvRow(&text, fields);
    }
    CsvReader reader(CsvReader::FromText(text));
    for (const auto& fields : rows) {
      ASSERT_TRUE(reader.Next(&row));
      ASSERT_OK(row.status) << text;
      ASSERT_EQ(row.fields, fields) << text;
    }
    ASSERT_FALSE(reader.Next(&row));
  }
}

TEST(CsvProperty, ABadRowHidesNoOther) {
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) {
    // Without quotation marks every line is a row of its own, whatever else it holds.
    std::string text = "a,b\n";
    int lines = 1;
    for (int n = 0; n < 10; ++n) {
      std::string line = AnyText(random, std::string_view("ab,\r\0\xC3\xA9\xFF", 8), 8);
      if (line.empty() || line == "\r") continue;  // an empty line is no row
      text += line + "\n";
      ++lines;
    }
    CsvReader reader(CsvReader::FromText(text));
    CsvRow row;
    int64_t rows = 0, last_line = 0;
    while (reader.Next(&row)) {
      ASSERT_EQ(row.number, ++rows);
      ASSERT_GT(row.line, last_line);
      last_line = row.line;
      if (row.status.ok()) {
        ASSERT_EQ(row.fields.size(), 2u);
      }
    }
    ASSERT_EQ(rows, lines) << Printable(text);
  }
}

}  // namespace
}  // namespace tributary
