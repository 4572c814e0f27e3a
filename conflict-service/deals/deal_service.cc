#include "conflict-service/deals/deal_service.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "conflict-service/deals/deal_proto.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/deals/{deal}";

// When its time to be contested is over.
absl::Time EndOfContesting(const Deal& deal) {
  if (!deal.contest_end.has_value()) return absl::InfinitePast();
  return absl::UnixEpoch() + absl::Hours(24) * deal.contest_end->days();
}

// partners/{partner} of one that deals can be made for.
absl::StatusOr<std::string> PartnerToOwn(const std::string& parent) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(parent, "partners/{partner}", "parent"));
  if (!IsResourceId(ids[0])) return InvalidField("parent", parent, "one partner, partners/{partner}");
  return parent;
}

}  // namespace

void DealService::Register(rpc::Server& server) {
  auto methods = server.Add("tributary.conflict.v1.DealRegistrationService", this);
  methods.Unary("GetDealRegistration", &DealService::Get)
      .Unary("ListDealRegistrations", &DealService::List)
      .Unary("CreateDealRegistration", &DealService::Create)
      .Unary("SubmitDealRegistration", &DealService::Submit)
      .Unary("WithdrawDealRegistration", &DealService::Withdraw)
      .Unary("ApproveDealRegistration", &DealService::Approve)
      .Unary("RejectDealRegistration", &DealService::Reject)
      .Unary("AcceptDealRegistration", &DealService::Accept)
      .Unary("RenewDealRegistration", &DealService::Renew)
      .Unary("WinDealRegistration", &DealService::Win)
      .Unary("LoseDealRegistration", &DealService::Lose)
      .Unary("AppealDealRegistration", &DealService::Appeal)
      .Unary("FindSimilarDeals", &DealService::FindSimilar);
  // All that a partner can call and that looks at what others registered.
  for (const char* verb : {"Submit", "Withdraw", "Accept", "Renew", "Win", "Lose", "Appeal"}) {
    methods.AnswerInSteps(StrCat(verb, "DealRegistration"), parts_.answer_step);
  }
}

absl::Status DealService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetDealRegistrationRequest& request,
                              v1::DealRegistration* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  ASSIGN_OR_RETURN(const Deal deal, parts_.deals.Get(unit.sql(), request.name()));
  *reply = ToProto(deal);
  ASSIGN_OR_RETURN(*reply->mutable_approval_task(), asks_.TaskOf(unit.sql(), deal.name));
  return absl::OkStatus();
}

absl::Status DealService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDealRegistrationsRequest& request,
                               v1::ListDealRegistrationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(parts_.tokens, call, request, DealStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Deal> deals,
                   parts_.deals.List(unit.sql(), partner.empty() ? "" : StrCat("partners/", partner), page.filter(),
                                     page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&deals, [](const Deal& last) { return std::vector{last.name}; }));
  for (const Deal& deal : deals) *reply->add_deal_registrations() = ToProto(deal);
  return absl::OkStatus();
}

absl::Status DealService::Create(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::CreateDealRegistrationRequest& request, v1::DealRegistration* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToOwn(request.parent()));
  ASSIGN_OR_RETURN(Deal draft, FromProto(request.deal_registration()));
  draft.uid = Uuid::New(call.now);
  draft.partner = partner;
  draft.name = StrCat(partner, "/deals/", request.deal_id().empty() ? draft.uid.ToString() : request.deal_id());
  draft.create_time = draft.update_time = call.now;
  ASSIGN_OR_RETURN(const Deal deal, NewDeal(std::move(draft), "deal_registration"));
  RETURN_IF_ERROR(parts_.partners.CheckMayRegister(call, partner));
  RETURN_IF_ERROR(parts_.deals.Create(unit.sql(), deal));
  unit.Emit(Told("created", deal));
  *reply = ToProto(deal);
  return absl::OkStatus();
}

template <typename Request>
absl::Status DealService::Move(const rpc::Call& call, rpc::Unit& unit, const Request& request, std::string_view verb,
                               v1::DealRegistration* reply, Decision decide) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  RETURN_IF_ERROR(parts_.registrar.Lock(unit.sql()));
  ASSIGN_OR_RETURN(const Deal before, parts_.deals.GetForUpdate(unit.sql(), request.name()));
  RETURN_IF_ERROR(CheckEtag(before.name, request.etag(), before.version));
  ASSIGN_OR_RETURN(const Deal after, decide(before));
  if (call.validate_only) {  // and no rival is looked for, so that neither the answer nor its time tells of one
    *reply = ToProto(after);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(parts_.registrar.Save(unit, verb, before, after, call.now));
  if (!before.Claims() && after.AwaitsApproval()) {
    RETURN_IF_ERROR(asks_.AskWhereCovered(unit.sql(), partner::v1::ApprovalPolicy::DEAL,
                                          {.subject = after.name,
                                           .revision = after.version,
                                           .requesters = {call.identity->subject},
                                           .amount = after.value},
                                          std::max(call.now, EndOfContesting(after))));
  }
  *reply = ToProto(after);
  return absl::OkStatus();
}

