#pragma once

// Courses, and the certificates of partners' people who passed them. Pure values and decisions.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/revision.h"

namespace tributary::partner {

struct Course {
  std::string id;
  Revision revision;
  std::string display_name;
  std::vector<std::string> product_lines;  // productLines/{product_line}: those that it gates
  int validity_months = 0;                 // 0: certificates have no end
  bool retired = false;

  std::string name() const;  // courses/{id}
};

// A product line and the course that gates it.
using Gate = std::pair<std::string, std::string>;

// INVALID_FIELD: a name with control characters; a product line that is no name, or is there twice.
absl::Status CheckContent(const Course& course);
// STATE_CONFLICT, naming each: a line that another course gates. `gates` are those of the course's lines.
absl::Status CheckGates(const Course& course, const std::vector<Gate>& gates);
// The content of `changed` for that of `course`; CheckContent.
absl::StatusOr<Course> Change(const Course& course, const Course& changed, absl::Time now);

struct Certificate {
  std::string partner_id;
  std::string id;
  Revision revision;
  std::string course_id;
  std::string holder;  // a pseudonym
  DateRange valid;     // from the day of issue; its end OpenEnd() where it has none
  bool revoked = false;

  std::string name() const;  // partners/{partner_id}/certificates/{id}
};

// By date alone, and not when revoked.
bool IsValid(const Certificate& certificate, Date day);

// The certificate with the end that the course gives where it states none (OpenEnd()). Refused, in this order:
//   STATE_CONFLICT  the course is retired
//   INVALID_FIELD   issued_on after `today`; valid_to not after issued_on
absl::StatusOr<Certificate> Issue(Certificate certificate, const Course& course, Date today);

// valid_to and revoked of `changed` for those of `certificate`. Refused: revoked; valid_to not after issued_on.
absl::StatusOr<Certificate> Change(const Certificate& certificate, const Certificate& changed, absl::Time now);

}  // namespace tributary::partner
