#include "conflict-service/cases/case_evidence.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/digest/sha256.h"
#include "common/ids/uuid.h"
#include "common/text/text.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kFormat = "case-evidence-1";
constexpr std::string_view kExplanation = "explanation";

std::string SealOf(const EvidenceLine& line) { return Hex(Sha256Of({line.salt, line.value})); }

// What names customers is sealed.
EvidenceLine LineOf(std::string source, std::string_view field, std::string value, std::set<std::string> customers,
                    absl::Time now) {
  EvidenceLine line{.source = std::move(source),
                    .field = std::string(field),
                    .value = std::move(value),
                    .salt = {},
                    .seal = {},
                    .customers = std::move(customers)};
  if (line.customers.empty()) return line;
  line.salt = Hex(Sha256Of({Uuid::New(now).bytes(), Uuid::New(now).bytes()}));
  line.seal = SealOf(line);
  return line;
}

void AddBox(const ScopeBox& box, const auto& add) {
  add("intersection.regions", StrJoin(box.regions, ", "));
  add("intersection.product_lines", StrJoin(box.product_lines, ", "));
  add("intersection.segments", StrJoin(box.segments, ", "));
  add("intersection.routes", StrJoin(box.routes, ", "));
  add("intersection.from", box.time.start.ToString());
  add("intersection.before", box.time.end.ToString());
}

void AddDepth(const PriceDepth& depth, const auto& add) {
  add("price_depth.currency", depth.currency);
  add("price_depth.paid", depth.paid.ToString());
  add("price_depth.least", depth.least.ToString());
  if (depth.units) add("price_depth.units", depth.units->ToString());
}

void AddParty(const PartyFacts& party, const auto& add) {
  add("party", party.partner);
  add("party.product", party.product);
  add("party.lot", party.lot);
  if (party.units) add("party.units", party.units->ToString());
  add("party.regions", StrJoin(party.regions, ", "));
  add("party.words", party.words);
}

const EvidenceLine* Find(const CaseEvidence& record, std::string_view field) {
  const std::string finding = StrCat("findings/", record.case_id);
  const auto line = std::find_if(record.lines.begin(), record.lines.end(), [&](const EvidenceLine& candidate) {
    return candidate.source == finding && candidate.field == field;
  });
  return line == record.lines.end() ? nullptr : &*line;
}

// What the case says of its last record.
void CompareCase(const Case& one, const CaseEvidence& last, std::vector<std::string>* found) {
  const std::pair<std::string_view, std::string> told[] = {{"kind", std::string(NameOf(one.kind))},
                                                           {"rule_version", one.rule_version},
                                                           {"subjects", StrJoin(one.subjects, ", ")},
                                                           {kExplanation, one.evidence}};
  for (const auto& [field, got] : told) {
    const EvidenceLine* line = Find(last, field);
    if (line != nullptr && line->erased()) continue;
    const std::string want = line == nullptr ? std::string("(no such line)") : line->value;
    if (got == want) continue;
    found->push_back(StrCat(one.name(), ": ", field, ": got '", got, "', want '", want, "' of ", last.name()));
  }
}

}  // namespace

std::string CaseEvidence::name() const { return StrCat("cases/", case_id, "/evidence/", number); }

std::vector<EvidenceLine> LinesOf(std::string_view case_id, const Conclusion& conclusion, absl::Time now) {
  const std::string finding = StrCat("findings/", case_id);
  std::vector<EvidenceLine> lines;
  const auto add = [&](std::string_view field, std::string value) {
    lines.push_back(LineOf(finding, field, std::move(value), {}, now));
  };
  add("kind", std::string(NameOf(conclusion.kind)));
  add("rule_version", conclusion.rule_version);
  add("subjects", StrJoin(conclusion.subjects, ", "));
  add("key", StrJoin(conclusion.key, ", "));
  add("severity", std::string(NameOf(conclusion.severity.value_or(SeverityOf(conclusion.kind)))));
  if (conclusion.occurred_on) add("occurred_on", conclusion.occurred_on->ToString());
  if (conclusion.intersection) AddBox(*conclusion.intersection, add);
  if (conclusion.price_depth) AddDepth(*conclusion.price_depth, add);
  for (const PartyFacts& party : conclusion.parties) AddParty(party, add);
  std::set<std::string> customers;
  for (const EvidenceInput& input : conclusion.inputs) {
    std::set<std::string> named;
    if (!input.customer.empty()) named.insert(CustomerKey(input.customer));
    customers.insert(named.begin(), named.end());
    lines.push_back(LineOf(input.source, input.field, input.value, std::move(named), now));
  }
  // A text may name any of them.
  lines.push_back(LineOf(finding, kExplanation, conclusion.explanation, std::move(customers), now));
  return lines;
}

CaseEvidence NewEvidence(std::string_view case_id, int64_t after, std::string_view previous_sha256,
                         const Conclusion& conclusion, absl::Time now) {
  CaseEvidence record{.case_id = std::string(case_id),
                      .number = after + 1,
                      .create_time = absl::FromUnixMicros(absl::ToUnixMicros(now)),
                      .previous_sha256 = std::string(previous_sha256),
                      .sha256 = {},
                      .lines = LinesOf(case_id, conclusion, now)};
  record.sha256 = EvidenceHash(record);
  return record;
}

std::string EvidenceHash(const CaseEvidence& evidence) {
  std::string digest =
      Sha256Of({kFormat, evidence.case_id, StrCat(evidence.number), StrCat(absl::ToUnixMicros(evidence.create_time)),
                evidence.previous_sha256, StrCat(evidence.lines.size())});
  for (const EvidenceLine& line : evidence.lines) {
    const bool sealed = !line.seal.empty();
    digest = Sha256Of({digest, line.source, line.field, sealed ? "sealed" : "plain", sealed ? line.seal : line.value});
  }
  return Hex(digest);
}

std::vector<std::string> Discrepancies(const Case& one, const std::vector<CaseEvidence>& records) {
  std::vector<std::string> found;
  if (records.empty()) found.push_back(StrCat(one.name(), ": got no evidence, want some"));
  int64_t number = 0;
  std::string previous;
  for (const CaseEvidence& record : records) {
    const std::string name = record.name();
    if (record.number != ++number) found.push_back(StrCat(name, ": got number ", record.number, ", want ", number));
    number = record.number;
    if (record.previous_sha256 != previous) {
      found.push_back(StrCat(name, ": previous_sha256: got '", record.previous_sha256, "', want '", previous, "'"));
    }
    previous = record.sha256;
    for (const EvidenceLine& line : record.lines) {
      if (line.seal.empty() || line.erased()) continue;
      if (const std::string seal = SealOf(line); seal != line.seal) {
        found.push_back(StrCat(name, ": ", line.field, " of ", line.source, ": got ", seal, ", want ", line.seal));
      }
    }
    if (const std::string sha256 = EvidenceHash(record); sha256 != record.sha256) {
      found.push_back(StrCat(name, ": sha256: got ", sha256, ", want ", record.sha256));
    }
  }
  if (!records.empty()) CompareCase(one, records.back(), &found);
  return found;
}

}  // namespace tributary::conflict
