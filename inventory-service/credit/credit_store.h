#pragma once

// Credit lines, as the partner feed tells them, and what partners owe, in the database.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/credit/credit.h"

namespace tributary::inventory {

class CreditStore {
 public:
  absl::Status Put(mysql::Transaction& sql, const CreditLine& line) const;
  absl::StatusOr<std::vector<CreditLine>> LinesOf(mysql::Transaction& sql, std::string_view partner) const;
  // Every term, and the line in force on `day`. Exact where the partner's account is locked (payments/account.h).
  absl::StatusOr<Exposure> ExposureOf(mysql::Transaction& sql, std::string_view partner, std::string_view currency,
                                      Date day) const;
};

}  // namespace tributary::inventory
