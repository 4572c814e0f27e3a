#include "conflict-service/testing_real_channel.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <utility>

#include "common/csv/csv_reader.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rules/duplicate_sale.h"

namespace tributary::conflict {
namespace {

constexpr size_t kAtOnce = 1000;
constexpr int kTerritories = 10;
constexpr char kComponents[] = "productLines/aw-2";
constexpr size_t kFollowed = 3;  // products whose cuts are followed

Date Day(const char* text) { return *Date::Parse(text); }
const DateRange& Always() {
  static const DateRange days{Day("2010-01-01"), OpenEnd()};
  return days;
}

// A file's rows, by the names of its columns.
class Table {
 public:
  static absl::StatusOr<Table> Read(const std::string& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
    if (file == nullptr) return NotFound(path);
    Table table;
    CsvReader reader(CsvReader::FromFile(file.get()));
    CsvRow row;
    while (reader.Next(&row)) {
      RETURN_IF_ERROR(row.status);
      if (row.number == 1) {
        for (size_t i = 0; i < row.fields.size(); ++i) table.columns_[row.fields[i]] = i;
      } else {
        table.rows_.push_back(row.fields);
      }
    }
    RETURN_IF_ERROR(reader.status());
    return table;
  }
  size_t size() const { return rows_.size(); }
  // The column must be there.
  const std::string& At(size_t row, const char* column) const { return rows_[row][columns_.at(column)]; }

