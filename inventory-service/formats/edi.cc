#include "inventory-service/formats/edi.h"

#include <array>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/date.h"
#include "inventory-service/formats/edi_segments.h"
#include "inventory-service/formats/sheet_builder.h"

namespace tributary::inventory {
namespace {

enum Column {
  kDocument,
  kLine,
  kActivity,
  kProductCode,
  kProductCodeKind,
  kQuantity,
  kUnit,
  kDate,
  kPeriodFrom,
  kPeriodTo,
  kSiteCode,
  kCustomerCode,
  kCustomerName,
  kLot,
  kSerial,
  kPrice,
  kAmount,
  kOriginalDocument,
  kActivityCode,
  kColumns,
};

using Cells = std::array<std::string, kColumns>;

// "20240331", also "2024-03-31"; nothing where it is none.
std::optional<std::string> DateText(std::string_view text) {
  std::string digits(text);
  if (digits.size() == 8) digits = StrCat(digits.substr(0, 4), "-", digits.substr(4, 2), "-", digits.substr(6));
  const auto date = Date::Parse(digits);
  return date.ok() ? std::optional<std::string>(date->ToString()) : std::nullopt;
}

std::string Activity852(std::string_view code) {
  static const std::map<std::string_view, std::string> known = {
      {"QS", "SALE"},         {"QU", "RETURN"},   {"QA", "ON_HAND"},    {"QR", "RECEIPT"},
      {"QO", "OUT_OF_STOCK"}, {"QP", "ON_ORDER"}, {"QT", "ADJUSTMENT"}, {"QZ", "TRANSFER"}};
  const auto found = known.find(code);
  return found == known.end() ? "OTHER" : found->second;
}

// What was done with the goods is in PTD01; QTY01 says more only where it is a return, or stock.
std::string Activity867(std::string_view transfer, std::string_view quantity) {
  static const std::map<std::string_view, std::string> quantities = {
      {"17", "ON_HAND"}, {"33", "ON_HAND"}, {"76", "RETURN"}};
  static const std::map<std::string_view, std::string> transfers = {
      {"SS", "SALE"},     {"SD", "SALE"},     {"SH", "SALE"},       {"DS", "SALE"},       {"PL", "SALE"},
      {"RB", "RETURN"},   {"RP", "RETURN"},   {"RU", "RETURN"},     {"BN", "RETURN"},     {"RV", "RETURN_TO_VENDOR"},
      {"IB", "TRANSFER"}, {"BJ", "TRANSFER"}, {"IA", "ADJUSTMENT"}, {"SA", "ADJUSTMENT"}, {"SC", "SCRAP"},
      {"TD", "SCRAP"},    {"SM", "SAMPLE"},   {"RC", "RECEIPT"}};
  if (const auto found = quantities.find(quantity); found != quantities.end()) return found->second;
  if (const auto found = transfers.find(transfer); found != transfers.end()) return found->second;
  return quantity == "32" ? "SALE" : "OTHER";
}

// The place of a qualifier in an order of preference; nothing where it is not in it.
std::optional<size_t> RankOf(std::string_view qualifier, const std::vector<std::string_view>& order) {
  for (size_t i = 0; i < order.size(); ++i) {
    if (order[i] == qualifier) return i;
  }
  return std::nullopt;
}

// A party of an N1 loop that is preferred to those before it.
struct Party {
  std::string code;
  std::string name;
  size_t rank = 1000;

  void Offer(const EdiSegment& n1, const std::vector<std::string_view>& order) {
    const auto offered = RankOf(n1[1], order);
    if (!offered.has_value() || *offered >= rank) return;
    *this = {std::string(n1[4]), std::string(n1[2]), *offered};
  }
};

// The product, lot and serial that a LIN names.
void ReadItem(const EdiSegment& lin, Cells* cells) {
  static const std::vector<std::string_view> order = {"UP", "UK", "EN", "UI", "VN", "VP", "VC", "MG", "BP", "IN", "SK"};
  size_t best = order.size() + 1;
  for (const Column column : {kProductCode, kProductCodeKind, kLot, kSerial}) (*cells)[column].clear();
  for (size_t i = 2; i + 1 < lin.elements.size(); i += 2) {
    if (lin[i + 1].empty()) continue;
    if (lin[i] == "LT") (*cells)[kLot] = lin[i + 1];
    if (lin[i] == "SE") (*cells)[kSerial] = lin[i + 1];
    if (lin[i] == "LT" || lin[i] == "SE") continue;
    const size_t rank = RankOf(lin[i], order).value_or(order.size());
    if (rank >= best) continue;
    best = rank;
    (*cells)[kProductCodeKind] = lin[i];
    (*cells)[kProductCode] = lin[i + 1];
  }
}

// What both kinds of transaction sets share: the document's lines as rows.
class Document {
 public:
  Document(SheetBuilder& builder, const EdiEnvelope& envelope) : builder_(builder), component_(envelope.component) {
    base_[kDocument] = StrCat(envelope.interchange, "-", envelope.group, "-", envelope.set);
  }

