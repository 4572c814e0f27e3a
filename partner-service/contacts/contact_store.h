#pragma once

// Contacts in the database, whole; the only SQL about them. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/contacts/contact.h"

namespace tributary::partner {

class ContactStore {
 public:
  // What a list may be filtered by: nothing that is masked.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Contact> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  absl::StatusOr<Contact> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<Contact>> List(mysql::Transaction& sql, std::string_view partner_id,
                                            const Page& page) const;

  // Every one of a partner, locked.
  absl::StatusOr<std::vector<Contact>> OfPartner(mysql::Transaction& sql, std::string_view partner_id) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Contact& contact) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Contact& contact) const;

  absl::Status Delete(mysql::Transaction& sql, const Contact& contact) const;
};

}  // namespace tributary::partner
