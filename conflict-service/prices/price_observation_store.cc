#include "conflict-service/prices/price_observation_store.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/cases/case.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kObservationColumns =
    "name, create_time, kind, partner, seller, product, currency, price, region, place, observe_date, observe_time, "
    "promotion, evidence, evidence_sha256, offer, market, withdraw_time, withdraw_reason";
constexpr size_t kObservationWidth = 19;
constexpr int kMostOffers = 256;
constexpr int kAdvertisedKind = static_cast<int>(PriceObservation::Kind::kAdvertised);

std::string SelectObservations(std::string_view where) {
  return StrCat("SELECT ", kObservationColumns, " FROM price_observation WHERE ", where);
}

PriceObservation ObservationFrom(const mysql::Row& row) {
  PriceObservation observation{.name = row.Text(0),
                               .create_time = row.Instant(1),
                               .kind = static_cast<PriceObservation::Kind>(row.Int(2)),
                               .partner = row.Text(3),
                               .seller = row.Text(4),
                               .product = row.Text(5),
                               .price = {row.Text(6), row.Dec(7)},
                               .region = row.Text(8),
                               .place = row.Text(9),
                               .date = row.Day(10),
                               .promotion = row.Text(12),
                               .evidence = row.Text(13),
                               .evidence_sha256 = row.Text(14),
                               .withdraw_reason = row.Text(18)};
  if (!row.IsNull(11)) observation.time = row.Instant(11);
  if (!row.IsNull(17)) observation.withdraw_time = row.Instant(17);
  return observation;
}

// Of price_observation `o`: before a day, and nothing rests on it.
std::string SettledBefore() {
  return StrCat(
      "o.observe_date < ? AND NOT EXISTS (SELECT 1 FROM finding_subject s JOIN finding f ON f.id = s.finding "
      "AND f.state = ",
      static_cast<int>(FindingState::kOpen), " JOIN conflict_case c ON c.id = f.id AND c.state <> ",
      static_cast<int>(CaseState::kClosed),
      " WHERE s.subject IN (o.name, CONCAT('priceOffers/', o.offer), CONCAT('priceMarkets/', o.market)))");
}

void AddObservations(const mysql::Rows& rows, std::vector<PriceObservation>* observations) {
  for (const mysql::Row& row : rows) observations->push_back(ObservationFrom(row));
}

}  // namespace

absl::StatusOr<std::vector<PriceObservation>> PriceObservationStore::Put(
    mysql::Transaction& sql, const std::vector<PriceObservation>& observations) const {
  std::set<std::string> names;
  for (const PriceObservation& observation : observations) names.insert(observation.name);
  std::map<std::string, PriceObservation> known;
  RETURN_IF_ERROR(ForNames(names, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(SelectObservations(StrCat("name IN ", in)), values));
    for (const mysql::Row& row : rows) known.emplace(row.Text(0), ObservationFrom(row));
    return absl::OkStatus();
  }));
  std::vector<PriceObservation> fresh;
  for (size_t i = 0; i < observations.size(); ++i) {
    const PriceObservation& one = observations[i];
    const auto [place, is_new] = known.emplace(one.name, one);
    if (!SameFact(place->second, one)) {
      return Error(Reason::kRowConflict, StrCat("price_observations[", i, "]: ", one.name,
                                                " is known with other content; want a name of its own"));
    }
    if (is_new) fresh.push_back(one);
  }
  Texts texts;
  mysql::Values rows;
  for (const PriceObservation& one : fresh) {
    rows.insert(rows.end(),
                {one.name, one.create_time, static_cast<int>(one.kind), one.partner, one.seller, one.product,
                 one.price.currency, one.price.amount, one.region, one.place, one.date, mysql::Value(one.time),
                 one.promotion, one.evidence, one.evidence_sha256, texts.Keep(OfferOf(one)), texts.Keep(MarketOf(one)),
                 mysql::Value(one.withdraw_time), one.withdraw_reason});
  }
  RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO price_observation (", kObservationColumns, ") VALUES"),
                                 kObservationWidth, rows));
  return fresh;
}

