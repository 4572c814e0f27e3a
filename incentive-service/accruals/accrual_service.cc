#include "incentive-service/accruals/accrual_service.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/listing/list_query.h"

namespace tributary::incentive {

void AccrualService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.AccrualService", this)
      .Unary("GetAccrual", &AccrualService::Get)
      .Unary("ListAccruals", &AccrualService::List)
      .Unary("WhatNext", &AccrualService::TellNext);
}

absl::Status AccrualService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetAccrualRequest& request,
                                 v1::Accrual* reply) {
  ASSIGN_OR_RETURN(const AccrualKey key, ParseAccrualName(request.name()));
  ASSIGN_OR_RETURN(const Accrual accrual, accruals_.Get(unit.sql(), key));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), key.program));
  ASSIGN_OR_RETURN(*reply, ToProto(accrual, program));
  return absl::OkStatus();
}

absl::Status AccrualService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAccrualsRequest& request,
                                  v1::ListAccrualsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, AccrualStore::FilterFields()));
  const AccrualKey after{std::string(query.After(0)), std::string(query.After(1)), std::string(query.After(2))};
  ASSIGN_OR_RETURN(std::vector<Accrual> accruals,
                   accruals_.List(unit.sql(), partner, after, query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &accruals, [](const Accrual& accrual) {
    return std::vector{accrual.key.partner, accrual.key.program, accrual.key.period};
  }));
  if (accruals.empty()) return absl::OkStatus();
  // Read after the accruals, so that the program of each is among them.
  ASSIGN_OR_RETURN(std::vector<Program> accruing, programs_.Accruing(unit.sql()));
  std::map<std::string, Program> programs;
  for (Program& program : accruing) programs.emplace(program.id, std::move(program));
  for (const Accrual& accrual : accruals) {
    const auto program = programs.find(accrual.key.program);
    if (program == programs.end()) return Error(Reason::kInternal, accrual.key.name() + " has no program");
    ASSIGN_OR_RETURN(*reply->add_accruals(), ToProto(accrual, program->second));
  }
  return absl::OkStatus();
}

absl::Status AccrualService::TellNext(const rpc::Call&, rpc::Unit& unit, const v1::WhatNextRequest& request,
                                      v1::NextTier* reply) {
  ASSIGN_OR_RETURN(const AccrualKey key, ParseAccrualName(request.name()));
  ASSIGN_OR_RETURN(const Accrual accrual, accruals_.Get(unit.sql(), key));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), key.program));
  ASSIGN_OR_RETURN(const NextTier next, WhatNext(program.terms, accrual.qualifying));
  *reply = ToProto(next, program.terms.currency);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
