#include "conflict-service/detection/duplicate_sale_detector.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/status/status.h"
#include "conflict-service/detection/overclaimed_lot_detector.h"
#include "conflict-service/detection/settle.h"
#include "conflict-service/facts/sale_key_store.h"

namespace tributary::conflict {

namespace {

using Names = std::set<std::string>;

// All statements of the lines that share a key of these sales with another partner's: what was said of a line once may
// hold by another statement of it.
absl::StatusOr<Names> LikesOf(mysql::Transaction& sql, const SaleKeyStore& keys, const Names& sales) {
  ASSIGN_OR_RETURN(const Names hashes, keys.HashesOf(sql, sales));
  Names likes;
  RETURN_IF_ERROR(keys.Shared(sql, hashes, [&](const std::vector<KeyedSale>& of_one_key) {
    for (const KeyedSale& keyed : of_one_key) likes.insert(keyed.sale.name);
  }));
  return keys.StatementsOf(sql, likes);
}

// What is concluded of these keys, by explanation.
absl::StatusOr<std::vector<Conclusion>> ConclusionsOf(mysql::Transaction& sql, const SaleKeyStore& keys,
                                                      const Names& hashes) {
  std::vector<Conclusion> conclusions;
  RETURN_IF_ERROR(keys.Shared(sql, hashes, [&](const std::vector<KeyedSale>& of_one_key) {
    for (Conclusion& conclusion : DuplicateSales(of_one_key)) conclusions.push_back(std::move(conclusion));
  }));
  std::sort(conclusions.begin(), conclusions.end(),
            [](const Conclusion& a, const Conclusion& b) { return a.explanation < b.explanation; });
  return conclusions;
}

}  // namespace

absl::Status FindDuplicateSales(mysql::Transaction& sql, const FactBatch& facts, absl::Time now,
                                events::Outbox& outbox) {
  if (facts.sales.empty()) return absl::OkStatus();
  const SaleKeyStore keys;
  RETURN_IF_ERROR(keys.Put(sql, facts.sale_keys));
  Names subjects;
  for (const Sale& sale : facts.sales) subjects.insert(sale.reverses.empty() ? sale.name : sale.reverses);
  ASSIGN_OR_RETURN(const Names likes, LikesOf(sql, keys, subjects));
  // Nearly always: nobody else names what these name.
  if (likes.empty()) return Settle(sql, now, outbox, {FindingKind::kDuplicateSale}, subjects, {});
  subjects.insert(likes.begin(), likes.end());
  // Two sales may share several keys: all of them are looked at, so that what is said of the two does not depend on
  // which came last.
  ASSIGN_OR_RETURN(const Names hashes, keys.HashesOf(sql, subjects));
  ASSIGN_OR_RETURN(std::vector<Conclusion> conclusions, ConclusionsOf(sql, keys, hashes));
  std::erase_if(conclusions, [&](const Conclusion& conclusion) {
    return !subjects.contains(conclusion.subjects[0]) && !subjects.contains(conclusion.subjects[1]);
  });
  return Settle(sql, now, outbox, {FindingKind::kDuplicateSale}, subjects, conclusions);
}

absl::StatusOr<std::vector<Conclusion>> DuplicateSalesIn(mysql::Transaction& sql, const DateRange& days) {
  const SaleKeyStore keys;
  ASSIGN_OR_RETURN(const Names hashes, keys.SharedIn(sql, days));
  ASSIGN_OR_RETURN(std::vector<Conclusion> conclusions, ConclusionsOf(sql, keys, hashes));
  ASSIGN_OR_RETURN(std::vector<Conclusion> of_lots, OverclaimedLotsIn(sql, days));
  for (Conclusion& conclusion : of_lots) conclusions.push_back(std::move(conclusion));
  return conclusions;
}

}  // namespace tributary::conflict
