#include "partner-service/leads/routing_store.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/leads/routing_proto.h"
#include "partner-service/partners/partner.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

absl::StatusOr<RoutingPolicy> PolicyOf(const mysql::Row& row) {
  ASSIGN_OR_RETURN(RoutingPolicy policy, PolicyFromBytes(row.Bytes(5)));
  policy.id = row.Text(0);
  policy.revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)};
  return policy;
}

constexpr size_t kIdsOfQuery = 1024;
constexpr std::string_view kPolicy = "SELECT id, uid, version, create_time, update_time, content FROM routing_policy ";

// The columns without inputs and ranking.
RoutingDecision DecisionOf(const mysql::Row& row) {
  return {.lead_id = row.Text(0),
          .id = static_cast<int>(row.Int(1)),
          .create_time = row.Instant(2),
          .policy_id = row.Text(3),
          .partner_id = row.Text(4),
          .candidate_count = static_cast<int>(row.Int(5)),
          .inputs_sha256 = row.Text(6)};
}

constexpr std::string_view kSelectDecision =
    "SELECT lead_id, id, create_time, policy_id, partner_id, candidate_count, inputs_sha256";

NearbyPartner PartnerOf(const mysql::Row& row) {
  return {.id = row.Text(0),
          .active = static_cast<PartnerState>(row.Int(1)) == PartnerState::kActive,
          .home_region = row.Text(2)};
}

}  // namespace

std::string RoutingDecision::name() const { return StrCat("leads/", lead_id, "/decisions/", id); }

absl::StatusOr<RoutingPolicy> RoutingStore::GetPolicy(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kPolicy, "WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("routingPolicies/", id));
  return PolicyOf(rows.front());
}

absl::StatusOr<std::vector<RoutingPolicy>> RoutingStore::ListPolicies(mysql::Transaction& sql, const Page& page) const {
  const RootPage rows_of(page);
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kPolicy, rows_of.sql()), rows_of.values()));
  std::vector<RoutingPolicy> policies;
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(RoutingPolicy policy, PolicyOf(row));
    policies.push_back(std::move(policy));
  }
  return policies;
}

absl::Status RoutingStore::CreatePolicy(mysql::Transaction& sql, const RoutingPolicy& policy) const {
  const std::string content = PolicyToBytes(policy);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert("INSERT INTO routing_policy (id, uid, version, create_time, update_time, content) "
                                 "VALUES (?, ?, ?, ?, ?, ?)",
                                 {policy.id, policy.revision.uid, policy.revision.version, policy.revision.create_time,
                                  policy.revision.update_time, content}));
  return inserted ? absl::OkStatus() : AlreadyExists(policy.name());
}

absl::Status RoutingStore::LockTurns(mysql::Transaction& sql) const {
  return sql.Query("SELECT id FROM routing_policy ORDER BY id FOR UPDATE").status();
}

absl::StatusOr<RoutingTurns> RoutingStore::Turns(mysql::Transaction& sql, std::string_view policy_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT turns, more FROM routing_turns WHERE policy_id = ?", {policy_id}));
  RoutingTurns turns;
  if (rows.empty()) {
    ASSIGN_OR_RETURN(const mysql::Rows apart,
                     sql.Query("SELECT 1 FROM routing_turn WHERE policy_id = ? LIMIT 1", {policy_id}));
    turns.more = !apart.empty();
    return turns;
  }
  ASSIGN_OR_RETURN(turns.due, TurnsFromBytes(rows.front().Bytes(0)));
  turns.more = rows.front().Bool(1);
  return turns;
}

absl::Status RoutingStore::LookUpTurns(mysql::Transaction& sql, std::string_view policy_id,
                                       const std::vector<NearbyPartner>& partners, RoutingTurns* turns) const {
  if (!turns->more) return absl::OkStatus();
  std::vector<std::string_view> asked;
  for (const NearbyPartner& partner : partners) {
    if (turns->due.try_emplace(partner.id, 0).second) asked.push_back(partner.id);
  }
  for (size_t i = 0; i < asked.size(); i += kIdsOfQuery) {
    const IdList ids({asked.begin() + static_cast<ptrdiff_t>(i),
                      asked.begin() + static_cast<ptrdiff_t>(std::min(i + kIdsOfQuery, asked.size()))});
    mysql::Values values = {policy_id};
    values.insert(values.end(), ids.values().begin(), ids.values().end());
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT partner_id, turns_due FROM routing_turn "
                                                              "WHERE policy_id = ? AND partner_id IN ",
                                                              ids.sql()),
                                                       values));
    for (const mysql::Row& row : rows) turns->due.insert_or_assign(row.Text(0), row.Int(1));
  }
  return absl::OkStatus();
}

