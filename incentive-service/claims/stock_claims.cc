#include "incentive-service/claims/stock_claims.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "common/status/status.h"

namespace tributary::incentive {

absl::StatusOr<Claim> StockClaims::Against(mysql::Transaction& sql, Claim claim) const {
  const auto against = [&claim](const auto& subject) {
    claim.product = subject.product;
    claim.currency = subject.currency;
    return std::move(claim);
  };
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(const auto authorization, special_prices_.Get(sql, claim.partner, claim.special_price));
    return against(authorization);
  }
  if (claim.kind == ClaimKind::kStockRotation) {
    ASSIGN_OR_RETURN(const StockRotation rotation, rotations_.Get(sql, claim.partner, claim.stock_rotation));
    claim.currency = rotation.currency;
    return claim;
  }
  // Nobody learns of a change, or of a SPIFF, by claiming against it before it is announced.
  if (claim.kind == ClaimKind::kSpiff) {
    ASSIGN_OR_RETURN(const Spiff spiff, spiffs_.Get(sql, claim.spiff));
    if (spiff.state != SpiffState::kAnnounced) return NotFound(spiff.name());
    return against(spiff);
  }
  ASSIGN_OR_RETURN(const PriceChange change, price_changes_.Get(sql, claim.price_change));
  if (change.state != PriceChangeState::kAnnounced) return NotFound(change.name());
  return against(change);
}

absl::StatusOr<Claim> StockClaims::Submitted(mysql::Transaction& sql, Claim claim, Date today) const {
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(const auto against, special_prices_.Get(sql, claim.partner, claim.special_price));
    return Submit(std::move(claim), against, today);
  }
  if (claim.kind == ClaimKind::kSpiff) {
    ASSIGN_OR_RETURN(const Spiff against, spiffs_.Get(sql, claim.spiff));
    return Submit(std::move(claim), against, today);
  }
  if (claim.kind == ClaimKind::kStockRotation) {
    ASSIGN_OR_RETURN(const StockRotation against, rotations_.Get(sql, claim.partner, claim.stock_rotation));
    return Submit(std::move(claim), against, today);
  }
  ASSIGN_OR_RETURN(const PriceChange against, price_changes_.Get(sql, claim.price_change));
  if (claim.lines.empty() && !against.reverse) {
    std::vector<OtherLine> others;
    ASSIGN_OR_RETURN(const StockBook book, ReadBook(sql, claim, &others));
    ASSIGN_OR_RETURN(const std::vector<FundingClass> declared, classes_.All(sql));
    ASSIGN_OR_RETURN(std::optional<ClaimLine> line,
                     ProposeLine(claim, against, book, others, ClassesFor(declared, claim.create_time), today));
    if (line.has_value()) claim.lines.push_back(*std::move(line));
  }
  return Submit(std::move(claim), against, today);
}

absl::Status StockClaims::Lock(mysql::Transaction& sql, const Claim& claim) const {
  if (claim.kind == ClaimKind::kStockRotation) {
    RETURN_IF_ERROR(rotations_.GetForUpdate(sql, claim.partner, claim.stock_rotation).status());
  }
  // A kit's parts with it, in the order of all who take several.
  ASSIGN_OR_RETURN(std::set<std::string> products, PartsOf(sql, claim));
  products.insert(claim.product);
  for (const std::string& product : products) RETURN_IF_ERROR(lines_.Lock(sql, product));
  return absl::OkStatus();
}

absl::StatusOr<std::set<std::string>> StockClaims::PartsOf(mysql::Transaction& sql, const Claim& claim) const {
  std::set<std::string> products;
  if (claim.kind != ClaimKind::kSpiff) return products;  // of the others nothing is due of a kit
  std::set<std::string> sales;
  for (const ClaimLine& line : claim.lines) sales.insert(line.sale);
  ASSIGN_OR_RETURN(const ChannelFactStore::SoldParts sold, facts_.PartsOf(sql, claim.partner, sales));
  for (const auto& [sale, parts] : sold) {
    for (const ChannelFactStore::SoldPart& part : parts) products.insert(part.product);
  }
  return products;
}

