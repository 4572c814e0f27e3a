#include "inventory-service/partner_reports/row_reader.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/formats/cells.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {
namespace {

constexpr size_t kLongestDocument = 255;
constexpr size_t kLongestLot = 64;
constexpr size_t kLongestCustomer = 255;
const Decimal kMostQuantity = Decimal::FromInt(1000000000);
const Decimal kMostPrice = Decimal::FromInt(1000000000000);

// Reads a row field by field and collects what is wrong.
class Reader {
 public:
  Reader(const ReportProfile& profile, const RowTexts& texts, const References& references, int64_t number)
      : profile_(profile), texts_(texts), references_(references), number_(number) {}

  void Refuse(ReportField field, std::string_view want, Reason reason = Reason::kInvalidField) {
    const std::string_view text = texts_.Get(field);
    errors_.push_back({.row = number_,
                       .column = std::string(texts_.ColumnOf(field)),
                       .got = text.empty() ? "nothing" : Printable(text),
                       .want = std::string(want),
                       .reason = reason});
  }
  template <typename T>
  T Take(ReportField field, absl::StatusOr<T> value) {
    if (value.ok()) return *std::move(value);
    for (const FieldViolation& violation : DetailOf(value.status()).violations) {
      errors_.push_back({.row = number_,
                         .column = std::string(texts_.ColumnOf(field)),
                         .got = violation.got,
                         .want = violation.want});
    }
    if (errors_.empty()) Refuse(field, Std(value.status().message()));
    return T();
  }

  Activity ReadActivity() {
    if (profile_.kind == ReportKind::kSellThrough) return Activity::kSellThrough;
    if (profile_.kind == ReportKind::kOnHand) return Activity::kOnHand;
    const std::string_view code = texts_.Get(ReportField::kActivity);
    for (const ActivityCode& own : profile_.activity_codes) {
      if (own.code == code) return own.activity;
    }
    if (const auto activity = ActivityOfCode(code)) return *activity;
    Refuse(ReportField::kActivity, "a code that the profile knows, an EDI code (QS, QA) or a name (SELL_THROUGH)");
    return Activity::kSellThrough;
  }

  Date ReadDay() {
    const std::string_view text = texts_.Get(ReportField::kDate);
    if (!text.empty()) {
      const size_t before = errors_.size();
      const Date date =
          Take(ReportField::kDate, ReadDate(text, profile_.date_format, texts_.IsTyped(ReportField::kDate)));
      dated_ = errors_.size() == before;
      return date;
    }
    Refuse(ReportField::kDate, "a date");
    return {};
  }

  Boundary ReadBoundary() {
    const std::string_view text = texts_.Get(ReportField::kBoundary);
    if (text.empty()) return Boundary::kAfterClosing;
    if (const auto boundary = BoundaryFromName(text)) return *boundary;
    Refuse(ReportField::kBoundary, "BEFORE_OPENING or AFTER_CLOSING");
    return Boundary::kAfterClosing;
  }

  std::string ReadSite(Date date) {
    std::string_view id = texts_.Get(ReportField::kSite);
    if (id.empty()) return std::string(kMainSite);
    std::string resolved;
    if (profile_.partner_site_codes) {
      if (!dated_) return {};
      resolved = references_.resolve(ReportField::kSite, id, date);
      id = LastSegment(resolved);
    } else if (id.starts_with("partners/")) {
      id = LastSegment(id);
    } else {
      id = OwnId(id, "sites/");
    }
    if (references_.sites.find(id) != references_.sites.end()) return std::string(id);
    Refuse(ReportField::kSite,
           profile_.partner_site_codes ? "a code of the partner's that stands for a site that day"
                                       : "a site of the partner",
           Reason::kReferenceNotFound);
    return {};
  }

  std::string ReadProduct(Date date) {
    std::string_view id = texts_.Get(ReportField::kProduct);
    if (id.empty()) {
      Refuse(ReportField::kProduct, "a product");
      return {};
    }
    std::string resolved;
    if (profile_.partner_product_codes) {
      if (!dated_) return {};
      resolved = references_.resolve(ReportField::kProduct, id, date);
      id = LastSegment(resolved);
    } else {
      id = OwnId(id, "products/");
    }
    if (references_.products.find(id) != references_.products.end()) return std::string(id);
    Refuse(ReportField::kProduct,
           profile_.partner_product_codes ? "a code of the partner's that stands for a product in use that day"
                                          : "a product that is in use",
           Reason::kReferenceNotFound);
    return {};
  }

  Decimal ReadNumber(ReportField field, Decimal least, Decimal most) {
    const auto value = Take(field, ReadDecimal(texts_.Get(field), profile_.numbers, texts_.IsTyped(field)));
    if (value < least || value > most) {
      Refuse(field, StrCat("between ", least.ToString(), " and ", most.ToString()));
    }
    return value;
  }

