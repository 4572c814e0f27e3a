#pragma once

// Applications in the database; the only SQL about them. Each call works in the caller's transaction.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/applications/application.h"

namespace tributary::partner {

class ApplicationStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Application> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, and nobody else changes it until this transaction ends. A transaction locks the application before the
  // partner made of it.
  absl::StatusOr<Application> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // Those of `ids` that exist, and the next ones behind an id; by id.
  absl::StatusOr<std::vector<Application>> GetAll(mysql::Transaction& sql, const std::set<std::string>& ids) const;
  absl::StatusOr<std::vector<Application>> After(mysql::Transaction& sql, std::string_view id, int most) const;
  // Those of `ids` that exist, by id; locked.
  absl::StatusOr<absl::flat_hash_map<std::string, Application>> GetAllForUpdate(
      mysql::Transaction& sql, const std::vector<std::string_view>& ids) const;

  // By id, after the page's position; WITHDRAWN ones only where asked for. Those of one prospect, or all where
  // `prospect` is empty.
  absl::StatusOr<std::vector<Application>> List(mysql::Transaction& sql, std::string_view prospect, const Page& page,
                                                bool show_withdrawn) const;

  // Of each legal name, by its key, the first and the last by id (once where they are one) of the applications under
  // way that have it.
  absl::StatusOr<absl::flat_hash_map<std::string, std::vector<std::string>>> WithNames(
      mysql::Transaction& sql, const std::vector<std::string>& name_keys) const;

  // Stores a new one. Its id may be that of an undone one, whose place and following version it takes: so it answers
  // the application with the version that it has. ALREADY_EXISTS.
  absl::StatusOr<Application> Create(mysql::Transaction& sql, const Application& application) const;

  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Application& application) const;
  // The same of what screening changes.
  absl::Status UpdateScreening(mysql::Transaction& sql, const Application& application) const;

  // Applications that an import brings. Where another transaction took one of their ids since this one
  // looked, the body runs again.
  absl::Status Import(mysql::Transaction& sql, absl::Span<const Application> applications,
                      std::string_view import_id) const;
  // The same over undone ones; their versions follow the stored ones.
  absl::Status ImportOver(mysql::Transaction& sql, absl::Span<const Application> applications,
                          std::string_view import_id) const;
  // Applications that the import brought and that are not undone, by id, at most `limit`; locked.
  absl::StatusOr<std::vector<Application>> BroughtBy(mysql::Transaction& sql, std::string_view import_id,
                                                     int limit) const;

  // How many there are; states without one are left out.
  absl::StatusOr<std::map<ApplicationState, int64_t>> CountByState(mysql::Transaction& sql) const;
};

}  // namespace tributary::partner
