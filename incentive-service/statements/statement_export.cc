#include "incentive-service/statements/statement_export.h"

#include <array>

#include "absl/strings/escaping.h"
#include "absl/time/time.h"
#include "common/csv/csv_writer.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "openssl/evp.h"

namespace tributary::incentive {
namespace {

// By their numbers; the names of the wire.
template <size_t N, typename Enum>
std::string Named(const std::array<const char*, N>& names, Enum value) {
  return names.at(static_cast<size_t>(value));
}
constexpr std::array kBases = {"", "ORDER", "SELL_IN"};
constexpr std::array kShapes = {"", "MARGINAL", "RETROACTIVE", "ROLLING", "TOTAL", "FLAT", "PER_UNIT", "TARGET"};
constexpr std::array kBounds = {"", "FROM", "UPTO"};
constexpr std::array kMeasures = {"", "AMOUNT", "QUANTITY"};

std::string NameOf(Rounding rounding) {
  return rounding == Rounding::kHalfUp ? "HALF_UP" : rounding == Rounding::kDown ? "DOWN" : "HALF_EVEN";
}
std::string TextOf(const std::optional<Decimal>& amount) { return amount.has_value() ? amount->ToString() : ""; }

class Writer {
 public:
  Writer(const Statement& statement, const ProgramVersions& programs, absl::Span<const StatementLine> lines)
      : statement_(statement), programs_(programs), lines_(lines) {}

  std::string Write() && {
    Add({"tributary-statement", "1"});
    Add({"statement", statement_.name(), std::string(NameOf(statement_.kind)), statement_.period.id,
         statement_.period.range.start.ToString(), statement_.period.range.end.ToString(), statement_.currency,
         absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", statement_.issue_time.value_or(absl::UnixEpoch()),
                          absl::UTCTimeZone()),
         statement_.previous_hash});
    for (const StatementEntry& entry : statement_.entries) Entry(entry);
    for (const StatementAdjustment& one : statement_.adjustments) {
      Add({"adjustment", std::to_string(one.ordinal),
           StrCat("partners/", statement_.partner, "/adjustments/", one.adjustment),
           one.program.empty() ? "" : StrCat("programs/", one.program), one.reason, one.document, Minor(one.amount)});
    }
    Add({"total", Minor(statement_.total)});
    return std::move(out_);
  }

 private:
  void Add(const std::vector<std::string>& fields) { AppendCsvRow(&out_, fields); }
  std::string Minor(int64_t minor) const { return FormatMinorUnits(minor, statement_.currency); }

  void Entry(const StatementEntry& entry) {
    const Program& program = programs_.at({entry.program, entry.program_version});
    const Terms& terms = program.terms;
    const std::string ordinal = std::to_string(entry.ordinal);
    Add({"entry",
         ordinal,
         std::string(NameOf(entry.kind)),
         program.name(),
         EtagOf(program.version),
         entry.scale.id,
         entry.scale.range.start.ToString(),
         entry.counted_until.ToString(),
         StrCat(program.name(), "/closes/", entry.close_period),
         Named(kBases, program.basis),
         Named(kShapes, terms.scale.shape),
         Named(kBounds, terms.scale.bound),
         Named(kMeasures, terms.scale.measure),
         NameOf(terms.rounding),
         program.rate_type,
         TextOf(terms.floor),
         TextOf(terms.cap),
         TextOf(terms.max_penalty),
         std::to_string(entry.pricing.lines),
         entry.pricing.amount.ToString(),
         entry.pricing.quantity.ToString(),
         Minor(entry.value),
         Minor(entry.stated_before),
         Minor(entry.amount())});
    for (const Tier& tier : terms.scale.tiers) {
      Add({"tier", ordinal, tier.from.ToString(), tier.rate.ToString(), tier.amount.ToString()});
    }
    for (const ConvertedAmount& one : entry.pricing.converted) {
      Add({"converted", ordinal, one.currency, one.date.ToString(), one.amount.ToString(),
           one.rate.has_value() ? one.rate->ToDecimalString() : "", std::to_string(one.lines)});
    }
    for (; next_ < lines_.size() && lines_[next_].entry == entry.ordinal; ++next_) {
      const StatementLine& line = lines_[next_];
      Add({"line", ordinal, std::to_string(line.ordinal), StrCat("partners/", statement_.partner, "/", line.fact),
           line.basis_date.ToString(), line.product, line.quantity.ToString(), line.currency, line.amount.ToString(),
           Minor(line.share)});
    }
  }

  const Statement& statement_;
  const ProgramVersions& programs_;
  const absl::Span<const StatementLine> lines_;
  size_t next_ = 0;
  std::string out_;
};

}  // namespace

std::string ExportCsv(const Statement& statement, const ProgramVersions& programs,
                      absl::Span<const StatementLine> lines) {
  return Writer(statement, programs, lines).Write();
}

std::string HashOf(std::string_view document) {
  std::string digest(32, '\0');
  unsigned int size = 0;
  EVP_Digest(document.data(), document.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(),
             nullptr);
  return absl::BytesToHexString(digest);
}

}  // namespace tributary::incentive
