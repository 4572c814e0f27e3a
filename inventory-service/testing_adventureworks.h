#pragma once

// For tests on real data: the files of AdventureWorks.

#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "common/csv/csv_reader.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "tests/real_data/real_data.h"

namespace tributary::inventory {

// By column.
using Record = std::map<std::string, std::string>;

// Every row of adventureworks_dw/`name`.
inline std::vector<Record> ReadAdventureWorks(const std::string& name) {
  const std::string path = StrCat(testing_support::RealDataFolder(), "/adventureworks_dw/", name);
  std::FILE* file = std::fopen(path.c_str(), "rb");
  EXPECT_NE(file, nullptr) << path;
  std::vector<Record> records;
  if (file == nullptr) return records;
  CsvReader reader(CsvReader::FromFile(file));
  CsvRow header;
  EXPECT_TRUE(reader.Next(&header));
  CsvRow row;
  while (reader.Next(&row)) {
    EXPECT_OK(row.status);
    Record& record = records.emplace_back();
    for (size_t i = 0; i < row.fields.size(); ++i) record[header.fields[i]] = row.fields[i];
  }
  std::fclose(file);
  return records;
}

}  // namespace tributary::inventory
