#include "partner-service/leads/lead_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/leads/lead_proto.h"
#include "partner-service/leads/routing_proto.h"
#include "partner-service/partners/partner_asked.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kLead = "leads/{lead}";
constexpr std::string_view kOffer = "leads/{lead}/offers/{offer}";
constexpr std::string_view kDecision = "leads/{lead}/decisions/{decision}";

// 0, which no decision has, where it is no number.
int NumberOf(const std::string& id) {
  int number = 0;
  return absl::SimpleAtoi(id, &number) && StrCat(number) == id ? number : 0;
}

}  // namespace

absl::StatusOr<Lead> EndOffer(rpc::Unit& unit, std::string_view verb, const Lead& lead, const LeadOffer& ended,
                              absl::Time now) {
  const Lead open = Reopened(lead, now);
  RETURN_IF_ERROR(LeadOfferStore().Update(unit.sql(), ended));
  RETURN_IF_ERROR(LeadStore().Update(unit.sql(), open));
  unit.Emit(Told(verb, ended));
  unit.Emit(Told("reopened", open));
  return open;
}

void LeadService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.LeadService", this)
      .Unary("GetLead", &LeadService::Get)
      .Unary("ListLeads", &LeadService::List)
      .Unary("CreateLead", &LeadService::Create)
      .Unary("RouteLead", &LeadService::Route)
      .Unary("GetRoutingDecision", &LeadService::GetDecision)
      .Unary("ListRoutingDecisions", &LeadService::ListDecisions)
      .Unary("ReplayRoutingDecision", &LeadService::Replay)
      .Unary("GetLeadOffer", &LeadService::GetOffer)
      .Unary("ListLeadOffers", &LeadService::ListOffers)
      .Unary("AcceptLeadOffer", &LeadService::Accept)
      .Unary("DeclineLeadOffer", &LeadService::Decline)
      .Unary("ExpireLeadOffer", &LeadService::Expire);
}

template <typename Request>
absl::StatusOr<LeadService::Locked> LeadService::Load(rpc::Unit& unit, const Request& request,
                                                      std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kOffer));
  // Before the lead is locked: another's cannot be told from none by how long it takes, either.
  RETURN_IF_ERROR(offers_.Get(unit.sql(), ids[0], ids[1], partner_id));
  Locked locked;
  ASSIGN_OR_RETURN(locked.lead, leads_.GetForUpdate(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(locked.offer, offers_.GetForUpdate(unit.sql(), ids[0], ids[1], partner_id));
  RETURN_IF_ERROR(CheckEtag(locked.offer.name(), request.etag(), locked.offer.revision.version));
  return locked;
}

absl::Status LeadService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetLeadRequest& request, v1::Lead* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kLead));
  ASSIGN_OR_RETURN(const Lead lead, leads_.Get(unit.sql(), ids[0]));
  *reply = ToProto(lead);
  return absl::OkStatus();
}

absl::Status LeadService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListLeadsRequest& request,
                               v1::ListLeadsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, LeadStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<Lead> leads, leads_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&leads, [](const Lead& last) { return std::vector{last.id}; }));
  for (const Lead& lead : leads) *reply->add_leads() = ToProto(lead);
  return absl::OkStatus();
}

absl::Status LeadService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateLeadRequest& request,
                                 v1::Lead* reply) {
  auto content = FromProto(request.lead());
  if (!content.ok()) return AtField(content.status(), "lead");
  Lead lead = *std::move(content);
  lead.revision = Revision::First(call.now);
  lead.id = request.lead_id().empty() ? lead.revision.uid.ToString() : request.lead_id();
  RETURN_IF_ERROR(AtField(CheckTexts(lead), "lead"));
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), {lead.region}));
  if (!missing.empty()) return UnknownReference("lead.region", lead.region, "a region that is in use");
  RETURN_IF_ERROR(leads_.Create(unit.sql(), lead));
  unit.Emit(Told("created", lead));
  *reply = ToProto(lead);
  return absl::OkStatus();
}

