#include "inventory-service/reports/stock_report_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "inventory-service/ledger/as_of.h"
#include "inventory-service/reports/stock_report.h"
#include "inventory-service/reports/stock_report_proto.h"

namespace tributary::inventory {
namespace {

constexpr int kDefaultDemandDays = 91;
constexpr int kDefaultDeadDays = 180;
constexpr int kDefaultWindowDays = 14;
constexpr int kDefaultThresholdPercent = 200;
constexpr int kMostQuarters = 41;

// A report is on one partner: "partners/-" is a partner user's own, and for others not enough.
absl::StatusOr<std::string> OnePartner(const rpc::Call& call, std::string_view parent) {
  ASSIGN_OR_RETURN(std::string partner, PartnerToList(call, parent));
  if (partner.empty()) return InvalidField("parent", parent, "one partner, partners/{partner}");
  return partner;
}

Date Today(const rpc::Call& call) { return UtcToday(call.now); }

template <typename Request>
absl::StatusOr<AsOf> AsOfDate(const rpc::Call& call, const Request& request) {
  ASSIGN_OR_RETURN(AsOf as_of, ReadAsOf(call, request));
  if (!as_of.date.has_value()) as_of.date = Today(call);
  return as_of;
}

// A page of a report: the books of the products of one page of them.
struct Books {
  std::string partner;
  std::map<SiteProduct, SiteBook> books;
  std::string next_page_token;
};

// What is told of the sites on the page, and under "" of any of the partner's.
absl::StatusOr<std::map<std::string, ToldDays>> ToldOf(rpc::Unit& unit, const MovementStore& movements,
                                                       const Books& page, const AsOf& as_of) {
  std::set<std::string> sites = {""};
  for (const auto& [key, book] : page.books) sites.insert(key.site);
  return movements.Told(unit.sql(), page.partner, sites, as_of);
}

template <typename Request>
absl::StatusOr<Books> BooksOfPage(const rpc::Call& call, rpc::Unit& unit, const Request& request,
                                  const PageTokens& page_tokens, const MovementStore& movements, const AsOf& as_of,
                                  std::string_view bound_to) {
  Books page_of_books;
  ASSIGN_OR_RETURN(page_of_books.partner, OnePartner(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens, call, request, MovementStore::ProductFields(), bound_to));
  ASSIGN_OR_RETURN(
      std::vector<std::string> products,
      movements.Products(unit.sql(), page_of_books.partner, page.after(0), page.filter(), as_of, page.limit()));
  page_of_books.next_page_token =
      page.Cut(&products, [](const std::string& last) { return std::vector<std::string>{last}; });
  ASSIGN_OR_RETURN(page_of_books.books,
                   movements.Books(unit.sql(), page_of_books.partner, {products.begin(), products.end()}, as_of));
  return page_of_books;
}

absl::StatusOr<std::vector<int>> BucketBounds(const v1::GetAgeingRequest& request) {
  if (request.bucket_days().empty()) return std::vector<int>{30, 60, 90, 180};
  std::vector<int> bounds(request.bucket_days().begin(), request.bucket_days().end());
  for (size_t i = 1; i < bounds.size(); ++i) {
    if (bounds[i] <= bounds[i - 1]) {
      return InvalidField(StrCat("bucket_days[", i, "]"), StrCat(bounds[i]), StrCat("more than ", bounds[i - 1]));
    }
  }
  return bounds;
}

template <typename Request>
absl::StatusOr<DateRange> PeriodOf(const Request& request) {
  const auto start = wire::FromProto(request.start_date());
  if (!start.ok()) return AtField(start.status(), "start_date");
  const auto end = wire::FromProto(request.end_date());
  if (!end.ok()) return AtField(end.status(), "end_date");
  if (*end <= *start) return InvalidField("end_date", end->ToString(), StrCat("after start_date ", start->ToString()));
  return DateRange{*start, *end};
}

absl::StatusOr<DateRange> QuarterAt(std::string_view field, std::string_view id) {
  const auto quarter = ParseQuarterId(id);
  if (!quarter.ok()) return AtField(quarter.status(), field);
  return *quarter;
}

}  // namespace

void StockReportService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.StockReportService", this)
      .Unary("GetAgeing", &StockReportService::GetAgeing)
      .Unary("GetTurnover", &StockReportService::GetTurnover)
      .Unary("GetDaysOfSupply", &StockReportService::GetDaysOfSupply)
      .Unary("ListDeadStock", &StockReportService::ListDeadStock)
      .Unary("GetStuffingSign", &StockReportService::GetStuffingSign);
}