absl::Status DealService::Count(const rpc::Call& call, rpc::Unit& unit, const DealLimits& limits,
                                const Deal& deal) const {
  ASSIGN_OR_RETURN(const int64_t used,
                   parts_.deals.CountSubmissions(unit.sql(), deal.partner, call.now - absl::Hours(24)));
  if (used >= limits.submissions_per_day) {
    return Error(Reason::kQuotaExceeded, StrCat(deal.partner, ": got ", used,
                                                " submissions, appeals and renewals within 24 hours, want fewer than ",
                                                limits.submissions_per_day));
  }
  if (!call.validate_only) return parts_.deals.AddSubmission(unit.sql(), deal, call.now);
  unit.OnTrial([figures = &parts_.figures, partner = deal.partner, day = UtcToday(call.now),
                most = limits.trials_per_day](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t trials, figures->CountTrial(sql, partner, day));
    if (trials <= most) return absl::OkStatus();
    return Error(Reason::kQuotaExceeded, StrCat(partner, ": got ", trials - 1, " trials with validate_only on ",
                                                day.ToString(), ", want fewer than ", most));
  });
  return absl::OkStatus();
}

absl::Status DealService::CheckRoom(const rpc::Call& call, rpc::Unit& unit, const DealLimits& limits,
                                    const Deal& deal) const {
  if (!limits.LimitOpen()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const DealFigures figures, parts_.figures.Of(unit.sql(), deal.partner, limits.From(call.now)));
  return CheckMayOpen(deal.partner, limits, figures);
}

absl::Status DealService::Submit(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::SubmitDealRegistrationRequest& request, v1::DealRegistration* reply) {
  return Move(call, unit, request, "submitted", reply, [&](Deal deal) -> absl::StatusOr<Deal> {
    ASSIGN_OR_RETURN(const DealLimits limits, parts_.limits.Current(unit.sql()));
    ASSIGN_OR_RETURN(deal, conflict::Submit(std::move(deal), limits, call.now));
    RETURN_IF_ERROR(CheckRoom(call, unit, limits, deal));
    RETURN_IF_ERROR(Count(call, unit, limits, deal));
    if (call.validate_only) return deal;
    RETURN_IF_ERROR(parts_.adjudicator.HandedIn(unit.sql(), deal));
    return parts_.registrar.Enter(unit, std::move(deal), /*contested=*/true, call.now);
  });
}

absl::Status DealService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::WithdrawDealRegistrationRequest& request, v1::DealRegistration* reply) {
  return Move(call, unit, request, "withdrawn", reply,
              [&](Deal deal) { return conflict::Withdraw(std::move(deal), call.now); });
}

absl::Status DealService::Approve(const rpc::Call& call, rpc::Unit& unit,
                                  const v1::ApproveDealRegistrationRequest& request, v1::DealRegistration* reply) {
  return Move(call, unit, request, "decided", reply, [&](Deal deal) -> absl::StatusOr<Deal> {
    RETURN_IF_ERROR(asks_.CheckNotAsked(unit.sql(), deal.name, "approve"));
    RETURN_IF_ERROR(CheckMayApprove(deal, call.now));
    ASSIGN_OR_RETURN(const std::optional<Share> again,
                     parts_.adjudicator.AcceptAppeal(unit, deal, call.identity->subject, call.now));
    if (again) return conflict::Approve(std::move(deal), *again, request.note(), call.now);
    ASSIGN_OR_RETURN(const Registrar::Around around, parts_.registrar.Look(unit.sql(), deal));
    const std::vector<Box> wanted = {Requested(deal, around.places)};
    const std::vector<Box> taken = TakenBefore(deal, around.others, around.places);
    // A renewal may have gone before it since it was handed in.
    deal.conflict = Together(deal.conflict, ConflictOf(wanted, taken, around.places));
    return conflict::Approve(std::move(deal), ShareOf(wanted, taken), request.note(), call.now);
  });
}

absl::Status DealService::Reject(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::RejectDealRegistrationRequest& request, v1::DealRegistration* reply) {
  return Move(call, unit, request, "rejected", reply, [&](Deal deal) -> absl::StatusOr<Deal> {
    RETURN_IF_ERROR(asks_.CheckNotAsked(unit.sql(), deal.name, "reject"));
    return conflict::Reject(std::move(deal), request.note(), call.now);
  });
}