absl::Status PriceObservationStore::Withdraw(mysql::Transaction& sql, const PriceObservation& observation) const {
  return sql
      .Execute("UPDATE price_observation SET withdraw_time = ?, withdraw_reason = ? WHERE name = ?",
               {mysql::Value(observation.withdraw_time), observation.withdraw_reason, observation.name})
      .status();
}

absl::StatusOr<PriceObservation> PriceObservationStore::Get(mysql::Transaction& sql, std::string_view name) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(SelectObservations("name = ?"), {name}));
  if (rows.empty()) return NotFound(name);
  return ObservationFrom(rows[0]);
}

absl::StatusOr<std::vector<PriceObservation>> PriceObservationStore::List(mysql::Transaction& sql,
                                                                          const SqlPredicate& filter,
                                                                          bool withdrawn_too, std::string_view after,
                                                                          int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  const std::string_view standing = withdrawn_too ? "" : "withdraw_time IS NULL AND ";
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(SelectObservations(StrCat("name > ? AND ", standing, filter.sql(), " ORDER BY name LIMIT ?")), values));
  std::vector<PriceObservation> observations;
  AddObservations(rows, &observations);
  return observations;
}

const std::vector<FilterField>& PriceObservationStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> kinds;
    for (const auto kind : {PriceObservation::Kind::kAdvertised, PriceObservation::Kind::kSold}) {
      kinds.push_back({std::string(NameOf(kind)), static_cast<int64_t>(kind)});
    }
    return new std::vector<FilterField>{
        FilterField::Enum("kind", "kind", kinds),      FilterField::String("partner", "partner"),
        FilterField::String("seller", "seller"),       FilterField::String("product", "product"),
        FilterField::String("region", "region"),       FilterField::Day("observe_date", "observe_date"),
        FilterField::String("promotion", "promotion"), FilterField::String("offer", "offer"),
        FilterField::String("market", "market")};
  }();
  return *fields;
}

absl::StatusOr<std::vector<PriceObservation>> PriceObservationStore::OfOffers(
    mysql::Transaction& sql, const std::set<std::string>& offers) const {
  std::vector<PriceObservation> observations;
  RETURN_IF_ERROR(ForNames(offers, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(SelectObservations(StrCat("withdraw_time IS NULL AND offer IN ", in, " ORDER BY offer")), values));
    AddObservations(rows, &observations);
    return absl::OkStatus();
  }));
  return observations;
}

absl::StatusOr<std::vector<PriceObservation>> PriceObservationStore::Since(mysql::Transaction& sql,
                                                                           const std::string& partner,
                                                                           const std::string& product,
                                                                           Date from) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(SelectObservations("product = ? AND partner = ? AND observe_date >= ? AND withdraw_time IS NULL"),
                {product, partner, from}));
  std::vector<PriceObservation> observations;
  AddObservations(rows, &observations);
  return observations;
}

absl::StatusOr<std::vector<std::string>> PriceObservationStore::Settled(mysql::Transaction& sql, Date before,
                                                                        int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT o.name FROM price_observation o WHERE ", SettledBefore(),
                                    " ORDER BY o.observe_date, o.name LIMIT ?"),
                             {before, limit}));
  std::vector<std::string> names;
  for (const mysql::Row& row : rows) names.push_back(row.Text(0));
  return names;
}

absl::StatusOr<bool> PriceObservationStore::Forget(mysql::Transaction& sql, const std::string& name,
                                                   Date before) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT 1 FROM price_observation o WHERE o.name = ? AND ", SettledBefore()), {name, before}));
  if (rows.empty()) return false;
  ASSIGN_OR_RETURN(const int64_t gone, sql.Execute("DELETE FROM price_observation WHERE name = ?", {name}));
  return gone > 0;
}