absl::Status StockReportService::GetAgeing(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgeingRequest& request,
                                           v1::GetAgeingResponse* reply) {
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfDate(call, request));
  ASSIGN_OR_RETURN(const std::vector<int> bounds, BucketBounds(request));
  ASSIGN_OR_RETURN(const Books page,
                   BooksOfPage(call, unit, request, page_tokens_, movements_, as_of,
                               StrCat(request.parent(), " ", ToString(as_of), " ", StrJoin(bounds, ","))));
  ASSIGN_OR_RETURN(auto told, ToldOf(unit, movements_, page, as_of));
  told.erase("");
  for (const auto& [site, days] : told) {
    *reply->add_known_sales() = ToProto(page.partner, KnownOf(site, days, std::nullopt, *as_of.date));
  }
  for (const auto& [key, book] : page.books) {
    const AgeingRow row = AgeingOf(book.movements, *as_of.date, bounds);
    if (row.layers.layers.empty() && row.layers.uncovered.zero()) continue;
    *reply->add_rows() = ToProto(page.partner, key, row);
  }
  reply->set_next_page_token(page.next_page_token);
  *reply->mutable_as_of_date() = wire::ToProto(*as_of.date);
  return absl::OkStatus();
}

absl::Status StockReportService::GetTurnover(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::GetTurnoverRequest& request, v1::GetTurnoverResponse* reply) {
  ASSIGN_OR_RETURN(const DateRange asked, PeriodOf(request));
  AsOf as_of{.date = asked.end.AddDays(-1)};
  if (request.has_known_time()) as_of.known = wire::FromProto(request.known_time());
  ASSIGN_OR_RETURN(as_of, CheckedAsOf(call, as_of));
  ASSIGN_OR_RETURN(const Books page,
                   BooksOfPage(call, unit, request, page_tokens_, movements_, as_of,
                               StrCat(request.parent(), " ", ToString(as_of), " ", asked.start.ToString())));
  ASSIGN_OR_RETURN(auto told, ToldOf(unit, movements_, page, as_of));
  told.erase("");
  std::map<std::string, KnownSales> known;
  for (const auto& [site, days] : told) {
    known[site] = KnownOf(site, days, asked, *as_of.date);
    *reply->add_known_sales() = ToProto(page.partner, known[site]);
  }
  for (const auto& [key, book] : page.books) {
    *reply->add_rows() = ToProto(page.partner, key, TurnoverOf(book.movements, known[key.site].known));
  }
  reply->set_next_page_token(page.next_page_token);
  return absl::OkStatus();
}

absl::Status StockReportService::GetDaysOfSupply(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::GetDaysOfSupplyRequest& request,
                                                 v1::GetDaysOfSupplyResponse* reply) {
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfDate(call, request));
  const int demand_days = request.demand_days() == 0 ? kDefaultDemandDays : request.demand_days();
  ASSIGN_OR_RETURN(const Books page, BooksOfPage(call, unit, request, page_tokens_, movements_, as_of,
                                                 StrCat(request.parent(), " ", ToString(as_of), " ", demand_days)));
  ASSIGN_OR_RETURN(auto told, ToldOf(unit, movements_, page, as_of));
  // Sell-in is known up to the day itself, sell-through where it is told.
  const bool sales = !told[""].days.empty();
  told.erase("");
  std::map<std::string, ByDay> sell_in;
  if (!sales && !page.books.empty()) {
    std::vector<std::string_view> products;
    for (const auto& [key, book] : page.books) products.push_back(key.product);
    std::sort(products.begin(), products.end());
    products.erase(std::unique(products.begin(), products.end()), products.end());
    ASSIGN_OR_RETURN(sell_in, movements_.SellIn(unit.sql(), page.partner, products, as_of));
  }
  std::map<std::string, KnownSales> known;
  for (const auto& [site, days] : told) {
    const Date end = days.days.empty() ? as_of.date->AddDays(1) : days.span().end;
    known[site] = KnownOf(site, days, DateRange{end.AddDays(-demand_days), end}, *as_of.date);
    if (sales) *reply->add_known_sales() = ToProto(page.partner, known[site]);
  }
  for (const auto& [key, book] : page.books) {
    const DateRange window = known[key.site].asked;
    const SupplyRow row =
        sales ? SupplyOf(BalanceOf(book.movements), SoldByDay(book.movements), window, known[key.site].known)
              : SupplyOf(BalanceOf(book.movements), sell_in[key.product], window, {window});
    if (row.on_hand.zero() && row.demand.zero()) continue;
    *reply->add_rows() = ToProto(page.partner, key, row);
  }
  reply->set_next_page_token(page.next_page_token);
  *reply->mutable_as_of_date() = wire::ToProto(*as_of.date);
  reply->set_demand_source(sales ? v1::Suggestion::SELL_THROUGH : v1::Suggestion::SELL_IN);
  return absl::OkStatus();
}