  void ReadQuantity(RowContent& content) {
    if (texts_.Get(ReportField::kQuantity).empty()) {
      return Refuse(ReportField::kQuantity, "a quantity; none is not zero");
    }
    const size_t before = errors_.size();
    const Decimal stated = ReadNumber(ReportField::kQuantity, -kMostQuantity, kMostQuantity);
    const auto known = references_.products.find(content.product);
    if (known == references_.products.end() || errors_.size() > before) return;
    const BaseUnit& base = known->second.base;
    const std::string_view unit = UnitOf();
    const auto quantity = ToBaseUnits(base, known->second.others, stated, unit);
    if (!quantity.ok()) {
      for (const FieldViolation& violation : DetailOf(quantity.status()).violations) {
        Refuse(violation.field == "unit" ? ReportField::kUnit : ReportField::kQuantity, violation.want,
               ReasonOf(quantity.status()));
      }
      if (errors_.size() == before) TooMany(base);
      return;
    }
    if (*quantity < -kMostQuantity || *quantity > kMostQuantity) TooMany(base);
    content.quantity = *quantity;
    if (unit.empty() || unit == base.name) return;
    content.unit = std::string(unit);
    content.unit_quantity = stated;
  }

  // As our products call it.
  std::string_view UnitOf() const {
    const std::string_view text = texts_.Get(ReportField::kUnit);
    for (const UnitCode& own : profile_.unit_codes) {
      if (own.code == text) return own.unit;
    }
    return text;
  }

  void ReadDocument(RowContent& content) {
    content.document = Short(ReportField::kDocument, kLongestDocument);
    content.line = ReadLine(ReportField::kLine);
  }

  std::string ReadLot() {
    const std::string_view text = texts_.Get(ReportField::kLot);
    const bool code = text.size() <= kLongestLot &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7F && c != '/'; });
    if (!code) Refuse(ReportField::kLot, "a code of 1 to 64 printable ASCII characters without space and '/'");
    return std::string(text);
  }

  void ReadPrice(RowContent& content) {
    if (texts_.Get(ReportField::kUnitPrice).empty()) return;
    content.unit_price = ReadNumber(ReportField::kUnitPrice, Decimal(), kMostPrice);
    content.currency = texts_.Get(ReportField::kCurrency);
    if (!CurrencyExponent(content.currency).has_value() || content.currency == kPoints) {
      Refuse(ReportField::kCurrency, "the currency of the price, an ISO 4217 code like CNY");
    }
  }

  std::string ReadRegion(std::string_view site) {
    const std::string_view text = texts_.Get(ReportField::kRegion);
    if (text.empty()) {
      const auto known = references_.sites.find(site);
      return known == references_.sites.end() ? std::string() : known->second;
    }
    const std::string_view id = OwnId(text, "regions/");
    if (!ParseResourceName(StrCat("regions/", id), "regions/{region}").ok()) {
      Refuse(ReportField::kRegion, "a region's id, such as cn-51");
    }
    return std::string(id);
  }

  std::string ReadCustomer(Date date) {
    const std::string text = Short(ReportField::kEndCustomer, kLongestCustomer);
    if (!profile_.partner_customer_codes || text.empty() || !dated_) return text;
    const std::string resolved = references_.resolve(ReportField::kEndCustomer, text, date);
    if (resolved.empty()) {
      Refuse(ReportField::kEndCustomer, "a code of the partner's that stands for a customer that day",
             Reason::kReferenceNotFound);
    }
    return resolved;
  }

  int ReadSaleType() {
    constexpr std::string_view kNames[] = {"NEW", "RENEWAL", "EXPANSION"};
    const std::string_view text = texts_.Get(ReportField::kSaleType);
    if (text.empty()) return 0;
    const auto at = std::find(std::begin(kNames), std::end(kNames), text);
    if (at != std::end(kNames)) return static_cast<int>(at - std::begin(kNames)) + 1;
    Refuse(ReportField::kSaleType, "NEW, RENEWAL or EXPANSION");
    return 0;
  }

  std::string ReadOriginalSale() {
    const std::string document = Short(ReportField::kOriginalDocument, kLongestDocument);
    const int line = ReadLine(ReportField::kOriginalLine);
    // A document alone does not tell which of its lines came back.
    if (document.empty() || line == 0) return {};
    return StrCat("partners/", profile_.partner, "/sales/", SaleSegment(DocumentSegment(document), line, 0));
  }

  std::string Short(ReportField field, size_t longest) {
    const std::string_view text = texts_.Get(field);
    if (text.size() > longest) Refuse(field, StrCat("at most ", longest, " bytes"));
    return std::string(text);
  }

  void CheckWithin(const RowContent& content, const std::optional<ReportCoverage>& within) {
    if (!within.has_value()) return;
    const Cell& cell = content.cell;
    if (cell.date < within->from || within->to < cell.date) {
      Refuse(ReportField::kDate,
             StrCat("a day that the report covers, ", within->from.ToString(), " to ", within->to.ToString()));
    }
    if (!within->activities.Contains(cell.activity)) {
      Refuse(ReportField::kActivity, "an activity that the report covers");
    }
    if (!within->CoversSite(cell.site)) Refuse(ReportField::kSite, "a site that the report covers");
  }

  std::vector<imports::RowError> errors() && { return std::move(errors_); }
  bool clean() const { return errors_.empty(); }

 private:
  static std::string_view LastSegment(std::string_view name) { return name.substr(name.rfind('/') + 1); }

  void TooMany(const BaseUnit& base) {
    Refuse(ReportField::kQuantity, StrCat("at most ", kMostQuantity.ToString(), " ", base.name));
  }

  // 0 where it is not told.
  int ReadLine(ReportField field) {
    const std::string_view text = texts_.Get(field);
    if (text.empty()) return 0;
    int line = 0;
    if (texts_.IsTyped(field) || std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      if (absl::SimpleAtoi(Abseil(text), &line) && line >= 1 && line <= 1000000) return line;
    }
    Refuse(field, "a whole number from 1 to 1000000");
    return 0;
  }

  const ReportProfile& profile_;
  const RowTexts& texts_;
  const References& references_;
  const int64_t number_;
  bool dated_ = false;  // what a code stands for is known of a day alone
  std::vector<imports::RowError> errors_;
};

}  // namespace

