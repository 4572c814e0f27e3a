#pragma once

// Claims on units with all that they rest on: the special price, price change, SPIFF or stock rotation, the partner's
// stock, the other claims, the classes of kinds that exclude one another. Each call works in the caller's transaction.

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/channel_facts/channel_fact_store.h"
#include "incentive-service/channel_facts/sale_key_store.h"
#include "incentive-service/claims/claim_line_store.h"
#include "incentive-service/claims/kit_units.h"
#include "incentive-service/claims/stock_claim.h"
#include "incentive-service/funding_classes/funding_class_store.h"
#include "incentive-service/price_changes/price_change_store.h"
#include "incentive-service/price_changes/protected_stock.h"
#include "incentive-service/special_prices/special_price_store.h"
#include "incentive-service/spiffs/spiff_store.h"
#include "incentive-service/stock_rotations/stock_rotation_store.h"

namespace tributary::incentive {

class StockClaims {
 public:
  // The claim with product and currency of what it is against. NOT_FOUND.
  absl::StatusOr<Claim> Against(mysql::Transaction& sql, Claim claim) const;
  // As incentive::Submit; against a price change without a line with the one that ProposeLine makes. NOT_FOUND.
  absl::StatusOr<Claim> Submitted(mysql::Transaction& sql, Claim claim, Date today) const;

  // Takes the rows under which claims like this are decided one after another; before the claim's own.
  absl::Status Lock(mysql::Transaction& sql, const Claim& claim) const;
  // What is due of a claim under its lock, by what is recorded now, and the other claims that bear on it.
  struct Judged {
    Due due;
    std::vector<OtherLine> others;
  };
  absl::StatusOr<Judged> Judge(mysql::Transaction& sql, const Claim& claim, Date today) const;

 private:
  // The products that sales of the claim took as parts of kits.
  absl::StatusOr<std::set<std::string>> PartsOf(mysql::Transaction& sql, const Claim& claim) const;
  // What is known of them; `others` are added.
  absl::StatusOr<KitUnits> ReadParts(mysql::Transaction& sql, const Claim& claim,
                                     const std::vector<ExclusiveClass>& classes, std::vector<OtherLine>* others) const;
  // What is known of the stock, and the other claims; of a claim for sales also what other partners have of them.
  absl::StatusOr<StockBook> ReadBook(mysql::Transaction& sql, const Claim& claim, std::vector<OtherLine>* others) const;

  SpecialPriceStore special_prices_;
  PriceChangeStore price_changes_;
  SpiffStore spiffs_;
  StockRotationStore rotations_;
  ProtectedStock stock_;
  ChannelFactStore facts_;
  SaleKeyStore sale_keys_;
  ClaimLineStore lines_;
  FundingClassStore classes_;
};

}  // namespace tributary::incentive