absl::Status DealService::Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision) {
  v1::DealRegistration reply;
  absl::Status done;
  if (decision.verdict == approvals::Verdict::kApproved) {
    v1::ApproveDealRegistrationRequest approve;
    approve.set_name(decision.subject);
    approve.set_note(decision.note);
    done = Approve(call, unit, approve, &reply);
  } else if (decision.verdict == approvals::Verdict::kRejected) {
    v1::RejectDealRegistrationRequest reject;
    reject.set_name(decision.subject);
    reject.set_note(decision.note);
    done = Reject(call, unit, reject, &reply);
  } else {
    v1::WithdrawDealRegistrationRequest withdraw;
    withdraw.set_name(decision.subject);
    // An appeal that is taken back leaves what had been granted.
    done = Move(call, unit, withdraw, "withdrawn", &reply, [&](Deal deal) -> absl::StatusOr<Deal> {
      if (deal.granted.empty() && deal.waitlisted.empty()) return conflict::Withdraw(std::move(deal), call.now);
      return conflict::Reject(std::move(deal), decision.note, call.now);
    });
  }
  // Decided by a clock that is ahead of this one: it is tried again.
  if (ReasonOf(done) == Reason::kContestOpen) return Error(Reason::kServiceUnavailable, Std(done.message()));
  return ReasonOf(done) == Reason::kStateConflict ? absl::OkStatus() : done;  // it no longer waits
}

absl::Status DealService::Accept(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::AcceptDealRegistrationRequest& request, v1::DealRegistration* reply) {
  return Move(call, unit, request, "accepted", reply,
              [&](Deal deal) { return conflict::Accept(std::move(deal), call.now); });
}

absl::Status DealService::Renew(const rpc::Call& call, rpc::Unit& unit, const v1::RenewDealRegistrationRequest& request,
                                v1::DealRegistration* reply) {
  const absl::StatusOr<Date> end = wire::FromProto(request.effective_to());
  if (!end.ok()) return AtField(end.status(), "effective_to");
  return Move(call, unit, request, "renewed", reply, [&](Deal deal) -> absl::StatusOr<Deal> {
    ASSIGN_OR_RETURN(std::vector<Box> longer, Extension(deal, *end));
    ASSIGN_OR_RETURN(const DealLimits limits, parts_.limits.Current(unit.sql()));
    RETURN_IF_ERROR(Count(call, unit, limits, deal));
    // Whether any of it is free is not told for nothing.
    if (call.validate_only) return deal;
    ASSIGN_OR_RETURN(const Registrar::Around around, parts_.registrar.Look(unit.sql(), deal));
    for (Box& box : longer) box = WithLeaves(std::move(box), around.places);
    const Share share = ShareOf(longer, HeldByOthers(deal, around.others, around.places));
    std::vector<Deal> holders = around.others;
    std::erase_if(holders, [](const Deal& other) { return other.granted.empty() && other.waitlisted.empty(); });
    deal.conflict = Together(deal.conflict, ConflictOf(longer, deal, holders, around.places));
    return conflict::Renew(std::move(deal), *end, share, call.now);
  });
}

absl::Status DealService::Win(const rpc::Call& call, rpc::Unit& unit, const v1::WinDealRegistrationRequest& request,
                              v1::DealRegistration* reply) {
  return Move(call, unit, request, "won", reply, [&](Deal deal) { return conflict::Win(std::move(deal), call.now); });
}

absl::Status DealService::Lose(const rpc::Call& call, rpc::Unit& unit, const v1::LoseDealRegistrationRequest& request,
                               v1::DealRegistration* reply) {
  return Move(call, unit, request, "lost", reply, [&](Deal deal) { return conflict::Lose(std::move(deal), call.now); });
}

absl::Status DealService::Appeal(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::AppealDealRegistrationRequest& request, v1::DealRegistration* reply) {
  return Move(call, unit, request, "appealed", reply, [&](Deal deal) -> absl::StatusOr<Deal> {
    ASSIGN_OR_RETURN(const DealLimits limits, parts_.limits.Current(unit.sql()));
    const bool was_open = deal.Open();
    ASSIGN_OR_RETURN(deal, conflict::Appeal(std::move(deal), limits, request.note(), call.now));
    if (!was_open) {
      RETURN_IF_ERROR(CheckRoom(call, unit, limits, deal));
    }
    RETURN_IF_ERROR(Count(call, unit, limits, deal));
    if (call.validate_only) return deal;
    RETURN_IF_ERROR(parts_.adjudicator.Appealed(unit.sql(), deal, call.now));
    return parts_.registrar.Enter(unit, std::move(deal), /*contested=*/false, call.now);
  });
}

absl::Status DealService::FindSimilar(const rpc::Call&, rpc::Unit& unit, const v1::FindSimilarDealsRequest& request,
                                      v1::FindSimilarDealsResponse* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  ASSIGN_OR_RETURN(const Deal deal, parts_.deals.Get(unit.sql(), request.name()));
  ASSIGN_OR_RETURN(const std::vector<Registrar::Similar> similar, parts_.registrar.FindSimilar(unit.sql(), deal));
  for (const Registrar::Similar& one : similar) {
    auto* message = reply->add_similar_deals();
    message->set_deal(one.deal.name);
    message->set_state(static_cast<v1::DealRegistration::State>(one.deal.state));
    message->set_customer_name(one.deal.customer_name);
    message->set_reason(one.why);
    for (const Box& box : one.shared) *message->add_shared_boxes() = ToProto(box);
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