 protected:
  std::string_view Part(std::string_view element, size_t component) const {
    return Component(element, component_, component);
  }
  // Sets a column to a date; what is none makes the line a problem.
  void SetDate(const EdiSegment& segment, size_t element, Column column, Cells* cells) {
    SetDate(segment, segment[element], column, cells);
  }
  void SetDate(const EdiSegment& segment, std::string_view text, Column column, Cells* cells) {
    if (text.empty()) return;
    if (auto date = DateText(text)) {
      (*cells)[column] = *std::move(date);
    } else {
      (*cells)[column] = "?";
      bad_dates_[StrCat(column)] = {segment.number, EdiColumns()[column], std::string(text), "a date as CCYYMMDD"};
    }
  }

  // Ends a line: a row or, where something in it is wrong, problems.
  absl::Status Give(int64_t number, Cells cells) {
    cells[kLine] = StrCat(++line_);
    bool good = true;
    const auto refuse = [&](Column column, std::string_view got, std::string_view want) {
      good = false;
      return builder_.Problem(number, EdiColumns()[column], got, want);
    };
    if (cells[kProductCode].empty()) RETURN_IF_ERROR(refuse(kProductCode, "", "a product in LIN"));
    for (const Column column : {kDate, kPeriodFrom, kPeriodTo}) {
      if (cells[column] != "?") continue;
      const RowProblem& bad = bad_dates_[StrCat(column)];
      RETURN_IF_ERROR(refuse(column, bad.got, bad.want));
    }
    if (cells[kQuantity].empty()) RETURN_IF_ERROR(refuse(kQuantity, "", "a quantity"));
    SheetRow row{.number = number, .typed = std::vector<bool>(kColumns)};
    for (const Column column : {kQuantity, kPrice, kAmount}) {
      if (cells[column].empty()) continue;
      const auto value = Decimal::Parse(cells[column]);
      if (!value.ok()) {
        RETURN_IF_ERROR(refuse(column, cells[column], "a number of at most 6 decimals"));
        continue;
      }
      if (column == kQuantity && returns_ && !value->negative()) cells[column] = (-*value).ToString();
    }
    if (!good) return absl::OkStatus();
    for (const Column column : {kLine, kQuantity, kDate, kPeriodFrom, kPeriodTo, kPrice, kAmount}) {
      row.typed[column] = !cells[column].empty();
    }
    row.cells.assign(std::make_move_iterator(cells.begin()), std::make_move_iterator(cells.end()));
    return builder_.Add(std::move(row));
  }
  void SkipLine() { ++line_; }

  SheetBuilder& builder_;
  const char component_;
  Cells base_;            // what the heading says of every line
  bool returns_ = false;  // the quantity goes back, whichever way its sign is

 private:
  int line_ = 0;
  std::map<std::string, RowProblem> bad_dates_;
};

class ProductActivity : public Document {
 public:
  using Document::Document;

  absl::Status Read(const std::vector<EdiSegment>& segments) {
    static const std::vector<std::string_view> kSites = {"SN", "SO", "ST", "WH", "RL", "BY", "DB"};
    Party site;
    Party item_site;
    bool in_items = false;
    for (const EdiSegment& segment : segments) {
      const std::string_view name = segment.name();
      if (name == "XQ") {
        SetDate(segment, 2, kPeriodFrom, &base_);
        SetDate(segment, 3, kPeriodTo, &base_);
        if (segment[3].empty()) base_[kPeriodTo] = base_[kPeriodFrom];
      } else if (name == "LIN") {
        RETURN_IF_ERROR(EndActivity());
        in_items = true;
        item_site = site;
        item_ = base_;
        ReadItem(segment, &item_);
      } else if (name == "N1") {
        RETURN_IF_ERROR(EndActivity());
        if (in_items) item_site.rank = 1000;
        (in_items ? item_site : site).Offer(segment, kSites);
      } else if (name == "CTP" && in_items) {
        item_[kPrice] = segment[3];
      } else if (name == "AMT" && in_items) {
        (activity_.has_value() ? activity_->cells : item_)[kAmount] = segment[2];
      } else if (name == "REF" && in_items && (segment[1] == "LT" || segment[1] == "BT")) {
        (activity_.has_value() ? activity_->cells : item_)[kLot] = segment[2];
      } else if (name == "ZA") {
        RETURN_IF_ERROR(EndActivity());
        BeginActivity(segment, item_site);
      } else if (name == "SDQ") {
        RETURN_IF_ERROR(AddPlaces(segment));
      }
    }
    return EndActivity();
  }