absl::Status RoutingStore::SetTurns(mysql::Transaction& sql, std::string_view policy_id,
                                    const std::vector<RoutingCandidate>& candidates, RoutingTurns* turns,
                                    size_t most_together) const {
  if (turns->due.size() > most_together) {
    absl::flat_hash_set<std::string_view> stay;
    for (const RoutingCandidate& candidate : candidates) stay.insert(candidate.partner_id);
    mysql::Values values;
    for (const auto& [partner_id, due] : turns->due) {
      if (!stay.contains(partner_id)) values.insert(values.end(), {policy_id, partner_id, due});
    }
    if (!values.empty()) {
      RETURN_IF_ERROR(sql.InsertRows("INSERT INTO routing_turn (policy_id, partner_id, turns_due) VALUES", 3, values,
                                     "ON DUPLICATE KEY UPDATE turns_due = VALUES(turns_due)"));
      turns->more = true;
      absl::erase_if(turns->due, [&](const auto& one) { return !stay.contains(one.first); });
    }
  }
  const std::string bytes = TurnsToBytes(turns->due);
  return sql
      .Execute(
          "INSERT INTO routing_turns (policy_id, turns, more) VALUES (?, ?, ?) "
          "ON DUPLICATE KEY UPDATE turns = VALUES(turns), more = VALUES(more)",
          {policy_id, bytes, turns->more})
      .status();
}

absl::StatusOr<std::vector<NearbyPartner>> RoutingStore::Nearby(mysql::Transaction& sql,
                                                                const std::vector<std::string>& regions, Date day,
                                                                int limit) const {
  if (regions.empty()) return std::vector<NearbyPartner>();
  const auto too_many = [&] {
    return InvalidField("region", StrCat(regions.front(), " with more than ", limit, " partners"), "a smaller region");
  };
  const IdList at_home({regions.begin(), regions.end()});
  mysql::Values values = at_home.values();
  values.insert(values.end(), {static_cast<int>(PartnerState::kTerminated), limit + 1});
  ASSIGN_OR_RETURN(const mysql::Rows home,
                   sql.Query(StrCat("SELECT id, state, home_region FROM partner WHERE home_region IN ", at_home.sql(),
                                    " AND state <> ? ORDER BY id LIMIT ?"),
                             values));
  if (home.size() > static_cast<size_t>(limit)) return too_many();

  // A grant keeps its regions a line each.
  std::vector<std::string> lines;
  for (const std::string& region : regions) lines.push_back(StrCat("\n", region, "\n"));
  values = {static_cast<int>(GrantState::kActive), day, day, static_cast<int>(PartnerState::kTerminated)};
  std::string covers;
  for (const std::string& line : lines) {
    StrAppend(&covers, covers.empty() ? "" : " OR ", "INSTR(CONCAT(?, g.regions, ?), ?) > 0");
    values.insert(values.end(), {"\n", "\n", line});
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows granted,
      sql.Query(StrCat("SELECT p.id, p.state, p.home_region, g.exclusivity, g.product_lines, g.segments "
                       "FROM territory_grant g JOIN partner p ON p.id = g.partner_id "
                       "WHERE g.state = ? AND g.effective_from <= ? AND (g.effective_to IS NULL OR g.effective_to > ?) "
                       "AND p.state <> ? AND (",
                       covers, ") ORDER BY p.id, g.id"),
                values));
  // Both are by id: one pass brings them together.
  std::vector<NearbyPartner> nearby;
  nearby.reserve(home.size());
  auto next = home.begin();
  for (const mysql::Row& row : granted) {
    while (next != home.end() && next->Bytes(0) <= row.Bytes(0)) nearby.push_back(PartnerOf(*next++));
    if (nearby.empty() || nearby.back().id != row.Bytes(0)) nearby.push_back(PartnerOf(row));
    nearby.back().grants.push_back(
        {static_cast<Exclusivity>(row.Int(3)), SplitLines(row.Bytes(4)), SplitLines(row.Bytes(5))});
  }
  while (next != home.end()) nearby.push_back(PartnerOf(*next++));
  if (nearby.size() > static_cast<size_t>(limit)) return too_many();
  return nearby;
}

absl::Status RoutingStore::AddDecision(mysql::Transaction& sql, const RoutingDecision& d) const {
  return sql
      .Execute(
          "INSERT INTO routing_decision (lead_id, id, create_time, policy_id, partner_id, candidate_count, "
          "inputs_sha256, inputs, ranking) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          {d.lead_id, d.id, d.create_time, d.policy_id, d.partner_id, d.candidate_count, d.inputs_sha256, d.inputs,
           d.ranking})
      .status();
}

absl::StatusOr<RoutingDecision> RoutingStore::GetDecision(mysql::Transaction& sql, std::string_view lead_id,
                                                          int id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelectDecision,
                                                            ", inputs, ranking FROM routing_decision "
                                                            "WHERE lead_id = ? AND id = ?"),
                                                     {lead_id, id}));
  if (rows.empty()) return NotFound(StrCat("leads/", lead_id, "/decisions/", id));
  RoutingDecision decision = DecisionOf(rows.front());
  decision.inputs = rows.front().Text(7);
  decision.ranking = rows.front().Text(8);
  return decision;
}

absl::StatusOr<std::vector<RoutingDecision>> RoutingStore::ListDecisions(mysql::Transaction& sql,
                                                                         std::string_view lead_id, int after,
                                                                         int limit) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kSelectDecision, " FROM routing_decision WHERE lead_id = ? AND id > ? ORDER BY id LIMIT ?"),
                {lead_id, after, limit}));
  std::vector<RoutingDecision> decisions;
  for (const mysql::Row& row : rows) decisions.push_back(DecisionOf(row));
  return decisions;
}

}  // namespace tributary::partner
