#pragma once

// Certificates in the database; the only SQL about them. Each call works in the caller's transaction.

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
#include "partner-service/courses/course.h"

namespace tributary::partner {

// Which certificates a list shows, beside its filter.
struct CertificateScope {
  std::string partner_id;        // empty: of all partners
  std::string product_line;      // of the course that gates this line; empty: of all
  std::optional<Date> valid_on;  // valid on this day
};

class CertificateStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Certificate> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<Certificate> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                           std::string_view id) const;

  // A page by partner and id.
  absl::StatusOr<std::vector<Certificate>> List(mysql::Transaction& sql, const CertificateScope& scope,
                                                const Page& page) const;

  // How many people of the partner hold a certificate of the course that is valid on the day.
  absl::StatusOr<int64_t> CountHolders(mysql::Transaction& sql, std::string_view partner_id, std::string_view course_id,
                                       Date day) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Certificate& certificate) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Certificate& certificate) const;
};

}  // namespace tributary::partner
