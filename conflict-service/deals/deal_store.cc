#include "conflict-service/deals/deal_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner, name, uid, version, create_time, update_time, state, customer_name, product_lines, regions, "
    "route, effective_from, effective_to, currency, value, sequence, submissions, granted, waitlisted, "
    "conflict_product_lines, conflict_regions, conflict_until, conflict_contest_end, contest, contest_end, note, "
    "won_on "
    "FROM deal LEFT JOIN deal_progress ON deal_progress.deal = name ";

// Deal::Blocks().
std::string BlockingStates() {
  std::vector<int> states;
  for (const Deal::State state : kAllDealStates) {
    Deal deal;
    deal.state = state;
    if (deal.Blocks()) states.push_back(static_cast<int>(state));
  }
  return StrCat("state IN (", StrJoin(states, ", "), ")");
}

std::optional<Date> DayOf(const mysql::Row& row, size_t column) {
  return row.IsNull(column) ? std::nullopt : std::optional(row.Day(column));
}

// What Write wrote.
std::vector<Box> BoxesOf(const mysql::Row& row, size_t column) {
  auto boxes = ReadBoxes(row.Bytes(column));
  return boxes.ok() ? *std::move(boxes) : std::vector<Box>();
}

void ReadProgress(const mysql::Row& row, Deal* deal) {
  deal->sequence = row.Int(15);
  deal->submissions = static_cast<int>(row.Int(16));
  deal->granted = BoxesOf(row, 17);
  deal->waitlisted = BoxesOf(row, 18);
  if (!row.IsNull(21)) {
    deal->conflict = DealConflict{SplitLines(row.Bytes(19)), SplitLines(row.Bytes(20)), row.Day(21), DayOf(row, 22)};
  }
  deal->contest = row.Text(23);
  deal->contest_end = DayOf(row, 24);
  deal->note = row.Text(25);
  deal->won_on = DayOf(row, 26);
}

Deal FromRow(const mysql::Row& row) {
  Deal deal;
  deal.partner = row.Text(0);
  deal.name = row.Text(1);
  deal.uid = row.Id(2);
  deal.version = row.Int(3);
  deal.create_time = row.Instant(4);
  deal.update_time = row.Instant(5);
  deal.state = static_cast<Deal::State>(row.Int(6));
  deal.customer_name = row.Text(7);
  deal.scope.product_lines = SplitLines(row.Bytes(8));
  deal.scope.regions = SplitLines(row.Bytes(9));
  deal.scope.routes = SplitLines(row.Bytes(10));
  deal.scope.time = {row.Day(11), row.Day(12)};
  if (!row.IsNull(13)) deal.value = Money{row.Text(13), row.Dec(14)};
  if (!row.IsNull(15)) ReadProgress(row, &deal);
  return deal;
}

std::vector<Deal> FromRows(const mysql::Rows& rows) {
  std::vector<Deal> deals;
  deals.reserve(rows.size());
  for (const mysql::Row& row : rows) deals.push_back(FromRow(row));
  return deals;
}

std::string PartnerName(std::string_view name) { return StrCat("partners/", PartnerOf(name)); }

absl::StatusOr<Deal> GetOne(mysql::Transaction& sql, std::string_view name, std::string_view lock) {
  const std::string partner = PartnerName(name);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner = ? AND name = ?", lock), {partner, name}));
  if (rows.empty()) return NotFound(name);
  return FromRow(rows[0]);
}

absl::Status WriteProgress(mysql::Transaction& sql, const Deal& deal) {
  const std::string granted = Write(deal.granted), waitlisted = Write(deal.waitlisted);
  const DealConflict conflict = deal.conflict.value_or(DealConflict());
  const std::string lines = JoinLines(conflict.product_lines), regions = JoinLines(conflict.regions);
  mysql::Value until = std::nullopt;
  if (deal.conflict) until = conflict.until;
  return sql.InsertRows(
      "INSERT INTO deal_progress (deal, sequence, submissions, granted, waitlisted, conflict_product_lines, "
      "conflict_regions, conflict_until, conflict_contest_end, contest, contest_end, note, won_on) VALUES",
      13,
      {deal.name, deal.sequence, deal.submissions, granted, waitlisted, lines, regions, until, conflict.contest_end,
       deal.contest, deal.contest_end, deal.note, deal.won_on},
      "ON DUPLICATE KEY UPDATE sequence = VALUES(sequence), submissions = VALUES(submissions), granted = "
      "VALUES(granted), waitlisted = VALUES(waitlisted), conflict_product_lines = "
      "VALUES(conflict_product_lines), conflict_regions = VALUES(conflict_regions), conflict_until = "
      "VALUES(conflict_until), conflict_contest_end = VALUES(conflict_contest_end), contest = "
      "VALUES(contest), contest_end = VALUES(contest_end), note = VALUES(note), won_on = VALUES(won_on)");
}