 private:
  static constexpr int64_t kPlaces = 100;  // an SDQ has ten at most

  struct PerPlace {
    int64_t number;
    std::string unit, site, quantity;
  };
  struct Activity {
    int64_t number;
    Cells cells;
    std::vector<PerPlace> places;
  };

  void BeginActivity(const EdiSegment& za, const Party& site) {
    activity_ = Activity{.number = za.number * kPlaces, .cells = item_};
    Cells& cells = activity_->cells;
    cells[kActivityCode] = za[1];
    cells[kActivity] = Activity852(za[1]);
    cells[kQuantity] = za[2];
    cells[kUnit] = Part(za[3], 1);
    cells[kSiteCode] = site.code;
    SetDate(za, 5, kDate, &cells);
    if (za[5].empty() && cells[kPeriodFrom] == cells[kPeriodTo]) cells[kDate] = cells[kPeriodFrom];
  }

  // SDQ: unit, qualifier, then pairs of a place and its quantity.
  absl::Status AddPlaces(const EdiSegment& sdq) {
    if (!activity_.has_value()) return InvalidField(StrCat("segment ", sdq.number), "SDQ", "ZA before it");
    for (size_t i = 3; i + 1 < sdq.elements.size() && i < 23; i += 2) {
      if (sdq[i].empty() && sdq[i + 1].empty()) continue;
      // Several rows may end with one segment.
      activity_->places.push_back({sdq.number * kPlaces + static_cast<int64_t>(i - 1) / 2, std::string(Part(sdq[1], 1)),
                                   std::string(sdq[i]), std::string(sdq[i + 1])});
    }
    return absl::OkStatus();
  }

  absl::Status EndActivity() {
    if (!activity_.has_value()) return absl::OkStatus();
    const Activity activity = *std::exchange(activity_, std::nullopt);
    returns_ = activity.cells[kActivity] == "RETURN";
    if (activity.places.empty()) return Give(activity.number, activity.cells);
    if (!activity.cells[kQuantity].empty()) {
      const auto stated = Decimal::Parse(activity.cells[kQuantity]);
      Decimal sum;
      bool readable = stated.ok();
      for (const PerPlace& place : activity.places) {
        const auto quantity = Decimal::Parse(place.quantity);
        readable = readable && quantity.ok();
        if (quantity.ok()) sum += *quantity;
      }
      if (readable && *stated != sum) {
        // Which of them is wrong is not known, so none is taken.
        for (const PerPlace& place : activity.places) {
          SkipLine();
          RETURN_IF_ERROR(builder_.Problem(place.number, EdiColumns()[kQuantity], activity.cells[kQuantity],
                                           StrCat(sum.ToString(), ", the sum of its SDQ")));
        }
        return absl::OkStatus();
      }
    }
    for (const PerPlace& place : activity.places) {
      Cells cells = activity.cells;
      cells[kQuantity] = place.quantity;
      cells[kSiteCode] = place.site;
      if (!place.unit.empty()) cells[kUnit] = place.unit;
      cells[kAmount].clear();  // of all places together
      RETURN_IF_ERROR(Give(place.number, std::move(cells)));
    }
    return absl::OkStatus();
  }

  Cells item_;
  std::optional<Activity> activity_;
};

class ProductTransfer : public Document {
 public:
  using Document::Document;

