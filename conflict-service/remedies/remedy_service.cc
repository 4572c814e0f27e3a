#include "conflict-service/remedies/remedy_service.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "conflict-service/cases/case_evidence_store.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/findings/finding.h"
#include "conflict-service/prices/price_rule_store.h"
#include "conflict-service/remedies/own_steps.h"
#include "conflict-service/remedies/price_follow_up.h"
#include "conflict-service/remedies/remedy_proto.h"
#include "conflict-service/remedies/suggest.h"
#include "conflict-service/rules/diversion.h"

namespace tributary::conflict {
namespace {

// Of a case of DIVERSION that units alone show: the territory in which they were seen; else empty.
std::string TerritoryOf(const Case& one) {
  for (const std::string& subject : one.subjects) {
    if (ParseResourceName(subject, "regions/{region}").ok()) return subject;
  }
  return {};
}

bool AsksForPrices(const v1::ApplyRemedyRequest& request) {
  return std::any_of(request.measures().begin(), request.measures().end(),
                     [](const v1::RemedyMeasure& measure) { return measure.kind() == v1::RemedyStep::PRICE_ACTION; });
}

// What the measures ask of this service itself can be done: there is the price rule, and parties are shown the case.
absl::Status CheckOwn(mysql::Transaction& sql, const Case& one, const std::vector<RemedyMeasure>& measures) {
  for (size_t i = 0; i < measures.size(); ++i) {
    const RemedyMeasure& measure = measures[i];
    if (IsOwn(measure.kind) && one.kind == FindingKind::kDuplicateDeal) {
      return InvalidField(StrCat("measures[", i, "].kind"), NameOf(measure.kind),
                          "another kind: parties are not shown cases of duplicate deals");
    }
    if (measure.kind != RemedyKind::kPriceAction) continue;
    const absl::Status rule = PriceRuleStore().Get(sql, measure.price_rule).status();
    if (absl::IsNotFound(rule)) {
      return Error(Reason::kReferenceNotFound,
                   StrCat("measures[", i, "].price_rule: got ", measure.price_rule, ", want a rule that there is"));
    }
    RETURN_IF_ERROR(rule);
  }
  return absl::OkStatus();
}

}  // namespace

void RemedyService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.RemedyService", this)
      .Unary("GetRemedy", &RemedyService::Get)
      .Unary("ListRemedies", &RemedyService::List)
      .Unary("SuggestRemedies", &RemedyService::Suggest)
      .Unary("ApplyRemedy", &RemedyService::Apply);
}

absl::Status RemedyService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetRemedyRequest& request,
                                v1::Remedy* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseRemedyName(request.name()));
  ASSIGN_OR_RETURN(const Remedy remedy, remedies_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(remedy);
  return absl::OkStatus();
}

absl::Status RemedyService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListRemediesRequest& request,
                                 v1::ListRemediesResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.parent(), "cases/{case}", "parent"));
  const std::string case_id = ids[0] == "-" ? std::string() : ids[0];
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, RemedyStore::Fields(), request.parent()));
  if (!case_id.empty()) RETURN_IF_ERROR(cases_.Get(unit.sql(), case_id).status());
  int64_t after = 0;
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(1)), &after)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<Remedy> remedies,
                   remedies_.List(unit.sql(), case_id, page.filter(), page.after(0), after, page.limit()));
  reply->set_next_page_token(page.Cut(&remedies, [](const Remedy& last) {
    return std::vector{last.case_id, StrCat(last.number)};
  }));
  for (const Remedy& remedy : remedies) *reply->add_remedies() = ToProto(remedy);
  return absl::OkStatus();
}

absl::Status RemedyService::Suggest(const rpc::Call&, rpc::Unit& unit, const v1::SuggestRemediesRequest& request,
                                    v1::SuggestRemediesResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "cases/{case}"));
  ASSIGN_OR_RETURN(const Case one, cases_.Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const std::optional<KeptBalance> balance, RestsOn(unit, one));
  ASSIGN_OR_RETURN(const std::optional<Decimal> most_units, LowerBoundOf(unit, one, balance));
  ASSIGN_OR_RETURN(const CaseEvidence evidence, CaseEvidenceStore().Last(unit.sql(), one.id));
  reply->set_cause(static_cast<v1::Case::Cause>(one.cause));
  for (const SuggestedRemedy& suggested : conflict::Suggest(one, KnownFrom(one, evidence, most_units))) {
    *reply->add_suggested_remedies() = ToProto(suggested);
  }
  return absl::OkStatus();
}

