#include "inventory-service/stock_findings/derivation.h"

#include <algorithm>
#include <map>
#include <optional>

#include "common/status/status.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/stock_findings/stock_finding_proto.h"

namespace tributary::inventory {
namespace {

using Days = std::map<Date, Decimal>;

// What may be below zero: a bucket of a site with all its lots together, since not everybody who sells tells the lot,
// and each lot that is told.
std::map<FindingSubject, Days> Balances(const std::map<BucketKey, Days>& days) {
  std::map<FindingSubject, Days> balances;
  for (const auto& [key, changes] : days) {
    FindingSubject subject{.rule = StockRule::kNegativeStock,
                           .partner = key.position.partner,
                           .product = key.position.product,
                           .site = key.position.site,
                           .bucket = key.bucket};
    for (const auto& [day, change] : changes) balances[subject][day] += change;
    if (key.position.lot.empty()) continue;
    subject.lot = key.position.lot;
    balances.emplace(subject, changes);
  }
  return balances;
}

std::vector<Posting> Plain(std::vector<RecordedPosting> recorded) {
  std::vector<Posting> postings;
  postings.reserve(recorded.size());
  for (RecordedPosting& one : recorded) postings.push_back(std::move(one.posting));
  return postings;
}

}  // namespace

absl::Status FindingDerivation::Apply(mysql::Transaction& sql, const events::ShardRange& range,
                                      const ReferenceChanges& changes, absl::Time now, events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const std::vector<RecordedPosting> postings, ledger_.PostingsIn(sql, range));
  ASSIGN_OR_RETURN(const std::vector<SerialMove> moves, serials_.MovesIn(sql, range));
  std::map<std::pair<BucketKey, Date>, Decimal> days;
  for (const RecordedPosting& recorded : postings) {
    for (const auto& [key, change] : PositionChanges({&recorded.posting, 1})) {
      days[{key, recorded.posting.effective_date}] += change;
    }
  }
  std::set<StockKey> stock;
  for (const auto& [key, change] : days) stock.emplace(key.first.position.partner, key.first.position.product);
  for (const auto& [product, lot] : changes.lots) {
    ASSIGN_OR_RETURN(const std::set<StockKey> holders, findings_.WithLot(sql, product, lot));
    stock.insert(holders.begin(), holders.end());
  }
  for (const auto& [partner, site] : changes.sites) {
    ASSIGN_OR_RETURN(const std::set<StockKey> there, findings_.AtSite(sql, partner, site));
    stock.insert(there.begin(), there.end());
  }
  std::set<std::pair<std::string, std::string>> units;
  for (const SerialMove& move : moves) units.emplace(move.product, move.serial);

  std::set<std::string> subjects;
  for (const auto& [partner, product] : stock) subjects.insert(StockSubject(partner, product));
  for (const auto& [product, serial] : units) subjects.insert(SerialSubject(product, serial));
  RETURN_IF_ERROR(LockSubjects(sql, subjects));
  RETURN_IF_ERROR(findings_.AddDays(sql, days));
  for (const StockKey& key : stock) RETURN_IF_ERROR(DeriveStock(sql, key, now, outbox));
  for (const auto& [product, serial] : units) RETURN_IF_ERROR(DeriveSerial(sql, product, serial, now, outbox));
  return absl::OkStatus();
}

absl::Status FindingDerivation::DeriveStock(mysql::Transaction& sql, const StockKey& key, absl::Time now,
                                            events::Outbox& outbox) const {
  const auto& [partner, product] = key;
  ASSIGN_OR_RETURN(const auto days, findings_.DaysOf(sql, key));
  std::vector<Conclusion> conclusions;

  for (const auto& [subject, changes] : Balances(days)) {
    const std::optional<BelowZero> below = LowestOf(changes);
    if (!below.has_value()) continue;
    Conclusion conclusion{.subject = subject, .first_day = below->first_day, .quantity = below->depth};
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> of_day, ledger_.PostingsOn(sql, partner, product, below->first_day));
    AddTakers(Plain(std::move(of_day)), &conclusion);
    conclusions.push_back(std::move(conclusion));
  }

  // The last day on which anything moved, of each lot and at each site: most of them need no closer look.
  std::map<std::string, Date> last_of_lot;
  std::map<std::string, Date> last_at_site;
  const auto later = [](std::map<std::string, Date>& last, const std::string& name, Date day) {
    Date& known = last.try_emplace(name, day).first->second;
    known = std::max(known, day);
  };
  std::set<LotKey> lots;
  for (const auto& [bucket, changes] : days) {
    const Date last = changes.rbegin()->first;
    later(last_at_site, bucket.position.site, last);
    if (bucket.position.lot.empty()) continue;
    later(last_of_lot, bucket.position.lot, last);
    lots.emplace(product, bucket.position.lot);
  }
  ASSIGN_OR_RETURN(const auto expiries, lots_.Expiries(sql, lots));
  for (const auto& [lot, expires_on] : expiries) {
    if (!IsExpired(expires_on, last_of_lot.at(lot.second))) continue;
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings, ledger_.PostingsOf(sql, partner, product, lot.second));
    const FindingSubject subject{
        .rule = StockRule::kExpiredLot, .partner = partner, .product = product, .lot = lot.second};
    if (auto conclusion = ExpiredLot(subject, expires_on, Plain(std::move(postings)))) {
      conclusions.push_back(*std::move(conclusion));
    }
  }
  ASSIGN_OR_RETURN(const auto closed, findings_.ClosedSites(sql, partner));
  for (const auto& [site, closed_on] : closed) {
    const auto last = last_at_site.find(site);
    if (last == last_at_site.end() || last->second < closed_on) continue;
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings, ledger_.PostingsOf(sql, partner, product));
    const FindingSubject subject{.rule = StockRule::kClosedSite, .partner = partner, .product = product, .site = site};
    if (auto conclusion = ClosedSite(subject, closed_on, Plain(std::move(postings)))) {
      conclusions.push_back(*std::move(conclusion));
    }
  }
  ASSIGN_OR_RETURN(const std::vector<StockFinding> stored, findings_.About(sql, key));
  return Settle(sql, stored, conclusions, now, outbox);
}

absl::Status FindingDerivation::DeriveSerial(mysql::Transaction& sql, const std::string& product,
                                             const std::string& serial, absl::Time now, events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(sql, product, serial));
  const std::optional<SerialUnit> unit = Follow(std::move(moves));
  ASSIGN_OR_RETURN(const std::vector<StockFinding> stored, findings_.AboutSerial(sql, product, serial));
  return Settle(sql, stored, unit.has_value() ? SerialElsewhere(*unit) : std::vector<Conclusion>(), now, outbox);
}

absl::Status FindingDerivation::Settle(mysql::Transaction& sql, const std::vector<StockFinding>& stored,
                                       const std::vector<Conclusion>& conclusions, absl::Time now,
                                       events::Outbox& outbox) const {
  const std::vector<FindingChange> changes = Reconcile(stored, conclusions, now);
  RETURN_IF_ERROR(findings_.Save(sql, changes));
  for (const FindingChange& change : changes) outbox.Add(Told(change.verb, change.finding));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
