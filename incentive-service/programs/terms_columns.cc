#include "incentive-service/programs/terms_columns.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_split.h"
#include "common/text/text.h"
#include "incentive-service/programs/program_proto.h"

namespace tributary::incentive {
namespace {

// As stored; they never change.
constexpr int kHalfEven = 1;
constexpr int kHalfUp = 2;
constexpr int kDown = 3;

int Stored(Rounding rounding) {
  switch (rounding) {
    case Rounding::kHalfUp:
      return kHalfUp;
    case Rounding::kDown:
      return kDown;
    default:
      return kHalfEven;
  }
}

Rounding RoundingOf(int64_t stored) {
  return stored == kHalfUp ? Rounding::kHalfUp : stored == kDown ? Rounding::kDown : Rounding::kHalfEven;
}

}  // namespace

std::string TiersText(const std::vector<Tier>& tiers) {
  std::string text;
  for (const Tier& tier : tiers) {
    if (!text.empty()) text += ' ';
    StrAppend(&text, tier.from.ToString(), ":", tier.rate.ToString());
    if (!tier.amount.zero()) StrAppend(&text, ":", tier.amount.ToString());
  }
  return text;
}

std::vector<Tier> ParseTiersText(std::string_view text) {
  std::vector<Tier> tiers;
  while (!text.empty()) {
    const std::string_view tier = text.substr(0, text.find(' '));
    text.remove_prefix(tier.size() == text.size() ? tier.size() : tier.size() + 1);
    const std::vector<std::string> parts = absl::StrSplit(absl::string_view(tier.data(), tier.size()), ':');
    const auto from = Decimal::Parse(parts[0]);
    const auto rate = Decimal::Parse(parts.size() < 2 ? "" : parts[1]);
    const auto amount = Decimal::Parse(parts.size() < 3 ? "0" : parts[2]);
    if (!from.ok() || !rate.ok() || !amount.ok()) {
      std::fprintf(stderr, "program tiers in the database cannot be read: %s\n", Printable(tier).c_str());
      std::abort();
    }
    tiers.push_back({*from, *rate, *amount});
  }
  return tiers;
}

TermsTexts::TermsTexts(const Program& program) : tiers(TiersText(program.terms.scale.tiers)) {
  v1::Program message;
  ConditionsToProto(program, &message);
  conditions = message.SerializeAsString();
}

void AppendTerms(const Program& program, const TermsTexts& texts, mysql::Values* values) {
  const Terms& terms = program.terms;
  values->insert(values->end(), {program.display_name, static_cast<int>(program.basis),
                                 static_cast<int>(terms.scale.shape), static_cast<int>(terms.scale.bound), texts.tiers,
                                 static_cast<int>(program.period.kind()), terms.currency, Stored(terms.rounding),
                                 program.effective.start, program.effective.end, texts.conditions});
}

void ReadTerms(const mysql::Row& row, size_t first, Program* program) {
  program->display_name = row.Text(first);
  program->basis = static_cast<Basis>(row.Int(first + 1));
  program->terms.scale = {.shape = static_cast<Shape>(row.Int(first + 2)),
                          .bound = static_cast<Bound>(row.Int(first + 3)),
                          .tiers = ParseTiersText(row.Bytes(first + 4))};
  program->period = static_cast<PeriodKind>(row.Int(first + 5));
  program->terms.currency = row.Text(first + 6);
  program->terms.rounding = RoundingOf(row.Int(first + 7));
  program->effective = {row.Day(first + 8), row.Day(first + 9)};
  v1::Program message;
  std::vector<FieldViolation> violations;
  const bool parsed = message.ParseFromString(row.Text(first + 10));
  if (parsed) ReadConditions(message, "conditions", program, &violations);
  // Who reads programs reads their periods; here they have none.
  if (!program->fiscal_calendar.empty()) program->period = Periods(program->period.kind(), {});
  if (parsed && violations.empty()) return;
  std::fprintf(stderr, "program conditions in the database cannot be read: %s\n",
               parsed ? violations[0].field.c_str() : "no message");
  std::abort();
}

}  // namespace tributary::incentive
