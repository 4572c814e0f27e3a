#include "partner-service/approvals/approval_proto.h"

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

void PutBands(const std::vector<ApprovalBand>& bands, v1::ApprovalPolicy* out) {
  for (const ApprovalBand& band : bands) {
    v1::ApprovalPolicy::Band& one = *out->add_bands();
    *one.mutable_from() = wire::ToProto(band.from);
    for (const ApproverRole role : band.roles) one.add_approver_roles(static_cast<api::v1::Role>(role));
    for (const std::string& subject : band.subjects) one.add_approver_subjects(subject);
  }
}

absl::StatusOr<std::vector<ApprovalBand>> BandsOf(const v1::ApprovalPolicy& policy) {
  std::vector<ApprovalBand> bands;
  for (int i = 0; i < policy.bands_size(); ++i) {
    const v1::ApprovalPolicy::Band& band = policy.bands(i);
    const std::string at = StrCat("bands[", i, "]");
    ApprovalBand one{.subjects = {band.approver_subjects().begin(), band.approver_subjects().end()}};
    if (band.has_from()) {
      const auto from = wire::FromProto(band.from());
      if (!from.ok()) return AtField(from.status(), StrCat(at, ".from"));
      one.from = *from;
    }
    for (const int role : band.approver_roles()) {
      if (role != api::v1::CHANNEL_MANAGER && role != api::v1::FINANCE && role != api::v1::ADMINISTRATOR) {
        return InvalidField(StrCat(at, ".approver_roles"), api::v1::Role_Name(role),
                            "CHANNEL_MANAGER, FINANCE or ADMINISTRATOR");
      }
      one.roles.push_back(static_cast<ApproverRole>(role));
    }
    bands.push_back(std::move(one));
  }
  return bands;
}

void PutDelegations(const std::vector<ApprovalDelegation>& delegations, v1::ApprovalTask* out) {
  for (const ApprovalDelegation& delegation : delegations) {
    v1::ApprovalTask::Delegation& one = *out->add_delegations();
    one.set_delegator(delegation.delegator);
    one.set_delegate(delegation.delegate);
    one.set_comment(delegation.comment);
    *one.mutable_time() = wire::ToProto(delegation.time);
    one.set_by_own_authority(delegation.by_own_authority);
    one.set_revoked_by(delegation.revoked_by);
    if (delegation.revoke_time.has_value()) *one.mutable_revoke_time() = wire::ToProto(*delegation.revoke_time);
  }
}

}  // namespace

v1::ApprovalPolicy ToProto(const ApprovalPolicy& policy) {
  v1::ApprovalPolicy out;
  out.set_name(policy.name());
  PutRevision(policy.revision, &out);
  out.set_display_name(policy.display_name);
  out.set_subject_kind(static_cast<v1::ApprovalPolicy::SubjectKind>(policy.kind));
  out.set_currency(policy.currency);
  PutBands(policy.bands, &out);
  out.set_due_hours(policy.due_hours);
  return out;
}

absl::StatusOr<ApprovalPolicy> FromProto(const v1::ApprovalPolicy& policy) {
  ASSIGN_OR_RETURN(std::vector<ApprovalBand> bands, BandsOf(policy));
  return ApprovalPolicy{.display_name = policy.display_name(),
                        .kind = static_cast<ApprovalSubjectKind>(policy.subject_kind()),
                        .currency = policy.currency(),
                        .bands = std::move(bands),
                        .due_hours = policy.due_hours()};
}

