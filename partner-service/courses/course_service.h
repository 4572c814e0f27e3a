#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/courses/course_store.h"
#include "tributary/partner/v1/course.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.CourseService.
class CourseService {
 public:
  // `tokens` outlives the service.
  explicit CourseService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCourseRequest& request, v1::Course* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCoursesRequest& request,
                    v1::ListCoursesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateCourseRequest& request,
                      v1::Course* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateCourseRequest& request,
                      v1::Course* reply);

 private:
  const PageTokens& tokens_;
  CourseStore courses_;
};

}  // namespace tributary::partner
