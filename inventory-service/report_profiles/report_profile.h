#pragma once

// How a partner's files are read, remembered for the next one: values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "inventory-service/formats/cells.h"
#include "inventory-service/formats/sheet.h"
#include "inventory-service/partner_reports/activity.h"

namespace tributary::inventory {

// What the partner's reports of this kind tell of. The numbers are stored and are those of the wire.
enum class ReportKind : int { kSellThrough = 1, kOnHand = 2, kBoth = 3 };
std::string_view NameOf(ReportKind kind);

// What a column may hold. The numbers are stored and are those of the wire.
enum class ReportField : int {
  kActivity = 1,
  kDate = 2,
  kBoundary = 3,
  kSite = 4,
  kDocument = 5,
  kLine = 6,
  kProduct = 7,
  kLot = 8,
  kQuantity = 9,
  kUnit = 10,
  kUnitPrice = 11,
  kCurrency = 12,
  kRegion = 13,
  kEndCustomer = 14,
  kSaleType = 15,
  kOriginalDocument = 16,
  kOriginalLine = 17,
};
inline constexpr int kReportFields = 17;
// "end_customer", which is also the column that the field is read from where nothing else is said.
std::string_view NameOf(ReportField field);

// Where a field comes from: a column of the file, or one text for all rows.
struct ColumnMapping {
  ReportField field = ReportField::kDate;
  std::string column;
  std::string constant;  // where there is no column, or its cell is empty
  friend bool operator==(const ColumnMapping&, const ColumnMapping&) = default;
};

// What the partner writes for an activity, beside the names and the EDI codes, which are known.
struct ActivityCode {
  std::string code;
  Activity activity = Activity::kSellThrough;
  friend bool operator==(const ActivityCode&, const ActivityCode&) = default;
};

// What the partner writes for a unit of our products, beside the names of the units, which are known.
struct UnitCode {
  std::string code;
  std::string unit;  // id, or name of a base unit; empty for the base unit of whatever product
  friend bool operator==(const UnitCode&, const UnitCode&) = default;
};

struct ReportProfile {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  std::string display_name;
  ReportKind kind = ReportKind::kSellThrough;
  ReportFormat format = ReportFormat::kCsv;
  std::vector<ColumnMapping> columns;
  std::vector<ActivityCode> activity_codes;
  std::vector<UnitCode> unit_codes;
  std::string encoding;     // empty: found out
  std::string delimiter;    // one character; empty: found out
  std::string sheet;        // of XLSX
  int64_t header_row = 1;   // of CSV and XLSX
  std::string date_format;  // formats/cells.h
  NumberFormat numbers;
  bool partner_product_codes = false;  // cells hold the partner's own codes (PartnerCode)
  bool partner_site_codes = false;
  bool partner_customer_codes = false;
  bool is_default = false;  // for uploads that name no profile

  std::string name() const { return "partners/" + partner + "/reportProfiles/" + id; }
};

// What must hold of a profile by itself: INVALID_FIELD with all that does not, by field of the resource.
absl::Status CheckProfile(const ReportProfile& profile);

// What reports of this profile tell of.
Activities ActivitiesOf(const ReportProfile& profile);
SheetOptions SheetOptionsOf(const ReportProfile& profile);
// All that decides how a file is read, in one text: equal for two profiles that read alike.
std::string ReadingOf(const ReportProfile& profile);

// Where the field is read from: as mapped, else from what EDI calls it, else from the column of its own name.
ColumnMapping MappingOf(const ReportProfile& profile, ReportField field);

}  // namespace tributary::inventory
