#include "conflict-service/facts/partner_directory.h"

#include <algorithm>
#include <optional>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::conflict {
namespace {

absl::Status Judge(const PartnerFact& partner) {
  if (!partner.terminated) return absl::OkStatus();
  return WrongState(partner.name, "register deals", "TERMINATED", "PROSPECT, ACTIVE or SUSPENDED");
}

}  // namespace

absl::Status PartnerDirectory::CheckMayRegister(const rpc::Call& call, const std::string& partner) const {
  std::optional<PartnerFact> known;
  RETURN_IF_ERROR(database_.Transact({.deadline = call.deadline, .autocommit_reads = true},
                                     [&](mysql::Transaction& sql) -> absl::Status {
                                       ASSIGN_OR_RETURN(known, facts_.FindPartner(sql, partner));
                                       return absl::OkStatus();
                                     }));
  if (known) return Judge(*known);
  // Its own token vouches for it.
  if (call.identity->IsPartnerUser()) return absl::OkStatus();
  partner::v1::GetPartnerRequest request;
  request.set_name(partner);
  const absl::Duration left = call.deadline - absl::Now();
  const auto answer = partner_service_.Call<partner::v1::Partner>(
      "tributary.partner.v1.PartnerService/GetPartner", request, {.timeout = std::min(left / 2, absl::Seconds(2))});
  if (answer.ok()) return Judge({partner, answer->state() == partner::v1::Partner::TERMINATED});
  return answer.status().code() == absl::StatusCode::kNotFound ? NotFound(partner) : absl::OkStatus();
}

}  // namespace tributary::conflict