RowTexts::RowTexts(const ReportProfile& profile, const std::vector<std::pair<std::string, std::string>>& cells,
                   const std::vector<std::string>& typed) {
  for (int i = 1; i <= kReportFields; ++i) {
    const ColumnMapping mapping = MappingOf(profile, static_cast<ReportField>(i));
    Text& text = texts_[i];
    text.column = mapping.column;
    if (!mapping.column.empty()) {
      const auto cell =
          std::find_if(cells.begin(), cells.end(), [&](const auto& one) { return one.first == mapping.column; });
      if (cell != cells.end()) text.text = TrimCell(cell->second);
      text.typed = std::find(typed.begin(), typed.end(), mapping.column) != typed.end();
    }
    if (text.text.empty()) {
      text.text = TrimCell(mapping.constant);
      text.typed = false;
    }
  }
}

std::string_view RowTexts::ColumnOf(ReportField field) const {
  const std::string& column = texts_[static_cast<int>(field)].column;
  return column.empty() ? NameOf(field) : std::string_view(column);
}

std::string_view OwnId(std::string_view text, std::string_view collection) {
  if (text.starts_with(collection)) text.remove_prefix(collection.size());
  return text;
}

void CollectCodes(const RowTexts& texts, NamedCodes& codes) {
  const auto add = [](std::string_view text, std::set<std::string, std::less<>>& to) {
    if (!text.empty() && to.find(text) == to.end()) to.emplace(text);
  };
  add(texts.Get(ReportField::kProduct), codes.products);
  add(texts.Get(ReportField::kSite), codes.sites);
  add(texts.Get(ReportField::kEndCustomer), codes.customers);
}

std::optional<Date> DateOf(const ReportProfile& profile, const RowTexts& texts) {
  const auto date = ReadDate(texts.Get(ReportField::kDate), profile.date_format, texts.IsTyped(ReportField::kDate));
  return date.ok() ? std::optional(*date) : std::nullopt;
}

ReadOutcome ReadRow(const ReportProfile& profile, const RowTexts& texts, const References& references,
                    const std::optional<ReportCoverage>& within, int64_t number) {
  Reader reader(profile, texts, references, number);
  RowContent content;
  content.cell.activity = reader.ReadActivity();
  content.cell.date = reader.ReadDay();
  content.cell.site = reader.ReadSite(content.cell.date);
  const bool sold = content.cell.activity == Activity::kSellThrough;
  if (content.cell.activity == Activity::kOnHand) content.boundary = reader.ReadBoundary();
  reader.ReadDocument(content);
  content.product = reader.ReadProduct(content.cell.date);
  content.lot = reader.ReadLot();
  reader.ReadQuantity(content);
  // A return goes back, whichever way its sign is.
  const bool returned = sold && profile.kind == ReportKind::kBoth && texts.Get(ReportField::kActivity) == "RETURN";
  if (returned && !content.quantity.negative()) {
    content.quantity = -content.quantity;
    content.unit_quantity = -content.unit_quantity;
  }
  // What a customer has to do with is told of sales alone.
  if (sold) {
    reader.ReadPrice(content);
    content.region = reader.ReadRegion(content.cell.site);
    content.end_customer = reader.ReadCustomer(content.cell.date);
    content.sale_type = reader.ReadSaleType();
    content.original_sale = reader.ReadOriginalSale();
  }
  if (reader.clean()) reader.CheckWithin(content, within);
  return {std::move(content), std::move(reader).errors()};
}

}  // namespace tributary::inventory
