#pragma once

// Courses in the database; the only SQL about them. Each call works in the caller's transaction.

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

class CourseStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Course> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<Course> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;

  // A page by id.
  absl::StatusOr<std::vector<Course>> List(mysql::Transaction& sql, const Page& page) const;

  // Those of the ids that are no course, sorted.
  absl::StatusOr<std::vector<std::string>> Missing(mysql::Transaction& sql, const std::vector<std::string>& ids) const;

  // Which of the lines are gated, by line.
  absl::StatusOr<std::vector<Gate>> Gates(mysql::Transaction& sql, const std::vector<std::string>& lines) const;

  // ALREADY_EXISTS. Its lines are gated by no other course (CheckGates); where another came first, the body runs again.
  absl::Status Create(mysql::Transaction& sql, const Course& course) const;

  // Stores it over the version before its own; another there, or a line that another course took, makes the body run
  // again.
  absl::Status Update(mysql::Transaction& sql, const Course& course) const;

 private:
  absl::Status TakeLines(mysql::Transaction& sql, const Course& course) const;
};

}  // namespace tributary::partner
