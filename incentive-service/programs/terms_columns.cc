#include "incentive-service/programs/terms_columns.h"

#include <cstdio>
#include <cstdlib>

#include "common/text/text.h"

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
  }
  return text;
}

std::vector<Tier> ParseTiersText(std::string_view text) {
  std::vector<Tier> tiers;
  while (!text.empty()) {
    const std::string_view tier = text.substr(0, text.find(' '));
    text.remove_prefix(tier.size() == text.size() ? tier.size() : tier.size() + 1);
    const size_t colon = tier.find(':');
    const auto from = Decimal::Parse(tier.substr(0, colon));
    const auto rate = Decimal::Parse(colon == std::string_view::npos ? "" : tier.substr(colon + 1));
    if (!from.ok() || !rate.ok()) {
      std::fprintf(stderr, "program tiers in the database cannot be read: %s\n", Printable(tier).c_str());
      std::abort();
    }
    tiers.push_back({*from, *rate});
  }
  return tiers;
}

void AppendTerms(const Program& program, const std::string& tiers, mysql::Values* values) {
  const Terms& terms = program.terms;
  values->insert(values->end(),
                 {program.display_name, static_cast<int>(program.basis), static_cast<int>(terms.scale.shape),
                  static_cast<int>(terms.scale.bound), tiers, static_cast<int>(program.period), terms.currency,
                  Stored(terms.rounding), program.effective.start, program.effective.end});
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
}

}  // namespace tributary::incentive
