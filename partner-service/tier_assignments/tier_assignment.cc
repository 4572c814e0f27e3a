#include "partner-service/tier_assignments/tier_assignment.h"

#include <algorithm>
#include <utility>

#include "common/text/text.h"

namespace tributary::partner {
namespace {

TierAssignment Made(const Partner& partner, const PartnerProgram& program, const std::vector<LevelFinding>& findings,
                    int rank, TierCause cause, Date today, absl::Time now) {
  TierAssignment made{.partner_id = partner.id,
                      .revision = Revision::First(now),
                      .program_id = program.id,
                      .program_revision = program.revision.version,
                      .level = rank == 0 ? "" : program.levels[static_cast<size_t>(rank) - 1].id,
                      .rank = rank,
                      .valid = {today, OpenEnd()},
                      .cause = cause,
                      .findings = findings};
  made.id = made.revision.uid.ToString();
  return made;
}

TierAssignment Next(const TierAssignment& assignment, absl::Time now) {
  TierAssignment next = assignment;
  next.revision = assignment.revision.Next(now);
  return next;
}

TierAssignment Ended(const TierAssignment& assignment, Date today, absl::Time now) {
  TierAssignment ended = Next(assignment, now);
  // The partner's time zone may have moved since it began.
  ended.valid.end = std::max(today, assignment.valid.start);
  return ended;
}

}  // namespace

std::string_view NameOf(TierCause cause) {
  switch (cause) {
    case TierCause::kPromotion:
      return "PROMOTION";
    case TierCause::kDemotion:
      return "DEMOTION";
  }
  return "CAUSE_UNSPECIFIED";
}

std::string TierAssignment::name() const { return StrCat("partners/", partner_id, "/tierAssignments/", id); }

LevelFinding FindLevel(const PartnerProgram& program, int rank, const TierFigures& figures) {
  const size_t at = static_cast<size_t>(rank) - 1;
  const ProgramLevel& level = program.levels[at];
  LevelFinding finding{.level = level.id, .rank = rank, .met = true, .days = figures.days};
  for (size_t i = 0; i < level.criteria.size(); ++i) {
    const LevelCriterion& criterion = level.criteria[i];
    const CriterionFigure& figure = figures.figures[at][i];
    const Decimal got = figure.got.value_or(Decimal());
    const bool met = figure.got.has_value() && got >= criterion.want;
    finding.criteria.push_back({.criterion = criterion,
                                .got = figure.got,
                                .unpriced_facts = figure.unpriced_facts,
                                .met = met,
                                .distance = met ? Decimal() : criterion.want - got});
    finding.met = finding.met && met;
  }
  return finding;
}

std::vector<LevelFinding> FindLevels(const PartnerProgram& program, const std::vector<TierFigures>& figures) {
  std::vector<LevelFinding> findings;
  for (size_t i = 0; i < program.levels.size(); ++i) {
    const int rank = static_cast<int>(i) + 1;
    LevelFinding finding = FindLevel(program, rank, figures.front());
    for (size_t f = 1; f < figures.size() && !finding.met; ++f) {
      LevelFinding other = FindLevel(program, rank, figures[f]);
      if (other.met) finding = std::move(other);
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

int RankReached(const std::vector<LevelFinding>& findings) {
  int reached = 0;
  for (const LevelFinding& finding : findings) {
    if (finding.met) reached = std::max(reached, finding.rank);
  }
  return reached;
}

TierDecision Decide(const Partner& partner, const PartnerProgram& program, const std::vector<LevelFinding>& findings,
                    const std::optional<TierAssignment>& current, Date today, absl::Time now) {
  if (partner.state == PartnerState::kTerminated) {
    if (!current.has_value()) return {};
    return {.outcome = TierOutcome::kEnded, .changed = Ended(*current, today, now)};
  }
  if (partner.state != PartnerState::kActive) return {.outcome = TierOutcome::kNotEvaluated};
  const int reached = RankReached(findings);
  // A level never leaves its program, but its place may have moved.
  const int held = current.has_value() ? RankOf(program, current->level) : 0;
  if (reached > held) {
    TierDecision decision{.outcome = TierOutcome::kPromoted};
    if (current.has_value()) decision.changed = Ended(*current, today, now);
    decision.made = Made(partner, program, findings, reached, TierCause::kPromotion, today, now);
    return decision;
  }
  if (!current.has_value()) return {};
  if (reached == held) {
    if (!current->notice.has_value()) return {};
    TierAssignment kept = Next(*current, now);
    kept.notice.reset();
    return {.outcome = TierOutcome::kNoticeWithdrawn, .changed = std::move(kept)};
  }
  if (!current->notice.has_value()) {
    TierAssignment noticed = Next(*current, now);
    const Date grace = today.AddDays(program.notice_days);
    noticed.notice = {
        .given = today, .grace = grace, .demotion = grace.AddDays(program.grace_days), .findings = findings};
    return {.outcome = TierOutcome::kNoticed, .changed = std::move(noticed)};
  }
  if (today < current->notice->demotion) return {};
  return {.outcome = TierOutcome::kDemoted,
          .changed = Ended(*current, today, now),
          .made = Made(partner, program, findings, reached, TierCause::kDemotion, today, now)};
}

TierOutlook Outlook(const PartnerProgram& program, const std::vector<TierFigures>& figures,
                    const std::optional<TierAssignment>& current) {
  const int held = current.has_value() ? RankOf(program, current->level) : 0;
  TierOutlook outlook;
  if (held < static_cast<int>(program.levels.size())) outlook.next = FindLevel(program, held + 1, figures.front());
  if (held == 0) return outlook;
  outlook.keep = FindLevel(program, held, figures.front());
  for (size_t f = 1; f < figures.size() && !outlook.keep->met && !outlook.kept_to.has_value(); ++f) {
    if (FindLevel(program, held, figures[f]).met) outlook.kept_to = figures.front().days->end;
  }
  return outlook;
}

}  // namespace tributary::partner
