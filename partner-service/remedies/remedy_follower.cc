#include "partner-service/remedies/remedy_follower.h"

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "common/events/payload.h"
#include "common/ids/resource_name.h"
#include "common/remedies/remedy_answer.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "partner-service/remedies/made_id.h"
#include "partner-service/remedies/territory_reassigner.h"
#include "partner-service/sanctions/sanction_enforcer.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::partner {
namespace {

using conflict::v1::Remedy;
using conflict::v1::RemedyAnswer;
using conflict::v1::RemedyStep;

constexpr std::string_view kGrantPattern = "partners/{partner}/territoryGrants/{territory_grant}";

bool IsToBeDone(const RemedyStep& step) {
  return (step.kind() == RemedyStep::WARNING || step.kind() == RemedyStep::REASSIGN_TERRITORY) &&
         (step.state() == RemedyStep::ORDERED || step.state() == RemedyStep::COMPENSATING);
}

// Those that steps are about and that there are, by name; locked by id, so that nobody waits for who waits for him.
class LockedPartners {
 public:
  absl::Status Lock(mysql::Transaction& sql, const std::vector<Remedy>& told) {
    std::set<std::string> ids;
    for (const Remedy& remedy : told) {
      for (const RemedyStep& step : remedy.steps()) {
        if (!IsToBeDone(step)) continue;
        RETURN_IF_ERROR(Add(step.partner(), &ids));
        if (!step.recipient().empty()) RETURN_IF_ERROR(Add(step.recipient(), &ids));
      }
    }
    for (const std::string& id : ids) {
      absl::StatusOr<Partner> partner = PartnerStore().GetForUpdate(sql, id);
      if (absl::IsNotFound(partner.status())) continue;
      RETURN_IF_ERROR(partner.status());
      partners_.emplace(partner->name(), *std::move(partner));
    }
    return absl::OkStatus();
  }
  // NOT_FOUND.
  absl::StatusOr<Partner> Get(const std::string& name) const {
    const auto found = partners_.find(name);
    if (found == partners_.end()) return NotFound(name);
    return found->second;
  }

 private:
  static absl::Status Add(const std::string& name, std::set<std::string>* ids) {
    ASSIGN_OR_RETURN(std::vector<std::string> id, ParseResourceName(name, "partners/{partner}"));
    ids->insert(std::move(id[0]));
    return absl::OkStatus();
  }

  std::map<std::string, Partner> partners_;
};

// One step as it is told.
struct Ordered {
  const Remedy& remedy;
  const RemedyStep& step;
  const LockedPartners& partners;
  absl::Time now;

  std::string made_id() const { return MadeIdOf(remedy.uid(), step.order()); }
};

// What stands against it for good, rather than a failure to look.
bool IsRefusal(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status);
}

void Answer(rpc::Unit& unit, const Ordered& one, RemedyAnswer::Answer reply, std::string_view result,
            std::string_view note = {}) {
  unit.Emit(remedies::Answered(remedies::KeyOf(one.remedy, one.step), reply, result, note));
}

// APPLIED by what was made, or REFUSED.
absl::Status AnswerOrder(rpc::Unit& unit, const Ordered& one, const absl::StatusOr<std::string>& made) {
  if (made.ok()) {
    Answer(unit, one, RemedyAnswer::APPLIED, *made);
    return absl::OkStatus();
  }
  if (!IsRefusal(made.status())) return made.status();
  Answer(unit, one, RemedyAnswer::REFUSED, "", Std(made.status().message()));
  return absl::OkStatus();
}

absl::StatusOr<std::string> ImposeWarning(rpc::Unit& unit, const Ordered& one, const Partner& partner,
                                          Sanction warning) {
  RETURN_IF_ERROR(CheckOpen(partner, "createSanction"));
  RETURN_IF_ERROR(CheckContent(warning, warning.effective.start));
  ASSIGN_OR_RETURN(const Sanction imposed,
                   SanctionEnforcer().Impose(unit, partner, std::move(warning), one.remedy.principal(), one.now));
  return imposed.name();
}