  absl::Status Read(const std::vector<EdiSegment>& segments) {
    static const std::vector<std::string_view> kSites = {"SF", "WH", "DB", "DS", "SE"};
    static const std::vector<std::string_view> kCustomers = {"EN", "ST", "BY", "BT", "UC", "SO"};
    Party heading_site;
    enum { kHeading, kTransfer, kQuantityLoop } where = kHeading;
    for (const EdiSegment& segment : segments) {
      const std::string_view name = segment.name();
      Cells& cells = where == kHeading ? base_ : where == kTransfer ? transfer_ : row_;
      if (name == "BPT") {
        if (!segment[2].empty()) base_[kDocument] = segment[2];
      } else if (name == "PTD") {
        RETURN_IF_ERROR(EndLine());
        where = kTransfer;
        transfer_ = base_;
        transfer_code_ = segment[1];
        for (const std::string_view invoice : {"IV", "IN", "OI"}) {
          if (segment[4] == invoice) transfer_[kOriginalDocument] = segment[5];
        }
        site_ = heading_site;
        site_.rank = 1000;
        customer_ = Party();
      } else if (name == "QTY") {
        RETURN_IF_ERROR(EndLine());
        where = kQuantityLoop;
        row_ = transfer_;
        quantity_segment_ = segment.number;
        row_[kActivity] = Activity867(transfer_code_, segment[1]);
        row_[kActivityCode] = StrCat(transfer_code_, "/", segment[1]);
        row_[kQuantity] = segment[2];
        row_[kUnit] = Part(segment[3], 1);
      } else if (name == "LIN") {
        ReadItem(segment, &cells);
      } else if (name == "N1") {
        if (where == kHeading) {
          heading_site.Offer(segment, kSites);
        } else {
          site_.Offer(segment, kSites);
          customer_.Offer(segment, kCustomers);
        }
      } else if (name == "DTM") {
        ReadDate(segment, where == kHeading, &cells);
      } else if (name == "REF" && where != kHeading) {
        ReadReference(segment, &cells);
      } else if (name == "UIT" && where == kQuantityLoop) {
        cells[kPrice] = segment[2];
      } else if (name == "AMT" && where == kQuantityLoop) {
        cells[kAmount] = segment[2];
      } else if (name == "CTT" || name == "SE") {
        RETURN_IF_ERROR(EndLine());
        where = kHeading;
      }
    }
    return absl::OkStatus();
  }

 private:
  void ReadDate(const EdiSegment& dtm, bool heading, Cells* cells) {
    static const std::vector<std::string_view> kActivityDates = {"003", "011", "035", "050", "097", "514"};
    const std::string_view qualifier = dtm[1];
    if (qualifier == "090") SetDate(dtm, 2, kPeriodFrom, cells);
    if (qualifier == "091") SetDate(dtm, 2, kPeriodTo, cells);
    if ((qualifier == "582" || qualifier == "007") && dtm[5] == "RD8") {
      const std::string_view range = dtm[6];
      const size_t dash = range.find('-');
      SetDate(dtm, range.substr(0, dash), kPeriodFrom, cells);
      SetDate(dtm, dash == std::string_view::npos ? "?" : range.substr(dash + 1), kPeriodTo, cells);
    }
    if (!heading && RankOf(qualifier, kActivityDates).has_value()) SetDate(dtm, 2, kDate, cells);
  }

  void ReadReference(const EdiSegment& ref, Cells* cells) {
    const std::string_view qualifier = ref[1];
    if (qualifier == "LT" || qualifier == "BT") (*cells)[kLot] = ref[2];
    if (qualifier == "SE") (*cells)[kSerial] = ref[2];
    if (qualifier == "OI") (*cells)[kOriginalDocument] = ref[2];
    if ((qualifier == "IV" || qualifier == "IN") && (*cells)[kOriginalDocument].empty()) {
      (*cells)[kOriginalDocument] = ref[2];
    }
  }

  absl::Status EndLine() {
    if (quantity_segment_ == 0) return absl::OkStatus();
    row_[kSiteCode] = site_.code;
    row_[kCustomerCode] = customer_.code;
    row_[kCustomerName] = customer_.name;
    returns_ = row_[kActivity] == "RETURN" || row_[kActivity] == "RETURN_TO_VENDOR";
    return Give(std::exchange(quantity_segment_, 0), row_);
  }

  std::string transfer_code_;
  Cells transfer_;
  Cells row_;
  Party site_;
  Party customer_;
  int64_t quantity_segment_ = 0;
};

}  // namespace

const std::vector<std::string>& EdiColumns() {
  static const std::vector<std::string> columns = {
      "document", "line",        "activity",  "product_code",      "product_code_kind", "quantity",      "unit",
      "date",     "period_from", "period_to", "site_code",         "customer_code",     "customer_name", "lot",
      "serial",   "price",       "amount",    "original_document", "activity_code"};
  return columns;
}

absl::StatusOr<Sheet> ReadEdi(ReportFormat format, std::string_view text, const SheetLimits& limits) {
  SheetBuilder builder(limits);
  RETURN_IF_ERROR(builder.SetHeader(0, EdiColumns()));
  const bool activity = format == ReportFormat::kEdi852;
  RETURN_IF_ERROR(ReadInterchanges(text, activity ? "852" : "867",
                                   [&](const EdiEnvelope& envelope, const std::vector<EdiSegment>& segments) {
                                     return activity ? ProductActivity(builder, envelope).Read(segments)
                                                     : ProductTransfer(builder, envelope).Read(segments);
                                   }));
  return std::move(builder).Finish();
}

}  // namespace tributary::inventory
