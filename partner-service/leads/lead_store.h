#pragma once

// Leads and their offers in the database; the only SQL about them. Each call works in the caller's transaction, which
// locks a lead before its offers.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/leads/lead.h"

namespace tributary::partner {

class LeadStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Lead> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, and nobody else changes it or its offers until this transaction ends.
  absl::StatusOr<Lead> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // By id, after the page's position.
  absl::StatusOr<std::vector<Lead>> List(mysql::Transaction& sql, const Page& page) const;
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Lead& lead) const;
  // Stores what verbs change over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Lead& lead) const;
};

class LeadOfferStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none, or where `partner_id` is set and it is not that partner's: both alike.
  absl::StatusOr<LeadOffer> Get(mysql::Transaction& sql, std::string_view lead_id, std::string_view id,
                                std::string_view partner_id) const;
  // The same of one whose lead the caller has locked.
  absl::StatusOr<LeadOffer> GetForUpdate(mysql::Transaction& sql, std::string_view lead_id, std::string_view id,
                                         std::string_view partner_id) const;
  // By lead and id, after the page's position; of one lead and of one partner, or of all where these are empty.
  absl::StatusOr<std::vector<LeadOffer>> List(mysql::Transaction& sql, std::string_view lead_id,
                                              std::string_view partner_id, const Page& page) const;

  absl::Status Create(mysql::Transaction& sql, const LeadOffer& offer) const;
  // Stores what verbs change over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const LeadOffer& offer) const;

  // How many offers each partner holds open at `now`; those that hold none are left out.
  absl::StatusOr<absl::flat_hash_map<std::string, int>> OpenByPartner(mysql::Transaction& sql, absl::Time now) const;
  // What became of the lead's earlier offers, by partner.
  absl::StatusOr<absl::flat_hash_map<std::string, PastOffer>> PastOf(mysql::Transaction& sql,
                                                                     std::string_view lead_id) const;
  // Lead and id of open offers whose time has run out at `now`, the oldest first, at most `limit`; not locked.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Due(mysql::Transaction& sql, absl::Time now,
                                                                       int limit) const;
};

}  // namespace tributary::partner