absl::Status RemedyService::Apply(const rpc::Call& call, rpc::Unit& unit, const v1::ApplyRemedyRequest& request,
                                  v1::Remedy* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "cases/{case}"));
  if (AsksForPrices(request)) RETURN_IF_ERROR(LockPrices(unit.sql()));
  ASSIGN_OR_RETURN(const Case one, cases_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(one.name(), request.etag(), one.version));
  RETURN_IF_ERROR(CheckRemediable(one));
  RETURN_IF_ERROR(remedies_.CheckNoneRuns(unit.sql(), one.id, "apply another to"));
  ASSIGN_OR_RETURN(const std::optional<KeptBalance> balance, RestsOn(unit, one));
  ASSIGN_OR_RETURN(const std::optional<Decimal> most_units, LowerBoundOf(unit, one, balance));
  ASSIGN_OR_RETURN(const std::vector<Remedy> earlier, EarlierOf(unit, one, balance));
  ASSIGN_OR_RETURN(const std::vector<RemedyMeasure> measures, FromProto(request));
  Remedy remedy{.case_id = one.id,
                .uid = Uuid::New(call.now),
                .create_time = call.now,
                .update_time = call.now,
                .principal = call.identity->subject};
  ASSIGN_OR_RETURN(remedy.steps, Plan(measures, one.parties(), most_units, UnitsClawedBack(earlier)));
  RETURN_IF_ERROR(CheckOwn(unit.sql(), one, measures));
  RETURN_IF_ERROR(remedies_.Create(unit.sql(), &remedy));
  const int64_t created = remedy.version;
  RETURN_IF_ERROR(CarryOutOwnSteps(unit.sql(), call.now, unit.outbox(), &remedy));
  RETURN_IF_ERROR(FollowPriceActions(unit.sql(), call.now, unit.outbox(), &remedy));
  if (remedy.version != created) RETURN_IF_ERROR(remedies_.Update(unit.sql(), remedy));
  unit.Emit(Told(remedy));
  *reply = ToProto(remedy);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<KeptBalance>> RemedyService::RestsOn(rpc::Unit& unit, const Case& one) const {
  if (one.kind != FindingKind::kDiversion) return std::nullopt;
  for (const std::string& subject : one.subjects) {
    const auto balance = ParseResourceName(subject, "massBalances/{mass_balance}");
    if (!balance.ok()) continue;
    ASSIGN_OR_RETURN(KeptBalance kept, balances_.Get(unit.sql(), balance->at(0)));
    return kept;
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<Decimal>> RemedyService::LowerBoundOf(rpc::Unit& unit, const Case& one,
                                                                   const std::optional<KeptBalance>& balance) const {
  if (!balance) return std::nullopt;
  const std::vector<std::string> parties = one.parties();
  const auto party = [&](const std::string& partner) {
    return std::find(parties.begin(), parties.end(), partner) != parties.end();
  };
  ASSIGN_OR_RETURN(const JudgedBalance judged, diversions_.Look(unit.sql(), balance->key, balance->asked));
  const std::string territory = TerritoryOf(one);
  Decimal least;
  if (!territory.empty()) {
    for (const UnitFlow& way : judged.unit_flows) {
      if (party(way.from) && way.territory == territory) least = std::max(least, way.least());
    }
    return least;
  }
  // A party that lacks units has none too many: one way at most.
  for (const JudgedFlow& way : judged.flows) {
    if (party(way.flow.from) && party(way.flow.to)) least = std::max(least, way.flow.least);
  }
  return least;
}

absl::StatusOr<std::vector<Remedy>> RemedyService::EarlierOf(rpc::Unit& unit, const Case& one,
                                                             const std::optional<KeptBalance>& balance) const {
  ASSIGN_OR_RETURN(std::vector<Remedy> earlier, remedies_.OfCase(unit.sql(), one.id));
  if (!balance) return earlier;
  ASSIGN_OR_RETURN(const std::vector<BalanceKey> kept, balances_.OfProduct(unit.sql(), balance->key.product));
  const std::vector<std::string> parties = one.parties();
  const std::string territory = TerritoryOf(one);
  const std::vector<std::string> ends = territory.empty() ? parties : std::vector<std::string>{territory};
  std::set<std::string> ids;
  for (const BalanceKey& key : kept) {
    if (key.lot != balance->key.lot) continue;
    for (const std::string& from : parties) {
      for (const std::string& to : ends) {
        if (from != to) ids.insert(FindingId(FindingKind::kDiversion, FlowKey(key, from, to)));
      }
    }
  }
  ids.erase(one.id);
  // Held, so that of two cases that are remedied at once the second sees what the first took.
  ASSIGN_OR_RETURN(const auto others, cases_.ForUpdate(unit.sql(), ids));
  for (const auto& [id, other] : others) {
    ASSIGN_OR_RETURN(const std::optional<KeptBalance> rests_on, RestsOn(unit, other));
    if (!rests_on || !rests_on->key.period.Intersects(balance->key.period)) continue;
    ASSIGN_OR_RETURN(const std::vector<Remedy> more, remedies_.OfCase(unit.sql(), id));
    earlier.insert(earlier.end(), more.begin(), more.end());
  }
  return earlier;
}

}  // namespace tributary::conflict