absl::StatusOr<std::set<Date>> PriceObservationStore::Days(mysql::Transaction& sql, const std::string& market) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT DISTINCT observe_date FROM price_observation WHERE market = ?", {market}));
  std::set<Date> days;
  for (const mysql::Row& row : rows) days.insert(row.Day(0));
  return days;
}

absl::StatusOr<std::optional<Date>> PriceObservationStore::NextDay(mysql::Transaction& sql,
                                                                   const PriceObservation& observation) const {
  const std::string market = MarketOf(observation);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT observe_date FROM price_observation WHERE market = ? AND partner = ? AND "
                             "seller = ? AND observe_date > ? AND withdraw_time IS NULL AND kind = ? ORDER BY "
                             "observe_date LIMIT 1",
                             {market, observation.partner, observation.seller, observation.date, kAdvertisedKind}));
  if (rows.empty()) return std::nullopt;
  return rows[0].Day(0);
}

absl::StatusOr<std::vector<PriceObservation>> PriceObservationStore::OfMarket(mysql::Transaction& sql,
                                                                              const std::string& market,
                                                                              const DateRange& days) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(SelectObservations("withdraw_time IS NULL AND market = ? AND kind = ? AND "
                                                "observe_date >= ? AND observe_date < ?"),
                             {market, kAdvertisedKind, days.start, days.end}));
  std::vector<PriceObservation> observations;
  AddObservations(rows, &observations);
  std::set<std::pair<std::string, std::string>> sellers;
  for (const PriceObservation& one : observations) sellers.emplace(one.partner, one.seller);
  for (const auto& [partner, seller] : sellers) {
    ASSIGN_OR_RETURN(
        const mysql::Rows before,
        sql.Query(SelectObservations("withdraw_time IS NULL AND market = ? AND partner = ? AND seller = ? AND kind = ? "
                                     "AND observe_date = (SELECT MAX(b.observe_date) FROM price_observation b WHERE "
                                     "b.market = ? AND b.partner = ? AND b.seller = ? AND b.observe_date < ? AND "
                                     "b.withdraw_time IS NULL AND b.kind = ?)"),
                  {market, partner, seller, kAdvertisedKind, market, partner, seller, days.start, kAdvertisedKind}));
    AddObservations(before, &observations);
  }
  return observations;
}

absl::StatusOr<std::vector<PriceObservation>> PriceObservationStore::OfMarket(mysql::Transaction& sql,
                                                                              const std::string& market) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(SelectObservations("withdraw_time IS NULL AND market = ? AND kind = ?"), {market, kAdvertisedKind}));
  std::vector<PriceObservation> observations;
  AddObservations(rows, &observations);
  return observations;
}

absl::Status PriceObservationStore::VisitOffers(mysql::Transaction& sql, const std::set<std::string>& products,
                                                const std::set<std::string>& regions, Visitor visit) const {
  const auto of = [&](std::string_view column, const std::set<std::string>& names) -> absl::Status {
    for (const std::string& name : names) {
      std::string after;
      while (true) {
        ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT DISTINCT offer FROM price_observation WHERE ",
                                                                  column, " = ? AND offer > ? ORDER BY offer LIMIT ?"),
                                                           {name, after, kMostOffers}));
        std::set<std::string> offers;
        for (const mysql::Row& row : rows) offers.insert(row.Text(0));
        if (offers.empty()) break;
        after = *offers.rbegin();
        RETURN_IF_ERROR(visit(offers));
      }
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(of("product", products));
  return of("region", regions);
}

absl::StatusOr<std::set<std::string>> PriceObservationStore::Markets(mysql::Transaction& sql,
                                                                     const std::set<std::string>& products) const {
  std::set<std::string> markets;
  RETURN_IF_ERROR(ForNames(products, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT market FROM price_observation WHERE product IN ", in), values));
    for (const mysql::Row& row : rows) markets.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return markets;
}

}  // namespace tributary::conflict