v1::ApprovalTask ToProto(const ApprovalTask& task) {
  v1::ApprovalTask out;
  out.set_name(task.name());
  PutRevision(task.revision, &out);
  out.set_state(static_cast<v1::ApprovalTask::State>(task.state));
  out.set_subject(task.ask.subject);
  out.set_subject_kind(static_cast<v1::ApprovalPolicy::SubjectKind>(task.ask.kind));
  out.set_subject_etag(EtagOf(task.ask.subject_version));
  out.set_subject_revision(task.ask.subject_version);
  if (!task.ask.partner_id.empty()) out.set_partner(StrCat("partners/", task.ask.partner_id));
  for (const std::string& requester : task.ask.requesters) out.add_requesters(requester);
  if (task.ask.amount.has_value()) *out.mutable_amount() = wire::ToProto(*task.ask.amount);
  if (!task.authority.policy_id.empty()) out.set_policy(StrCat("approvalPolicies/", task.authority.policy_id));
  for (const ApproverRole role : task.authority.roles) out.add_approver_roles(static_cast<api::v1::Role>(role));
  for (const std::string& subject : task.authority.subjects) out.add_approver_subjects(subject);
  PutDelegations(task.delegations, &out);
  if (task.due_time.has_value()) *out.mutable_due_time() = wire::ToProto(*task.due_time);
  out.set_overdue(task.overdue);
  out.set_decided_by(task.decided_by);
  if (task.decide_time.has_value()) *out.mutable_decide_time() = wire::ToProto(*task.decide_time);
  out.set_comment(task.comment);
  return out;
}

absl::StatusOr<ApprovalAsk> AskFromProto(const v1::ApprovalTask& task) {
  ApprovalAsk ask{.kind = KindOfOthers(task.subject()).value_or(ApprovalSubjectKind::kOther),
                  .subject = task.subject(),
                  .partner_id = std::string(PartnerOf(task.subject())),
                  .subject_version = task.subject_revision(),
                  .requesters = {task.requesters().begin(), task.requesters().end()}};
  if (task.has_amount()) {
    auto amount = wire::FromProto(task.amount());
    if (!amount.ok()) return AtField(amount.status(), "amount");
    ask.amount = *std::move(amount);
  }
  RETURN_IF_ERROR(CheckAsk(ask));
  return ask;
}

Approver ApproverOf(const auth::Identity& identity) {
  Approver approver{.subject = identity.subject};
  for (const api::v1::Role role : identity.roles) approver.roles.push_back(static_cast<ApproverRole>(role));
  return approver;
}

std::string ApprovalBandsToBytes(const std::vector<ApprovalBand>& bands) {
  v1::ApprovalPolicy content;
  PutBands(bands, &content);
  return content.SerializeAsString();
}

absl::StatusOr<std::vector<ApprovalBand>> ApprovalBandsFromBytes(std::string_view bytes) {
  v1::ApprovalPolicy content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "stored bands of an approval policy cannot be read");
  }
  return BandsOf(content);
}

std::string DelegationsToBytes(const std::vector<ApprovalDelegation>& delegations) {
  v1::ApprovalTask content;
  PutDelegations(delegations, &content);
  return content.SerializeAsString();
}

absl::StatusOr<std::vector<ApprovalDelegation>> DelegationsFromBytes(std::string_view bytes) {
  v1::ApprovalTask content;
  if (!content.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "stored delegations of an approval task cannot be read");
  }
  std::vector<ApprovalDelegation> delegations;
  for (const v1::ApprovalTask::Delegation& one : content.delegations()) {
    ApprovalDelegation& delegation = delegations.emplace_back(
        ApprovalDelegation{one.delegator(), one.delegate(), one.comment(), wire::FromProto(one.time()),
                           one.by_own_authority(), one.revoked_by()});
    if (one.has_revoke_time()) delegation.revoke_time = wire::FromProto(one.revoke_time());
  }
  return delegations;
}

events::EventDraft Told(std::string_view verb, const ApprovalPolicy& policy) {
  return events::Draft(policy.name(), verb, policy.name(), ToProto(policy));
}

events::EventDraft Told(std::string_view verb, const ApprovalTask& task) {
  return events::Draft(task.name(), verb, task.name(), ToProto(task));
}

}  // namespace tributary::partner
