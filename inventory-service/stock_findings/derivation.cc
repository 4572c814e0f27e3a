#include "inventory-service/stock_findings/derivation.h"

#include <algorithm>
#include <map>
#include <optional>

#include "common/status/status.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/stock_findings/settling.h"

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
  std::map<std::string, std::set<std::string>> stock;  // products by partner
  const auto touch = [&stock](const std::string& partner, const std::string& product) {
    stock[partner].insert(product);
  };
  for (const auto& [key, change] : days) touch(key.first.position.partner, key.first.position.product);
  for (const auto& [product, lot] : changes.lots) {
    ASSIGN_OR_RETURN(const std::set<StockKey> holders, findings_.WithLot(sql, product, lot));
    for (const auto& [holder, held] : holders) touch(holder, held);
  }
  for (const auto& [partner, site] : changes.sites) {
    ASSIGN_OR_RETURN(const std::set<StockKey> there, findings_.AtSite(sql, partner, site));
    for (const auto& [holder, held] : there) touch(holder, held);
  }
  // Who took over what from another partner; where a site lies concerns all that came to it.
  std::set<StockKey> taken_over;
  for (const RecordedPosting& recorded : postings) {
    const Posting& posting = recorded.posting;
    if (posting.from == kTransfer) taken_over.emplace(posting.partner, posting.product);
  }
  for (const auto& [partner, site] : changes.sites) taken_over.emplace(partner, "");
  std::set<std::pair<std::string, std::string>> units;
  for (const SerialMove& move : moves) units.emplace(move.product, move.serial);

  std::set<std::string> subjects;
  for (const auto& [partner, products] : stock) {
    for (const std::string& product : products) subjects.insert(StockSubject(partner, product));
  }
  for (const auto& [product, serial] : units) subjects.insert(SerialSubject(product, serial));
  RETURN_IF_ERROR(LockSubjects(sql, subjects));
  RETURN_IF_ERROR(findings_.AddDays(sql, days));
  for (const auto& [partner, products] : stock) {
    RETURN_IF_ERROR(DeriveStock(sql, partner, products, now, outbox));
  }
  for (const auto& [product, serial] : units) RETURN_IF_ERROR(DeriveSerial(sql, product, serial, now, outbox));
  return territories_.Derive(sql, taken_over, now, outbox);
}

absl::Status FindingDerivation::DeriveStock(mysql::Transaction& sql, const std::string& partner,
                                            const std::set<std::string>& products, absl::Time now,
                                            events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(const auto days, findings_.DaysOf(sql, partner, products));
  std::vector<Conclusion> conclusions;

  for (const auto& [subject, changes] : Balances(days)) {
    const std::optional<BelowZero> below = LowestOf(changes);
    if (!below.has_value()) continue;
    Conclusion conclusion{.subject = subject, .first_day = below->first_day, .quantity = below->depth};
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> of_day,
                     ledger_.PostingsOn(sql, partner, subject.product, below->first_day));
    AddTakers(Plain(std::move(of_day)), &conclusion);
    conclusions.push_back(std::move(conclusion));
  }

  // The last day on which anything moved, of each lot and, product by product, at each site: most of them need no
  // closer look.
  std::map<LotKey, Date> last_of_lot;
  std::map<std::pair<std::string, std::string>, Date> last_at_site;  // site, product
  const auto later = [](auto& last, auto key, Date day) {
    Date& known = last.try_emplace(std::move(key), day).first->second;
    known = std::max(known, day);
  };
  std::set<LotKey> lots;
  for (const auto& [bucket, changes] : days) {
    const Date last = changes.rbegin()->first;
    const PositionKey& position = bucket.position;
    later(last_at_site, std::pair(position.site, position.product), last);
    if (position.lot.empty()) continue;
    later(last_of_lot, LotKey(position.product, position.lot), last);
    lots.emplace(position.product, position.lot);
  }
  ASSIGN_OR_RETURN(const auto expiries, lots_.Expiries(sql, lots));
  for (const auto& [lot, expires_on] : expiries) {
    if (!IsExpired(expires_on, last_of_lot.at(lot))) continue;
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings, ledger_.PostingsOf(sql, partner, lot.first, lot.second));
    const FindingSubject subject{
        .rule = StockRule::kExpiredLot, .partner = partner, .product = lot.first, .lot = lot.second};
    if (auto conclusion = ExpiredLot(subject, expires_on, Plain(std::move(postings)))) {
      conclusions.push_back(*std::move(conclusion));
    }
  }
  ASSIGN_OR_RETURN(const auto limits, findings_.Limits(sql, partner));
  for (const auto& [place, last] : last_at_site) {
    const auto& [site, product] = place;
    const auto limit = limits.find(site);
    if (limit == limits.end() || !limit->second.closed_on.has_value() || last < *limit->second.closed_on) continue;
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings, ledger_.PostingsOf(sql, partner, product));
    const FindingSubject subject{.rule = StockRule::kClosedSite, .partner = partner, .product = product, .site = site};
    if (auto conclusion = ClosedSite(subject, *limit->second.closed_on, Plain(std::move(postings)))) {
      conclusions.push_back(*std::move(conclusion));
    }
  }
  ASSIGN_OR_RETURN(const std::set<std::string> counted, findings_.Counted(sql, partner, products));
  for (const std::string& product : counted) {
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> recorded, ledger_.PostingsOf(sql, partner, product));
    const std::vector<Posting> postings = Plain(std::move(recorded));
    std::set<FindingSubject> subjects;
    for (const auto& [bucket, changes] : days) {
      if (bucket.position.product != product) continue;
      subjects.insert({.rule = StockRule::kCountOff,
                       .partner = partner,
                       .product = product,
                       .site = bucket.position.site,
                       .lot = bucket.position.lot});
    }
    for (const FindingSubject& subject : subjects) {
      const auto limit = limits.find(subject.site);
      const Decimal tolerance = limit == limits.end() ? SiteLimits().count_tolerance : limit->second.count_tolerance;
      if (auto conclusion = CountOff(subject, tolerance, postings)) conclusions.push_back(*std::move(conclusion));
    }
  }
  ASSIGN_OR_RETURN(const std::vector<StockFinding> stored, findings_.About(sql, partner, products));
  return Settle(sql, stored, conclusions, now, outbox);
}

absl::Status FindingDerivation::DeriveSerial(mysql::Transaction& sql, const std::string& product,
                                             const std::string& serial, absl::Time now, events::Outbox& outbox) const {
  ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(sql, product, serial));
  const std::optional<SerialUnit> unit = Follow(std::move(moves));
  ASSIGN_OR_RETURN(const std::vector<StockFinding> stored, findings_.AboutSerial(sql, product, serial));
  return Settle(sql, stored, unit.has_value() ? SerialElsewhere(*unit) : std::vector<Conclusion>(), now, outbox);
}

}  // namespace tributary::inventory