absl::Status LeadService::Route(const rpc::Call& call, rpc::Unit& unit, const v1::RouteLeadRequest& request,
                                v1::RoutingDecision* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kLead));
  ASSIGN_OR_RETURN(const std::vector<std::string> policies,
                   ParseResourceName(request.policy(), "routingPolicies/{routing_policy}", "policy"));
  RETURN_IF_ERROR(routing_.LockTurns(unit.sql()));
  const absl::StatusOr<RoutingPolicy> policy = routing_.GetPolicy(unit.sql(), policies[0]);
  if (absl::IsNotFound(policy.status())) {
    return UnknownReference("policy", request.policy(), "a routing policy that there is");
  }
  RETURN_IF_ERROR(policy.status());
  ASSIGN_OR_RETURN(Lead lead, leads_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(lead.name(), request.etag(), lead.revision.version));
  if (lead.state == LeadState::kOffered) {
    ASSIGN_OR_RETURN(const LeadOffer last, offers_.GetForUpdate(unit.sql(), lead.id, lead.offer_id, ""));
    if (StateAt(last, call.now) == OfferState::kExpired) {
      ASSIGN_OR_RETURN(const LeadOffer expired, partner::Expire(last, call.now));
      ASSIGN_OR_RETURN(lead, EndOffer(unit, "expired", lead, expired, call.now));
    }
  }
  RETURN_IF_ERROR(CheckRoutable(lead));

  ASSIGN_OR_RETURN(RoutingBook book, router_.ReadBook(unit.sql(), *policy, call.now));
  ASSIGN_OR_RETURN(const RoutingInputs inputs, router_.ReadInputs(unit.sql(), *policy, lead, call.now, &book));
  const Routed routed = partner::Route(inputs);

  RoutingDecision decision{.lead_id = lead.id,
                           .id = lead.decisions + 1,
                           .create_time = call.now,
                           .policy_id = policy->id,
                           .candidate_count = static_cast<int>(inputs.candidates.size()),
                           .inputs = InputsToBytes(inputs),
                           .ranking = RankingToBytes(inputs, routed)};
  decision.inputs_sha256 = Sha256Hex(decision.inputs);
  Lead decided = Decided(lead, call.now);
  if (routed.chosen.has_value()) {
    const RoutingCandidate& chosen = inputs.candidates[*routed.chosen];
    ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), chosen.partner_id));
    if (partner.state != PartnerState::kActive) return unit.sql().RunAgain("the partner changed while it was chosen");
    decision.partner_id = partner.id;
    LeadOffer offer = NewOffer(lead, partner.id, call.now + absl::Hours(policy->offer_hours), call.now);
    offer.score = routed.ranking.front().score;
    offer.terms = ScoreTerms(inputs.terms, chosen);
    RETURN_IF_ERROR(offers_.Create(unit.sql(), offer));
    book.Apply(inputs, routed);
    RETURN_IF_ERROR(routing_.SetTurns(unit.sql(), policy->id, inputs.candidates, &book.turns));
    decided = Offered(lead, offer, call.now);
    unit.Emit(Told("created", offer));
  }
  RETURN_IF_ERROR(routing_.AddDecision(unit.sql(), decision));
  RETURN_IF_ERROR(leads_.Update(unit.sql(), decided));
  unit.Emit(Told("routed", decided));
  *reply = ToProto(decision);
  PutRanking(inputs, routed.ranking, kRowsOfAnswer, reply);
  return absl::OkStatus();
}

absl::Status LeadService::GetDecision(const rpc::Call&, rpc::Unit& unit, const v1::GetRoutingDecisionRequest& request,
                                      v1::RoutingDecision* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kDecision));
  ASSIGN_OR_RETURN(const RoutingDecision decision, routing_.GetDecision(unit.sql(), ids[0], NumberOf(ids[1])));
  *reply = ToProto(decision);
  return PutStoredRanking(decision, reply);
}

absl::Status LeadService::ListDecisions(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListRoutingDecisionsRequest& request,
                                        v1::ListRoutingDecisionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.parent(), kLead, "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  ASSIGN_OR_RETURN(std::vector<RoutingDecision> decisions,
                   routing_.ListDecisions(unit.sql(), ids[0], NumberOf(std::string(page.after(0))), page.limit()));
  reply->set_next_page_token(
      page.Cut(&decisions, [](const RoutingDecision& last) { return std::vector{StrCat(last.id)}; }));
  for (const RoutingDecision& decision : decisions) *reply->add_decisions() = ToProto(decision);
  return absl::OkStatus();
}

