#include "conflict-service/contests/contest_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPolicies =
    "SELECT name, uid, version, create_time, update_time, state, terms FROM adjudication_policy ";
constexpr std::string_view kEvidence =
    "SELECT deal, name, uid, version, create_time, update_time, state, kind, evidence_date, document, note, "
    "created_by, "
    "verified_by FROM deal_evidence ";
constexpr std::string_view kDecisions =
    "SELECT contest, number, decide_time, inputs, award, decided_by FROM contest_decision ";
constexpr std::string_view kContests =
    "SELECT name, uid, version, create_time, update_time, state, policy, end_date, inputs, award, awarded_by FROM "
    "contest ";

absl::StatusOr<Policy> PolicyOf(const mysql::Row& row) {
  Policy policy;
  policy.name = row.Text(0);
  policy.uid = row.Id(1);
  policy.version = row.Int(2);
  policy.create_time = row.Instant(3);
  policy.update_time = row.Instant(4);
  policy.state = static_cast<Policy::State>(row.Int(5));
  ASSIGN_OR_RETURN(policy.terms, ReadTerms(row.Bytes(6)));
  return policy;
}

Evidence EvidenceOf(const mysql::Row& row) {
  Evidence evidence;
  evidence.deal = row.Text(0);
  evidence.name = row.Text(1);
  evidence.uid = row.Id(2);
  evidence.version = row.Int(3);
  evidence.create_time = row.Instant(4);
  evidence.update_time = row.Instant(5);
  evidence.state = static_cast<Evidence::State>(row.Int(6));
  evidence.kind = static_cast<EvidenceKind>(row.Int(7));
  evidence.date = row.Day(8);
  evidence.document = row.Text(9);
  evidence.note = row.Text(10);
  evidence.created_by = row.Text(11);
  evidence.verified_by = row.Text(12);
  return evidence;
}

Contest ContestOf(const mysql::Row& row) {
  Contest contest;
  contest.name = row.Text(0);
  contest.uid = row.Id(1);
  contest.version = row.Int(2);
  contest.create_time = row.Instant(3);
  contest.update_time = row.Instant(4);
  contest.state = static_cast<Contest::State>(row.Int(5));
  contest.policy = row.Text(6);
  contest.end = row.Day(7);
  contest.inputs = row.Text(8);
  contest.award = row.Text(9);
  contest.awarded_by = row.Text(10);
  return contest;
}

ContestDecision DecisionOf(const mysql::Row& row) {
  return {.contest = row.Text(0),
          .number = row.Int(1),
          .decide_time = row.Instant(2),
          .inputs = row.Text(3),
          .award = row.Text(4),
          .decided_by = row.Text(5)};
}

absl::StatusOr<std::vector<Policy>> PoliciesOf(const mysql::Rows& rows) {
  std::vector<Policy> policies;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Policy policy, PolicyOf(row));
    policies.push_back(std::move(policy));
  }
  return policies;
}

}  // namespace

absl::Status PolicyStore::Create(mysql::Transaction& sql, const Policy& policy) const {
  const std::string terms = Write(policy.terms);
  ASSIGN_OR_RETURN(
      const bool made,
      sql.TryInsert("INSERT INTO adjudication_policy (name, uid, version, create_time, update_time, state, "
                    "terms) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    {policy.name, policy.uid, policy.version, policy.create_time, policy.update_time,
                     static_cast<int>(policy.state), terms}));
  return made ? absl::OkStatus() : AlreadyExists(policy.name);
}

absl::StatusOr<Policy> PolicyStore::Get(mysql::Transaction& sql, std::string_view name) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kPolicies, "WHERE name = ?"), {name}));
  if (rows.empty()) return NotFound(name);
  return PolicyOf(rows[0]);
}

absl::Status PolicyStore::Update(mysql::Transaction& sql, const Policy& policy) const {
  return sql
      .Execute("UPDATE adjudication_policy SET version = ?, update_time = ?, state = ? WHERE name = ?",
               {policy.version, policy.update_time, static_cast<int>(policy.state), policy.name})
      .status();
}

absl::StatusOr<std::optional<Policy>> PolicyStore::Active(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kPolicies, "WHERE state = ? ORDER BY name LIMIT 1"),
                                                     {static_cast<int>(Policy::State::kActive)}));
  if (rows.empty()) return std::optional<Policy>();
  ASSIGN_OR_RETURN(Policy policy, PolicyOf(rows[0]));
  return std::optional(std::move(policy));
}

absl::StatusOr<std::vector<Policy>> PolicyStore::List(mysql::Transaction& sql, std::string_view after,
                                                      int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kPolicies, "WHERE name > ? ORDER BY name LIMIT ?"), {after, limit}));
  return PoliciesOf(rows);
}

absl::Status EvidenceStore::Create(mysql::Transaction& sql, const Evidence& evidence) const {
  ASSIGN_OR_RETURN(
      const bool made,
      sql.TryInsert("INSERT INTO deal_evidence (deal, name, uid, version, create_time, update_time, state, kind, "
                    "evidence_date, document, note, created_by, verified_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                    "?, ?)",
                    {evidence.deal, evidence.name, evidence.uid, evidence.version, evidence.create_time,
                     evidence.update_time, static_cast<int>(evidence.state), static_cast<int>(evidence.kind),
                     evidence.date, evidence.document, evidence.note, evidence.created_by, evidence.verified_by}));
  return made ? absl::OkStatus() : AlreadyExists(evidence.name);
}