absl::Status Warn(rpc::Unit& unit, const Ordered& one) {
  const absl::StatusOr<Partner> partner = one.partners.Get(one.step.partner());
  if (!partner.ok()) return AnswerOrder(unit, one, partner.status());
  Sanction warning{.partner_id = partner->id,
                   .id = one.made_id(),
                   .kind = SanctionKind::kWarning,
                   .reason = one.step.reason(),
                   .effective = {TodayOf(*partner, one.now), OpenEnd()}};
  const absl::Status known = SanctionStore().GetForUpdate(unit.sql(), partner->id, warning.id).status();
  if (!absl::IsNotFound(known)) return known;
  return AnswerOrder(unit, one, ImposeWarning(unit, one, *partner, std::move(warning)));
}

absl::Status TakeBackWarning(rpc::Unit& unit, const Ordered& one) {
  ASSIGN_OR_RETURN(const Partner partner, one.partners.Get(one.step.partner()));
  const std::string name = StrCat(partner.name(), "/sanctions/", one.made_id());
  RETURN_IF_ERROR(SanctionEnforcer().Lift(unit, partner, name, "What it was part of did not come about.",
                                          one.remedy.principal(), one.now));
  Answer(unit, one, RemedyAnswer::COMPENSATED, name);
  return absl::OkStatus();
}

absl::StatusOr<std::string> HandTerritoryOver(rpc::Unit& unit, const Ordered& one) {
  RETURN_IF_ERROR(one.partners.Get(one.step.partner()).status());
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(one.step.territory_grant(), kGrantPattern, "territory_grant"));
  const absl::StatusOr<Date> from = wire::FromProto(one.step.effective_from());
  if (!from.ok()) return AtField(from.status(), "effective_from");
  StepHandover wanted{.remedy_uid = one.remedy.uid(),
                      .order = one.step.order(),
                      .partner_id = std::move(ids[0]),
                      .grant_id = std::move(ids[1]),
                      .from = *from};
  if (one.step.recipient().empty()) {
    return TerritoryReassigner().Reassign(unit, wanted, one.made_id(), nullptr, one.now);
  }
  ASSIGN_OR_RETURN(const Partner recipient, one.partners.Get(one.step.recipient()));
  wanted.recipient_id = recipient.id;
  return TerritoryReassigner().Reassign(unit, wanted, one.made_id(), &recipient, one.now);
}

absl::Status Reassign(rpc::Unit& unit, const Ordered& one) {
  ASSIGN_OR_RETURN(const auto done, HandoverStore().Find(unit.sql(), one.remedy.uid(), one.step.order()));
  if (done) return absl::OkStatus();
  return AnswerOrder(unit, one, HandTerritoryOver(unit, one));
}

absl::Status GiveTerritoryBack(rpc::Unit& unit, const Ordered& one) {
  ASSIGN_OR_RETURN(const auto done, HandoverStore().Find(unit.sql(), one.remedy.uid(), one.step.order()));
  if (done && done->given_back) return absl::OkStatus();
  std::string back;
  if (done) {
    ASSIGN_OR_RETURN(const Partner holder, one.partners.Get(one.step.partner()));
    ASSIGN_OR_RETURN(back, TerritoryReassigner().GiveBack(unit, *done, one.made_id(), holder, one.now));
  }
  Answer(unit, one, RemedyAnswer::COMPENSATED, back);
  return absl::OkStatus();
}

absl::Status Follow(rpc::Unit& unit, const Ordered& one) {
  const bool ordered = one.step.state() == RemedyStep::ORDERED;
  if (one.step.kind() == RemedyStep::WARNING) return ordered ? Warn(unit, one) : TakeBackWarning(unit, one);
  return ordered ? Reassign(unit, one) : GiveTerritoryBack(unit, one);
}

}  // namespace

const std::string& RemedyPayload() { return Remedy::descriptor()->full_name(); }

absl::Status ApplyRemedies(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                           events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const std::vector<Remedy> told, events::PayloadsOf<Remedy>(batch));
  LockedPartners partners;
  RETURN_IF_ERROR(partners.Lock(sql, told));
  rpc::Unit unit(sql);
  for (const Remedy& remedy : told) {
    for (const RemedyStep& step : remedy.steps()) {
      if (IsToBeDone(step)) RETURN_IF_ERROR(Follow(unit, {remedy, step, partners, now}));
    }
  }
  outbox = std::move(unit.outbox());
  return absl::OkStatus();
}

}  // namespace tributary::partner
