#pragma once

// Reads the cells of a row by its partner's profile. Pure: what codes stand for is looked up before and given.

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/imports/import.h"
#include "inventory-service/partner_reports/report.h"
#include "inventory-service/partner_reports/report_row.h"
#include "inventory-service/report_profiles/report_profile.h"
#include "inventory-service/units/unit_conversion.h"

namespace tributary::inventory {

// A row's texts by field, and which column each came from. Every text is trimmed.
class RowTexts {
 public:
  RowTexts(const ReportProfile& profile, const std::vector<std::pair<std::string, std::string>>& cells,
           const std::vector<std::string>& typed);

  std::string_view Get(ReportField field) const { return texts_[static_cast<int>(field)].text; }
  bool IsTyped(ReportField field) const { return texts_[static_cast<int>(field)].typed; }
  // The column, for a person that looks for the mistake; the field's own name where it came from none.
  std::string_view ColumnOf(ReportField field) const;

 private:
  struct Text {
    std::string text;
    std::string column;
    bool typed = false;
  };
  Text texts_[kReportFields + 1];
};

// What the reader needs to know of the world.
struct ProductUnits {
  BaseUnit base;
  std::vector<UnitConversion> others;
};
struct References {
  // Partner's code and day -> name of ours; empty where the code stands for nothing. Asked only where the profile says
  // that the partner's codes are used.
  std::function<std::string(ReportField field, std::string_view code, Date date)> resolve;
  std::map<std::string, ProductUnits, std::less<>> products;  // those in use, by id
  std::map<std::string, std::string, std::less<>> sites;      // id -> region (id, may be empty)
};

// Codes that rows name, to be looked up before they are read: cells of products, sites, customers.
struct NamedCodes {
  std::set<std::string, std::less<>> products;
  std::set<std::string, std::less<>> sites;
  std::set<std::string, std::less<>> customers;
};
void CollectCodes(const RowTexts& texts, NamedCodes& codes);

// The product's id that a cell of ours means: "bike", "products/bike".
std::string_view OwnId(std::string_view text, std::string_view collection);

// The day that the row is of; nullopt where it cannot be read.
std::optional<Date> DateOf(const ReportProfile& profile, const RowTexts& texts);

// What the row tells, or all that is wrong with it (then the errors are not empty and the content is void). `within` is
// what the report covers; unset where it covers what its rows say.
struct ReadOutcome {
  RowContent content;
  std::vector<imports::RowError> errors;
};
ReadOutcome ReadRow(const ReportProfile& profile, const RowTexts& texts, const References& references,
                    const std::optional<ReportCoverage>& within, int64_t number);

}  // namespace tributary::inventory
