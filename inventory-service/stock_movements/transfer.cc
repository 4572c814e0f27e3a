#include "inventory-service/stock_movements/transfer.h"

#include "common/text/text.h"
#include "inventory-service/lots/lot.h"

namespace tributary::inventory {
namespace {

// Of the request, which numbers its lines as it tells them; those that moved already are not decided again.
std::string FieldOf(const StockMovement& line) { return StrCat("lines[", line.line - 1, "]"); }

absl::Status CheckOpen(const std::optional<Site>& site, Date day) {
  if (!site.has_value() || IsOpen(*site, day)) return absl::OkStatus();
  return Error(Reason::kSiteClosed,
               StrCat(site->name(), ": got a movement on ", day.ToString(), ", want one before it closed on ",
                      site->closed_on->ToString()),
               {{"resource", site->name()}, {"closed_on", site->closed_on->ToString()}});
}

}  // namespace

BucketKey SourceOf(const StockMovement& line) {
  return {{line.partner, std::string(SiteOf(line.from)), line.product, line.lot}, BucketOf(line.from)};
}

std::map<BucketKey, Decimal> SourcesOf(const StockMovement& line) {
  std::map<BucketKey, Decimal> sources;
  for (const MovedUnits& moved : MovedBy(line)) {
    BucketKey source = SourceOf(line);
    source.position.product = moved.product;
    source.position.lot = moved.lot;
    sources.emplace(std::move(source), moved.quantity);
  }
  return sources;
}

absl::Status CheckStocked(const std::vector<StockMovement>& lines) {
  constexpr std::string_view kWantNone = "none, as the product is a kit: transfer its parts by it";
  for (const StockMovement& line : lines) {
    const std::string field = FieldOf(line);
    if (!line.posted) {
      return Error(Reason::kReferenceNotFound,
                   StrCat(field, ".product: got ", ProductName(line.product),
                          ", want a product that lies in stock, or a kit with a part that does"),
                   {{"resource", ProductName(line.product)}});
    }
    if (line.parts.empty()) continue;
    if (!line.lot.empty()) return InvalidField(StrCat(field, ".lot"), line.lot, kWantNone);
    if (!line.serials.empty()) return InvalidField(StrCat(field, ".serials"), line.serials.front(), kWantNone);
  }
  return absl::OkStatus();
}

absl::Status DecideTransfer(const std::vector<StockMovement>& lines, const TransferState& state) {
  const Date day = lines.front().effective_date;
  RETURN_IF_ERROR(CheckOpen(state.from, day));
  RETURN_IF_ERROR(CheckOpen(state.to, day));
  std::map<BucketKey, Decimal> asked;
  for (const StockMovement& line : lines) {
    const std::string field = FieldOf(line);
    // What the receiver was granted is not the sender's business.
    if (!line.to_partner.empty() && !state.receiver.region.empty() &&
        !JudgeTerritory(state.grants, state.receiver, line.product_line, {}, day).allowed) {
      return Error(Reason::kOutsideTerritory,
                   StrCat(field, ".product: got ", ProductName(line.product), ", want one that the territory of ",
                          PartnerName(line.to_partner), " covers at ", SiteName(line.to_partner, SiteOf(line.to)),
                          " on ", day.ToString()),
                   {{"resource", ProductName(line.product)}});
    }
    const auto expiry = state.expiries.find({line.product, line.lot});
    if (expiry != state.expiries.end() && IsExpired(expiry->second, day)) {
      return Error(Reason::kLotExpired,
                   StrCat(field, ".lot: got ", LotName(line.product, line.lot), ", want one that can be used on ",
                          day.ToString(), "; its last day was ", expiry->second.ToString()),
                   {{"resource", LotName(line.product, line.lot)}, {"expires_on", expiry->second.ToString()}});
    }
    for (const std::string& serial : line.serials) {
      const auto unit = state.serial_units.find({line.product, serial});
      if (unit != state.serial_units.end() && IsAtSite(unit->second, line.partner, SiteOf(line.from))) continue;
      // Where else it is may be another partner's business.
      return Error(Reason::kSerialElsewhere,
                   StrCat(field, ".serials: got ", serial, ", want a unit that is free at ",
                          SiteName(line.partner, SiteOf(line.from))),
                   {{"serial", serial}});
    }
    const bool refuses = !state.from.has_value() || state.from->negative_stock == NegativeStock::kRefuse;
    for (const auto& [source, quantity] : SourcesOf(line)) {
      Decimal& total = asked[source];
      total += quantity;
      const auto there = state.units.find(source);
      const Decimal units = there == state.units.end() ? Decimal() : there->second;
      if (!refuses || total <= units) continue;
      return Error(Reason::kInsufficientStock,
                   StrCat(field, ".quantity: got ", total.ToString(), " in all, want at most the ", units.ToString(),
                          " that are on hand at ", SiteName(line.partner, SiteOf(line.from)),
                          line.parts.empty() ? std::string()
                                             : StrCat(" of ", ProductName(source.position.product), ", a part of ",
                                                      line.quantity.ToString(), " ", ProductName(line.product))),
                   {{"on_hand", units.ToString()}, {"asked", total.ToString()}});
    }
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
