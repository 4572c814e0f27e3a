#include "inventory-service/replenishment/suggestion_store.h"

#include <map>
#include <optional>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, uid, version, create_time, update_time, state, site, product, decided_uid, policy, policy_version, kind, "
    "as_of_date, known_at, demand_source, demand_start, demand_end, period_days, periods, known_periods, method, "
    "demand_mean, demand_deviation, lead_time_source, lead_time_lines, lead_time_mean, lead_time_deviation, on_hand, "
    "in_transit, on_order, demand_per_day, deviation_per_day, protection_days, demand_over_protection, safety_factor, "
    "safety_stock, stock_level, wanted, pack_size, quantity, why_not, explanation, next_review_date, decide_time, "
    "decision_note, open_orders, known_by, order_id";
constexpr size_t kWidth = 48;

Suggestion Read(const mysql::Row& row) {
  Suggestion s{.partner = row.Text(0),
               .uid = row.Id(1),
               .version = row.Int(2),
               .create_time = row.Instant(3),
               .update_time = row.Instant(4),
               .state = static_cast<SuggestionState>(row.Int(5)),
               .site = row.Text(6),
               .product = row.Text(7),
               .policy = row.Text(9),
               .policy_version = row.Int(10),
               .kind = static_cast<PolicyKind>(row.Int(11)),
               .date = row.Day(12),
               .known_at = row.Instant(13),
               .demand = {.source = static_cast<DemandSource>(row.Int(14)),
                          .span = {row.Day(15), row.Day(16)},
                          .period_days = static_cast<int>(row.Int(17)),
                          .periods = static_cast<int>(row.Int(18)),
                          .known_periods = static_cast<int>(row.Int(19)),
                          .known_by = static_cast<DemandKnownBy>(row.Int(46))},
               .position = {.on_hand = row.Dec(27),
                            .in_transit = row.Dec(28),
                            .on_order = row.Dec(29),
                            .open_orders = row.Dec(45)},
               .wanted = row.Dec(37),
               .pack_size = row.Dec(38),
               .quantity = row.Dec(39),
               .why_not = static_cast<WhyNot>(row.Int(40)),
               .explanation = row.Text(41),
               .decision_note = row.Text(44),
               .order = row.Text(47)};
  if (!row.IsNull(21)) {
    s.forecast =
        Forecast{.method = static_cast<ForecastMethod>(row.Int(20)), .mean = row.Dec(21), .deviation = row.Dec(22)};
  }
  if (!row.IsNull(25)) {
    s.lead_time = LeadTime{.source = static_cast<LeadTimeSource>(row.Int(23)),
                           .lines = row.Int(24),
                           .mean_days = row.Dec(25),
                           .deviation_days = row.Dec(26)};
  }
  if (!row.IsNull(30)) {
    s.terms = ReplenishmentTerms{.demand_per_day = row.Dec(30),
                                 .deviation_per_day = row.Dec(31),
                                 .protection_days = row.Dec(32),
                                 .demand_over_protection = row.Dec(33),
                                 .safety_factor = row.Dec(34),
                                 .safety_stock = row.Dec(35),
                                 .level = row.Dec(36)};
  }
  if (!row.IsNull(42)) s.next_review_date = row.Day(42);
  if (!row.IsNull(43)) s.decide_time = row.Instant(43);
  return s;
}

// A field of something that may be unset.
template <typename T>
mysql::Value Of(const std::optional<T>& holder, Decimal T::*field) {
  return holder.has_value() ? mysql::Value((*holder).*field) : mysql::Value(std::nullopt);
}

