#include "inventory-service/partner_codes/partner_code_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/partner_codes/partner_code_proto.h"
#include "inventory-service/products/product_store.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/codes/{code}";

void Tell(rpc::Unit& unit, std::string_view verb, const PartnerCode& code) {
  unit.Emit(events::Draft(code.partner, verb, code.name(), ToProto(code)));
}

}  // namespace

void PartnerCodeService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.PartnerCodeService", this)
      .Unary("GetPartnerCode", &PartnerCodeService::Get)
      .Unary("ListPartnerCodes", &PartnerCodeService::List)
      .Unary("CreatePartnerCode", &PartnerCodeService::Create)
      .Unary("UpdatePartnerCode", &PartnerCodeService::Update)
      .Unary("DeletePartnerCode", &PartnerCodeService::Delete);
}

absl::Status PartnerCodeService::CheckTarget(rpc::Unit& unit, const PartnerCode& code) const {
  std::string_view want;
  if (code.kind == CodeKind::kProduct) {
    ASSIGN_OR_RETURN(const auto found, FindProducts(unit.sql(), {TargetId(code)}));
    if (found.empty()) want = "a product that is in use";
  } else if (code.kind == CodeKind::kSite) {
    const auto site = sites_.Get(unit.sql(), code.partner, TargetId(code));
    if (!site.ok() && !absl::IsNotFound(site.status())) return site.status();
    if (!site.ok()) want = "a site of the partner";
  }
  if (want.empty()) return absl::OkStatus();
  return Error(Reason::kReferenceNotFound, StrCat("partner_code.target: got ", code.target, ", want ", want),
               {{"resource", code.target}});
}

absl::Status PartnerCodeService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPartnerCodeRequest& request,
                                     v1::PartnerCode* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const PartnerCode code, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(code);
  return absl::OkStatus();
}

absl::Status PartnerCodeService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListPartnerCodesRequest& request, v1::ListPartnerCodesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, PartnerCodeStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<PartnerCode> codes,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&codes, [](const PartnerCode& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const PartnerCode& code : codes) *reply->add_partner_codes() = ToProto(code);
  return absl::OkStatus();
}

absl::Status PartnerCodeService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreatePartnerCodeRequest& request, v1::PartnerCode* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto stated = FromProto(request.partner_code());
  if (!stated.ok()) return AtField(stated.status(), "partner_code");
  PartnerCode code = *std::move(stated);
  code.partner = ids[0];
  code.uid = Uuid::New(call.now);
  code.id = request.partner_code_id().empty() ? code.uid.ToString() : request.partner_code_id();
  code.create_time = code.update_time = call.now;
  RETURN_IF_ERROR(AtField(CheckForm(code), "partner_code"));
  RETURN_IF_ERROR(partners_.CheckKnown(call, code.partner));
  RETURN_IF_ERROR(LockPartner(unit.sql(), code.partner, call.now));
  RETURN_IF_ERROR(CheckTarget(unit, code));
  ASSIGN_OR_RETURN(const auto others, store_.OfCode(unit.sql(), code.partner, code.kind, code.code));
  RETURN_IF_ERROR(CheckFree(code, others));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), code));
  Tell(unit, "created", code);
  *reply = ToProto(code);
  return absl::OkStatus();
}

absl::Status PartnerCodeService::Update(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::UpdatePartnerCodeRequest& request, v1::PartnerCode* reply) {
  static const std::vector<std::string_view> kMayChange = {"target", "effective_from", "effective_to"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.partner_code().name(), kPattern, "partner_code.name"));
  RETURN_IF_ERROR(LockPartner(unit.sql(), ids[0], call.now));
  ASSIGN_OR_RETURN(const PartnerCode known, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.partner_code().etag(), known.version));
  v1::PartnerCode merged = ToProto(known);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.partner_code(), &merged, kMayChange));
  const auto stated = FromProto(merged);
  if (!stated.ok()) return AtField(stated.status(), "partner_code");
  PartnerCode changed = known;
  changed.target = stated->target;
  changed.effective = stated->effective;
  changed.update_time = call.now;
  ++changed.version;
  RETURN_IF_ERROR(AtField(CheckForm(changed), "partner_code"));
  if (changed.target != known.target) RETURN_IF_ERROR(CheckTarget(unit, changed));
  ASSIGN_OR_RETURN(const auto others, store_.OfCode(unit.sql(), known.partner, known.kind, known.code));
  RETURN_IF_ERROR(CheckFree(changed, others));
  RETURN_IF_ERROR(store_.Update(unit.sql(), changed));
  Tell(unit, "updated", changed);
  *reply = ToProto(changed);
  return absl::OkStatus();
}

absl::Status PartnerCodeService::Delete(const rpc::Call&, rpc::Unit& unit, const v1::DeletePartnerCodeRequest& request,
                                        google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const PartnerCode known, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(known.name(), request.etag(), known.version));
  RETURN_IF_ERROR(store_.Delete(unit.sql(), known));
  Tell(unit, "deleted", known);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
