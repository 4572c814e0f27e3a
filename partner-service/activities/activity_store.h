#pragma once

// Activities and their follow-ups in the database; the only SQL about them. Each call works in the caller's
// transaction.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/activities/activity.h"

namespace tributary::partner {

class ActivityStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Activity> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  // The same, and nobody else changes it until this transaction ends.
  absl::StatusOr<Activity> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                        std::string_view id) const;

  // By partner and id, after the page's position; of all partners where `partner_id` is empty; SHARED ones alone where
  // `shared_alone`.
  absl::StatusOr<std::vector<Activity>> List(mysql::Transaction& sql, std::string_view partner_id, bool shared_alone,
                                             const Page& page) const;

  // How many SHARED ones of the partner have their date in the days; of one kind, where it is given.
  absl::StatusOr<int64_t> CountShared(mysql::Transaction& sql, std::string_view partner_id,
                                      std::optional<ActivityKind> kind, const DateRange& days) const;
  // Of the follow-ups of SHARED ones that are due in the days: how many, and how many of them are done.
  struct FollowUpCount {
    int64_t due = 0;
    int64_t done = 0;
  };
  absl::StatusOr<FollowUpCount> CountFollowUps(mysql::Transaction& sql, std::string_view partner_id,
                                               const DateRange& days) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Activity& activity) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Activity& activity) const;
  absl::Status Delete(mysql::Transaction& sql, const Activity& activity) const;

 private:
  absl::Status ReadFollowUps(mysql::Transaction& sql, std::vector<Activity>* activities) const;
  absl::Status WriteFollowUps(mysql::Transaction& sql, const Activity& activity) const;
};

}  // namespace tributary::partner