void Append(const Suggestion& s, mysql::Values* values) {
  // Undecided ones share the empty id, so that the key by_product keeps them to one.
  const std::string_view decided = IsUndecided(s.state) ? std::string_view() : s.uid.bytes();
  values->insert(values->end(), {s.partner,
                                 s.uid,
                                 s.version,
                                 s.create_time,
                                 s.update_time,
                                 static_cast<int>(s.state),
                                 s.site,
                                 s.product,
                                 decided,
                                 s.policy,
                                 s.policy_version,
                                 static_cast<int>(s.kind),
                                 s.date,
                                 s.known_at,
                                 static_cast<int>(s.demand.source),
                                 s.demand.span.start,
                                 s.demand.span.end,
                                 s.demand.period_days,
                                 s.demand.periods,
                                 s.demand.known_periods,
                                 s.forecast.has_value() ? static_cast<int>(s.forecast->method) : 0,
                                 Of(s.forecast, &Forecast::mean),
                                 Of(s.forecast, &Forecast::deviation),
                                 s.lead_time.has_value() ? static_cast<int>(s.lead_time->source) : 0,
                                 s.lead_time.has_value() ? s.lead_time->lines : int64_t{0},
                                 Of(s.lead_time, &LeadTime::mean_days),
                                 Of(s.lead_time, &LeadTime::deviation_days),
                                 s.position.on_hand,
                                 s.position.in_transit,
                                 s.position.on_order,
                                 Of(s.terms, &ReplenishmentTerms::demand_per_day),
                                 Of(s.terms, &ReplenishmentTerms::deviation_per_day),
                                 Of(s.terms, &ReplenishmentTerms::protection_days),
                                 Of(s.terms, &ReplenishmentTerms::demand_over_protection),
                                 Of(s.terms, &ReplenishmentTerms::safety_factor),
                                 Of(s.terms, &ReplenishmentTerms::safety_stock),
                                 Of(s.terms, &ReplenishmentTerms::level),
                                 s.wanted,
                                 s.pack_size,
                                 s.quantity,
                                 static_cast<int>(s.why_not),
                                 s.explanation,
                                 mysql::Value(s.next_review_date),
                                 mysql::Value(s.decide_time),
                                 s.decision_note,
                                 s.position.open_orders,
                                 static_cast<int>(s.demand.known_by),
                                 s.order});
}

// The suggestions, with the back-tests of their forecasts.
absl::StatusOr<std::vector<Suggestion>> Select(mysql::Transaction& sql, std::string_view tail,
                                               const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM suggestion ", tail), values));
  std::vector<Suggestion> found;
  found.reserve(rows.size());
  std::map<std::pair<std::string, Uuid>, size_t> with_forecast;
  for (const mysql::Row& row : rows) {
    found.push_back(Read(row));
    if (found.back().forecast.has_value()) with_forecast[{found.back().partner, found.back().uid}] = found.size() - 1;
  }
  if (with_forecast.empty()) return found;
  // In chunks, so that few texts of the statement occur.
  constexpr size_t kChunk = 64;
  for (auto next = with_forecast.begin(); next != with_forecast.end();) {
    mysql::Values keys;
    std::string places;
    auto last = next;
    for (size_t i = 0; i < kChunk; ++i) {
      if (next != with_forecast.end()) last = next++;
      places += i == 0 ? "(?, ?)" : ", (?, ?)";
      keys.insert(keys.end(), {last->first.first, last->first.second});
    }
    ASSIGN_OR_RETURN(const mysql::Rows tests,
                     sql.Query(StrCat("SELECT partner, uid, method, origins, mean_absolute_error, "
                                      "root_mean_square_error, error_ratio FROM suggestion_back_test "
                                      "WHERE (partner, uid) IN (",
                                      places, ") ORDER BY partner, uid, method"),
                               keys));
    for (const mysql::Row& row : tests) {
      BackTest test{.method = static_cast<ForecastMethod>(row.Int(2)),
                    .origins = static_cast<int>(row.Int(3)),
                    .mean_absolute_error = row.Dec(4),
                    .root_mean_square_error = row.Dec(5)};
      if (!row.IsNull(6)) test.error_ratio = row.Dec(6);
      found[with_forecast.at({row.Text(0), row.Id(1)})].forecast->back_tests.push_back(test);
    }
  }
  return found;
}

absl::StatusOr<Suggestion> GetOne(mysql::Transaction& sql, std::string_view partner, const Uuid& uid,
                                  std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Suggestion> found,
                   Select(sql, StrCat("WHERE partner = ? AND uid = ?", lock), {partner, uid}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/suggestions/", uid.ToString()));
  return std::move(found.front());
}

}  // namespace

const std::vector<FilterField>& SuggestionStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"OPEN", 1}, {"SILENT", 2}, {"ACCEPTED", 3}, {"DISMISSED", 4}}),
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
      FilterField::String("product", "CONCAT('products/', product)"),
      FilterField::String("policy", "CONCAT('partners/', partner, '/replenishmentPolicies/', policy)"),
      FilterField::Day("as_of_date", "as_of_date"),
      FilterField::Enum("why_not", "why_not",
                        {{"POLICY_PAUSED", 1},
                         {"PRODUCT_NOT_IN_USE", 2},
                         {"PACK_UNKNOWN", 3},
                         {"STOCK_UNKNOWN", 4},
                         {"HISTORY_TOO_SHORT", 5},
                         {"LEAD_TIME_UNKNOWN", 6},
                         {"NOT_A_REVIEW_DAY", 7},
                         {"ABOVE_REORDER_POINT", 8},
                         {"AT_ORDER_UP_TO_LEVEL", 9},
                         {"NO_WHOLE_PACK", 10},
                         {"PRODUCT_IS_KIT", 11}})};
  return fields;
}

