#include "conflict-service/findings/finding.h"

#include <set>
#include <utility>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/text/text.h"

namespace tributary::conflict {

std::string_view NameOf(FindingKind kind) {
  switch (kind) {
    case FindingKind::kExclusiveOverlap:
      return "EXCLUSIVE_OVERLAP";
    case FindingKind::kDuplicateDeal:
      return "DUPLICATE_DEAL";
    case FindingKind::kOutOfTerritory:
      return "OUT_OF_TERRITORY";
    case FindingKind::kDiversion:
      return "DIVERSION";
    case FindingKind::kDuplicateSale:
      return "DUPLICATE_SALE";
    case FindingKind::kDirectVsPartner:
      return "DIRECT_VS_PARTNER";
    case FindingKind::kBelowPrice:
      return "BELOW_PRICE";
    case FindingKind::kPriceWar:
      return "PRICE_WAR";
    case FindingKind::kProtectedDeal:
      return "PROTECTED_DEAL";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(FindingState state) { return state == FindingState::kOpen ? "OPEN" : "WITHDRAWN"; }

std::string_view NameOf(Severity severity) {
  constexpr std::string_view kNames[] = {"LOW", "MEDIUM", "HIGH"};
  return kNames[static_cast<int>(severity) - 1];
}

Decimal PriceDepth::price() const {
  return units ? Decimal::FromMicros(paid.micros() * Decimal::kUnit / units->micros()) : paid;
}

int32_t PriceDepth::basis_points() const {
  const absl::int128 of_all = least.micros() * (units ? units->micros() : absl::int128(Decimal::kUnit));
  return static_cast<int32_t>((of_all - paid.micros() * Decimal::kUnit) * 10000 / of_all);
}

std::string Finding::name() const { return StrCat("findings/", id); }

std::string FindingId(FindingKind kind, const std::vector<std::string>& subjects) {
  // Resource names hold no line feeds.
  return Sha256Hex(StrCat(NameOf(kind), "\n", StrJoin(subjects, "\n"))).substr(0, 32);
}

std::string FindingId(const Conclusion& conclusion) {
  return FindingId(conclusion.kind, conclusion.key.empty() ? conclusion.subjects : conclusion.key);
}

std::string EvidenceSha256(const Conclusion& conclusion) {
  // Lists whole: what people read of them is cut.
  std::string shared;
  if (const std::optional<ScopeBox>& box = conclusion.intersection) {
    for (const std::vector<std::string>* names : {&box->regions, &box->product_lines, &box->segments, &box->routes}) {
      StrAppend(&shared, StrJoin(*names, ","), ";");
    }
    StrAppend(&shared, box->time.start.ToString(), ";", box->time.end.ToString());
  }
  std::string price;
  if (const std::optional<PriceDepth>& depth = conclusion.price_depth) {
    price = StrCat(depth->currency, " ", depth->paid.ToString(), " ", depth->least.ToString(), " ",
                   depth->units ? depth->units->ToString() : std::string());
  }
  return Hex(Sha256Of({NameOf(conclusion.kind), conclusion.rule_version, StrJoin(conclusion.subjects, "\n"), shared,
                       price, conclusion.explanation}));
}

std::vector<std::string> PartiesOf(const Conclusion& conclusion) {
  std::set<std::string> parties;
  for (const std::string& subject : conclusion.subjects) {
    const std::string_view partner = PartnerOf(subject);
    if (!partner.empty()) parties.insert(StrCat("partners/", partner));
  }
  return {parties.begin(), parties.end()};
}

std::vector<FindingChange> Reconcile(const std::map<std::string, Finding>& stored,
                                     const std::vector<Conclusion>& conclusions, absl::Time now) {
  std::map<std::string, FindingChange> changes;
  std::map<std::string, const Conclusion*> concluded;
  for (const Conclusion& conclusion : conclusions) {
    concluded.emplace(FindingId(conclusion), &conclusion);
  }
  for (const auto& [id, conclusion] : concluded) {
    const auto found = stored.find(id);
    if (found == stored.end()) {
      changes[id] = {"opened", {id, Uuid::New(now), 1, now, now, FindingState::kOpen, *conclusion}};
      continue;
    }
    Finding finding = found->second;
    const bool open = finding.state == FindingState::kOpen;
    if (open && finding.conclusion == *conclusion) continue;
    finding.state = FindingState::kOpen;
    finding.conclusion = *conclusion;
    finding.update_time = now;
    ++finding.version;
    changes[id] = {open ? "changed" : "reopened", std::move(finding)};
  }
  for (const auto& [id, finding] : stored) {
    if (finding.state != FindingState::kOpen || concluded.contains(id)) continue;
    Finding withdrawn = finding;
    withdrawn.state = FindingState::kWithdrawn;
    withdrawn.update_time = now;
    ++withdrawn.version;
    changes[id] = {"withdrawn", std::move(withdrawn)};
  }
  std::vector<FindingChange> result;
  for (auto& [id, change] : changes) result.push_back(std::move(change));
  return result;
}

}  // namespace tributary::conflict