// By which a change of the hierarchy finds it.
absl::Status WriteRegions(mysql::Transaction& sql, const Deal& deal) {
  RETURN_IF_ERROR(sql.Execute("DELETE FROM deal_region WHERE deal = ?", {deal.name}).status());
  if (!deal.Blocks()) return absl::OkStatus();
  std::set<std::string> regions(deal.scope.regions.begin(), deal.scope.regions.end());
  for (const Box& box : deal.granted) regions.insert(box.regions.names.begin(), box.regions.names.end());
  mysql::Values values;
  for (const std::string& region : regions) values.insert(values.end(), {region, deal.name});
  return sql.InsertRows("INSERT INTO deal_region (region, deal) VALUES", 2, values);
}

// By which its expiry finds it.
absl::Status WriteEnd(mysql::Transaction& sql, const Deal& deal) {
  if (deal.state != Deal::State::kApproved && deal.state != Deal::State::kPartApproved) {
    return sql.Execute("DELETE FROM deal_end WHERE deal = ?", {deal.name}).status();
  }
  return sql
      .Execute("INSERT INTO deal_end (deal, over_on) VALUES (?, ?) ON DUPLICATE KEY UPDATE over_on = VALUES(over_on)",
               {deal.name, deal.scope.time.end})
      .status();
}

}  // namespace

absl::Status DealStore::Create(mysql::Transaction& sql, const Deal& deal) const {
  const std::string key = CustomerKey(deal.customer_name);
  const std::string lines = JoinLines(deal.scope.product_lines);
  const std::string regions = JoinLines(deal.scope.regions);
  const std::string route = JoinLines(deal.scope.routes);
  mysql::Value currency = std::nullopt, value = std::nullopt;
  if (deal.value) {
    currency = deal.value->currency;
    value = deal.value->amount;
  }
  ASSIGN_OR_RETURN(
      const bool made,
      sql.TryInsert("INSERT INTO deal (partner, name, uid, version, create_time, update_time, state, "
                    "customer_name, customer_key, product_lines, regions, route, effective_from, "
                    "effective_to, currency, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {deal.partner, deal.name, deal.uid, deal.version, deal.create_time, deal.update_time,
                     static_cast<int>(deal.state), deal.customer_name, key, lines, regions, route,
                     deal.scope.time.start, deal.scope.time.end, currency, value}));
  return made ? absl::OkStatus() : AlreadyExists(deal.name);
}

absl::StatusOr<Deal> DealStore::Get(mysql::Transaction& sql, std::string_view name) const {
  return GetOne(sql, name, "");
}

absl::StatusOr<Deal> DealStore::GetForUpdate(mysql::Transaction& sql, std::string_view name) const {
  return GetOne(sql, name, " FOR UPDATE");
}

absl::Status DealStore::Update(mysql::Transaction& sql, const Deal& deal) const {
  RETURN_IF_ERROR(sql.Execute("UPDATE deal SET state = ?, version = ?, update_time = ?, effective_to = ? WHERE partner "
                              "= ? AND name = ?",
                              {static_cast<int>(deal.state), deal.version, deal.update_time, deal.scope.time.end,
                               deal.partner, deal.name})
                      .status());
  RETURN_IF_ERROR(WriteProgress(sql, deal));
  RETURN_IF_ERROR(WriteEnd(sql, deal));
  return WriteRegions(sql, deal);
}

absl::StatusOr<std::vector<Deal>> DealStore::List(mysql::Transaction& sql, std::string_view partner,
                                                  const SqlPredicate& filter, std::string_view after, int limit) const {
  const std::string after_partner = PartnerName(after);
  mysql::Values values = {after_partner, after_partner, after};
  std::string of_partner;
  if (!partner.empty()) {
    of_partner = " AND partner = ?";
    values.emplace_back(partner);
  }
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE (partner > ? OR (partner = ? AND name > ?))", of_partner, " AND ",
                                    filter.sql(), " ORDER BY partner, name LIMIT ?"),
                             values));
  return FromRows(rows);
}

const std::vector<FilterField>& DealStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> states;
    for (const Deal::State state : kAllDealStates) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    return new std::vector<FilterField>{
        FilterField::Enum("state", "state", states), FilterField::String("customer_name", "customer_name"),
        FilterField::Day("effective_from", "effective_from"), FilterField::Day("effective_to", "effective_to")};
  }();
  return *fields;
}

