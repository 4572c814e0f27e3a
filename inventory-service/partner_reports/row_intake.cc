#include "inventory-service/partner_reports/row_intake.h"

#include <map>
#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/formats/sheet.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/partner_codes/partner_code_store.h"
#include "inventory-service/partner_reports/row_reader.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/units/unit_conversion_store.h"

namespace tributary::inventory {
namespace {

using Codes = std::set<std::string, std::less<>>;

std::vector<std::string_view> Views(const Codes& codes) { return {codes.begin(), codes.end()}; }

// What the partner's codes of one kind stand for; empty where the profile does not use them.
absl::StatusOr<CodeTable> TableOf(mysql::Transaction& sql, std::string_view partner, CodeKind kind, bool used,
                                  const Codes& codes) {
  if (!used || codes.empty()) return CodeTable();
  return PartnerCodeStore().Table(sql, partner, kind, Views(codes));
}

// The products that rows may mean: those named, and those that codes stand for on any day.
absl::Status FindUnits(mysql::Transaction& sql, const Codes& ids, References* references) {
  constexpr size_t kAtOnce = 1000;
  const std::vector<std::string_view> all = Views(ids);
  for (size_t at = 0; at < all.size(); at += kAtOnce) {
    const std::vector<std::string_view> some(all.begin() + at, all.begin() + std::min(at + kAtOnce, all.size()));
    ASSIGN_OR_RETURN(const auto found, FindProducts(sql, some));
    ASSIGN_OR_RETURN(auto units, UnitConversionStore().Of(sql, some));
    for (const auto& [id, product] : found) {
      references->products.emplace(id, ProductUnits{.base = product.unit, .others = std::move(units[id])});
    }
  }
  return absl::OkStatus();
}

absl::Status FindSites(mysql::Transaction& sql, std::string_view partner, References* references) {
  references->sites.emplace(kMainSite, "");
  constexpr int kAtOnce = 1000;
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<Site> sites,
                     SiteStore().List(sql, partner, partner, after, SqlPredicate(), kAtOnce));
    for (const Site& site : sites) references->sites.insert_or_assign(site.id, site.region);
    if (sites.size() < kAtOnce) return absl::OkStatus();
    after = sites.back().id;
  }
}

}  // namespace

absl::StatusOr<SourceRows> ReadFile(const ReportProfile& profile, std::string_view bytes) {
  SheetOptions options = SheetOptionsOf(profile);
  options.limits.bytes = kMostBytes;
  options.limits.rows = kMostRows;
  options.limits.problems = kMostRows;
  auto sheet = ReadSheet(profile.format, bytes, options);
  if (!sheet.ok()) return AtField(sheet.status(), "content");
  SourceRows source{.encoding = std::move(sheet->encoding)};
  std::map<int64_t, ReportRow> by_number;
  for (SheetRow& row : sheet->rows) {
    ReportRow& out = by_number[row.number];
    for (size_t i = 0; i < row.cells.size(); ++i) {
      if (row.cells[i].empty()) continue;
      if (row.IsTyped(i)) out.typed.push_back(sheet->columns[i]);
      out.cells.emplace_back(sheet->columns[i], std::move(row.cells[i]));
    }
  }
  for (RowProblem& problem : sheet->problems) {
    by_number[problem.row].errors.push_back({.row = problem.row,
                                             .column = std::move(problem.column),
                                             .got = std::move(problem.got),
                                             .want = std::move(problem.want)});
  }
  if (by_number.empty()) {
    return InvalidField("content", "a file without rows", "rows; that there is nothing to tell is a zero_report");
  }
  if (by_number.size() > static_cast<size_t>(kMostRows)) {
    return InvalidField("content", StrCat(by_number.size(), " rows"), StrCat("at most ", kMostRows));
  }
  source.rows = RowsByNumber(std::move(by_number));
  return source;
}

absl::Status ReadRows(mysql::Transaction& sql, const ReportProfile& profile, const ReportCoverage& coverage,
                      absl::Time now, std::vector<ReportRow>& rows) {
  std::vector<RowTexts> texts;
  texts.reserve(rows.size());
  NamedCodes named;
  for (const ReportRow& row : rows) {
    // What somebody wrote over a cell is theirs, and written as the partner writes.
    std::vector<std::string> typed = row.typed;
    for (const auto& [column, value] : row.repairs) std::erase(typed, column);
    texts.emplace_back(profile, EffectiveCells(row), typed);
    CollectCodes(texts.back(), named);
  }
  ASSIGN_OR_RETURN(const CodeTable products,
                   TableOf(sql, profile.partner, CodeKind::kProduct, profile.partner_product_codes, named.products));
  ASSIGN_OR_RETURN(const CodeTable sites,
                   TableOf(sql, profile.partner, CodeKind::kSite, profile.partner_site_codes, named.sites));
  ASSIGN_OR_RETURN(const CodeTable customers,
                   TableOf(sql, profile.partner, CodeKind::kCustomer, profile.partner_customer_codes, named.customers));
  References references;
  references.resolve = [&](ReportField field, std::string_view code, Date date) {
    const CodeTable& table = field == ReportField::kProduct ? products
                             : field == ReportField::kSite  ? sites
                                                            : customers;
    const std::string* const target = table.Find(code, date);
    return target == nullptr ? std::string() : *target;
  };
  Codes ids;
  for (const RowTexts& text : texts) {
    if (!profile.partner_product_codes) {
      ids.emplace(OwnId(text.Get(ReportField::kProduct), "products/"));
    } else if (const auto date = DateOf(profile, text); date.has_value()) {
      const std::string* const target = products.Find(text.Get(ReportField::kProduct), *date);
      if (target != nullptr) ids.emplace(OwnId(*target, "products/"));
    }
  }
  RETURN_IF_ERROR(FindUnits(sql, ids, &references));
  RETURN_IF_ERROR(FindSites(sql, profile.partner, &references));
  for (size_t i = 0; i < rows.size(); ++i) {
    ReportRow& row = rows[i];
    ReadOutcome outcome = ReadRow(profile, texts[i], references, coverage, row.number);
    // A row that did not come out of its file whole is read once somebody has repaired it.
    if (row.cells.empty() && !row.errors.empty() && !row.repaired()) continue;
    row.errors = std::move(outcome.errors);
    row.content.reset();
    row.state = RowState::kRejected;
    if (!row.errors.empty()) continue;
    row.content = std::move(outcome.content);
    row.state = RowState::kAccepted;
    row.read_time = now;
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
