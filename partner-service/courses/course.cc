#include "partner-service/courses/course.h"

#include <set>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/months.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::Status CheckEnd(const Certificate& certificate) {
  if (certificate.valid.start < certificate.valid.end) return absl::OkStatus();
  return InvalidField("valid_to", certificate.valid.end.ToString(),
                      StrCat("a day after issued_on, ", certificate.valid.start.ToString(), ", or none"));
}

}  // namespace

std::string Course::name() const { return StrCat("courses/", id); }

absl::Status CheckContent(const Course& course) {
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", course.display_name, &violations);
  std::set<std::string> seen;
  for (size_t i = 0; i < course.product_lines.size(); ++i) {
    const std::string& line = course.product_lines[i];
    const std::string field = StrCat("product_lines[", i, "]");
    if (!ParseResourceName(line, "productLines/{product_line}").ok()) {
      violations.push_back({field, Printable(line), "productLines/{product_line}"});
    } else if (!seen.insert(line).second) {
      violations.push_back({field, line, "each line once"});
    }
  }
  return AllOf(std::move(violations));
}

absl::Status CheckGates(const Course& course, const std::vector<Gate>& gates) {
  ErrorDetail detail{.reason = Reason::kStateConflict};
  std::string message;
  for (const auto& [line, course_id] : gates) {
    if (course_id == course.id) continue;
    const std::string other = StrCat("courses/", course_id);
    StrAppend(&message, message.empty() ? "" : "; ", "product_lines: got ", line, ", which ", other,
              " gates, want lines that no other course gates");
    detail.preconditions.push_back(StrCat(other, ": to gate ", line, " no longer"));
    detail.metadata.emplace_back("resource", other);
  }
  if (detail.preconditions.empty()) return absl::OkStatus();
  return WithDetail(InfoOf(detail.reason).code, message, detail);
}

absl::StatusOr<Course> Change(const Course& course, const Course& changed, absl::Time now) {
  Course next = changed;
  next.id = course.id;
  next.revision = course.revision.Next(now);
  RETURN_IF_ERROR(CheckContent(next));
  return next;
}

std::string Certificate::name() const { return StrCat("partners/", partner_id, "/certificates/", id); }

bool IsValid(const Certificate& certificate, Date day) {
  return !certificate.revoked && certificate.valid.Contains(day);
}

absl::StatusOr<Certificate> Issue(Certificate certificate, const Course& course, Date today) {
  if (course.retired) {
    return WrongState(course.name(), "createCertificate", "retired", "a course that is not retired");
  }
  if (today < certificate.valid.start) {
    return InvalidField("issued_on", certificate.valid.start.ToString(), StrCat(today.ToString(), " or before"));
  }
  if (certificate.valid.end == OpenEnd() && course.validity_months > 0) {
    certificate.valid.end = AddMonths(certificate.valid.start, course.validity_months);
  }
  RETURN_IF_ERROR(CheckEnd(certificate));
  return certificate;
}

absl::StatusOr<Certificate> Change(const Certificate& certificate, const Certificate& changed, absl::Time now) {
  if (certificate.revoked) return WrongState(certificate.name(), "update", "revoked", "one that is not revoked");
  Certificate next = certificate;
  next.valid.end = changed.valid.end;
  next.revoked = changed.revoked;
  next.revision = certificate.revision.Next(now);
  RETURN_IF_ERROR(CheckEnd(next));
  return next;
}

}  // namespace tributary::partner