absl::StatusOr<std::vector<Deal>> DealStore::Named(mysql::Transaction& sql, const std::set<std::string>& names) const {
  std::vector<Deal> deals;
  for (const std::string& name : names) {
    const std::string partner = PartnerName(name);
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat(kSelect, "WHERE partner = ? AND name = ?"), {partner, name}));
    for (Deal& deal : FromRows(rows)) deals.push_back(std::move(deal));
  }
  return deals;
}

absl::StatusOr<std::vector<Deal>> DealStore::BlockingFor(mysql::Transaction& sql,
                                                         const std::set<std::string>& customer_keys) const {
  std::map<std::string, Deal> by_name;
  RETURN_IF_ERROR(ForNames(customer_keys, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat(kSelect, "WHERE customer_key IN ", in, " AND ", BlockingStates()), values));
    for (Deal& deal : FromRows(rows)) by_name.emplace(deal.name, std::move(deal));
    return absl::OkStatus();
  }));
  std::vector<Deal> deals;
  deals.reserve(by_name.size());
  for (auto& [name, deal] : by_name) deals.push_back(std::move(deal));
  return deals;
}

absl::StatusOr<std::vector<Deal>> DealStore::BlockingIn(mysql::Transaction& sql,
                                                        const std::set<std::string>& regions) const {
  std::set<std::string> names;
  RETURN_IF_ERROR(ForNames(regions, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT deal FROM deal_region WHERE region IN ", in), values));
    for (const mysql::Row& row : rows) names.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return Named(sql, names);
}

absl::StatusOr<std::vector<HandedInDeal>> DealStore::HandedIn(mysql::Transaction& sql, const DateRange& days) const {
  ASSIGN_OR_RETURN(const mysql::Rows first, sql.Query("SELECT deal, MIN(submit_time) FROM deal_submission GROUP BY "
                                                      "deal"));
  std::map<std::string, absl::Time> first_times;
  for (const mysql::Row& row : first) first_times.emplace(row.Text(0), row.Instant(1));
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kSelect, "WHERE sequence > 0 AND effective_from < ? AND effective_to > ? ORDER BY name"),
                {days.end, days.start}));
  std::vector<HandedInDeal> deals;
  for (Deal& deal : FromRows(rows)) {
    const auto first_time = first_times.find(deal.name);
    const absl::Time from = first_time == first_times.end() ? deal.create_time : first_time->second;
    const absl::Time until = deal.Blocks() ? absl::InfiniteFuture() : deal.update_time;
    deals.push_back({std::move(deal), from, until});
  }
  return deals;
}

absl::StatusOr<std::vector<Deal>> DealStore::InContest(mysql::Transaction& sql, std::string_view contest) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT deal FROM deal_progress WHERE contest = ?", {contest}));
  std::set<std::string> names;
  for (const mysql::Row& row : rows) names.insert(row.Text(0));
  ASSIGN_OR_RETURN(std::vector<Deal> deals, Named(sql, names));
  std::sort(deals.begin(), deals.end(), [](const Deal& a, const Deal& b) { return a.sequence < b.sequence; });
  return deals;
}

absl::StatusOr<std::vector<Deal>> DealStore::Over(mysql::Transaction& sql, Date today, int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT deal FROM deal_end WHERE over_on <= ? ORDER BY over_on, deal LIMIT ?", {today, limit}));
  std::set<std::string> names;
  for (const mysql::Row& row : rows) names.insert(row.Text(0));
  return Named(sql, names);
}

absl::StatusOr<int64_t> DealStore::NextSequence(mysql::Transaction& sql) const {
  RETURN_IF_ERROR(sql.Execute("INSERT INTO deal_sequence (id, sequence) VALUES (1, 1) ON DUPLICATE KEY UPDATE sequence "
                              "= sequence + 1")
                      .status());
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT sequence FROM deal_sequence WHERE id = 1"));
  return rows.at(0).Int(0);
}

absl::StatusOr<int64_t> DealStore::CountSubmissions(mysql::Transaction& sql, const std::string& partner,
                                                    absl::Time since) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT CAST(COALESCE(SUM(times), 0) AS SIGNED) FROM deal_submission WHERE partner = ? AND submit_time "
                "> ?",
                {partner, since}));
  return rows.at(0).Int(0);
}

absl::Status DealStore::AddSubmission(mysql::Transaction& sql, const Deal& deal, absl::Time now) const {
  return sql
      .Execute(
          "INSERT INTO deal_submission (partner, submit_time, deal, times) VALUES (?, ?, ?, 1) ON DUPLICATE KEY "
          "UPDATE times = times + 1",
          {deal.partner, now, deal.name})
      .status();
}

}  // namespace tributary::conflict
