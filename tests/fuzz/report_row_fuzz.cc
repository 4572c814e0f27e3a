// libFuzzer: any profile of a partner's reports is refused by field, or reads back as itself and reads any sheet: each
// row tells something that may be stored, or what is wrong with it; codes are looked up only where they were collected
// before; and of the rows that share a key none tells otherwise than the others. Since few texts are a sheet with the
// columns of a profile, the input is also read below the header that a profile without columns expects.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/rpc/validation.h"
#include "common/status/status.h"
#include "inventory-service/formats/sheet.h"
#include "inventory-service/partner_reports/report_row.h"
#include "inventory-service/partner_reports/row_reader.h"
#include "inventory-service/report_profiles/report_profile_proto.h"
#include "tests/fuzz/any_message.h"

namespace {

using namespace tributary;             // NOLINT
using namespace tributary::inventory;  // NOLINT

constexpr std::string_view kHeader =
    "activity,date,boundary,site,document,line,product,lot,quantity,unit,unit_price,currency,region,end_customer,"
    "sale_type,original_document,original_line\n";
const Decimal kMost = Decimal::FromInt(1000000000);

void Require(bool holds) {
  if (!holds) std::abort();
}

// Products x (in whole units; a box of 12, a third) and 1, sites main and north; the partner's codes begin with these.
References WorldOf(const NamedCodes& named) {
  References references;
  references.products["x"] = {
      .base = {.name = "each", .step = Decimal::FromInt(1)},
      .others = {{.id = "box", .factor_num = 12, .pack = true}, {.id = "third", .factor_den = 3}}};
  references.products["1"] = {.base = {.name = "each"}, .others = {}};
  references.sites = {{"main", ""}, {"north", "cn-50"}};
  references.resolve = [&named](ReportField field, std::string_view code, Date) -> std::string {
    const auto& collected = field == ReportField::kProduct ? named.products
                            : field == ReportField::kSite  ? named.sites
                                                           : named.customers;
    Require(collected.find(code) != collected.end());
    if (code.size() % 2 == 0) return "";
    if (field == ReportField::kProduct) return "products/x";
    return field == ReportField::kSite ? "partners/p-1/sites/north" : "customers/c";
  };
  return references;
}

void CheckContent(const RowContent& content, const References& references, const ReportCoverage& within) {
  Require(within.Covers(content.cell));
  Require(references.products.find(content.product) != references.products.end());
  Require(references.sites.find(content.cell.site) != references.sites.end());
  Require(-kMost <= content.quantity && content.quantity <= kMost);
  Require(content.document.size() <= 255 && content.end_customer.size() <= 255 && content.lot.size() <= 64);
  Require(content.line >= 0 && content.line <= 1000000);
  Require(!content.unit_price.has_value() || (!content.unit_price->negative() && !content.currency.empty()));
}

void ReadAll(const ReportProfile& profile, std::string_view text) {
  SheetOptions options = SheetOptionsOf(profile);
  options.limits = {.rows = 50, .cells = 1000, .columns = 40, .cell_bytes = 400, .problems = 40};
  const absl::StatusOr<Sheet> sheet = ReadSheet(profile.format, text, options);
  if (!sheet.ok()) return;
  std::vector<ReportRow> rows;
  std::vector<RowTexts> texts;
  NamedCodes named;
  for (const SheetRow& row : sheet->rows) {
    ReportRow& out = rows.emplace_back();
    out.number = row.number;
    for (size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].empty()) continue;
      if (row.IsTyped(i)) out.typed.push_back(sheet->columns[i]);
      out.cells.emplace_back(sheet->columns[i], row.cells[i]);
    }
    texts.emplace_back(profile, out.cells, out.typed);
    CollectCodes(texts.back(), named);
  }
  const References references = WorldOf(named);
  const ReportCoverage within = {.from = Date::FromYmd(2000, 1, 1).value(),
                                 .to = Date::FromYmd(2099, 12, 31).value(),
                                 .activities = ActivitiesOf(profile),
                                 .sites = {}};
  std::vector<ReportRow*> read;
  for (size_t i = 0; i < rows.size(); ++i) {
    ReadOutcome outcome = ReadRow(profile, texts[i], references, within, rows[i].number);
    if (!outcome.errors.empty()) {
      for (const imports::RowError& error : outcome.errors) {
        Require(error.row == rows[i].number && !error.column.empty() && !error.want.empty());
      }
      continue;
    }
    CheckContent(outcome.content, references, within);
    Require(DateOf(profile, texts[i]) == std::optional(outcome.content.cell.date));
    rows[i].content = std::move(outcome.content);
    rows[i].state = RowState::kAccepted;
    read.push_back(&rows[i]);
  }
  AssignKeys(read, {});
  std::map<RowKey, std::string> told;
  for (const ReportRow* row : read) {
    if (row->state == RowState::kRejected) {
      Require(!row->errors.empty());
      continue;
    }
    Require(told.try_emplace(row->key, row->digest).first->second == row->digest);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::AnyMessage bytes(data, size);
  const uint8_t choice = bytes.Byte();
  v1::CreateReportProfileRequest request;
  request.set_parent("partners/p-1");
  request.set_report_profile_id("pos");
  v1::ReportProfile& message = *request.mutable_report_profile();
  bytes.Fill(&message);
  message.clear_name();
  // Few texts are a workbook; xlsx_fuzz has them.
  message.set_format(choice % 4 == 3 ? v1::ReportProfile::JSON : v1::ReportProfile::CSV);
  if (choice / 4 % 4 != 0) {
    static constexpr const char* kDates[] = {"", "DD.MM.YYYY", "M/D/YYYY", "YYYY年M月D日"};
    message.set_date_format(kDates[choice / 16 % 4]);
    for (auto* text : {message.mutable_encoding(), message.mutable_delimiter(), message.mutable_decimal_point(),
                       message.mutable_grouping()}) {
      text->clear();
    }
    message.set_header_row(1);
    message.set_kind(static_cast<v1::ReportProfile::Kind>(1 + choice % 3));
  }
  if (choice / 64 != 0) message.clear_columns();
  if (!rpc::Validate(request).ok()) return 0;
  absl::StatusOr<ReportProfile> profile = FromProto(message);
  if (!profile.ok()) {
    Require(!DetailOf(profile.status()).violations.empty());
    return 0;
  }
  profile->partner = "p-1";
  profile->id = "pos";
  const absl::StatusOr<ReportProfile> again = FromProto(ToProto(*profile));
  Require(again.ok() && ReadingOf(*again) == ReadingOf(*profile));
  const std::string_view text = bytes.Rest();
  ReadAll(*profile, text);
  ReadAll(*profile, std::string(kHeader) + std::string(text));
  return 0;
}