absl::Status StockReportService::ListDeadStock(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::ListDeadStockRequest& request,
                                               v1::ListDeadStockResponse* reply) {
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfDate(call, request));
  const int days = request.least_days() == 0 ? kDefaultDeadDays : request.least_days();
  ASSIGN_OR_RETURN(const Books page, BooksOfPage(call, unit, request, page_tokens_, movements_, as_of,
                                                 StrCat(request.parent(), " ", ToString(as_of), " ", days)));
  ASSIGN_OR_RETURN(auto told, ToldOf(unit, movements_, page, as_of));
  reply->set_next_page_token(page.next_page_token);
  if (told[""].days.empty()) {
    reply->set_gap(v1::NO_SALES_REPORTED);
    return absl::OkStatus();
  }
  told.erase("");
  for (const auto& [site, of_site] : told) {
    *reply->add_known_sales() = ToProto(page.partner, KnownOf(site, of_site, std::nullopt, *as_of.date));
  }
  for (const auto& [key, book] : page.books) {
    if (const auto row = DeadStockOf(book.movements, told[key.site], days)) {
      *reply->add_rows() = ToProto(page.partner, key, *row);
    }
  }
  return absl::OkStatus();
}

absl::Status StockReportService::GetStuffingSign(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::GetStuffingSignRequest& request,
                                                 v1::GetStuffingSignResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, OnePartner(call, request.parent()));
  ASSIGN_OR_RETURN(const DateRange first, QuarterAt("first_quarter", request.first_quarter()));
  DateRange last = first;
  if (!request.last_quarter().empty()) {
    ASSIGN_OR_RETURN(last, QuarterAt("last_quarter", request.last_quarter()));
  }
  std::vector<DateRange> quarters;
  for (DateRange next = first; next.start <= last.start && quarters.size() <= kMostQuarters;
       next = QuarterOf(next.end)) {
    quarters.push_back(next);
  }
  if (quarters.empty() || quarters.size() > kMostQuarters) {
    return InvalidField("last_quarter", request.last_quarter(),
                        StrCat(request.first_quarter(), " or up to ", kMostQuarters - 1, " quarters later"));
  }
  std::vector<std::string> product;
  if (!request.product().empty()) {
    ASSIGN_OR_RETURN(product, ParseResourceName(request.product(), "products/{product}", "product"));
  }
  AsOf as_of;
  if (request.has_known_time()) as_of.known = wire::FromProto(request.known_time());
  ASSIGN_OR_RETURN(as_of, CheckedAsOf(call, as_of));
  const std::vector<std::string_view> products(product.begin(), product.end());
  ASSIGN_OR_RETURN(auto sell_in, movements_.SellIn(unit.sql(), partner, products, as_of));
  ASSIGN_OR_RETURN(auto sell_through, movements_.SellThrough(unit.sql(), partner, products, as_of));
  ASSIGN_OR_RETURN(const std::vector<SiteTold> sites, movements_.SitesTold(unit.sql(), partner, products, as_of));

  const std::string key = product.empty() ? "" : product[0];
  const int window = request.window_days() == 0 ? kDefaultWindowDays : request.window_days();
  const int percent = request.threshold_percent() == 0 ? kDefaultThresholdPercent : request.threshold_percent();
  for (const DateRange& quarter : quarters) {
    *reply->add_rows() = ToProto(StuffingOf(quarter, window, Decimal::FromMicros(int64_t{percent} * 10000),
                                            sell_in[key], sell_through[key], sites));
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
