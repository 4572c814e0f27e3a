#pragma once

// Invoices and credit notes in the database: a row a document, the sum of its lines, kept in the transaction that
// records them. Every transaction that writes here has locked the partner's account (payments/account.h).

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/billing/billed_line.h"

namespace tributary::inventory {

class DocumentStore {
 public:
  // NOT_FOUND where no line of it stands.
  absl::StatusOr<BilledDocument> Get(mysql::Transaction& sql, BilledKind kind, std::string_view partner,
                                     std::string_view document) const;
  // Those of the documents that are there.
  absl::StatusOr<Documents> Find(mysql::Transaction& sql, BilledKind kind, const std::vector<DocumentKey>& keys) const;
  // By (partner, document), after (after_partner, after_document); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<BilledDocument>> List(mysql::Transaction& sql, BilledKind kind, std::string_view partner,
                                                   std::string_view after_partner, std::string_view after_document,
                                                   const SqlPredicate& filter, int limit) const;
  // Of both kinds, by kind and number.
  absl::StatusOr<std::vector<BilledDocument>> OfPartner(mysql::Transaction& sql, std::string_view partner) const;
  // Those that are not settled whole, in the currency: of both kinds, by kind and number.
  absl::StatusOr<std::vector<BilledDocument>> OpenOfPartner(mysql::Transaction& sql, std::string_view partner,
                                                            std::string_view currency) const;
  // Stores heads and sums; takes out those of which no line stands.
  absl::Status Put(mysql::Transaction& sql, const std::vector<BilledDocument>& documents) const;

  static const std::vector<FilterField>& Fields(BilledKind kind);
};

}  // namespace tributary::inventory
