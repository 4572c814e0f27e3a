#pragma once

// Announcements and their receipts in the database; the only SQL about them. Each call works in the caller's
// transaction.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/announcements/announcement.h"

namespace tributary::partner {

class AnnouncementStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Announcement> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, and nobody else changes it until this transaction ends.
  absl::StatusOr<Announcement> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;

  // By id, after the page's position.
  absl::StatusOr<std::vector<Announcement>> List(mysql::Transaction& sql, const Page& page) const;
  // PUBLISHED ones that are for the listener, the latest published first, after the page's position: the key of
  // PositionOf. Their audience is left out: it is not the listener's affair.
  absl::StatusOr<std::vector<Announcement>> ListFor(mysql::Transaction& sql, const Listener& listener,
                                                    const Page& page) const;
  static std::vector<std::string> PositionOf(const Announcement& announcement);

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Announcement& announcement) const;
  // Stores state, publish time and revision over the version before; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Announcement& announcement) const;

  // Keeps a receipt, unless the principal has given one before: answers the one that is kept.
  absl::StatusOr<Receipt> Acknowledge(mysql::Transaction& sql, const Receipt& receipt) const;
  // By partner and principal, after the page's position.
  absl::StatusOr<std::vector<Receipt>> ListReceipts(mysql::Transaction& sql, std::string_view announcement_id,
                                                    const Page& page) const;
  // When the principal acknowledged which of these announcements; those that it has not are left out.
  absl::StatusOr<std::map<std::string, absl::Time>> AcknowledgedBy(mysql::Transaction& sql,
                                                                   const std::vector<Announcement>& announcements,
                                                                   std::string_view partner_id,
                                                                   std::string_view principal) const;

 private:
  absl::Status ReadTexts(mysql::Transaction& sql, std::vector<Announcement>* announcements, bool audience_too) const;
};

}  // namespace tributary::partner
