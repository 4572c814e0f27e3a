#pragma once

// Codes of partners in the database.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/partner_codes/partner_code.h"

namespace tributary::inventory {

class PartnerCodeStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<PartnerCode> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // NOT_FOUND; nobody else changes it until the transaction ends.
  absl::StatusOr<PartnerCode> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                           std::string_view id) const;
  // Those of one partner, kind and code. Complete while the partner's row is locked (LockPartner).
  absl::StatusOr<std::vector<PartnerCode>> OfCode(mysql::Transaction& sql, std::string_view partner, CodeKind kind,
                                                  std::string_view code) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const PartnerCode& code) const;
  // Of one that GetForUpdate read.
  absl::Status Update(mysql::Transaction& sql, const PartnerCode& code) const;
  absl::Status Delete(mysql::Transaction& sql, const PartnerCode& code) const;
  // By name, after (after_partner, after_id); of one partner, or of all where it is empty.
  absl::StatusOr<std::vector<PartnerCode>> List(mysql::Transaction& sql, std::string_view partner,
                                                std::string_view after_partner, std::string_view after_id,
                                                const SqlPredicate& filter, int limit) const;
  static const std::vector<FilterField>& Fields();

  // What the codes stand for on any day, read in one statement. For rows of many days.
  absl::StatusOr<CodeTable> Table(mysql::Transaction& sql, std::string_view partner, CodeKind kind,
                                  const std::vector<std::string_view>& codes) const;
  // What the codes stand for on `date`: our resources' names, by code; codes that stand for nothing are left out.
  absl::StatusOr<std::map<std::string, std::string>> Resolve(mysql::Transaction& sql, std::string_view partner,
                                                             CodeKind kind, const std::vector<std::string_view>& codes,
                                                             Date date) const;
};

}  // namespace tributary::inventory