 private:
  std::map<std::string, size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

std::string TerritoryName(int number) { return StrCat("regions/aw-", number); }
std::string TerritoryName(const std::string& key) { return StrCat("regions/aw-", key); }

// What is told of a product.
struct Product {
  std::string name, line;
  std::string dealer_price;  // empty: none
};

absl::StatusOr<std::map<std::string, Product>> ReadProducts(const std::string& folder) {
  ASSIGN_OR_RETURN(const Table subcategories, Table::Read(folder + "/product_subcategory.csv"));
  std::map<std::string, std::string> category;
  for (size_t i = 0; i < subcategories.size(); ++i) {
    category[subcategories.At(i, "ProductSubcategoryKey")] = subcategories.At(i, "ProductCategoryKey");
  }
  ASSIGN_OR_RETURN(const Table table, Table::Read(folder + "/product.csv"));
  std::map<std::string, Product> products;
  for (size_t i = 0; i < table.size(); ++i) {
    const std::string& key = table.At(i, "ProductKey");
    Product product{.name = StrCat("products/aw-", key), .line = "", .dealer_price = table.At(i, "DealerPrice")};
    const auto found = category.find(table.At(i, "ProductSubcategoryKey"));
    if (found != category.end()) product.line = StrCat("productLines/aw-", found->second);
    products.emplace(key, std::move(product));
  }
  return products;
}

FactBatch& Room(std::vector<FactBatch>* batches, size_t size) {
  if (size % kAtOnce == 0) batches->emplace_back();
  return batches->back();
}

Grant GrantTo(const std::string& partner, const std::string& id, int territory, Grant::Exclusivity exclusivity) {
  Grant grant{.name = StrCat(partner, "/territoryGrants/", id), .partner = partner, .exclusivity = exclusivity};
  grant.scope.regions = {TerritoryName(territory)};
  if (exclusivity == Grant::Exclusivity::kExclusive) grant.scope.product_lines = {kComponents};
  grant.scope.time = Always();
  return grant;
}

void MakeTerms(RealChannel* channel) {
  channel->terms.regions.push_back({"regions/aw", ""});
  for (int territory = 1; territory <= kTerritories; ++territory) {
    channel->terms.regions.push_back({TerritoryName(territory), "regions/aw"});
    const std::vector<std::string>& partners = channel->partners[territory];
    for (const std::string& partner : partners) {
      channel->terms.grants.push_back(GrantTo(partner, "home", territory, Grant::Exclusivity::kNonExclusive));
    }
    channel->terms.grants.push_back(GrantTo(partners.at(0), "components", territory, Grant::Exclusivity::kExclusive));
  }
}

// By product and promotion: the least that one cost, rounded down.
using LowestPrices = std::map<std::string, std::map<std::string, Decimal>>;

// The days of each promotion.
absl::StatusOr<std::map<std::string, DateRange>> ReadPromotions(const std::string& folder) {
  ASSIGN_OR_RETURN(const Table table, Table::Read(folder + "/promotion.csv"));
  std::map<std::string, DateRange> promotions;
  for (size_t i = 0; i < table.size(); ++i) {
    DateRange& days = promotions[table.At(i, "PromotionKey")];
    ASSIGN_OR_RETURN(days.start, Date::Parse(table.At(i, "StartDate")));
    ASSIGN_OR_RETURN(const Date last, Date::Parse(table.At(i, "EndDate")));
    days.end = last.AddDays(1);
  }
  return promotions;
}

absl::Status ReadSales(const std::string& folder, const std::map<std::string, Product>& products, RealChannel* channel,
                       LowestPrices* lowest) {
  ASSIGN_OR_RETURN(const Table table, Table::Read(folder + "/reseller_order_lines.csv"));
  std::map<int, std::set<std::string>> partners;
  for (size_t i = 0; i < table.size(); ++i) {
    const Product& product = products.at(table.At(i, "ProductKey"));
    const std::string& document = table.At(i, "SalesOrderNumber");
    const std::string& territory = table.At(i, "SalesTerritoryKey");
    Sale sale{.partner = StrCat("partners/aw-", table.At(i, "ResellerKey")),
              .region = TerritoryName(territory),
              .product_line = product.line,
              .customer = table.At(i, "CustomerPONumber")};
    sale.name = StrCat(sale.partner, "/sellThroughSales/", document, ".", table.At(i, "SalesOrderLineNumber"));
    ASSIGN_OR_RETURN(sale.date, Date::Parse(table.At(i, "OrderDate")));
    ASSIGN_OR_RETURN(const Decimal quantity, Decimal::Parse(table.At(i, "OrderQuantity")));
    ASSIGN_OR_RETURN(const Decimal paid, Decimal::Parse(table.At(i, "SalesAmount")));
    const Decimal each = Decimal::FromMicros(paid.micros() * Decimal::kUnit / quantity.micros());
    const auto [known, fresh] = (*lowest)[product.name].try_emplace(table.At(i, "PromotionKey"), each);
    if (!fresh) known->second = std::min(known->second, each);
    partners[std::stoi(territory)].insert(sale.partner);
    FactBatch& batch = Room(&channel->sales, i);
    batch.sold.push_back({sale.name, sale.partner, product.name, sale.date, quantity, "", Money{"USD", paid}});
    for (std::string& key : KeysOf(sale, product.name, {}, document, quantity.ToString())) {
      batch.sale_keys.push_back({std::move(key), sale});
    }
    batch.sales.push_back(std::move(sale));
  }
  for (const auto& [territory, names] : partners) channel->partners[territory].assign(names.begin(), names.end());
  channel->sale_lines = table.size();
  return absl::OkStatus();
}

absl::Status ReadDirectSales(const std::string& folder, const std::map<std::string, Product>& products,
                             const LowestPrices& lowest, RealChannel* channel) {
  ASSIGN_OR_RETURN(const Table table, Table::Read(folder + "/internet_order_lines.csv"));
  std::map<std::string, int64_t> lines_of;
  for (size_t i = 0; i < table.size(); ++i) {
    const std::string& key = table.At(i, "ProductKey");
    const Product& product = products.at(key);
    ++lines_of[key];
    const std::string id = StrCat(table.At(i, "SalesOrderNumber"), ".", table.At(i, "SalesOrderLineNumber"));
    Sale sale{.name = StrCat("directSales/", id),
              .region = TerritoryName(table.At(i, "SalesTerritoryKey")),
              .product_line = product.line,
              .customer = StrCat("customer ", table.At(i, "CustomerKey"))};
    ASSIGN_OR_RETURN(sale.date, Date::Parse(table.At(i, "OrderDate")));
    PriceObservation price{.name = StrCat("priceObservations/", id),
                           .create_time = ReplayTime(),
                           .kind = PriceObservation::Kind::kSold,
                           .seller = "web shop",
                           .product = product.name};
    price.region = sale.region;
    price.date = sale.date;
    ASSIGN_OR_RETURN(const Decimal amount, Decimal::Parse(table.At(i, "UnitPrice")));
    price.price = Money{"USD", amount};
    Room(&channel->direct_sales, i).direct_sales.push_back(std::move(sale));
    if (i % kAtOnce == 0) channel->prices.emplace_back();
    channel->prices.back().push_back(std::move(price));
  }
  channel->direct_lines = table.size();

  ASSIGN_OR_RETURN(const auto promotions, ReadPromotions(folder));
  // Those that are sold least are followed, of equals the first.
  std::vector<std::pair<int64_t, std::string>> by_lines;
  for (const auto& [key, lines] : lines_of) by_lines.emplace_back(lines, key);
  std::sort(by_lines.begin(), by_lines.end());
  for (size_t i = 0; i < by_lines.size(); ++i) {
    const std::string& key = by_lines[i].second;
    PriceRule rule{.name = StrCat("priceRules/aw-", key), .uid = Uuid::New(ReplayTime())};
    rule.create_time = rule.update_time = ReplayTime();
    rule.product = products.at(key).name;
    rule.currency = "USD";
    ASSIGN_OR_RETURN(rule.floor, Decimal::Parse(products.at(key).dealer_price));
    rule.days = Always();
    const auto paid = lowest.find(rule.product);
    if (paid != lowest.end()) {
      for (const auto& [promotion, each] : paid->second) {
        if (each < *rule.floor) rule.exceptions.push_back({promotion, promotions.at(promotion), each});
      }
    }
    rule.follow_days = i < kFollowed ? 7 : 0;
    channel->price_rules.push_back(std::move(rule));
  }
  return absl::OkStatus();
}

Decimal Half(Decimal amount) { return Decimal::FromMicros(amount.micros() / 2); }

PriceObservation Seen(const std::string& id, PriceObservation::Kind kind, const std::string& seller,
                      const PriceRule& rule, Decimal amount, int territory, Date date) {
  PriceObservation seen{.name = StrCat("priceObservations/injected-", id),
                        .create_time = ReplayTime(),
                        .kind = kind,
                        .seller = seller,
                        .product = rule.product};
  seen.price = Money{"USD", amount};
  seen.region = TerritoryName(territory);
  seen.date = date;
  return seen;
}

// Three units, at home, for half of the floor each: less than any promotion allowed.
void AddSaleBelowFloor(const RealChannel& channel, const PriceRule& rule, Date date, Injected* injected) {
  constexpr int kTerritory = 1;
  const std::string& partner = channel.partners.at(kTerritory).at(2);
  Sale sale{.name = StrCat(partner, "/sellThroughSales/injected-low"),
            .partner = partner,
            .date = date,
            .region = TerritoryName(kTerritory),
            .product_line = "productLines/aw-4"};
  SoldGoods goods{
      .sale = sale.name, .partner = partner, .product = rule.product, .date = date, .quantity = Decimal::FromInt(3)};
  goods.paid = Money{rule.currency, Decimal::FromMicros(Half(*rule.floor).micros() * 3)};
  injected->facts.sales.push_back(std::move(sale));
  injected->facts.sold.push_back(std::move(goods));
  ++injected->findings[FindingKind::kBelowPrice];
}

void AddDuplicateDeals(const RealChannel& channel, Injected* injected) {
  const std::pair<const char*, const char*> customers[] = {{"Contoso Ltd", "CONTOSO"},
                                                           {"臺灣水泥股份有限公司", "台泥"},
                                                           {"Fabrikam GmbH", "Fabrikam"},
                                                           {"Nordwind Handel AG", "nordwind handel"}};
  int n = 0;
  for (const auto& [one, other] : customers) {
    const int territory = ++n;
    for (const char* customer : {one, other}) {
      Deal deal;
      deal.partner = channel.partners.at(territory).at(customer == one ? 1 : 2);
      deal.name = StrCat(deal.partner, "/deals/injected-", n);
      deal.uid = Uuid::New(ReplayTime());
      deal.create_time = deal.update_time = ReplayTime();
      deal.state = Deal::State::kSubmitted;
      deal.customer_name = customer;
      deal.scope.regions = {TerritoryName(territory)};
      deal.scope.time = {Day("2014-01-01"), Day("2014-07-01")};
      injected->deals.push_back(std::move(deal));
    }
    ++injected->findings[FindingKind::kDuplicateDeal];
  }
}

// What a registration was granted, and two sales of a neighbor in it.
void AddProtectedDeal(const RealChannel& channel, Injected* injected) {
  constexpr int kTerritory = 9;
  const std::vector<std::string>& partners = channel.partners.at(kTerritory);
  Deal deal;
  deal.partner = partners.at(1);
  deal.name = StrCat(deal.partner, "/deals/injected-protected");
  deal.uid = Uuid::New(ReplayTime());
  deal.create_time = deal.update_time = ReplayTime();
  deal.state = Deal::State::kWon;
  deal.customer_name = "Tailspin Toys Inc.";
  deal.scope.regions = {TerritoryName(kTerritory)};
  deal.scope.time = {Day("2013-05-01"), Day("2013-08-01")};
  deal.granted = {{NameSet::All(), NameSet::Of(deal.scope.regions), NameSet::All(), deal.scope.time}};
  for (const char* day : {"2013-05-01", "2013-07-31"}) {
    injected->facts.sales.push_back({.name = StrCat(partners.at(2), "/sellThroughSales/injected-", day),
                                     .partner = partners.at(2),
                                     .date = Day(day),
                                     .region = TerritoryName(kTerritory),
                                     .product_line = "productLines/aw-1",
                                     .customer = "TAILSPIN TOYS"});
    ++injected->findings[FindingKind::kProtectedDeal];
  }
  injected->deals.push_back(std::move(deal));
}

// Units that one partner lacks and another has too many of, three of which were seen with the other.
void AddDiversion(const RealChannel& channel, int n, Injected* injected) {
  const std::string product = StrCat("products/injected-", n);
  const std::string& from = channel.partners.at(n).at(0);
  const std::string& to = channel.partners.at(n + 5).at(0);
  const BalanceKey key{.product = product, .lot = {}, .period = {Day("2013-06-01"), Day("2013-07-01")}};
  const auto reconciled = [&](const std::string& partner, int64_t opening, int64_t in, int64_t sold, int64_t closing) {
    ReconciledGap gap{.name = StrCat(partner, "/reconciliations/injected-", n), .partner = partner, .product = product};
    gap.from = key.period.start;
    gap.to = key.period.end.AddDays(-1);
    gap.revision = 1;
    gap.opening_reported = Decimal::FromInt(opening);
    gap.reported = Decimal::FromInt(closing);
    gap.sell_in = Decimal::FromInt(in);
    gap.sell_through = Decimal::FromInt(sold);
    injected->facts.gaps.push_back(std::move(gap));
  };
  reconciled(from, 20, 100, 59, 21);
  reconciled(to, 5, 60, 98, 12);
  ShippedUnits units{.line = StrCat(from, "/shipments/injected-", n, "/lines/1"), .partner = from, .product = product};
  units.date = Day("2013-06-02");
  for (int i = 0; i < 3; ++i) {
    const std::string serial = StrCat("s", n, "-", i);
    units.serials.push_back(serial);
    injected->scans.push_back({.name = StrCat("scanEvents/injected-", n, "-", i),
                               .product = product,
                               .serial = serial,
                               .region = TerritoryName(n + 5),
                               .date = Day("2013-06-20")});
  }
  injected->facts.shipped.push_back(std::move(units));
  injected->balances.push_back(key);
  ++injected->findings[FindingKind::kDiversion];
}

}  // namespace

absl::Time ReplayTime() { return absl::FromUnixSeconds(1790000000); }

absl::StatusOr<RealChannel> ReadRealChannel(const std::string& folder) {
  RealChannel channel;
  ASSIGN_OR_RETURN(const auto products, ReadProducts(folder));
  LowestPrices lowest;
  RETURN_IF_ERROR(ReadSales(folder, products, &channel, &lowest));
  RETURN_IF_ERROR(ReadDirectSales(folder, products, lowest, &channel));
  MakeTerms(&channel);
  return channel;
}

Injected InjectedInto(const RealChannel& channel) {
  Injected injected;
  // In four territories somebody else alone may sell components too.
  for (int territory = 1; territory <= 4; ++territory) {
    injected.facts.grants.push_back(
        GrantTo(channel.partners.at(territory).at(1), "injected", territory, Grant::Exclusivity::kExclusive));
    ++injected.findings[FindingKind::kExclusiveOverlap];
  }
  // In four others the vendor itself sells some.
  for (int territory = 5; territory <= 8; ++territory) {
    injected.facts.direct_sales.push_back({.name = StrCat("directSales/injected-", territory),
                                           .date = Day("2013-05-05"),
                                           .region = TerritoryName(territory),
                                           .product_line = kComponents,
                                           .customer = "somebody"});
    ++injected.findings[FindingKind::kDirectVsPartner];
  }
  // Four resellers sell where others are at home.
  for (int n = 1; n <= 4; ++n) {
    const std::string& partner = channel.partners.at(n).at(3);
    injected.facts.sales.push_back({.name = StrCat(partner, "/sellThroughSales/injected-away"),
                                    .partner = partner,
                                    .date = Day("2013-04-04"),
                                    .region = TerritoryName(n + 5),
                                    .product_line = "productLines/aw-1"});
    ++injected.findings[FindingKind::kOutOfTerritory];
  }
  AddProtectedDeal(channel, &injected);
  // Five sales are reported once more, by a neighbor.
  for (size_t n = 0; n < 5; ++n) {
    const KeyedSale& known = channel.sales[n * channel.sales.size() / 5].sale_keys.front();
    KeyedSale again = known;
    for (const auto& [territory, partners] : channel.partners) {
      if (TerritoryName(territory) != known.sale.region) continue;
      again.sale.partner = partners.at(partners.at(4) == known.sale.partner ? 5 : 4);
    }
    again.sale.name = StrCat(again.sale.partner, "/sellThroughSales/injected-again-", n);
    injected.facts.sales.push_back(again.sale);
    injected.facts.sale_keys.push_back(std::move(again));
    ++injected.findings[FindingKind::kDuplicateSale];
  }
  // Three are seen to sell at half of what dealers pay, and one reports it; one follows another's cut of a price.
  const Date day = Day("2013-03-03");
  AddSaleBelowFloor(channel, channel.price_rules.back(), day, &injected);
  for (int n = 2; n <= 4; ++n) {
    const PriceRule& rule = channel.price_rules[channel.price_rules.size() - static_cast<size_t>(n)];
    injected.prices.push_back(Seen(StrCat("low-", n), PriceObservation::Kind::kSold, StrCat("gray shop ", n), rule,
                                   Half(*rule.floor), n, day));
    ++injected.findings[FindingKind::kBelowPrice];
  }
  const PriceRule& followed = channel.price_rules.front();
  const auto advertise = [&](const std::string& shop, int above_floor, int days) {
    injected.prices.push_back(Seen(StrCat(shop, "-", days), PriceObservation::Kind::kAdvertised, StrCat("shop ", shop),
                                   followed, *followed.floor + Decimal::FromInt(above_floor), 1, day.AddDays(days)));
  };
  advertise("a", 30, 0);
  advertise("b", 30, 0);
  advertise("a", 20, 1);
  advertise("b", 10, 3);
  ++injected.findings[FindingKind::kPriceWar];

  AddDuplicateDeals(channel, &injected);
  AddDiversion(channel, 1, &injected);
  AddDiversion(channel, 2, &injected);
  return injected;
}

}  // namespace tributary::conflict