absl::StatusOr<Suggestion> SuggestionStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                const Uuid& uid) const {
  return GetOne(sql, partner, uid, "");
}

absl::StatusOr<Suggestion> SuggestionStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                         const Uuid& uid) const {
  return GetOne(sql, partner, uid, " FOR UPDATE");
}

absl::StatusOr<std::vector<Suggestion>> SuggestionStore::UndecidedForUpdate(mysql::Transaction& sql,
                                                                            std::string_view partner) const {
  return Select(sql, "WHERE partner = ? AND decided_uid = '' ORDER BY site, product FOR UPDATE", {partner});
}

absl::StatusOr<std::vector<Suggestion>> SuggestionStore::Accepted(mysql::Transaction& sql, std::string_view partner,
                                                                  Date until) const {
  return Select(sql, "WHERE partner = ? AND state = ? AND as_of_date <= ? AND order_id = '' ORDER BY as_of_date, uid",
                {partner, static_cast<int>(SuggestionState::kAccepted), until});
}

absl::Status SuggestionStore::Put(mysql::Transaction& sql, absl::Span<const Suggestion> suggestions) const {
  mysql::Values rows;
  mysql::Values tests;
  rows.reserve(suggestions.size() * kWidth);
  for (const Suggestion& s : suggestions) {
    Append(s, &rows);
    RETURN_IF_ERROR(
        sql.Execute("DELETE FROM suggestion_back_test WHERE partner = ? AND uid = ?", {s.partner, s.uid}).status());
    if (!s.forecast.has_value()) continue;
    for (const BackTest& test : s.forecast->back_tests) {
      tests.insert(tests.end(),
                   {s.partner, s.uid, static_cast<int>(test.method), test.origins, test.mean_absolute_error,
                    test.root_mean_square_error, mysql::Value(test.error_ratio)});
    }
  }
  std::string update = "ON DUPLICATE KEY UPDATE version = VALUES(version)";
  // All but the key, and what never changes.
  for (const char* column : {"update_time",
                             "state",
                             "decided_uid",
                             "policy",
                             "policy_version",
                             "kind",
                             "as_of_date",
                             "known_at",
                             "demand_source",
                             "demand_start",
                             "demand_end",
                             "period_days",
                             "periods",
                             "known_periods",
                             "method",
                             "demand_mean",
                             "demand_deviation",
                             "lead_time_source",
                             "lead_time_lines",
                             "lead_time_mean",
                             "lead_time_deviation",
                             "on_hand",
                             "in_transit",
                             "on_order",
                             "demand_per_day",
                             "deviation_per_day",
                             "protection_days",
                             "demand_over_protection",
                             "safety_factor",
                             "safety_stock",
                             "stock_level",
                             "wanted",
                             "pack_size",
                             "quantity",
                             "why_not",
                             "explanation",
                             "next_review_date",
                             "decide_time",
                             "decision_note",
                             "open_orders",
                             "known_by",
                             "order_id"}) {
    StrAppend(&update, ", ", column, " = VALUES(", column, ")");
  }
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO suggestion (", kColumns, ") VALUES"), kWidth, rows, update));
  return sql.InsertRows(
      "INSERT INTO suggestion_back_test (partner, uid, method, origins, mean_absolute_error, root_mean_square_error, "
      "error_ratio) VALUES",
      7, tests);
}

absl::StatusOr<std::vector<Suggestion>> SuggestionStore::List(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view after_partner, const Uuid& after,
                                                              const SqlPredicate& filter, int limit) const {
  mysql::Values values = {after_partner, after_partner, after};
  std::string where = "WHERE (partner > ? OR (partner = ? AND uid < ?))";
  if (!partner.empty()) {
    where += " AND partner = ?";
    values.push_back(partner);
  }
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.push_back(limit);
  return Select(sql, StrCat(where, " AND (", filter.sql(), ") ORDER BY partner, uid DESC LIMIT ?"), values);
}

}  // namespace tributary::inventory
