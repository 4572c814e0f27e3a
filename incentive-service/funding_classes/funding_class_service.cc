#include "incentive-service/funding_classes/funding_class_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "incentive-service/funding_classes/funding_class_proto.h"
#include "incentive-service/listing/list_query.h"

namespace tributary::incentive {

void FundingClassService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.FundingClassService", this)
      .Unary("GetFundingClass", &FundingClassService::Get)
      .Unary("ListFundingClasses", &FundingClassService::List)
      .Unary("CreateFundingClass", &FundingClassService::Create)
      .Unary("EndFundingClass", &FundingClassService::EndClass);
}

absl::Status FundingClassService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetFundingClassRequest& request,
                                      v1::FundingClass* reply) {
  ASSIGN_OR_RETURN(const std::string id, FundingClassIdOf(request.name()));
  ASSIGN_OR_RETURN(const FundingClass found, classes_.Get(unit.sql(), id));
  *reply = ToProto(found);
  return absl::OkStatus();
}

absl::Status FundingClassService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListFundingClassesRequest& request,
                                       v1::ListFundingClassesResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, FundingClassStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<FundingClass> found,
                   classes_.List(unit.sql(), query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &found, [](const FundingClass& last) { return std::vector{last.id}; }));
  for (const FundingClass& one : found) *reply->add_funding_classes() = ToProto(one);
  return absl::OkStatus();
}

absl::Status FundingClassService::Create(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CreateFundingClassRequest& request, v1::FundingClass* reply) {
  FundingClass declared = FromProto(request.funding_class());
  RETURN_IF_ERROR(CheckFundingClass(declared));
  declared.uid = Uuid::New(call.now);
  declared.id = request.funding_class_id().empty() ? declared.uid.ToString() : request.funding_class_id();
  declared.create_time = declared.update_time = call.now;
  declared.creator = call.identity->subject;
  RETURN_IF_ERROR(classes_.Insert(unit.sql(), declared));
  *reply = ToProto(declared);
  unit.Emit(events::Draft(reply->name(), "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status FundingClassService::EndClass(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::EndFundingClassRequest& request, v1::FundingClass* reply) {
  ASSIGN_OR_RETURN(const std::string id, FundingClassIdOf(request.name()));
  ASSIGN_OR_RETURN(FundingClass declared, classes_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(declared.name(), request.etag(), declared.version));
  ASSIGN_OR_RETURN(const FundingClass ended, End(std::move(declared), call.identity->subject, call.now));
  RETURN_IF_ERROR(classes_.Update(unit.sql(), ended));
  *reply = ToProto(ended);
  unit.Emit(events::Draft(reply->name(), "ended", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