absl::StatusOr<Evidence> EvidenceStore::Get(mysql::Transaction& sql, std::string_view deal,
                                            std::string_view name) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kEvidence, "WHERE deal = ? AND name = ?"), {deal, name}));
  if (rows.empty()) return NotFound(name);
  return EvidenceOf(rows[0]);
}

absl::Status EvidenceStore::Update(mysql::Transaction& sql, const Evidence& evidence) const {
  return sql
      .Execute(
          "UPDATE deal_evidence SET version = ?, update_time = ?, state = ?, verified_by = ? WHERE deal = ? AND "
          "name = ?",
          {evidence.version, evidence.update_time, static_cast<int>(evidence.state), evidence.verified_by,
           evidence.deal, evidence.name})
      .status();
}

absl::StatusOr<std::vector<Evidence>> EvidenceStore::List(mysql::Transaction& sql, std::string_view deal,
                                                          std::string_view after, int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kEvidence, "WHERE deal = ? AND name > ? ORDER BY name LIMIT ?"), {deal, after, limit}));
  std::vector<Evidence> all;
  for (const mysql::Row& row : rows) all.push_back(EvidenceOf(row));
  return all;
}

absl::Status ContestStore::Create(mysql::Transaction& sql, const Contest& contest) const {
  return sql
      .Execute(
          "INSERT INTO contest (name, uid, version, create_time, update_time, state, policy, end_date, inputs, "
          "award, awarded_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {contest.name, contest.uid, contest.version, contest.create_time, contest.update_time,
           static_cast<int>(contest.state), contest.policy, contest.end, contest.inputs, contest.award,
           contest.awarded_by})
      .status();
}

absl::StatusOr<Contest> ContestStore::Get(mysql::Transaction& sql, std::string_view name) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kContests, "WHERE name = ?"), {name}));
  if (rows.empty()) return NotFound(name);
  return ContestOf(rows[0]);
}

absl::Status ContestStore::Update(mysql::Transaction& sql, const Contest& contest) const {
  return sql
      .Execute(
          "UPDATE contest SET version = ?, update_time = ?, state = ?, end_date = ?, inputs = ?, award = ?, "
          "awarded_by = ? WHERE name = ?",
          {contest.version, contest.update_time, static_cast<int>(contest.state), contest.end, contest.inputs,
           contest.award, contest.awarded_by, contest.name})
      .status();
}

absl::StatusOr<std::vector<Contest>> ContestStore::List(mysql::Transaction& sql, const SqlPredicate& filter,
                                                        std::string_view after, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kContests, "WHERE name > ? AND ", filter.sql(), " ORDER BY name LIMIT ?"), values));
  std::vector<Contest> contests;
  for (const mysql::Row& row : rows) contests.push_back(ContestOf(row));
  return contests;
}

const std::vector<FilterField>& ContestStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> states;
    for (const Contest::State state : kAllContestStates) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    return new std::vector<FilterField>{FilterField::Enum("state", "state", states),
                                        FilterField::Day("end_date", "end_date")};
  }();
  return *fields;
}

absl::Status ContestStore::AddDecision(mysql::Transaction& sql, const ContestDecision& decision) const {
  return sql
      .Execute(
          "INSERT INTO contest_decision (contest, number, decide_time, inputs, award, decided_by) VALUES (?, ?, ?, "
          "?, ?, ?)",
          {decision.contest, decision.number, decision.decide_time, decision.inputs, decision.award,
           decision.decided_by})
      .status();
}

absl::StatusOr<ContestDecision> ContestStore::GetDecision(mysql::Transaction& sql, std::string_view contest,
                                                          int64_t number) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kDecisions, "WHERE contest = ? AND number = ?"), {contest, number}));
  if (rows.empty()) return NotFound(StrCat(contest, "/decisions/", number));
  return DecisionOf(rows[0]);
}

absl::StatusOr<std::vector<ContestDecision>> ContestStore::Decisions(mysql::Transaction& sql, std::string_view contest,
                                                                     int64_t before, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kDecisions, "WHERE contest = ? AND number < ? ORDER BY number DESC LIMIT ?"),
                             {contest, before, limit}));
  std::vector<ContestDecision> decisions;
  for (const mysql::Row& row : rows) decisions.push_back(DecisionOf(row));
  return decisions;
}

absl::Status ContestStore::SetDecidedIn(mysql::Transaction& sql, std::string_view deal,
                                        const DecidedIn& decided) const {
  return sql
      .Execute(
          "INSERT INTO deal_award (deal, contest, appealed) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE contest = "
          "VALUES(contest), appealed = VALUES(appealed)",
          {deal, decided.contest, decided.appealed})
      .status();
}

absl::Status ContestStore::ClearDecidedIn(mysql::Transaction& sql, std::string_view deal) const {
  return sql.Execute("DELETE FROM deal_award WHERE deal = ?", {deal}).status();
}

absl::StatusOr<std::optional<ContestStore::DecidedIn>> ContestStore::GetDecidedIn(mysql::Transaction& sql,
                                                                                  std::string_view deal) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT contest, appealed FROM deal_award WHERE deal = ?", {deal}));
  if (rows.empty()) return std::optional<DecidedIn>();
  return std::optional(DecidedIn{rows[0].Text(0), rows[0].Bool(1)});
}

absl::StatusOr<std::set<std::string>> ContestStore::DecidedDeals(mysql::Transaction& sql,
                                                                 std::string_view contest) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT deal FROM deal_award WHERE contest = ?", {contest}));
  std::set<std::string> deals;
  for (const mysql::Row& row : rows) deals.insert(row.Text(0));
  return deals;
}

}  // namespace tributary::conflict
