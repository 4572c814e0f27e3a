#include "incentive-service/channel_facts/channel_fact.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

using Lines = std::map<std::string_view, const ShippedLine*>;

std::optional<Rational> PriceOf(const ShippedLine& line) {
  if (line.quantity.zero() || !line.net.has_value()) return std::nullopt;
  return Rational(*line.net) / Rational(line.quantity);
}

std::vector<const ChannelFact*> NotReversed(const std::vector<ChannelFact>& facts) {
  std::set<std::string_view> reversed;
  for (const ChannelFact& fact : facts) {
    if (!fact.reverses.empty()) reversed.insert(fact.reverses);
  }
  std::vector<const ChannelFact*> standing;
  for (const ChannelFact& fact : facts) {
    if (fact.reverses.empty() && !reversed.contains(fact.fact)) standing.push_back(&fact);
  }
  return standing;
}

// The lines that move the product: of those that are of kits their parts do.
std::vector<ShippedLine> LinesOfStock(const std::vector<ShippedLine>& lines,
                                      const std::vector<const ChannelFact*>& facts) {
  std::set<std::string_view> of_kits;
  std::vector<ShippedLine> moving;
  for (const ChannelFact* fact : facts) {
    if (fact->kind == ChannelFactKind::kKitLine) {
      of_kits.insert(fact->refers);
    } else if (fact->kind == ChannelFactKind::kPartShipped || fact->kind == ChannelFactKind::kPartAwaited) {
      moving.push_back({.line = fact->refers, .ship_date = fact->date, .quantity = fact->quantity});
    }
  }
  for (const ShippedLine& line : lines) {
    if (!of_kits.contains(line.line)) moving.push_back(line);
  }
  return moving;
}

LayerArrival Came(const ChannelFact& receipt, const Lines& lines) {
  const auto known = lines.find(receipt.refers);
  if (known == lines.end()) return {receipt.refers, receipt.date, receipt.date, receipt.quantity, std::nullopt, ""};
  const ShippedLine& line = *known->second;
  return {receipt.refers, line.ship_date, receipt.date, receipt.quantity, PriceOf(line), line.currency};
}

void AddSale(const ChannelFact& fact, StockBook* book) {
  if (Decimal() < fact.quantity) {
    book->sales.push_back({.fact = fact.fact, .date = fact.date, .customer = fact.customer, .quantity = fact.quantity});
  } else if (!fact.refers.empty()) {
    book->returns.push_back({.fact = fact.fact, .sale = fact.refers, .quantity = -fact.quantity});
  }
}

}  // namespace

std::string LineWithoutGeneration(std::string_view line) {
  const size_t segment = line.rfind('/');
  const size_t dot = line.find('.', segment == std::string_view::npos ? 0 : segment);
  return std::string(line.substr(0, dot));
}

std::string MovementWithoutGeneration(std::string_view movement) {
  if (!movement.starts_with("movements/")) return std::string(movement);
  const size_t first = movement.find('.');
  const size_t last = movement.rfind('.');
  // "{document}.{line}" alone has no generation; documents with dots always have one.
  return std::string(first == last ? movement : movement.substr(0, last));
}

std::string PartOf(std::string_view line, std::string_view product) {
  return StrCat(line, "/parts/", product.substr(product.rfind('/') + 1));
}

