#include "partner-service/courses/course_proto.h"

#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Course ToProto(const Course& course) {
  v1::Course out;
  out.set_name(course.name());
  PutRevision(course.revision, &out);
  out.set_display_name(course.display_name);
  for (const std::string& line : course.product_lines) out.add_product_lines(line);
  out.set_validity_months(course.validity_months);
  out.set_retired(course.retired);
  return out;
}

Course FromProto(const v1::Course& course) {
  return {.display_name = course.display_name(),
          .product_lines = {course.product_lines().begin(), course.product_lines().end()},
          .validity_months = course.validity_months(),
          .retired = course.retired()};
}

v1::Certificate ToProto(const Certificate& certificate) {
  v1::Certificate out;
  out.set_name(certificate.name());
  PutRevision(certificate.revision, &out);
  out.set_course(StrCat("courses/", certificate.course_id));
  out.set_holder(certificate.holder);
  *out.mutable_issued_on() = wire::ToProto(certificate.valid.start);
  if (certificate.valid.end != OpenEnd()) *out.mutable_valid_to() = wire::ToProto(certificate.valid.end);
  out.set_revoked(certificate.revoked);
  return out;
}

absl::StatusOr<Certificate> FromProto(const v1::Certificate& certificate) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(certificate.course(), "courses/{course}", "course"));
  Certificate out{.course_id = ids.front(), .holder = certificate.holder(), .revoked = certificate.revoked()};
  const auto issued_on = wire::FromProto(certificate.issued_on());
  if (!issued_on.ok()) return AtField(issued_on.status(), "issued_on");
  out.valid = {*issued_on, OpenEnd()};
  if (certificate.has_valid_to()) {
    const auto valid_to = wire::FromProto(certificate.valid_to());
    if (!valid_to.ok()) return AtField(valid_to.status(), "valid_to");
    out.valid.end = *valid_to;
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const Course& course) {
  return events::Draft(course.name(), verb, course.name(), ToProto(course));
}

events::EventDraft Told(std::string_view verb, const Certificate& certificate) {
  return events::Draft(certificate.partner_id, verb, certificate.name(), ToProto(certificate));
}

}  // namespace tributary::partner
