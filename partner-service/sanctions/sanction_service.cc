#include "partner-service/sanctions/sanction_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/sanctions/sanction_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/sanctions/{sanction}";
}  // namespace

void SanctionService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.SanctionService", this)
      .Unary("GetSanction", &SanctionService::Get)
      .Unary("ListSanctions", &SanctionService::List)
      .Unary("CreateSanction", &SanctionService::Create)
      .Unary("LiftSanction", &SanctionService::Lift);
}

absl::Status SanctionService::CheckGrants(rpc::Unit& unit, const Sanction& sanction) const {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < sanction.territory_grants.size(); ++i) {
    ASSIGN_OR_RETURN(
        const std::vector<std::string> ids,
        ParseResourceName(sanction.territory_grants[i], "partners/{partner}/territoryGrants/{territory_grant}"));
    const auto grant = grants_.GetForUpdate(unit.sql(), ids[0], ids[1]);
    if (absl::IsNotFound(grant.status())) {
      violations.push_back(
          {StrCat("sanction.territory_grants[", i, "]"), sanction.territory_grants[i], "a grant that there is"});
    } else if (!grant.ok()) {
      return grant.status();
    }
  }
  return violations.empty() ? absl::OkStatus() : UnknownReferences(std::move(violations));
}

absl::Status SanctionService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetSanctionRequest& request,
                                  v1::Sanction* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Sanction sanction, sanctions_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(sanction);
  return absl::OkStatus();
}

absl::Status SanctionService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSanctionsRequest& request,
                                   v1::ListSanctionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, SanctionStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Sanction> sanctions, sanctions_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&sanctions, [](const Sanction& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Sanction& sanction : sanctions) *reply->add_sanctions() = ToProto(sanction);
  return absl::OkStatus();
}

absl::Status SanctionService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSanctionRequest& request,
                                     v1::Sanction* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createSanction"));
  const Date today = TodayOf(partner, call.now);
  auto content = FromProto(request.sanction(), today);
  if (!content.ok()) return AtField(content.status(), "sanction");
  Sanction sanction = *std::move(content);
  sanction.partner_id = partner.id;
  sanction.id = request.sanction_id();
  RETURN_IF_ERROR(AtField(CheckContent(sanction, today), "sanction"));
  RETURN_IF_ERROR(CheckGrants(unit, sanction));
  ASSIGN_OR_RETURN(const Sanction imposed,
                   enforcer_.Impose(unit, partner, std::move(sanction), call.identity->subject, call.now));
  *reply = ToProto(imposed);
  return absl::OkStatus();
}

absl::Status SanctionService::Lift(const rpc::Call& call, rpc::Unit& unit, const v1::LiftSanctionRequest& request,
                                   v1::Sanction* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  // Nothing is below a partner that is not there; what is asked for is then what is missing.
  const auto partner = partners_.GetForUpdate(unit.sql(), ids[0]);
  if (ReasonOf(partner.status()) == Reason::kNotFound) return NotFound(request.name());
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(const Sanction sanction, sanctions_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(sanction.name(), request.etag(), sanction.revision.version));
  ASSIGN_OR_RETURN(const Sanction lifted, partner::Lift(sanction, request.reason(), call.identity->subject, call.now));
  RETURN_IF_ERROR(enforcer_.Change(unit, "lifted", *partner, sanction, lifted, call.now));
  *reply = ToProto(lifted);
  return absl::OkStatus();
}

}  // namespace tributary::partner