StockBook BookOf(const std::vector<ShippedLine>& lines, const std::vector<ChannelFact>& facts) {
  StockBook book;
  LayerHistory& history = book.history;
  const std::vector<const ChannelFact*> standing = NotReversed(facts);
  const std::vector<ShippedLine> moving = LinesOfStock(lines, standing);
  Lines by_name;
  for (const ShippedLine& line : moving) {
    if (line.returns.empty()) {
      by_name[line.line] = &line;
    } else {
      history.returns.push_back({line.returns, line.ship_date, -line.quantity});
    }
  }

  std::set<std::string_view> awaited;
  std::map<std::string_view, Decimal> told;  // units of a line that receipts tell of
  std::map<std::tuple<std::string_view, Date, bool>, Decimal> rotated;
  for (const ChannelFact* fact : standing) {
    switch (fact->kind) {
      case ChannelFactKind::kAwaited:
      case ChannelFactKind::kPartAwaited:
        awaited.insert(fact->refers);
        break;
      case ChannelFactKind::kReceipt:
        history.arrivals.push_back(Came(*fact, by_name));
        told[fact->refers] += fact->quantity;
        break;
      case ChannelFactKind::kLoss:
        told[fact->refers] += fact->quantity;
        break;
      case ChannelFactKind::kReturn:
        history.returns.push_back({fact->refers, fact->date, fact->quantity});
        break;
      case ChannelFactKind::kSale:
        history.departures.push_back({fact->date, fact->quantity, fact->fact});
        AddSale(*fact, &book);
        break;
      case ChannelFactKind::kKitSale:
        AddSale(*fact, &book);
        break;
      case ChannelFactKind::kPartSale:
        history.departures.push_back({fact->date, fact->quantity, fact->fact});
        if (Decimal() < fact->quantity) {
          book.in_kits[fact->fact] += fact->quantity;
        } else if (!fact->refers.empty()) {
          book.in_kits[fact->refers] += fact->quantity;
        }
        break;
      case ChannelFactKind::kMovement:
        history.departures.push_back({fact->date, fact->quantity, ""});
        break;
      case ChannelFactKind::kRotation:
      case ChannelFactKind::kScrap:
        history.departures.push_back({fact->date, fact->quantity, fact->refers});
        rotated[{fact->refers, fact->date, fact->kind == ChannelFactKind::kScrap}] += fact->quantity;
        break;
      case ChannelFactKind::kOnHand:
      case ChannelFactKind::kOnHandAtOpening:
      case ChannelFactKind::kOnHandInKits:
      case ChannelFactKind::kOnHandInKitsAtOpening:
        book.on_hand.push_back(*fact);
        break;
      case ChannelFactKind::kKitLine:
      case ChannelFactKind::kPartShipped:
        break;  // lines, above
    }
  }
  for (const auto& [movement, units] : rotated) {
    const auto& [name, date, scrapped] = movement;
    if (Decimal() < units) book.rotated.push_back({std::string(name), date, units, scrapped});
  }
  for (const auto& [name, line] : by_name) {
    if (awaited.contains(name)) {
      history.transits.push_back(
          {line->line, line->ship_date, line->quantity - told[name], PriceOf(*line), line->currency});
    } else {
      history.arrivals.push_back(
          {line->line, line->ship_date, line->ship_date, line->quantity, PriceOf(*line), line->currency});
    }
  }
  return book;
}

void TakeOutSharedUnits(const std::vector<SharedUnit>& shared, StockBook* book) {
  std::map<std::string_view, const CustomerSale*> standing;
  const std::map<std::string, Decimal> units = UnitsThatLeft(*book);
  for (const CustomerSale& sale : book->sales) {
    if (!units.at(sale.fact).zero()) standing[sale.fact] = &sale;
  }
  std::set<std::pair<std::string_view, std::string_view>> taken;
  for (const SharedUnit& one : shared) {
    const auto later = standing.find(one.sale);
    const auto earlier = standing.find(one.other);
    if (later == standing.end() || earlier == standing.end()) continue;
    const CustomerSale& first = *earlier->second;
    const CustomerSale& second = *later->second;
    if (std::tie(first.date, first.fact) < std::tie(second.date, second.fact)) taken.emplace(one.sale, one.unit);
  }
  for (const auto& [sale, unit] : taken) {
    book->returns.push_back(
        {.fact = StrCat(sale, "/", unit), .sale = std::string(sale), .quantity = Decimal::FromInt(1)});
  }
}

std::map<std::string, Decimal> UnitsThatLeft(const StockBook& book) {
  std::map<std::string, Decimal> units;
  for (const CustomerSale& sale : book.sales) units[sale.fact] += sale.quantity;
  for (const CustomerReturn& back : book.returns) {
    if (const auto sale = units.find(back.sale); sale != units.end()) {
      sale->second = std::max(Decimal(), sale->second - back.quantity);
    }
  }
  for (const RotatedUnits& one : book.rotated) units[one.movement] += one.quantity;
  for (const auto& [fact, left] : book.in_kits) units[fact] = std::max(Decimal(), left);
  return units;
}

std::optional<Decimal> ReportedAt(const StockBook& book, Date day) {
  using Kind = ChannelFactKind;
  for (const auto& [kind, in_kits, date] : {std::tuple(Kind::kOnHand, Kind::kOnHandInKits, day.AddDays(-1)),
                                            std::tuple(Kind::kOnHandAtOpening, Kind::kOnHandInKitsAtOpening, day)}) {
    std::optional<Decimal> units;
    Decimal of_kits;
    for (const ChannelFact& fact : book.on_hand) {
      if (fact.date != date) continue;
      if (fact.kind == kind) units = units.value_or(Decimal()) + fact.quantity;
      if (fact.kind == in_kits) of_kits += fact.quantity;
    }
    if (units.has_value()) return *units + of_kits;
  }
  return std::nullopt;
}

}  // namespace tributary::incentive