absl::StatusOr<KitUnits> StockClaims::ReadParts(mysql::Transaction& sql, const Claim& claim,
                                                const std::vector<ExclusiveClass>& classes,
                                                std::vector<OtherLine>* others) const {
  KitUnits kits;
  ASSIGN_OR_RETURN(const std::set<std::string> products, PartsOf(sql, claim));
  Claim on_part = claim;
  for (const std::string& product : products) {
    on_part.product = product;
    ASSIGN_OR_RETURN(StockBook book, stock_.Read(sql, claim.partner, product));
    ASSIGN_OR_RETURN(std::vector<OtherLine> of_part, lines_.OthersOfPartner(sql, on_part));
    kits.Add(claim, product, std::move(book), of_part, classes);
    std::move(of_part.begin(), of_part.end(), std::back_inserter(*others));
  }
  return kits;
}

absl::StatusOr<StockBook> StockClaims::ReadBook(mysql::Transaction& sql, const Claim& claim,
                                                std::vector<OtherLine>* others) const {
  ASSIGN_OR_RETURN(StockBook book, stock_.Read(sql, claim.partner, claim.product));
  ASSIGN_OR_RETURN(*others, lines_.OthersOfPartner(sql, claim));
  if (claim.kind != ClaimKind::kShipAndDebit && claim.kind != ClaimKind::kSpiff) return book;
  ASSIGN_OR_RETURN(std::vector<OtherLine> elsewhere, lines_.OfOtherPartners(sql, claim));
  std::move(elsewhere.begin(), elsewhere.end(), std::back_inserter(*others));
  std::vector<std::string> sales;
  for (const ClaimLine& line : claim.lines) sales.push_back(line.sale);
  ASSIGN_OR_RETURN(const std::vector<SharedUnit> shared, sale_keys_.SharedBy(sql, claim.partner, sales));
  TakeOutSharedUnits(shared, &book);
  return book;
}

absl::StatusOr<StockClaims::Judged> StockClaims::Judge(mysql::Transaction& sql, const Claim& claim, Date today) const {
  Judged judged;
  ASSIGN_OR_RETURN(const StockBook book, ReadBook(sql, claim, &judged.others));
  ASSIGN_OR_RETURN(const std::vector<FundingClass> declared, classes_.All(sql));
  const std::vector<ExclusiveClass> classes = ClassesFor(declared, claim.create_time);
  if (claim.kind == ClaimKind::kShipAndDebit) {
    ASSIGN_OR_RETURN(const auto against, special_prices_.Get(sql, claim.partner, claim.special_price));
    judged.due = DueOf(claim, against, book, judged.others, classes, today);
  } else if (claim.kind == ClaimKind::kSpiff) {
    ASSIGN_OR_RETURN(const Spiff against, spiffs_.Get(sql, claim.spiff));
    std::vector<OtherLine> of_parts;
    ASSIGN_OR_RETURN(KitUnits kits, ReadParts(sql, claim, classes, &of_parts));
    judged.due = DueOf(claim, against, book, judged.others, classes, &kits);
    std::move(of_parts.begin(), of_parts.end(), std::back_inserter(judged.others));
  } else if (claim.kind == ClaimKind::kStockRotation) {
    ASSIGN_OR_RETURN(const StockRotation against, rotations_.Get(sql, claim.partner, claim.stock_rotation));
    ASSIGN_OR_RETURN(const Decimal purchases, rotations_.Purchases(sql, against));
    judged.due = DueOf(claim, against, purchases, book, judged.others, classes);
  } else {
    ASSIGN_OR_RETURN(const PriceChange against, price_changes_.Get(sql, claim.price_change));
    judged.due = DueOf(claim, against, book, judged.others, classes, today);
  }
  return judged;
}

}  // namespace tributary::incentive
