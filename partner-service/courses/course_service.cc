#include "partner-service/courses/course_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/courses/course_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kCoursePattern = "courses/{course}";
}  // namespace

void CourseService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.CourseService", this)
      .Unary("GetCourse", &CourseService::Get)
      .Unary("ListCourses", &CourseService::List)
      .Unary("CreateCourse", &CourseService::Create)
      .Unary("UpdateCourse", &CourseService::Update);
}

absl::Status CourseService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCourseRequest& request,
                                v1::Course* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kCoursePattern));
  ASSIGN_OR_RETURN(const Course course, courses_.Get(unit.sql(), ids[0]));
  *reply = ToProto(course);
  return absl::OkStatus();
}

absl::Status CourseService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCoursesRequest& request,
                                 v1::ListCoursesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, CourseStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<Course> courses, courses_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&courses, [](const Course& last) { return std::vector{last.id}; }));
  for (const Course& course : courses) *reply->add_courses() = ToProto(course);
  return absl::OkStatus();
}

absl::Status CourseService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateCourseRequest& request,
                                   v1::Course* reply) {
  Course course = FromProto(request.course());
  course.revision = Revision::First(call.now);
  course.id = request.course_id().empty() ? course.revision.uid.ToString() : request.course_id();
  RETURN_IF_ERROR(AtField(CheckContent(course), "course"));
  ASSIGN_OR_RETURN(const std::vector<Gate> gates, courses_.Gates(unit.sql(), course.product_lines));
  RETURN_IF_ERROR(CheckGates(course, gates));
  RETURN_IF_ERROR(courses_.Create(unit.sql(), course));
  unit.Emit(Told("created", course));
  *reply = ToProto(course);
  return absl::OkStatus();
}

absl::Status CourseService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateCourseRequest& request,
                                   v1::Course* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "product_lines", "validity_months",
                                                           "retired"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.course().name(), kCoursePattern, "course.name"));
  ASSIGN_OR_RETURN(const Course course, courses_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(course.name(), request.course().etag(), course.revision.version));
  v1::Course merged = ToProto(course);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.course(), &merged, kMayChange));
  const auto changed = Change(course, FromProto(merged), call.now);
  if (!changed.ok()) return AtField(changed.status(), "course");
  ASSIGN_OR_RETURN(const std::vector<Gate> gates, courses_.Gates(unit.sql(), changed->product_lines));
  RETURN_IF_ERROR(CheckGates(*changed, gates));
  RETURN_IF_ERROR(courses_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

}  // namespace tributary::partner
