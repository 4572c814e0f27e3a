#pragma once

// Which partners there are: a directory kept from partner-service's feed, so that facts can be checked without asking.
// A partner that the feed has not told of yet is asked for by a call.

#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "common/rpc/client.h"

namespace tributary::inventory {

// Thread-safe.
class PartnerDirectory {
 public:
  // Both outlive it.
  PartnerDirectory(mysql::Database& database, rpc::Client& partner_service)
      : database_(database), partner_service_(partner_service) {}

  // Those of the ids that no partner has. Asks memory, then the database (a read of its own), then partner-service with
  // the caller's token; SERVICE_UNAVAILABLE where that is needed and cannot be had. Not to be called while a
  // transaction is open.
  absl::StatusOr<std::set<std::string>> Unknown(const rpc::Call& call, const std::set<std::string>& ids);
  // Whether memory knows the partner, so that CheckKnown answers at once.
  bool Remembers(const std::string& id);
  // OK where the partner is known; else REFERENCE_NOT_FOUND of `parent`.
  absl::Status CheckKnown(const rpc::Call& call, const std::string& id);

 private:
  absl::StatusOr<std::set<std::string>> Stored(const rpc::Call& call, const std::set<std::string>& ids) const;
  absl::StatusOr<std::set<std::string>> Asked(const rpc::Call& call, const std::set<std::string>& ids) const;
  void Remember(const std::set<std::string>& ids);

  mysql::Database& database_;
  rpc::Client& partner_service_;
  std::mutex mutex_;
  // Partners are never removed, so one that was seen stays. Guarded by mutex_.
  absl::flat_hash_set<std::string> known_;
};

// Locks the partner's row until the transaction ends, so that what is decided on all rows of a partner is decided one
// after another. The partner is one that Unknown knows; where the feed has not told of it yet, its row is made.
absl::Status LockPartner(mysql::Transaction& sql, std::string_view partner, absl::Time now);

// Locks the rows of those that there are, in order, and makes none.
absl::Status LockKnown(mysql::Transaction& sql, const std::set<std::string>& partners);

// Id of the channel that it sells in, "" where it has none; nullopt where the feed has not told of the partner yet.
absl::StatusOr<std::optional<std::string>> ChannelOf(mysql::Transaction& sql, std::string_view partner);

// Payloads that ApplyPartnerEvents wants.
std::vector<std::string> PartnerPayloads();
// Keeps the directory in the database, of partners, their credit lines, tier assignments and territory grants, and of
// regions, and gives every partner its site `main`.
absl::Status ApplyPartnerEvents(mysql::Transaction& sql, absl::Span<const events::Event> events);

}  // namespace tributary::inventory