absl::Status LeadService::Replay(const rpc::Call&, rpc::Unit& unit, const v1::ReplayRoutingDecisionRequest& request,
                                 v1::ReplayedRoutingDecision* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kDecision));
  ASSIGN_OR_RETURN(const RoutingDecision decision, routing_.GetDecision(unit.sql(), ids[0], NumberOf(ids[1])));
  ASSIGN_OR_RETURN(const RoutingInputs inputs, InputsFromBytes(decision.inputs));
  const Routed routed = partner::Route(inputs);
  RoutingDecision again = decision;
  again.partner_id = routed.chosen.has_value() ? inputs.candidates[*routed.chosen].partner_id : "";
  again.inputs_sha256 = Sha256Hex(InputsToBytes(inputs));
  again.ranking = RankingToBytes(inputs, routed);
  reply->set_reproduced(again.inputs_sha256 == decision.inputs_sha256 && again.ranking == decision.ranking &&
                        again.partner_id == decision.partner_id);
  *reply->mutable_decision() = ToProto(again);
  return PutStoredRanking(again, reply->mutable_decision());
}

absl::Status LeadService::GetOffer(const rpc::Call& call, rpc::Unit& unit, const v1::GetLeadOfferRequest& request,
                                   v1::LeadOffer* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kOffer));
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const LeadOffer offer, offers_.Get(unit.sql(), ids[0], ids[1], partner_id));
  *reply = ToProto(offer, call.now, call.identity->IsPartnerUser());
  return absl::OkStatus();
}

absl::Status LeadService::ListOffers(const rpc::Call& call, rpc::Unit& unit, const v1::ListLeadOffersRequest& request,
                                     v1::ListLeadOffersResponse* reply) {
  std::string lead_id;
  if (request.parent() != "leads/-") {
    ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(request.parent(), kLead, "parent"));
    lead_id = std::move(ids.front());
  }
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, LeadOfferStore::Fields(),
                                             StrCat(request.parent(), " ", partner_id)));
  ASSIGN_OR_RETURN(std::vector<LeadOffer> offers, offers_.List(unit.sql(), lead_id, partner_id, page));
  reply->set_next_page_token(page.Cut(&offers, [](const LeadOffer& last) {
    return std::vector{last.lead_id, last.id};
  }));
  for (const LeadOffer& offer : offers) {
    *reply->add_offers() = ToProto(offer, call.now, call.identity->IsPartnerUser());
  }
  return absl::OkStatus();
}

absl::Status LeadService::Accept(const rpc::Call& call, rpc::Unit& unit, const v1::AcceptLeadOfferRequest& request,
                                 v1::LeadOffer* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const Locked locked, Load(unit, request, partner_id));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), locked.offer.partner_id));
  ASSIGN_OR_RETURN(const LeadOffer accepted, partner::Accept(locked.offer, partner, call.now));
  const Lead lead = Accepted(locked.lead, accepted, call.now);
  RETURN_IF_ERROR(offers_.Update(unit.sql(), accepted));
  RETURN_IF_ERROR(leads_.Update(unit.sql(), lead));
  unit.Emit(Told("accepted", accepted));
  unit.Emit(Told("accepted", lead));
  *reply = ToProto(accepted, call.now, call.identity->IsPartnerUser());
  return absl::OkStatus();
}

absl::Status LeadService::Decline(const rpc::Call& call, rpc::Unit& unit, const v1::DeclineLeadOfferRequest& request,
                                  v1::LeadOffer* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const Locked locked, Load(unit, request, partner_id));
  ASSIGN_OR_RETURN(const LeadOffer declined, partner::Decline(locked.offer, request.decline_reason(), call.now));
  RETURN_IF_ERROR(EndOffer(unit, "declined", locked.lead, declined, call.now));
  *reply = ToProto(declined, call.now, call.identity->IsPartnerUser());
  return absl::OkStatus();
}

absl::Status LeadService::Expire(const rpc::Call& call, rpc::Unit& unit, const v1::ExpireLeadOfferRequest& request,
                                 v1::LeadOffer* reply) {
  ASSIGN_OR_RETURN(const Locked locked, Load(unit, request, ""));
  ASSIGN_OR_RETURN(const LeadOffer expired, partner::Expire(locked.offer, call.now));
  RETURN_IF_ERROR(EndOffer(unit, "expired", locked.lead, expired, call.now));
  *reply = ToProto(expired, call.now, /*for_partner=*/false);
  return absl::OkStatus();
}

}  // namespace tributary::partner
