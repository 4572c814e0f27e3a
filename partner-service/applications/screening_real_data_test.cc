// Screening on AdventureWorks' resellers.

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "common/csv/csv_reader.h"
#include "common/status/status_matchers.h"
#include "partner-service/applications/screening.h"
#include "tests/real_data/real_data.h"

namespace tributary::partner {
namespace {

TEST(ScreeningRealDataTest, EveryResellerPasses) {
  const std::string path = testing_support::RealDataFolder() + "/adventureworks_dw/resellers.csv";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  ASSERT_NE(file, nullptr) << path;
  CsvReader reader(CsvReader::FromFile(file.get()));
  CsvRow row;
  ASSERT_TRUE(reader.Next(&row));
  const std::vector<std::string> header = row.fields;
  const auto column = [&](const std::string& name) {
    return static_cast<size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const size_t name = column("ResellerName"), kind = column("BusinessType"), region = column("GeographyKey"),
               sales = column("AnnualSales"), employees = column("NumberEmployees"), opened = column("YearOpened");
  int passed = 0, least = 100, most = 0;
  while (reader.Next(&row)) {
    ASSERT_OK(row.status);
    ASSERT_OK_AND_ASSIGN(const Decimal amount, Decimal::Parse(row.fields.at(sales)));
    const Screening screening = Screen({.legal_name = row.fields.at(name),
                                        .kind = row.fields.at(kind),
                                        .home_region = row.fields.at(region),
                                        .annual_sales = Money{.currency = "USD", .amount = amount},
                                        .employees = std::stoi(row.fields.at(employees)),
                                        .year_opened = std::stoi(row.fields.at(opened)),
                                        .year = 2026});
    // Their data has no tax ids, documents and references.
    EXPECT_EQ(MissingOf(screening), (std::vector<std::string>{"tax_id", "license", "references", "certificates"}));
    passed += screening.passed ? 1 : 0;
    least = std::min(least, screening.score);
    most = std::max(most, screening.score);
  }
  ASSERT_OK(reader.status());
  EXPECT_EQ(passed, 701);
  EXPECT_EQ(least, 60);
  EXPECT_EQ(most, 75);
}

}  // namespace
}  // namespace tributary::partner
